"""The records a connector is handed: what one inquiry becomes in one CRM, all with our own keys."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ContactRecord:
    """One borrower as the CRM should know them.

    key is our borrower id. fields are CRM property name → value, never blank. emails and phones (E.164) are
    every identifier by which the person may already stand in the CRM, the main one first. shared_email says
    that another borrower of ours already holds the main email in this CRM: it must not be written as the
    unique email again. owner_from is the owner we gave it before: owner_email replaces that one, and nobody
    else who stands there ("" = it replaces nobody). The same holds for deals and tasks. formerly are keys
    of borrowers who turned out to be this person: a contact that carries one of them is this borrower's too.
    """

    key: str
    fields: dict[str, str]
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    names: tuple[str, ...] = ()  # first names this borrower goes by, to tell spouses apart when adopting
    last_name: str = ""
    owner_email: str = ""
    overwrite: frozenset[str] = frozenset()  # properties the playbook allows to replace
    shared_email: bool = False
    owner_from: str = ""
    formerly: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DealRecord:
    """One inquiry as a deal. key is our inquiry id; pipeline and stage are labels for the connector.

    A deal that stands there already is moved to stage only from the stage moves_from, where we left it: a
    stage that a person chose stays ("" = never moved). overwrite are its properties that news may replace.
    """

    key: str
    name: str
    pipeline: str
    stage: str
    fields: dict[str, str]
    owner_email: str = ""
    moves_from: str = ""
    overwrite: frozenset[str] = frozenset()
    owner_from: str = ""


@dataclass(frozen=True, slots=True)
class TaskRecord:
    """One planned follow-up. key is our follow-up id; due_at is aware, UTC.

    One that is handed over (owner_from) gets its new owner where it stands, if it is open, and its due date
    too, if due_from stands there: when it was due as we said before. A date that a person chose stays. So it
    is with its words: the body replaces body_from ("" = the words stay), which a person may have added to.
    """

    key: str
    subject: str
    body: str
    due_at: datetime
    channel: str  # call, text, email, document_request, review
    priority: str = "HIGH"  # LOW, MEDIUM, HIGH
    owner_email: str = ""
    owner_from: str = ""
    due_from: datetime | None = None
    body_from: str = ""


@dataclass(frozen=True, slots=True)
class FollowUpStart:
    """What starts the brokerage's own follow-up in a CRM that has one: a workflow by id or name, or a tag."""

    workflow: str = ""
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """Whose contact a deal hangs on by mistake: a borrower's who was taken for the bundle's first one.

    tasks are the keys of its follow-ups, which hang there as well.
    """

    taken_from: str
    tasks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bundle:
    """Everything one inquiry becomes. contacts[0] is the borrower; a second one is the co-borrower.

    closed are the keys of follow-ups that are not needed any more: what is still open of them there is
    closed. done are those of them that somebody has done: they keep their subject. start, and stops which end
    what was started before, are for HighLevel only.
    absorbed are keys of borrowers whose contacts are to be merged into contacts[0], where the CRM can.
    move brings the deal to contacts[0], where the CRM can and nobody has moved it already.
    """

    key: str  # the delivery id
    contacts: tuple[ContactRecord, ...]
    deal: DealRecord | None = None
    tasks: tuple[TaskRecord, ...] = ()
    tags: tuple[str, ...] = field(default_factory=tuple)
    closed: tuple[str, ...] = ()
    start: FollowUpStart | None = None
    absorbed: tuple[str, ...] = ()
    done: frozenset[str] = frozenset()
    move: Move | None = None
    stops: tuple[FollowUpStart, ...] = ()

    def subject_closed(self, key: str, subject: str) -> str:
        """The subject that a task of ours has once it is closed."""
        return subject if key in self.done else called_off(subject)


def closing_note(bundle: Bundle, key: str) -> str:
    """Why a task of ours was closed, for the receipt."""
    return "ticked off: it was done" if key in bundle.done else "closed: not needed any more"


def called_off(subject: str) -> str:
    """The subject of a task that is not needed any more: whoever reads it knows that nobody did it."""
    return subject if subject.startswith(_CALLED_OFF) else f"{_CALLED_OFF}{subject}"


_CALLED_OFF = "Not needed any more: "
