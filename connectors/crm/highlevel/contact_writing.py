"""What is to be written for one borrower: shrinks as HighLevel refuses parts of it, and remembers why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from connectors.crm.base import Action, Rejected
from connectors.crm.highlevel.contact_calls import same_email, same_phone
from connectors.crm.highlevel.errors import TakenContact
from connectors.crm.highlevel.optouts import blocks, raised
from connectors.crm.highlevel.records import KEY, ONLY_AT_CREATION, SHARED_EMAIL, SHARED_PHONE, Contact
from connectors.crm.highlevel.values import Values
from connectors.crm.moving_on import hands_over
from connectors.crm.people import Match
from connectors.crm.trampling import changes
from mapping.crm.bundle import Bundle, ContactRecord

#: Where an email or phone is kept that the location leaves to another contact.
SHARED: Mapping[str, str] = {"email": SHARED_EMAIL, "phone": SHARED_PHONE}
_SAME = {"email": same_email, "phone": same_phone}


@dataclass(frozen=True, slots=True)
class Job:
    """One borrower to bring over. tags and starting_tag (a phase tag) are for a contact that is made now;
    task_channels are those of the follow-ups, over which an opt-out forbids to start anything.

    earlier is the bundle that brought the borrower over last, where that is known; must_see says that the
    contact has to be seen all the same, because its opt-outs decide what is started.
    """

    borrower: ContactRecord
    link: str = ""
    look_first: bool = False
    tags: tuple[str, ...] = ()
    starting_tag: str = ""
    task_channels: tuple[str, ...] = ()
    earlier: Bundle | None = None
    must_see: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """A borrower's contact as it stands after the delivery, and how that came about.

    seen: HighLevel showed it in this run; where it did not, the calls that follow prove that it is there.
    """

    contact: Contact
    action: Action
    note: str = ""
    review: str = ""
    seen: bool = True


@dataclass(slots=True)
class Writing:
    """The values, owner and opt-outs of one borrower on their way into HighLevel."""

    job: Job
    values: Values
    wanted: dict[str, str]
    owner_id: str
    opt_outs: frozenset[str]
    left_with: str = ""  # the id of the owner we gave the contact before, whom owner_id replaces
    notes: list[str] = field(default_factory=list)
    reviews: list[str] = field(default_factory=list)

    def new_body(self) -> dict[str, Any]:
        """The body that makes the contact.

        Nothing stands there yet that tags and opt-outs could replace, and in one call there is no moment in
        which a workflow could write to somebody who said no.
        """
        body = self.values.body(self.wanted) | raised(self.opt_outs, None)
        if self.owner_id:
            body["assignedTo"] = self.owner_id
        starting = [self.job.starting_tag] if self.job.starting_tag and not self._opted_out() else []
        if tags := list(dict.fromkeys((*self.job.tags, *starting))):
            body["tags"] = tags
        return body

    def changes_of(self, contact: Contact) -> dict[str, Any]:
        """The body that changes what may be changed, {} for nothing: a person's values and owner stay."""
        present = self.values.present(contact.values, self.wanted)
        allowed = changes(self.wanted, present, self.job.borrower.overwrite, ours=KEY)
        body = self.values.body({n: v for n, v in allowed.items() if n not in ONLY_AT_CREATION})
        body |= raised(self.opt_outs, contact)
        if self.owner_id and (not contact.owner or hands_over(self.left_with, self.owner_id, contact.owner)):
            body["assignedTo"] = self.owner_id
        return body

    def give_up(self, holder: Contact, taken: TakenContact) -> None:
        """Do without the email or phone that another person's contact holds; a field of ours keeps it.

        Raises Rejected when the holder has nothing of what was to be written.
        """
        given_up = [name for name in SHARED if self._held(name, holder, taken)]
        for name in given_up:
            self.wanted[SHARED[name]] = self.wanted.pop(name)
            self.notes.append(
                f"contact {holder.id} holds the same {name}, so it was written as a shared {name}"
            )
        if not given_up:
            raise Rejected(str(taken), field_name=taken.field, remedy=taken.remedy)

    def compare(self, after: Contact, sent: Mapping[str, Any]) -> None:
        """HighLevel may leave an email or phone out without an error: then a person has to look."""
        there = {"email": after.emails, "phone": after.phones}
        for name, values in there.items():
            value = str(sent.get(name, ""))
            if value and not any(one and _SAME[name](value, one) for one in values):
                self.reviews.append(
                    f"HighLevel did not take the {name} of contact {after.id}: check it there."
                )

    def found(self, match: Match) -> None:
        """Remember how the contact was recognised, and who else might be the borrower."""
        self.notes.append(match.why)
        if match.others:
            self.reviews.append(
                f"{len(match.others) + 1} contacts in HighLevel match this borrower: {match.id} was used, "
                f"{', '.join(match.others)} stand beside it. Merge them there if they are one person."
            )

    def standing(self, contact: Contact, action: Action) -> Standing:
        """What became of it."""
        return Standing(contact, action, "; ".join(self.notes), " ".join(self.reviews))

    @property
    def nameless(self) -> bool:
        """Whether neither email nor phone is left to write, though the borrower has one."""
        left = "email" in self.wanted or "phone" in self.wanted
        return not left and any(name in self.wanted for name in SHARED.values())

    def _held(self, name: str, holder: Contact, taken: TakenContact) -> bool:
        value = self.wanted.get(name, "")
        theirs = holder.emails if name == "email" else holder.phones
        return bool(value) and (name == taken.field or any(one and _SAME[name](value, one) for one in theirs))

    def _opted_out(self) -> bool:
        channels = {channel: {"status": "active"} for channel in self.opt_outs if channel}
        return blocks(Contact("", {}, dnd="" in self.opt_outs, channels=channels), self.job.task_channels)
