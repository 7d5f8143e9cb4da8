"""What must hold at the end of every fault test, read from the CRM's own records and from the ledger."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

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
    records = fleet.sandbox("state")
    with services.ledger.read() as connection:
        stored = connection.execute(select(submission.c.id, submission.c.state, submission.c.reason)).all()
        inquiries = dict(connection.execute(select(inquiry.c.id, inquiry.c.submission_id)).all())
        tasks = dict(connection.execute(select(follow_up.c.id, follow_up.c.inquiry_id)).all())
        borrowers = set(connection.execute(select(borrower.c.id)).scalars())
    states = {row.id: f"{row.state} {row.reason}".strip() for row in stored}
    broken = [
        f"{one} was accepted and is {states.get(one, 'lost')}"
        for one in accepted
        if states.get(one) != "processed"
    ]
    broken += _not_once("inquiry of submission", Counter(inquiries.values()), states)
    broken += _not_once("deal of inquiry", _keys(records["deals"]), inquiries)
    broken += _not_once("contact of borrower", _keys(records["contacts"]), borrowers)
    broken += _not_once("task", Counter(_reference(task) for task in records["tasks"]), tasks)
    broken += _not_linked(records)
    if len(borrowers) != people:
        broken.append(f"{people} people became {len(borrowers)} borrowers")
    return broken


def _keys(records: list[dict[str, Any]]) -> Counter[str]:
    return Counter(str(record["properties"].get("firstpath_key")) for record in records)


def _reference(task: dict[str, Any]) -> str:
    return str(task["properties"]["hs_task_body"]).rsplit("Firstpath ref:", 1)[-1].strip()


def _not_once(what: str, found: Counter[str], expected: Iterable[str]) -> list[str]:
    wanted = set(expected)
    wrong = [f"{what} {key}: {found[key]} times" for key in wanted if found[key] != 1]
    return wrong + [f"{what} {key}: nobody asked for it" for key in found if key not in wanted]


def _not_linked(records: dict[str, Any]) -> list[str]:
    return [
        f"deal {deal['id']} has {deal['associations']}"
        for deal in records["deals"]
        if any(len(deal["associations"].get(kind, [])) != 1 for kind in ("contacts", "tasks"))
    ]
