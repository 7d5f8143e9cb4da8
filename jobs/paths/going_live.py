"""Moving a path on: to shadow and live only when nothing required is missing; paused and back at any time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from jobs.crm.checks import check_crm, last_check
from jobs.ledger import notices, pursuits
from jobs.ledger.tables import delivery, inquiry
from jobs.paths.current import change_path, paths
from jobs.paths.readiness import readiness
from jobs.services import Services
from jobs.settings.model import PathState

#: So many shadowed inquiries in one transaction: nobody else writes meanwhile.
_TOGETHER = 200
#: Who acts when no account does.
COMMAND_LINE = "command line"


class NotReady(Exception):
    """The path may not become this yet; reasons are sentences with what to do."""

    def __init__(self, name: str, state: PathState, reasons: Sequence[str]) -> None:
        super().__init__(f"{name} cannot go to {state} yet.")
        self.reasons = tuple(reasons)


@dataclass(frozen=True, slots=True)
class Moved:
    """What came of it: the state before and now, and how many shadowed inquiries were brought over."""

    before: PathState
    now: PathState
    brought: int = 0


def move_path(
    services: Services, name: str, state: PathState, actor: str, *, with_shadowed: bool = False
) -> Moved:
    """Put a path into a state. What it showed in shadow stays unwritten unless with_shadowed.

    Going live asks every CRM of the path first. Raises KeyError for an unknown path, NotReady.
    """
    before = paths(services)[name].state
    if state != before:
        _ensure_ready(services, name, state)
        change_path(services, name, actor, state=state)
    elif not with_shadowed:
        return Moved(before, state)
    if state != "live" or not with_shadowed:
        return Moved(before, state)
    return Moved(before, state, bring_over(services, name, actor))


def _ensure_ready(services: Services, name: str, state: PathState) -> None:
    if state == "live":
        for crm in paths(services)[name].crm:
            if crm in services.crms and last_check(services, crm) is None:
                check_crm(services, crm)
    if state not in ("shadow", "live"):
        return
    found = readiness(services, name)
    reasons = found.blocks_live if state == "live" else found.blocks_shadow
    if reasons:
        raise NotReady(name, state, reasons)


def bring_over(services: Services, name: str, actor: str) -> int:
    """Deliver what was only shown in shadow, after everything that is live; how many inquiries."""
    brought = 0
    while True:
        with services.ledger.write() as connection:
            ids = _some_shadowed(connection, name)
            if ids:
                _release(services, connection, ids)
                brought += len(ids)
        if len(ids) < _TOGETHER:
            break
    if brought:
        with services.ledger.write() as connection:
            notices.record(
                connection,
                id=services.new_id(),
                at=services.now(),
                actor=actor,
                action="path.brought_over",
                object_kind="path",
                object_id=name,
                detail=f"{brought} inquiries shown in shadow",
            )
        services.bell.ring("deliver", "")
    return brought


def _some_shadowed(connection: Connection, name: str) -> Sequence[str]:
    # By the deliveries: what is in shadow is little among everything that ever came.
    query = (
        select(delivery.c.inquiry_id)
        .join(inquiry, inquiry.c.id == delivery.c.inquiry_id)
        .where(delivery.c.state == "shadow", inquiry.c.path == name)
        .distinct()
        .limit(_TOGETHER)
    )
    return connection.execute(query).scalars().all()


def _release(services: Services, connection: Connection, ids: Sequence[str]) -> None:
    connection.execute(
        update(delivery)
        .where(delivery.c.inquiry_id.in_(ids), delivery.c.state == "shadow")
        .values(state="due", lane="backfill", next_attempt_at=services.now())
    )
    connection.execute(update(inquiry).where(inquiry.c.id.in_(ids)).values(shadow=False))
    pursuits.pursue_newest(connection, ids, services.now())
