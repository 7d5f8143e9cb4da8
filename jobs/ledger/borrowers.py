"""Borrowers and the keys they are recognised by."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Connection,
    Row,
    Select,
    bindparam,
    insert,
    select,
    union_all,
    update,
)

from jobs.ledger import quick, reviews
from jobs.ledger.codec import from_json, to_json
from jobs.ledger.reviews import Pair
from jobs.ledger.seal import Sealer
from jobs.ledger.tables import borrower, borrower_key, household
from mapping.identity import KnownBorrower, Place
from mapping.inquiry import Party
from mapping.survivorship import Heard, Survivorship, as_before, bounded, shown

#: A key that this many borrowers share says nothing about who somebody is (identity.md, section 3).
_MOST_PER_KEY = 8
_USUAL = Survivorship()


@dataclass(frozen=True, slots=True)
class Profile:
    """A borrower as known so far: the facts that are shown, every name and identifier ever used, the main
    one first, and what each inquiry said."""

    party: Party
    first_names: tuple[str, ...] = ()
    last_names: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    birth_hash: str = ""
    heard: tuple[Heard, ...] = ()
    formerly: tuple[str, ...] = ()  # ids of borrowers who turned out to be this one

    @property
    def said(self) -> tuple[Heard, ...]:
        """What each inquiry said; of a borrower from before this was kept, what was known, as one."""
        return self.heard or (as_before(self.party),)

    def all_said(self, name: str) -> Iterator[str]:
        """Every value this fact was ever given, the newest first."""
        return (value for heard in reversed(self.said) if (value := heard.facts.get(name)))


@dataclass(frozen=True, slots=True)
class Borrower:
    """A person as we know them across inquiries."""

    id: str
    profile: Profile
    household_id: str
    owner: str
    inquiries: int
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
            places=tuple(dict.fromkeys(_places(profile.said))),
            last_seen=_last_seen(profile.said),
            last_heard=max((one.at for one in profile.said if one.at), default=None),
        )


def _places(said: Sequence[Heard]) -> Iterator[Place]:
    """Where the borrower said to live, the newest first."""
    for heard in reversed(said):
        place = Place(*(heard.facts.get(name, "") for name in ("street", "city", "state", "postal_code")))
        if place != Place():
            yield place


def _last_seen(said: Sequence[Heard]) -> Mapping[str, str]:
    """The day on which each email and phone was last heard."""
    seen: dict[str, str] = {}
    for heard in said:
        day = heard.at.date().isoformat() if heard.at else ""
        for value in (heard.facts.get("email"), heard.facts.get("phone")):
            if value:
                seen[value] = max(day, seen.get(value, ""))
    return seen


def merged(profile: Profile | None, heard: Heard, rules: Survivorship) -> Profile:
    """What is known after hearing this: nothing said never erases something known."""
    said = bounded((*profile.said, heard), rules) if profile else (heard,)
    return _computed(profile or Profile(Party()), said, rules)


def united(kept: Profile, other: Profile, rules: Survivorship = _USUAL) -> Profile:
    """Two profiles that are one person's."""
    both = replace(
        kept,
        first_names=_all(kept.first_names, other.first_names),
        last_names=_all(kept.last_names, other.last_names),
        emails=_all(kept.emails, other.emails),
        phones=_all(kept.phones, other.phones),
    )
    return _computed(both, bounded((*kept.said, *other.said), rules), rules)


def _computed(profile: Profile, said: tuple[Heard, ...], rules: Survivorship) -> Profile:
    """The profile with these things said about the borrower; names and identifiers once used stay."""
    facts = shown(said, rules)
    newest = said[-1].facts
    return Profile(
        party=Party(**{name: value for name, value in facts.items() if name in Party.__dataclass_fields__}),
        first_names=_with(profile.first_names, newest.get("first_name", "")),
        last_names=_with(profile.last_names, newest.get("last_name", "")),
        emails=_led(_with(profile.emails, newest.get("email", "")), facts.get("email", "")),
        phones=_led(_with(profile.phones, newest.get("phone", "")), facts.get("phone", "")),
        birth_hash=facts.get("birth_hash", ""),
        heard=said,
        formerly=profile.formerly,
    )


def _with(values: tuple[str, ...], value: str) -> tuple[str, ...]:
    """value first when it is news, else the order as it was."""
    return values if not value or value in values else (value, *values)


def _led(values: tuple[str, ...], main: str) -> tuple[str, ...]:
    """The same with the main one first."""
    return (main, *(one for one in values if one != main)) if main else values


def _all(values: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*values, *more)))


def hashed(sealer: Sealer, keys: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Identity keys as they are stored: (kind, keyed hash)."""
    return tuple((kind, sealer.lookup(f"borrower.{kind}", value)) for kind, value in keys)


# Statements made once: composing one costs more than running it.
@cache
def _holders_of(number: int) -> CompoundSelect[Any]:
    """Of so many keys, as many holders as it takes to know that one says nothing: some have thousands."""
    each = (
        select(borrower_key.c.hash, borrower_key.c.borrower_id)
        .where(borrower_key.c.hash == slot)
        .order_by(borrower_key.c.borrower_id)
        .limit(_MOST_PER_KEY + 1)
        .subquery()
        for slot in quick.slots(number)
    )
    return union_all(*(select(one.c.hash, one.c.borrower_id) for one in each))


@cache
def _of_ids(number: int) -> Select[Any]:
    facts = (
        borrower.c.id,
        borrower.c.profile,
        borrower.c.household_id,
        borrower.c.owner,
        borrower.c.inquiries,
    )
    return select(*facts).where(borrower.c.id.in_(quick.slots(number))).order_by(borrower.c.id)


_LAST_ROW = "SELECT max(rowid) FROM borrower"
_ESTIMATE = "SELECT reltuples::bigint FROM pg_class WHERE oid = 'borrower'::regclass"
_NEW, _NEW_KEY = insert(borrower), insert(borrower_key)
_UPDATE = update(borrower).where(borrower.c.id == bindparam("row"))
_KEYS_OF = select(borrower_key.c.borrower_id, borrower_key.c.hash).where(
    borrower_key.c.borrower_id.in_(bindparam("ids", expanding=True))
)


@dataclass(frozen=True, slots=True)
class Holders:
    """Who holds which keys, as it is stored; equal to another one when nothing about them has changed."""

    ids: Mapping[str, tuple[str, ...]]  # hash of a key → borrowers
    rows: Mapping[str, Row[Any]]  # borrower → what is stored, sealed
    crowded: frozenset[str] = frozenset()  # hashes that too many borrowers share to say anything
    apart: frozenset[Pair] = frozenset()  # of these borrowers, those whom a person told apart
    asked: frozenset[Pair] = frozenset()  # and those whom people are or were asked about
    stored: int = field(default=0, compare=False)  # about how many borrowers there are in all


def holders(connection: Connection, keys: Sequence[tuple[str, str]]) -> Holders:
    """Everybody who has one of these (kind, hash) keys, but for keys so common that they say nothing."""
    if not keys:
        return Holders({}, {})
    ids: dict[str, list[str]] = {}
    hashes = quick.numbered(dict.fromkeys(hash_ for _, hash_ in keys))
    for row in quick.rows(connection, _holders_of(len(hashes)), hashes):
        ids.setdefault(row.hash, []).append(row.borrower_id)
    telling = {hash_: tuple(many) for hash_, many in ids.items() if is_telling(many)}
    found = sorted({one for many in telling.values() for one in many})
    rows = quick.rows(connection, _of_ids(len(found)), quick.numbered(found)) if found else ()
    crowded = frozenset(ids.keys() - telling.keys())
    apart = frozenset(reviews.verdicts(connection, found))
    asked = reviews.asked(connection, found)
    stored = _about_how_many(connection) if found else 0
    return Holders(telling, {row.id: row for row in rows}, crowded, apart, asked, stored)


def _about_how_many(connection: Connection) -> int:
    """Borrowers in the ledger, without counting them; 0 while the database does not know."""
    sqlite = connection.dialect.name == "sqlite"
    [(number,)] = connection.exec_driver_sql(_LAST_ROW if sqlite else _ESTIMATE).fetchall()
    return max(0, number or 0)


def is_telling(sharers: Collection[str]) -> bool:
    """Whether a key that these borrowers share says anything about who somebody is."""
    return len(sharers) <= _MOST_PER_KEY


def those_with(known: Holders, sealer: Sealer, keys: Sequence[tuple[str, str]]) -> list[Borrower]:
    """The borrowers among these holders who have one of the keys. Raises SealBroken."""
    ids = sorted({one for _, hash_ in keys for one in known.ids.get(hash_, ())})
    return [
        replace(
            _opened(known.rows[id_], sealer),
            apart_from=_with_whom(known.apart, id_),
            asked_with=_with_whom(known.asked, id_),
        )
        for id_ in ids
    ]


def _with_whom(pairs: frozenset[Pair], id_: str) -> frozenset[str]:
    return frozenset(one for pair in pairs if id_ in pair for one in pair if one != id_)


def keys_of(connection: Connection, borrower_id: str) -> tuple[tuple[str, str], ...]:
    """Every (kind, hash) key of a borrower."""
    query = select(borrower_key.c.kind, borrower_key.c.hash).where(borrower_key.c.borrower_id == borrower_id)
    return tuple((row.kind, row.hash) for row in connection.execute(query.order_by(borrower_key.c.hash)))


def those(connection: Connection, sealer: Sealer, ids: Iterable[str]) -> list[Borrower]:
    """These borrowers, opened, in the order of their ids; unknown ids are left out."""
    rows = connection.execute(
        select(borrower).where(borrower.c.id.in_(sorted(set(ids)))).order_by(borrower.c.id)
    )
    return [_opened(row, sealer) for row in rows]


def get(connection: Connection, sealer: Sealer, borrower_id: str) -> Borrower:
    """One borrower, opened. Raises NoResultFound."""
    return _opened(connection.execute(select(borrower).where(borrower.c.id == borrower_id)).one(), sealer)


def _opened(row: Row[Any], sealer: Sealer) -> Borrower:
    return Borrower(
        id=row.id,
        profile=from_json(sealer.open_json(row.profile, f"borrower.profile:{row.id}"), Profile),
        household_id=row.household_id or "",
        owner=row.owner,
        inquiries=row.inquiries,
    )


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be stored about one borrower: sealed already, so that storing is short."""

    id: str
    new: bool
    values: Mapping[str, object]
    keys: tuple[tuple[str, str], ...]


def entry(
    sealer: Sealer, who: Borrower, keys: Sequence[tuple[str, str]], *, now: datetime, new: bool
) -> Entry:
    """A new borrower, or what is new about a known one, with every (kind, hash) key."""
    values = {
        "updated_at": now,
        "profile": sealer.seal_json(to_json(who.profile), f"borrower.profile:{who.id}"),
        "household_id": who.household_id or None,
        "owner": who.owner,
        "inquiries": who.inquiries,
    }
    return Entry(who.id, new, values, tuple(dict.fromkeys(keys)))


def save(connection: Connection, entries: Sequence[Entry]) -> None:
    """Store what is new; a key that a borrower has already is left as it is."""
    new = [{"id": one.id, "created_at": one.values["updated_at"], **one.values} for one in entries if one.new]
    changed = [{"row": one.id, **one.values} for one in entries if not one.new]
    if new:
        quick.run(connection, _NEW, new)
    present: set[tuple[str, str]] = set()
    if changed:
        connection.execute(_UPDATE, changed)
        ids = [one["row"] for one in changed]
        present = {(row.borrower_id, row.hash) for row in connection.execute(_KEYS_OF, {"ids": ids})}
    fresh = [
        {"kind": kind, "hash": hash_, "borrower_id": one.id}
        for one in entries
        for kind, hash_ in one.keys
        if (one.id, hash_) not in present
    ]
    if fresh:
        quick.run(connection, _NEW_KEY, fresh)


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
