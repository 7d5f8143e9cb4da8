"""What we know about each CRM: which records stand for ours, and whether it can be written to now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, select, update

from connectors.crm.base import RecordKind
from jobs.ledger import reviews
from jobs.ledger.engine import Ledger
from jobs.ledger.tables import crm_link, crm_state


@dataclass(frozen=True, slots=True)
class CrmState:
    """Whether and until when a CRM is left alone, and why.

    ok; limited: silenced by its rate limit; paused: the credentials are refused; down: it does not answer.
    silent counts the batches in a row that nothing of it answered. calls_left of calls_limit calls a day were
    left at calls_at, by the vendor's own count; None: it never said.
    """

    state: str = "ok"
    since: datetime | None = None
    until: datetime | None = None
    reason: str = ""
    remedy: str = ""
    silent: int = 0
    calls_left: int | None = None
    calls_limit: int | None = None
    calls_at: datetime | None = None

    def silenced(self, now: datetime) -> bool:
        """Whether nothing may be sent there now."""
        return self.until is not None and self.until > now

    @property
    def probing(self) -> bool:
        """Whether one delivery at a time asks if it works again."""
        return self.state in ("paused", "down")

    def calls_short(self, now: datetime) -> bool:
        """Whether what is left of the day's calls is kept for live inquiries.

        An old count says nothing: the day may be over, and only new calls can tell.
        """
        if self.calls_left is None or self.calls_limit is None or self.calls_at is None:
            return False
        return now - self.calls_at < COUNT_HOLDS and self.calls_left < reserve(self.calls_limit)


#: How long the vendor's count of calls left is believed when nobody calls.
COUNT_HOLDS = timedelta(hours=1)
_RESERVE_SHARE = 10  # a tenth of the day's calls
_LEAST_RESERVE = 500


def reserve(limit: int) -> int:
    """How many of a day's calls are kept for live inquiries: a tenth, at least 500, never more than half."""
    return min(max(limit // _RESERVE_SHARE, _LEAST_RESERVE), limit // 2)


_LINKS = select(crm_link.c.kind, crm_link.c.key, crm_link.c.remote_id).where(
    crm_link.c.crm == bindparam("c"), crm_link.c.key.in_(bindparam("keys", expanding=True))
)
_STATE = select(*(crm_state.c[one.name] for one in fields(CrmState))).where(crm_state.c.crm == bindparam("c"))


def links(connection: Connection, crm: str, keys: Iterable[str]) -> dict[tuple[RecordKind, str], str]:
    """Remote ids of our records, by (kind, our key)."""
    wanted = sorted(set(keys))
    if not wanted:
        return {}
    rows = connection.execute(_LINKS, {"c": crm, "keys": wanted})
    return {(row.kind, row.key): row.remote_id for row in rows}


def save_links(
    connection: Connection,
    ledger: Ledger,
    crm: str,
    found: Mapping[tuple[RecordKind, str], str],
    now: datetime,
) -> None:
    """Remember which records stand for ours; a record that moved there gets its new id.

    The contact of a borrower who was merged away meanwhile is the survivor's too, unless they have one.
    """
    if not found:
        return
    ledger.lock(connection, *(f"link:{crm}:{key}" for _, key in found))
    known = links(connection, crm, [key for _, key in found])
    new = {name: remote_id for name, remote_id in found.items() if name not in known}
    new |= _of_survivors(connection, crm, new)
    fresh = [
        {"crm": crm, "kind": kind, "key": key, "remote_id": remote_id, "created_at": now}
        for (kind, key), remote_id in new.items()
    ]
    if fresh:
        connection.execute(crm_link.insert(), fresh)
    for (kind, key), remote_id in found.items():
        if known.get((kind, key), remote_id) != remote_id:
            here = (crm_link.c.crm == crm, crm_link.c.kind == kind, crm_link.c.key == key)
            connection.execute(update(crm_link).where(*here).values(remote_id=remote_id))


def _of_survivors(
    connection: Connection, crm: str, new: Mapping[tuple[RecordKind, str], str]
) -> dict[tuple[RecordKind, str], str]:
    contacts = [key for kind, key in new if kind == "contact"]
    moved = {old: now for old, now in reviews.survivors(connection, contacts).items() if old != now}
    stand = links(connection, crm, moved.values())
    return {
        ("contact", survivor): new["contact", old]
        for old, survivor in moved.items()
        if ("contact", survivor) not in stand and ("contact", survivor) not in new
    }


def state(connection: Connection, crm: str) -> CrmState:
    """Whether this CRM can be written to now."""
    row = connection.execute(_STATE, {"c": crm}).first()
    return CrmState() if row is None else CrmState(*row)


def set_state(connection: Connection, ledger: Ledger, crm: str, new: CrmState, now: datetime) -> bool:
    """Change the state, from now on; True when it is another than before. The count of calls stays."""
    values = {
        "state": new.state,
        "until": new.until,
        "reason": new.reason,
        "remedy": new.remedy,
        "silent": new.silent,
    }
    old = locked_state(connection, ledger, crm)
    changed = old.state != new.state
    _save(connection, crm, values if not changed else {**values, "since": now}, old, now)
    return changed


def locked_state(connection: Connection, ledger: Ledger, crm: str) -> CrmState:
    """The state, which nobody else changes before this transaction ends."""
    ledger.lock(connection, f"crm_state:{crm}")
    return state(connection, crm)


def hold_back(connection: Connection, crm: str, until: datetime) -> None:
    """Let nobody else ask a CRM that does not work before until. The caller has locked its state."""
    connection.execute(update(crm_state).where(crm_state.c.crm == crm).values(until=until))


def note_calls(
    connection: Connection, ledger: Ledger, crm: str, *, left: int, limit: int, now: datetime
) -> None:
    """Remember how many of the day's calls its vendor says are left."""
    values = {"calls_left": left, "calls_limit": limit, "calls_at": now}
    _save(connection, crm, values, locked_state(connection, ledger, crm), now)


def _save(
    connection: Connection, crm: str, values: Mapping[str, object], old: CrmState, now: datetime
) -> None:
    if old.since is None:
        connection.execute(crm_state.insert(), {"crm": crm, "state": "ok", "since": now, **values})
    else:
        connection.execute(update(crm_state).where(crm_state.c.crm == crm).values(**values))
