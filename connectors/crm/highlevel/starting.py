"""Starts the follow-up that the brokerage built in HighLevel; says on contacts who belongs together.

Everything here can be repeated without harm: tags are added, never replaced; notes carry a reference; a
contact who is in a workflow already is not enrolled again by HighLevel.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from connectors.crm.base import Rejected, Uncertain
from connectors.crm.highlevel.contact_calls import ContactCalls
from connectors.crm.highlevel.directory import Directory, Workflow
from connectors.crm.highlevel.errors import NotThere
from connectors.crm.highlevel.notes import Notes
from connectors.crm.highlevel.optouts import blocks
from connectors.crm.highlevel.records import Contact
from connectors.crm.highlevel.transport import Transport
from connectors.crm.naming import same_label
from mapping.crm.bundle import FollowUpStart

CO_BORROWER_TAG = "fp-co-borrower"


@dataclass(frozen=True, slots=True)
class Starts:
    """How the brokerage's own follow-up is started for a new inquiry; "" is not at all.

    phase_tag is a tag that a workflow there listens to, such as fp-phase-new; workflow is a workflow's id or
    name, in which the borrower is enrolled directly.
    """

    phase_tag: str = ""
    workflow: str = ""


@dataclass(frozen=True, slots=True)
class Started:
    """What a receipt should say about the start."""

    note: str = ""
    review: str = ""


def tag_of(text: str) -> str:
    """A tag as HighLevel keeps it: trimmed, in small letters."""
    return text.strip().lower()


class Starter:
    """Starts follow-ups. All may raise a CrmError."""

    def __init__(
        self, transport: Transport, calls: ContactCalls, notes: Notes, directory: Directory, starts: Starts
    ) -> None:
        self._transport = transport
        self._calls = calls
        self._notes = notes
        self._directory = directory
        self._workflow = starts.workflow.strip()
        self.phase_tag = tag_of(starts.phase_tag)

    @property
    def follows_up(self) -> bool:
        """Whether the brokerage has a follow-up of its own to be started."""
        return bool(self.phase_tag or self._workflow)

    def start(
        self, contact: Contact, tags: Sequence[str], task_channels: Sequence[str], *, new: bool
    ) -> Started:
        """Tag and enrol the borrower of a new inquiry; new: the contact was made with its tags just now."""
        blocked = blocks(contact, task_channels)
        wanted = [*tags, self.phase_tag] if self.phase_tag and not blocked else [*tags]
        self._tag(contact, wanted)
        if not self.follows_up:
            return Started()
        if blocked:
            return Started("an opt-out stands in HighLevel, so the brokerage's own follow-up was not started")
        under_way = not new and self.phase_tag in contact.tags
        note = f"the tag {self.phase_tag} stood there already" if self.phase_tag and under_way else ""
        return Started(note, self._enrol(contact.id, self._workflow) if self._workflow else "")

    def begin(self, contact: Contact, start: FollowUpStart, channels: Sequence[str]) -> Started:
        """Start what a cadence leaves to the brokerage's own follow-up."""
        if blocks(contact, channels):
            return Started("an opt-out stands in HighLevel, so the cadence was not started there")
        self._tag(contact, [tag_of(start.tag)])
        return Started("", self._enrol(contact.id, start.workflow.strip()) if start.workflow else "")

    def end(self, contact: Contact, stops: Sequence[FollowUpStart]) -> None:
        """End what cadences had started: nobody is written to any more by what no longer decides."""
        gone = [tag for stop in stops if (tag := tag_of(stop.tag)) in contact.tags]
        if gone:
            self._calls.remove_tags(contact.id, list(dict.fromkeys(gone)))
        for workflow in dict.fromkeys(stop.workflow.strip() for stop in stops if stop.workflow.strip()):
            self._take_out(contact.id, workflow)

    def link_couple(
        self, borrower: Contact, co_borrower: Contact, reference: str, *, look_first: bool
    ) -> None:
        """Say on both contacts who the other one is: an opportunity there belongs to one contact only.

        Raises NotThere when the co-borrower's contact is gone.
        """
        self._tag(co_borrower, [CO_BORROWER_TAG])
        for one, other, what in ((co_borrower, borrower, "Borrower"), (borrower, co_borrower, "Co-borrower")):
            name = " ".join(filter(None, (other.values.get("firstName"), other.values.get("lastName"))))
            text = f"{what} on the same inquiry: {name or 'contact'} (contact {other.id})"
            self._notes.write(one.id, reference, text, look_first=look_first)

    def _tag(self, contact: Contact, tags: Sequence[str]) -> None:
        missing = [tag for tag in dict.fromkeys(tags) if tag and tag not in contact.tags]
        if missing:
            self._calls.add_tags(contact.id, missing)

    def _enrol(self, contact_id: str, workflow: str) -> str:
        """Enrol in a workflow, by id or name; what a person should look at, "" for nothing."""
        known = find_workflow(self._directory.workflows(), workflow)
        if known is not None and known.status == "draft":
            return (
                f'The workflow "{known.name}" is a draft in HighLevel, so it follows up nobody: publish it.'
            )
        path = f"/contacts/{contact_id}/workflow/{known.id if known else workflow}"
        try:
            answer = self._transport.call("POST", path, body={})
        except (Rejected, NotThere):
            return "HighLevel did not take the borrower into the workflow it was told: enrol them there."
        if answer.body.get("succeded", answer.body.get("succeeded")) is not True:
            raise Uncertain("HighLevel's answer does not say whether the borrower is in the workflow.")
        return ""

    def _take_out(self, contact_id: str, workflow: str) -> None:
        """Take a contact out of a workflow; one that is not in it, or none that is there, is no mistake."""
        known = find_workflow(self._directory.workflows(), workflow)
        if known is None:
            return
        with suppress(Rejected, NotThere):
            self._transport.call("DELETE", f"/contacts/{contact_id}/workflow/{known.id}", body={})


def find_workflow(workflows: Sequence[Workflow], wanted: str) -> Workflow | None:
    """The workflow with this id or name."""
    by_id = (one for one in workflows if one.id == wanted)
    by_name = (one for one in workflows if same_label(one.name, wanted))
    return next(by_id, next(by_name, None))
