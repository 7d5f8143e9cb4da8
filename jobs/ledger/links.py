"""Application links and their openings, as they are stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, update

from jobs.ledger.link_tables import application_link, link_opening
from jobs.ledger.seal import Sealer
from jobs.ledger.tables import borrower_key, inquiry, inquiry_ref

OPENED, STARTED, SUBMITTED = "opened", "started", "submitted"
_FURTHER: Mapping[str, tuple[str, ...]] = {STARTED: (OPENED,), SUBMITTED: (OPENED, STARTED)}


@dataclass(frozen=True, slots=True)
class Link:
    """One application link. owner is an email address, "" = whose turn it is."""

    code: str
    path: str
    owner: str
    partner_name: str
    partner_email: str
    campaign: str
    created_at: datetime
    created_by: str
    disabled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """What is remembered of one opening; code is None for an application that began without a link."""

    id: str
    code: str | None
    at: datetime
    ref_hash: str
    state: str = OPENED
    facts: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """An opening that has stayed in its state, and the inquiry it belongs to."""

    id: str
    inquiry_id: str


def add_link(connection: Connection, sealer: Sealer, new: Link) -> None:
    """Store a new link."""
    partner = {"name": new.partner_name, "email": new.partner_email}
    row = {
        "code": new.code,
        "path": new.path,
        "owner": new.owner,
        "partner": sealer.seal_json(partner, f"application_link.partner:{new.code}"),
        "campaign": new.campaign,
        "created_at": new.created_at,
        "created_by": new.created_by,
    }
    connection.execute(application_link.insert(), row)


def link(connection: Connection, sealer: Sealer, code: str) -> Link | None:
    """One link; disabled ones too."""
    row = connection.execute(select(application_link).where(application_link.c.code == code)).first()
    return None if row is None else _opened(row, sealer)


def links(connection: Connection, sealer: Sealer, owner: str = "", *, limit: int = 500) -> list[Link]:
    """The newest links; owner narrows them to one person's."""
    query = select(application_link).order_by(application_link.c.created_at.desc(), application_link.c.code)
    if owner:
        query = query.where(application_link.c.owner == owner)
    return [_opened(row, sealer) for row in connection.execute(query.limit(limit))]


def disable(connection: Connection, code: str, at: datetime) -> bool:
    """Close a link for good; False when it was closed already or never was."""
    open_link = application_link.c.disabled_at.is_(None)
    query = update(application_link).where(application_link.c.code == code, open_link)
    return bool(connection.execute(query.values(disabled_at=at)).rowcount)


def counts(connection: Connection, codes: Sequence[str]) -> dict[str, Counter[str]]:
    """How often each link was opened, and how many of those applications were started and submitted."""
    found: dict[str, Counter[str]] = {code: Counter() for code in codes}
    table = link_opening.c
    query = select(table.code, table.state, func.count()).where(table.code.in_(list(codes)))
    for code, state, count in connection.execute(query.group_by(table.code, table.state)):
        found[code][OPENED] += count
        found[code][STARTED] += count if state in (STARTED, SUBMITTED) else 0
        found[code][SUBMITTED] += count if state == SUBMITTED else 0
    return found


def add_opening(connection: Connection, sealer: Sealer, new: Opening) -> None:
    """Store one opening, or one application that began without."""
    row = {
        "id": new.id,
        "code": new.code,
        "at": new.at,
        "ref_hash": new.ref_hash,
        "state": new.state,
        "since": new.at,
        "reminded": "",
        "facts": sealer.seal_json(dict(new.facts or {}), f"link_opening.facts:{new.id}"),
    }
    connection.execute(link_opening.insert(), row)


def opening_with(connection: Connection, hashes: Sequence[str]) -> Any:
    """The opening that has one of these names, one of a link before one of none; None when none has."""
    if not hashes:
        return None
    query = select(link_opening).where(link_opening.c.ref_hash.in_(list(hashes)))
    return connection.execute(query.order_by(link_opening.c.code.is_(None), link_opening.c.id)).first()


def opening_behind(connection: Connection, inquiry_id: str) -> Any:
    """The opening that an inquiry came through, or the beginning of its application; None when unknown."""
    query = (
        select(link_opening)
        .join(inquiry_ref, inquiry_ref.c.hash == link_opening.c.ref_hash)
        .where(inquiry_ref.c.inquiry_id == inquiry_id)
    )
    return connection.execute(query.order_by(link_opening.c.code.is_(None), link_opening.c.id.desc())).first()


def opening_of(connection: Connection, keys: Sequence[str], since: datetime) -> Any:
    """The newest opening, of an application that is not submitted, by somebody who has one of these keys."""
    if not keys:
        return None
    query = (
        select(link_opening)
        .join(inquiry_ref, inquiry_ref.c.hash == link_opening.c.ref_hash)
        .join(inquiry, inquiry.c.id == inquiry_ref.c.inquiry_id)
        .join(borrower_key, borrower_key.c.borrower_id == inquiry.c.borrower_id)
        .where(
            borrower_key.c.hash.in_(list(keys)),
            link_opening.c.code.is_not(None),
            link_opening.c.state == OPENED,
            link_opening.c.at >= since,
        )
    )
    return connection.execute(query.order_by(link_opening.c.id.desc()).limit(1)).first()


def move_on(connection: Connection, opening_id: str, state: str, at: datetime) -> bool:
    """An opening has come further; what came further already stays."""
    query = update(link_opening).where(
        link_opening.c.id == opening_id, link_opening.c.state.in_(_FURTHER[state])
    )
    return bool(connection.execute(query.values(state=state, since=at)).rowcount)


def waiting(
    connection: Connection, state: str, *, before: datetime, after: datetime, limit: int
) -> list[Waiting]:
    """Openings that came to a state in this time, stayed there and belong to a known inquiry."""
    table = link_opening.c
    query = (
        select(table.id, inquiry_ref.c.inquiry_id)
        .join(inquiry_ref, inquiry_ref.c.hash == table.ref_hash)
        .where(table.state == state, table.since <= before, table.since > after, table.reminded != state)
    )
    rows = connection.execute(query.order_by(table.since).limit(limit))
    return [Waiting(row.id, row.inquiry_id) for row in rows]


def remember_reminder(connection: Connection, opening_id: str, state: str) -> bool:
    """Take the reminder of this state on; False when somebody else did, or it came further meanwhile."""
    table = link_opening.c
    query = update(link_opening).where(table.id == opening_id, table.state == state, table.reminded != state)
    return bool(connection.execute(query.values(reminded=state)).rowcount)


def _opened(row: Any, sealer: Sealer) -> Link:
    partner = sealer.open_json(row.partner, f"application_link.partner:{row.code}")
    return Link(
        code=row.code,
        path=row.path,
        owner=row.owner,
        partner_name=partner["name"],
        partner_email=partner["email"],
        campaign=row.campaign,
        created_at=row.created_at,
        created_by=row.created_by,
        disabled_at=row.disabled_at,
    )
