"""What must hold at the end of every fault test, read from the CRM's own records and from the ledger."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Iterable

from sqlalchemy import select

from connectors.sandbox.standing import Standing
from jobs.ledger.tables import borrower, follow_up, inquiry, submission
from jobs.services import Services, open_services
from jobs.settings.load import load_settings
from jobs.status import read_status
from tests.fleet import Fleet


def open_beside(fleet: Fleet) -> Services:
    """A look into the fleet's ledger from this process."""
    return open_services(load_settings(fleet.config, fleet.environ))


def seconds_until_drained(services: Services, limit: float) -> float:
    """Wait until nothing is received, due or leased. Raises TimeoutError with what is left."""
    began = time.monotonic()
    while True:
        now = read_status(services)
        left = [
            now["submissions"].get("received"),
            now["deliveries"].get("due"),
            now["deliveries"].get("leased"),
        ]
        if not any(left):
            return time.monotonic() - began
        if time.monotonic() - began > limit:
            raise TimeoutError(f"not drained after {limit:.0f} s: {now}")
        time.sleep(0.2)


def broken_promises(fleet: Fleet, services: Services, accepted: Iterable[str], people: int) -> list[str]:
    """Everything that was lost, doubled or left half-done; empty when all promises were kept."""
    with services.ledger.read() as connection:
        stored = connection.execute(select(submission.c.id, submission.c.state, submission.c.reason)).all()
        inquiries = dict(connection.execute(select(inquiry.c.id, inquiry.c.submission_id)).all())
        tasks = dict(connection.execute(select(follow_up.c.id, follow_up.c.state)).all())
        borrowers = set(connection.execute(select(borrower.c.id)).scalars())
    # Who asks again is called once: the earlier call may be called off before or after it came into the CRM.
    called_off = {id_ for id_, state in tasks.items() if state == "cancelled"}
    states = {row.id: f"{row.state} {row.reason}".strip() for row in stored}
    broken = [
        f"{one} was accepted and is {states.get(one, 'lost')}"
        for one in accepted
        if states.get(one) != "processed"
    ]
    broken += _not_once("inquiry of submission", Counter(inquiries.values()), states)
    for kind, crm in fleet.crms.items():
        there = crm.standing()
        found = _not_once("deal of inquiry", Counter(deal.key for deal in there.deals), inquiries)
        found += _not_once("contact of borrower", Counter(one.key for one in there.contacts), borrowers)
        found += _not_once("task", Counter(task.key for task in there.tasks), tasks, called_off)
        found += _not_linked(there)
        broken += [f"{kind}: {one}" for one in found]
    if len(borrowers) != people:
        broken.append(f"{people} people became {len(borrowers)} borrowers")
    return broken


def _not_once(
    what: str, found: Counter[str], expected: Iterable[str], spared: Collection[str] = ()
) -> list[str]:
    """Those that are not there once; spared are those that need not be there."""
    wanted = set(expected)
    wrong = [
        f"{what} {key}: {found[key]} times"
        for key in wanted
        if found[key] > 1 or (not found[key] and key not in spared)
    ]
    return wrong + [f"{what} {key}: nobody asked for it" for key in found if key not in wanted]


def _not_linked(there: Standing) -> list[str]:
    """Each deal has its contact; each task belongs to a contact that stands there."""
    contacts = {one.id for one in there.contacts}
    broken = [
        f"deal {deal.id} has the contacts {sorted(deal.contacts)}"
        for deal in there.deals
        if len(deal.contacts) != 1
    ]
    return broken + [f"task {task.id} is nobody's" for task in there.tasks if not task.belongs_to & contacts]
