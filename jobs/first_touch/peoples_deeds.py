"""What people did in a CRM to an inquiry whose first touch is due, and what follows from it here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from connectors.crm.base import Seen
from jobs.delivering.owing import Change, owe
from jobs.follow_up.owner_watch import watch_owner
from jobs.follow_up.situations import plan_of
from jobs.known import KnownInquiry
from jobs.ledger import borrowers, events, follow_ups, inquiries, notices, plans, pursuits
from jobs.ledger.first_touches import ClockState
from jobs.services import Services
from mapping.follow_up.news import OUTCOMES
from mapping.inquiry import Stage


@dataclass(frozen=True, slots=True)
class Deed:
    """What a person did, in words.

    owner is who has the inquiry now (an email or the CRM's id, "" = nobody), None when they left the owner;
    stage is where they moved it, None when they did not, or to a stage that the playbook does not have.
    """

    state: ClockState
    words: str
    owner: str | None = None
    stage: Stage | None = None


def what_people_did(
    seen: Mapping[str, Seen], known: KnownInquiry, services: Services, *, does: str = ""
) -> Deed | None:
    """The first thing that makes our clock needless, by CRM; None when all stands as we left it.

    does is who stands in for the owner ("" = nobody does).
    """
    for crm, how in seen.items():
        labels = services.playbook.crm[services.settings.crms[crm].mapping].stages
        deed = _in_one(how, known.owner.owner, does or known.owner.owner, labels[known.stage])
        if deed is not None:
            return replace(deed, stage=_moved_to(how.stage, labels, known.stage))
    return None


def _moved_to(label: str, labels: Mapping[Stage, str], before: Stage) -> Stage | None:
    """The stage of ours that has this label there, if it is another one than before."""
    there = [stage for stage in Stage if _same(labels[stage], label)]
    return None if before in there else next(iter(there), None)


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()


_ENDS = {"won": "won", "lost": "closed", "gone": "deleted"}


def _in_one(seen: Seen, owner: str, does: str, stage: str) -> Deed | None:
    changed = seen.owner.casefold() != owner.casefold()
    now = seen.owner if changed else None
    if seen.task == "done":
        return Deed("done", "The first task was ticked off in the CRM.", now)
    if seen.deal != "open":
        return Deed(
            "stopped",
            f"A person {_ENDS[seen.deal]} the deal in the CRM.",
            None if seen.deal == "gone" else now,
        )
    if changed:
        return Deed("stopped", "A person gave the deal to another owner in the CRM.", seen.owner)
    if seen.task == "gone":
        return Deed("stopped", "A person deleted the first task in the CRM.")
    if seen.task_owner.casefold() != does.casefold():
        return Deed("stopped", "A person gave the first task to somebody else in the CRM.")
    if not _same(seen.stage, stage):
        return Deed("stopped", "A person moved the deal to another stage in the CRM.")
    return None


def mirror(services: Services, connection: Connection, known: KnownInquiry, deed: Deed) -> list[str]:
    """Keep what a person chose there: the owner, for the borrower's next inquiry too, and the stage.

    Returns the deliveries that are due: after an outcome the tasks that are left are closed.
    """
    if deed.owner is not None:
        _keep_owner(services, connection, known, deed.owner, deed.words)
    if deed.stage is None:
        return []
    now, ended = services.now(), deed.stage in OUTCOMES
    plan = plan_of(connection, known, now)
    funded_at = now if deed.stage is Stage.FUNDED else plan.funded_at
    # Whom a person has reached nobody hunts any more.
    engaged_at = now if deed.stage is Stage.CONTACTED else plan.engaged_at
    moved = replace(plan, since=now, stage_at=now, look_at=now, engaged_at=engaged_at, funded_at=funded_at)
    plans.save(connection, moved)
    inquiries.move_to(connection, known.id, deed.stage)
    if not ended:
        return []
    if deed.stage is Stage.LOST:
        pursuits.let_go(connection, known.id, now)
    events.set_next(connection, known.id, None)
    left = follow_ups.call_off_others(connection, known.id, "", set(), now)
    return owe(services, connection, replace(known, stage=deed.stage), Change(closed=left)) if left else []


def _keep_owner(
    services: Services, connection: Connection, known: KnownInquiry, chosen: str, words: str
) -> None:
    member = services.playbook.member(chosen)
    # Whom the CRM names by an id only is nobody that we could name to it again.
    known_there = chosen if "@" in chosen else ""
    owner, name = (member.email, member.name) if member is not None else (known_there, known_there)
    inquiries.give_to(connection, known.id, owner, name, [("owner", words)])
    if member is not None:
        borrowers.give_to(connection, known.borrower.id, member.email)
        notices.acknowledge(
            connection, kind="owner", object_id=known.id, by="system", at=services.now()
        )  # that nobody had it is over
    watch_owner(services, connection, replace(known, owner=replace(known.owner, owner=owner, name=name)))
