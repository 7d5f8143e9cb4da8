"""One opportunity (a card in a pipeline), all of them, and how the API shows one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from connectors.sandbox.answers import JsonObject
from connectors.sandbox.highlevel.contact import Contact
from connectors.sandbox.highlevel.custom_values import typed_for_search
from connectors.sandbox.highlevel.errors import not_found
from connectors.sandbox.timestamps import iso


@dataclass(slots=True)
class Opportunity:
    """A deal of one contact. Moments are epoch seconds; custom holds values by custom field id."""

    id: str
    contact_id: str
    pipeline_id: str
    stage_id: str
    name: str
    status: str
    added: float
    updated: float
    stage_changed: float
    status_changed: float
    monetary_value: float = 0
    assigned_to: str = ""
    source: str = ""
    lost_reason_id: str = ""
    custom: dict[str, Any] = field(default_factory=dict)
    followers: list[str] = field(default_factory=list)

    def json(self, contact: Contact, location_id: str, *, searched: bool = False) -> JsonObject:
        """The opportunity by itself, or (searched) as search shows it, with its contact and typed fields."""
        body: JsonObject = {
            "id": self.id,
            "name": self.name,
            "monetaryValue": self.monetary_value,
            "pipelineId": self.pipeline_id,
            "pipelineStageId": self.stage_id,
            "status": self.status,
            "source": self.source,
            "contactId": self.contact_id,
            "locationId": location_id,
            "lastStatusChangeAt": iso(self.status_changed),
            "lastStageChangeAt": iso(self.stage_changed),
            "createdAt": iso(self.added),
            "updatedAt": iso(self.updated),
            "indexVersion": 1,
            "followers": list(self.followers),
        }
        optional = {"assignedTo": self.assigned_to, "lostReasonId": self.lost_reason_id}
        body.update({name: value for name, value in optional.items() if value})
        plain = [{"id": one, "fieldValue": value} for one, value in self.custom.items()]
        body["customFields"] = typed_for_search(self.custom) if searched else plain
        if searched:
            body["contact"] = _contact(contact)
            body.update(notes=[], tasks=[], calendarEvents=[])
        return body


def _contact(contact: Contact) -> JsonObject:
    values = contact.values
    return {
        "id": contact.id,
        "name": contact.name,
        "companyName": values.get("companyName", ""),
        "email": values.get("email", ""),
        "phone": contact.phone,
        "tags": list(contact.tags),
    }


class Opportunities:
    """Live opportunities, found by id and by contact."""

    def __init__(self) -> None:
        self.live: dict[str, Opportunity] = {}
        self._of: dict[str, list[str]] = {}

    def get(self, opportunity_id: str) -> Opportunity:
        """Raises: ApiError (400)."""
        found = self.live.get(opportunity_id)
        if found is None:
            raise not_found("Opportunity", opportunity_id)
        return found

    def put(self, opportunity: Opportunity) -> None:
        """Take in a new one."""
        self.live[opportunity.id] = opportunity
        self._of.setdefault(opportunity.contact_id, []).append(opportunity.id)

    def remove(self, opportunity_id: str) -> Opportunity:
        """Raises: ApiError (400)."""
        found = self.get(opportunity_id)
        self._of[found.contact_id].remove(opportunity_id)
        del self.live[opportunity_id]
        return found

    def of(self, contact_id: str) -> list[Opportunity]:
        """A contact's opportunities, oldest first."""
        return [self.live[one] for one in self._of.get(contact_id, ())]

    def hand_over(self, opportunities: Iterable[Opportunity], contact_id: str) -> None:
        """Give opportunities to another contact, as a merge does."""
        for one in opportunities:
            self._of[one.contact_id].remove(one.id)
            one.contact_id = contact_id
            self._of.setdefault(contact_id, []).append(one.id)
