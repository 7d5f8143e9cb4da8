"""Referral partners: known by an address that was proved, approved or blocked at the desk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, bindparam, case, func, select, update

from jobs.ledger.codec import from_json
from jobs.ledger.seal import Sealer
from jobs.ledger.tables import inquiry, partner, submission

PartnerState = Literal["new", "approved", "blocked"]
#: Why a mail waits for what is decided about its partner.
WAITING = ("unknown_partner", "partner_blocked")


@dataclass(frozen=True, slots=True)
class Profile:
    """What the partner's own mails said, as far as they did; address is the proved one, lower case."""

    address: str
    name: str = ""
    company: str = ""
    phone: str = ""

    def updated(self, newer: Profile) -> Profile:
        """With what a newer mail says; what it leaves out stays."""
        said = {key: value for key, value in asdict(newer).items() if value}
        return replace(self, **said)


@dataclass(frozen=True, slots=True)
class Partner:
    """One partner."""

    id: str
    profile: Profile
    state: PartnerState
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Seen:
    """What came from a partner: inquiries, the moment of the last one, and how many mails wait."""

    inquiries: int = 0
    last_at: datetime | None = None
    waiting: int = 0


_BY_KEY = select(partner).where(partner.c.key_hash == bindparam("key"))


def find(connection: Connection, sealer: Sealer, address: str) -> Partner | None:
    """The partner with this address (lower case)."""
    key = sealer.lookup("partner", address)
    row = connection.execute(_BY_KEY, {"key": key}).first()
    return None if row is None else _opened(row, sealer)


def get(connection: Connection, sealer: Sealer, partner_id: str) -> Partner | None:
    """One partner by id."""
    row = connection.execute(select(partner).where(partner.c.id == partner_id)).first()
    return None if row is None else _opened(row, sealer)


def add(connection: Connection, sealer: Sealer, new: Partner) -> None:
    """Store a new partner. The caller holds the lock on the address."""
    row = {
        "id": new.id,
        "created_at": new.created_at,
        "key_hash": sealer.lookup("partner", new.profile.address),
        "profile": _sealed(sealer, new.id, new.profile),
        "state": new.state,
    }
    connection.execute(partner.insert(), row)


def save_profile(connection: Connection, sealer: Sealer, partner_id: str, profile: Profile) -> None:
    """Write what is known of a partner now."""
    sealed = _sealed(sealer, partner_id, profile)
    connection.execute(update(partner).where(partner.c.id == partner_id).values(profile=sealed))


def decide(connection: Connection, partner_id: str, state: PartnerState, by: str, at: datetime) -> bool:
    """Approve or block; False when it is so already, or there is no such partner."""
    other = (partner.c.id == partner_id, partner.c.state != state)
    values = {"state": state, "decided_at": at, "decided_by": by}
    return bool(connection.execute(update(partner).where(*other).values(values)).rowcount)


def release_waiting(connection: Connection, partner_id: str, still: Sequence[str]) -> list[str]:
    """Let the mails that waited for a partner be processed; their ids.

    On the paths named in still nothing is decided now: there they wait for the path.
    """
    table = submission.c
    theirs = (table.partner_id == partner_id, table.state == "quarantined", table.reason_code.in_(WAITING))
    ids = list(connection.execute(select(table.id).where(*theirs, table.expired_at.is_(None))).scalars())
    state = case((table.path.in_(list(still)), "captured"), else_="received")
    values = {"state": state, "attempts": 0, "lease_until": None, "reason_code": "", "reason": ""}
    for start in range(0, len(ids), 500):
        some = ids[start : start + 500]
        connection.execute(update(submission).where(table.id.in_(some)).values(values))
    return ids


def page(
    connection: Connection, sealer: Sealer, *, state: str = "", before: str = "", limit: int
) -> tuple[Partner, ...]:
    """Partners, newest first, of one state or of all, older than the one with the id before."""
    query = select(partner)
    if state:
        query = query.where(partner.c.state == state)
    if before:
        query = query.where(partner.c.id < before)
    rows = connection.execute(query.order_by(partner.c.id.desc()).limit(limit)).all()
    return tuple(_opened(row, sealer) for row in rows)


def seen(connection: Connection, ids: Sequence[str]) -> Mapping[str, Seen]:
    """What came from each of these partners."""
    table, some = submission.c, list(ids)
    last = func.max(inquiry.c.received_at).label("last")
    asked = select(inquiry.c.partner_id, func.count().label("number"), last)
    asked = asked.where(inquiry.c.partner_id.in_(some)).group_by(inquiry.c.partner_id)
    held = select(table.partner_id, func.count().label("number"))
    held = held.where(
        table.partner_id.in_(some), table.state == "quarantined", table.reason_code.in_(WAITING)
    ).group_by(table.partner_id)
    waiting = {row.partner_id: row.number for row in connection.execute(held)}
    found = {id_: Seen(waiting=waiting.get(id_, 0)) for id_ in ids}
    for row in connection.execute(asked):
        found[row.partner_id] = replace(found[row.partner_id], inquiries=row.number, last_at=row.last)
    return found


def _opened(row: Any, sealer: Sealer) -> Partner:
    profile = from_json(sealer.open_json(row.profile, f"partner.profile:{row.id}"), Profile)
    return Partner(row.id, profile, row.state, row.created_at)


def _sealed(sealer: Sealer, partner_id: str, profile: Profile) -> bytes:
    return sealer.seal_json(asdict(profile), f"partner.profile:{partner_id}")
