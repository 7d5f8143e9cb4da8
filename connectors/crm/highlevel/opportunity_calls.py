"""The calls that read and write opportunities, each answer held against what was asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.crm.base import Uncertain
from connectors.crm.highlevel.records import Opportunity, dicts, opportunity_of
from connectors.crm.highlevel.transport import Transport

_PAGE = 100
_MOST_PAGES = 10


class OpportunityCalls:
    """Opportunities of one location. All may raise a CrmError; one that is gone is NotThere."""

    def __init__(self, transport: Transport, location: str) -> None:
        self._transport = transport
        self._location = location

    def read(self, opportunity_id: str) -> Opportunity:
        """The opportunity with this id, as the database has it."""
        answer = self._transport.read("GET", f"/opportunities/{opportunity_id}")
        return _one(answer.body, {"id": opportunity_id})

    def of_contact(self, contact_id: str) -> Iterator[Opportunity]:
        """The opportunities of a contact, open and closed."""
        query = {"location_id": self._location, "contact_id": contact_id, "limit": str(_PAGE)}
        for _ in range(_MOST_PAGES):
            body = self._transport.read("GET", "/opportunities/search", query=query).body
            if not isinstance(body.get("opportunities"), list):
                raise Uncertain("HighLevel's answer has no list of opportunities.")
            rows = [raw for raw in dicts(body["opportunities"]) if raw.get("id")]
            yield from (one for one in map(opportunity_of, rows) if one.contact_id in ("", contact_id))
            meta = body.get("meta")
            after = meta if isinstance(meta, dict) else {}
            if len(rows) < _PAGE or not after.get("startAfterId"):
                return
            query |= {name: str(after[name]) for name in ("startAfter", "startAfterId") if after.get(name)}

    def create(self, body: Mapping[str, Any], key_field: str) -> Opportunity:
        """Make an opportunity; key_field is the id of the custom field with our key.

        Raises TakenOpportunity, and NotThere when its contact is gone.
        """
        answer = self._transport.call("POST", "/opportunities/", body={"locationId": self._location, **body})
        names = ("contactId", "pipelineId", "pipelineStageId", "name")
        made = _one(answer.body, {name: body[name] for name in names})
        # A borrower's inquiries may agree in all of that; only the key tells them apart.
        sent = {entry["id"]: entry["field_value"] for entry in body["customFields"]}
        if made.values.get(key_field, sent[key_field]) != sent[key_field]:
            raise Uncertain("HighLevel's answer describes the opportunity of another inquiry.")
        return made

    def update(self, opportunity_id: str, body: Mapping[str, Any]) -> Opportunity:
        """Change what is in body; what is not in it stays."""
        answer = self._transport.call("PUT", f"/opportunities/{opportunity_id}", body=dict(body))
        return _one(answer.body, {"id": opportunity_id})


def _one(body: Mapping[str, Any], expected: Mapping[str, str]) -> Opportunity:
    """The opportunity in an answer. Raises Uncertain when something in it contradicts what is expected."""
    raw = body.get("opportunity")
    if not isinstance(raw, dict) or not isinstance(raw.get("id"), str) or not raw["id"]:
        raise Uncertain("HighLevel's answer names no opportunity.")
    wrong = [name for name, value in expected.items() if raw.get(name) not in (None, value)]
    if wrong or not any(name in raw for name in expected):
        raise Uncertain("HighLevel's answer describes another opportunity than the one meant.")
    return opportunity_of(raw)
