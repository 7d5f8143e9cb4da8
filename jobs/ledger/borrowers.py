"""Borrowers as they are stored, with the keys they are recognised by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, bindparam, insert, select, update

from jobs.ledger import identity_keys, profiles, quick
from jobs.ledger.conflicts import insert_missing
from jobs.ledger.identity_keys import Key
from jobs.ledger.profiles import Profile
from jobs.ledger.seal import Sealer
from jobs.ledger.tables import borrower, borrower_key, household
from mapping.identity import KnownBorrower

#: What is read of a borrower, in this order.
ROW = (
    borrower.c.id,
    borrower.c.profile,
    borrower.c.household_id,
    borrower.c.owner,
    borrower.c.inquiries,
    borrower.c.known_by,
)
Row = Sequence[Any]
_NOBODY: frozenset[str] = frozenset()


class Borrower(Struct, frozen=True):
    """A person as we know them across inquiries."""

    id: str
    profile: Profile
    household_id: str
    owner: str
    inquiries: int
    keys: tuple[Key, ...] = ()  # those that are stored
    apart_from: frozenset[str] = frozenset()  # whom a person said this one is not
    asked_with: frozenset[str] = frozenset()  # with whom people were asked whether they are one

    def known(self) -> KnownBorrower:
        """The facts identity decides by."""
        profile = self.profile
        return KnownBorrower(
            id=self.id,
            first_names=profile.first_names,
            last_names=profile.last_names,
            suffix=profile.party.suffix,
            emails=profile.emails,
            phones=profile.phones,
            birth_hash=profile.birth_hash,
            household_id=self.household_id,
            inquiries=self.inquiries,
            apart_from=self.apart_from,
            asked_with=self.asked_with,
            middle_names=tuple(dict.fromkeys(profile.all_said("middle_name"))),
            places=tuple(dict.fromkeys(profile.places())),
            last_seen=profile.last_seen(),
            last_heard=max((one.at for one in profile.said if one.at), default=None),
        )


class Entry(Struct, frozen=True):
    """What is to be stored about one borrower: sealed already, so that storing is short."""

    id: str
    new: bool
    values: Mapping[str, object]
    keys: tuple[Key, ...]  # those that are new


def those(connection: Connection, sealer: Sealer, ids: Iterable[str]) -> list[Borrower]:
    """These borrowers, opened, in the order of their ids; unknown ids are left out."""
    rows = connection.execute(select(*ROW).where(borrower.c.id.in_(sorted(set(ids)))).order_by(borrower.c.id))
    return [of_row(sealer, row) for row in rows]


def get(connection: Connection, sealer: Sealer, borrower_id: str) -> Borrower:
    """One borrower, opened. Raises NoResultFound."""
    return of_row(sealer, connection.execute(select(*ROW).where(borrower.c.id == borrower_id)).one())


def of_row(
    sealer: Sealer, row: Row, apart_from: frozenset[str] = _NOBODY, asked_with: frozenset[str] = _NOBODY
) -> Borrower:
    """The borrower in what was read as ROW. Raises SealBroken."""
    id_, sealed, household_id, owner, inquiries, known_by = row
    return Borrower(
        id_,
        profiles.opened(sealer, sealed, id_),
        household_id or "",
        owner,
        inquiries,
        identity_keys.from_text(known_by),
        apart_from,
        asked_with,
    )


def entry(sealer: Sealer, who: Borrower, keys: Sequence[Key], *, now: datetime, new: bool) -> Entry:
    """A new borrower, or what is new about a known one; keys are those that were heard now."""
    fresh = tuple(dict.fromkeys([key for key in keys if key not in who.keys]))
    values = {
        "updated_at": now,
        "profile": profiles.sealed(sealer, who.profile, who.id),
        "household_id": who.household_id or None,
        "owner": who.owner,
        "inquiries": who.inquiries,
        "known_by": identity_keys.as_text((*who.keys, *fresh)),
    }
    return Entry(who.id, new, values, fresh)


_NEW = insert(borrower)
_UPDATE = (
    update(borrower)
    .where(borrower.c.id == bindparam("row"))
    .values({name: bindparam(name) for name in ("updated_at", *(c.name for c in ROW[1:]))})
)


def save(connection: Connection, entries: Sequence[Entry]) -> None:
    """Store what is new."""
    new = [{"id": one.id, "created_at": one.values["updated_at"], **one.values} for one in entries if one.new]
    changed = [{"row": one.id, **one.values} for one in entries if not one.new]
    keys = [row for one in entries for row in identity_keys.listed(one.id, one.keys)]
    new_keys = insert_missing(borrower_key, connection.dialect.name)
    for statement, each in ((_NEW, new), (_UPDATE, changed), (new_keys, keys)):
        if each:
            quick.run(connection, statement, each)


def join_household(
    connection: Connection, household_id: str, members: Sequence[str], now: datetime, *, new: bool
) -> None:
    """Link borrowers who belong together but are not the same person."""
    if new:
        connection.execute(household.insert(), {"id": household_id, "created_at": now})
    connection.execute(
        update(borrower).where(borrower.c.id.in_(list(members))).values(household_id=household_id)
    )


def give_to(connection: Connection, borrower_id: str, owner: str) -> None:
    """The borrower works with this loan officer (email) from now on."""
    connection.execute(update(borrower).where(borrower.c.id == borrower_id).values(owner=owner))
