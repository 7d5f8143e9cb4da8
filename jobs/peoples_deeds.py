"""What people did in a CRM to an inquiry whose first touch is due, and what follows from it here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from connectors.crm.base import Seen
from jobs.known import KnownInquiry
from jobs.ledger import borrowers, inquiries
from jobs.ledger.first_touches import ClockState
from jobs.services import Services


@dataclass(frozen=True, slots=True)
class Deed:
    """What a person did, in words. owner is who has the inquiry now (an email or the CRM's id, "" = nobody),
    None when they left the owner."""

    state: ClockState
    words: str
    owner: str | None = None


def what_people_did(seen: Mapping[str, Seen], known: KnownInquiry, services: Services) -> Deed | None:
    """The first thing that makes our clock needless, by CRM; None when all stands as we left it."""
    for crm, how in seen.items():
        mapping = services.playbook.crm[services.settings.crms[crm].mapping]
        deed = _in_one(how, known.owner.owner, mapping.stages[known.stage])
        if deed is not None:
            return deed
    return None


def _in_one(seen: Seen, owner: str, stage: str) -> Deed | None:
    changed = seen.owner.casefold() != owner.casefold()
    now = seen.owner if changed else None
    if seen.task == "done":
        return Deed("done", "The first task was ticked off in the CRM.", now)
    if seen.deal != "open":
        words = "closed" if seen.deal == "closed" else "deleted"
        return Deed("stopped", f"A person {words} the deal in the CRM.", None if seen.deal == "gone" else now)
    if changed:
        return Deed("stopped", "A person gave the deal to another owner in the CRM.", seen.owner)
    if seen.task == "gone":
        return Deed("stopped", "A person deleted the first task in the CRM.")
    if seen.task_owner.casefold() != owner.casefold():
        return Deed("stopped", "A person gave the first task to somebody else in the CRM.")
    if seen.stage.strip().casefold() != stage.strip().casefold():
        return Deed("done", "A person moved the deal on in the CRM.")
    return None


def mirror(services: Services, connection: Connection, known: KnownInquiry, deed: Deed) -> None:
    """Keep whom a person chose as the owner: here, and for the borrower's next inquiry if in the team."""
    if deed.owner is None:
        return
    member = services.playbook.member(deed.owner)
    # Whom the CRM names by an id only is nobody that we could name to it again.
    known_there = deed.owner if "@" in deed.owner else ""
    owner, name = (member.email, member.name) if member is not None else (known_there, known_there)
    inquiries.give_to(connection, known.id, owner, name, [("owner", deed.words)])
    if member is not None:
        borrowers.give_to(connection, known.borrower.id, member.email)
