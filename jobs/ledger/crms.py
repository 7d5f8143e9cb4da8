"""What we know about each CRM: which records stand for ours, and whether it can be written to now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from connectors.crm.base import RecordKind
from jobs.ledger.engine import Ledger
from jobs.ledger.tables import crm_link, crm_state


@dataclass(frozen=True, slots=True)
class CrmState:
    """ok, limited (silenced by its rate limit) or paused (credentials refused), until when and why."""

    state: str = "ok"
    since: datetime | None = None
    until: datetime | None = None
    reason: str = ""
    remedy: str = ""


_LINKS = select(crm_link.c.kind, crm_link.c.key, crm_link.c.remote_id).where(
    crm_link.c.crm == bindparam("c"), crm_link.c.key.in_(bindparam("keys", expanding=True))
)
_STATE = select(crm_state).where(crm_state.c.crm == bindparam("c"))


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
    """Remember which records stand for ours; a record that moved there gets its new id."""
    if not found:
        return
    ledger.lock(connection, *(f"link:{crm}:{key}" for _, key in found))
    known = links(connection, crm, [key for _, key in found])
    fresh = [
        {"crm": crm, "kind": kind, "key": key, "remote_id": remote_id, "created_at": now}
        for (kind, key), remote_id in found.items()
        if (kind, key) not in known
    ]
    if fresh:
        connection.execute(crm_link.insert(), fresh)
    for (kind, key), remote_id in found.items():
        if known.get((kind, key), remote_id) != remote_id:
            here = (crm_link.c.crm == crm, crm_link.c.kind == kind, crm_link.c.key == key)
            connection.execute(update(crm_link).where(*here).values(remote_id=remote_id))


def state(connection: Connection, crm: str) -> CrmState:
    """Whether this CRM can be written to now."""
    row = connection.execute(_STATE, {"c": crm}).first()
    if row is None:
        return CrmState()
    return CrmState(row.state, row.since, row.until, row.reason, row.remedy)


def set_state(connection: Connection, ledger: Ledger, crm: str, new: CrmState, now: datetime) -> bool:
    """Change the state; True when it is another state than before."""
    ledger.lock(connection, f"crm_state:{crm}")
    old = connection.execute(select(crm_state.c.state).where(crm_state.c.crm == crm)).first()
    values = {"state": new.state, "until": new.until, "reason": new.reason, "remedy": new.remedy}
    changed = (old.state if old else "ok") != new.state
    if old is None:
        connection.execute(crm_state.insert(), {"crm": crm, "since": now, **values})
    else:
        since = {"since": now} if changed else {}
        connection.execute(update(crm_state).where(crm_state.c.crm == crm).values(**values, **since))
    return changed
