"""Brings one inquiry into HighLevel as an opportunity, once."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from connectors.crm.base import Action, Rejected
from connectors.crm.highlevel.custom_fields import fitting
from connectors.crm.highlevel.errors import NotThere, TakenOpportunity
from connectors.crm.highlevel.names import Names
from connectors.crm.highlevel.notes import Notes
from connectors.crm.highlevel.opportunity_calls import OpportunityCalls
from connectors.crm.highlevel.records import KEY, Opportunity
from connectors.crm.highlevel.values import Values
from connectors.crm.moving_on import hands_over, moves, to_write
from mapping.crm.bundle import DealRecord


@dataclass(frozen=True, slots=True)
class DealJob:
    """One inquiry to bring over for a contact; made_now: the contact was made in this very run."""

    deal: DealRecord
    contact_id: str
    link: str = ""
    look_first: bool = False
    made_now: bool = False


@dataclass(frozen=True, slots=True)
class DealStanding:
    """The inquiry's opportunity, and how it came about."""

    id: str
    action: Action
    note: str = ""
    review: str = ""


class DealStep:
    """The opportunities of one delivery run.

    Stage and status of one that stands there are people's; news moves a stage on that is where we left it.
    """

    def __init__(self, calls: OpportunityCalls, notes: Notes, names: Names) -> None:
        self._calls = calls
        self._notes = notes
        self._names = names
        self._values = Values(names, "opportunity")

    def deliver(self, job: DealJob) -> DealStanding:
        """Bring one inquiry over. Raises a CrmError; NotThere when its contact is gone."""
        body = self._new_body(job)
        if (there := self._known(job)) is not None:
            changed = self._fill(job.deal, there)
            note = "" if there.id == job.link else "our key"
            return DealStanding(there.id, "updated" if changed else "unchanged", note)
        try:
            return DealStanding(self._calls.create(body, self._values.field_id(KEY)).id, "created")
        except TakenOpportunity as taken:
            return self._join(job, self._calls.read(taken.existing_id))

    def _new_body(self, job: DealJob) -> dict[str, Any]:
        """Raises Rejected for a pipeline, stage, owner or field that is not there."""
        deal = job.deal
        pipeline_id, stage_id = self._names.stage_ids(deal.pipeline, deal.stage)
        body = {
            "pipelineId": pipeline_id,
            "pipelineStageId": stage_id,
            "name": fitting(deal.name),
            "status": "open",
            "contactId": job.contact_id,
            **self._values.body(_wanted(deal)),
        }
        if deal.owner_email:
            body["assignedTo"] = self._names.owner_id(deal.owner_email)
        return body

    def _known(self, job: DealJob) -> Opportunity | None:
        """The opportunity we know, or what an earlier attempt may have made.

        Raises Rejected when a person deleted it and left its contact.
        """
        if job.link:
            with suppress(NotThere):
                return self._calls.read(job.link)
        # HighLevel deletes a contact's opportunities with it: after that both are made again.
        if job.made_now or not (job.link or job.look_first):
            return None
        earlier = self._earlier(job)
        if earlier is None and job.link:
            raise _deleted()
        return earlier

    def _earlier(self, job: DealJob) -> Opportunity | None:
        key_field = self._values.field_id(KEY)
        there = self._calls.of_contact(job.contact_id)
        return next((one for one in there if one.values.get(key_field) == job.deal.key), None)

    def _fill(self, deal: DealRecord, there: Opportunity) -> bool:
        """Write what is blank, and what news may replace; whether there was something to write."""
        wanted = _wanted(deal)
        present = self._values.present(there.values, wanted)
        # In a shared opportunity another inquiry was first: news of this one may only fill what is blank.
        ours = present.get(KEY) in (None, deal.key)
        told = replace(deal, fields=wanted, overwrite=deal.overwrite if ours else frozenset())
        body: Mapping[str, Any] = self._values.body(to_write(told, present, ours=KEY))
        if ours:
            body = {**body, **self._moved(deal, there)}
        if deal.owner_email and (not there.owner or (ours and self._handed_over(deal, there))):
            body = {**body, "assignedTo": self._names.owner_id(deal.owner_email)}
        if body:
            self._calls.update(there.id, body)
        return bool(body)

    def _handed_over(self, deal: DealRecord, there: Opportunity) -> bool:
        """Whether the owner is to be replaced: the one stands there whom we gave it before."""
        left = self._names.known_owner(deal.owner_from) if deal.owner_from else ""
        return hands_over(left, self._names.owner_id(deal.owner_email), there.owner)

    def _moved(self, deal: DealRecord, there: Opportunity) -> dict[str, str]:
        """The next stage, when it stands where we left it. Raises Rejected for an unknown stage."""
        if not deal.moves_from:
            return {}
        pipeline_id, reached = self._names.stage_ids(deal.pipeline, deal.stage)
        left = self._names.known_stage(deal.pipeline, deal.moves_from)
        if not moves(deal, left, reached, there.stage_id):
            return {}
        return {"pipelineId": pipeline_id, "pipelineStageId": reached}

    def _join(self, job: DealJob, there: Opportunity) -> DealStanding:
        """The location allows one opportunity per contact and pipeline: the inquiry goes into that one.

        A note on the contact keeps the whole of the new inquiry, because values that stand there stay.
        """
        if there.values.get(self._values.field_id(KEY)) == job.deal.key:
            return DealStanding(
                there.id, "updated" if self._fill(job.deal, there) else "unchanged", "our key"
            )
        self._notes.write(job.contact_id, job.deal.key, _summary(job.deal), look_first=job.look_first)
        self._fill(job.deal, there)
        closed = (
            f" It is {there.status}: reopen it if this is new business." if there.status != "open" else ""
        )
        return DealStanding(
            there.id,
            "adopted",
            "this location allows one opportunity per contact and pipeline",
            f"The inquiry was added to opportunity {there.id}, because HighLevel allows this contact no "
            f"second one; a note on the contact has its details.{closed}",
        )


def _wanted(deal: DealRecord) -> dict[str, str]:
    return {name: value for name, value in deal.fields.items() if value.strip()} | {KEY: deal.key}


def _summary(deal: DealRecord) -> str:
    lines = [f"{name}: {value}" for name, value in deal.fields.items() if value.strip()]
    return "\n".join([f"New inquiry: {deal.name}", *lines])


def _deleted() -> Rejected:
    return Rejected(
        "The opportunity of this inquiry was deleted in HighLevel.",
        remedy="Restore it in HighLevel and press Retry, or close the inquiry here.",
    )
