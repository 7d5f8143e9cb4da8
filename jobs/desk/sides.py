"""A borrower as people look at them: who they are, what was said, what they asked for, where they stand."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, or_, select

from jobs.desk.sent import CrmRecord
from jobs.desk.viewer import Viewer
from jobs.ledger import borrowers, crms
from jobs.ledger.borrowers import Borrower
from jobs.ledger.profiles import Profile
from jobs.ledger.tables import borrower, inquiry
from jobs.services import Services
from mapping.inquiry import Party

NOT_GIVEN = "Name not given"
_MOST = 50


@dataclass(frozen=True, slots=True)
class AskedFor:
    """One inquiry of a borrower, as a line."""

    id: str
    received_at: datetime
    type: str
    owner_name: str
    stage: str


@dataclass(frozen=True, slots=True)
class Side:
    """One borrower with everything that tells people apart."""

    id: str
    name: str
    profile: Profile
    inquiries: tuple[AskedFor, ...]
    contacts: tuple[tuple[str, CrmRecord], ...]  # (crm, the contact there)
    household: tuple[tuple[str, str], ...]  # (borrower id, name) of the others in it


def side_of(services: Services, connection: Connection, borrower_id: str, viewer: Viewer) -> Side | None:
    """A borrower who is there now; None for an unknown id. Inquiries are those that the viewer may see."""
    found = borrowers.those(connection, services.sealer, [borrower_id])
    if not found:
        return None
    (who,) = found
    return Side(
        id=who.id,
        name=name_of(who.profile.party),
        profile=who.profile,
        inquiries=_inquiries(connection, borrower_id, viewer),
        contacts=_contacts(services, connection, borrower_id),
        household=_household(services, connection, who),
    )


def name_of(party: Party) -> str:
    """What people call somebody."""
    return party.full_name or party.company or NOT_GIVEN


def names_of(services: Services, connection: Connection, ids: Collection[str]) -> dict[str, str]:
    """Borrower id → name."""
    found = borrowers.those(connection, services.sealer, ids)
    return {one.id: name_of(one.profile.party) for one in found}


def compared(*parties: Profile) -> list[tuple[str, tuple[str, ...], bool]]:
    """What is known of each, line by line: (what, the values, whether they all say the same)."""
    lines = []
    for label, read in _LINES:
        values = tuple(read(one) for one in parties)
        if any(values):
            lines.append((label, values, len(set(values)) == 1))
    return lines


def _address(profile: Profile) -> str:
    party = profile.party
    return ", ".join(filter(None, (party.street, party.city, party.state, party.postal_code)))


_LINES = (
    ("Name", lambda one: one.party.full_name),
    ("Other first names", lambda one: _others(one.first_names, one.party.first_name)),
    ("Other last names", lambda one: _others(one.last_names, one.party.last_name)),
    ("Email", lambda one: one.party.email),
    ("Other emails", lambda one: _others(one.emails, one.party.email)),
    ("Phone", lambda one: one.party.phone),
    ("Other phones", lambda one: _others(one.phones, one.party.phone)),
    ("Address", _address),
    ("Company", lambda one: one.party.company),
)


def _others(values: Sequence[str], shown: str) -> str:
    return ", ".join(value for value in values if value != shown)


def _inquiries(connection: Connection, borrower_id: str, viewer: Viewer) -> tuple[AskedFor, ...]:
    table = inquiry.c
    mine = or_(table.borrower_id == borrower_id, table.co_borrower_id == borrower_id)
    rows = connection.execute(
        select(inquiry).where(mine, viewer.may_see()).order_by(table.id.desc()).limit(_MOST)
    )
    return tuple(map(_asked_for, rows))


def _asked_for(row: Any) -> AskedFor:
    return AskedFor(row.id, row.received_at, row.type, row.owner_name or row.owner, row.stage)


def _contacts(
    services: Services, connection: Connection, borrower_id: str
) -> tuple[tuple[str, CrmRecord], ...]:
    found = []
    for crm, connector in services.crms.items():
        remote_id = crms.links(connection, crm, [borrower_id]).get(("contact", borrower_id))
        if remote_id:
            found.append((crm, CrmRecord("contact", remote_id, connector.record_url("contact", remote_id))))
    return tuple(found)


def _household(services: Services, connection: Connection, who: Borrower) -> tuple[tuple[str, str], ...]:
    if not who.household_id:
        return ()
    query = select(borrower.c.id).where(borrower.c.household_id == who.household_id, borrower.c.id != who.id)
    ids = connection.execute(query.order_by(borrower.c.id)).scalars().all()
    return tuple(names_of(services, connection, ids).items())
