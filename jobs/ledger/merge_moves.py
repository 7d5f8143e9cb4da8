"""Everything of one borrower moves to another, row by row, in a journal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from jobs.ledger import identity_keys, reviews
from jobs.ledger.borrowers import Borrower
from jobs.ledger.codec import from_json, to_json
from jobs.ledger.journal import Journal
from jobs.ledger.profiles import Profile, as_kept
from jobs.ledger.tables import (
    borrower,
    borrower_alias,
    borrower_key,
    crm_link,
    delivery,
    follow_up,
    follow_up_plan,
    inquiry,
    review,
    suppression,
    verdict,
)
from mapping.crm.bundle import Bundle, ContactRecord
from mapping.inquiry import NO_LOANS

#: Deliveries that are still to come, or may be tried again.
_OPEN = ("due", "leased", "dead", "shadow")
#: Keys by which a person is reached or known; an address or a name with a place is not one person's.
_PERSONAL = ("email", "phone", "birth")


def move(
    journal: Journal, kept: Borrower, gone: Borrower, profile: Profile, *, merge_id: str, now: datetime
) -> None:
    """Everything of gone becomes kept's, whose profile is then this one. The caller holds the locks."""
    _move_inquiries(journal, kept.id, gone.id)
    _move_keys(journal, kept.id, gone.id)
    _move_links(journal, kept.id, gone.id)
    _move_verdicts(journal, kept.id, gone.id)
    journal.change(
        borrower,
        {"id": kept.id},
        {
            "profile": as_kept(profile),
            "household_id": kept.household_id or gone.household_id or None,
            "owner": kept.owner or gone.owner,
            "inquiries": kept.inquiries + gone.inquiries,
            "updated_at": now,
        },
    )
    # In its household it would be counted as one person more.
    journal.change(borrower, {"id": gone.id}, {"household_id": None, "inquiries": 0, "updated_at": now})
    alias = {"borrower_id": gone.id, "survivor_id": kept.id, "merge_id": merge_id}
    journal.add(borrower_alias, alias)


def _move_inquiries(journal: Journal, kept: str, gone: str) -> None:
    for column in ("borrower_id", "co_borrower_id"):
        ids = select(inquiry.c.id).where(inquiry.c[column] == gone).order_by(inquiry.c.id)
        for id_ in journal.connection.execute(ids).scalars().all():
            journal.change(inquiry, {"id": id_}, {column: kept})


def _move_keys(journal: Journal, kept: str, gone: str) -> None:
    had, more = (identity_keys.of(journal.connection, id_) for id_ in (kept, gone))
    for kind, hash_ in more:
        journal.remove(borrower_key, {"hash": hash_, "borrower_id": gone})
        if (kind, hash_) not in had:
            journal.add(borrower_key, {"hash": hash_, "borrower_id": kept, "kind": kind})
    for id_ in (kept, gone):
        identity_keys.follow(journal.connection, id_, {*had, *more})


def _move_links(journal: Journal, kept: str, gone: str) -> None:
    """Where only gone stands in a CRM, that record is kept's from now on; gone's own link stays known."""
    query = select(crm_link).where(crm_link.c.kind == "contact", crm_link.c.key.in_([kept, gone]))
    rows = journal.connection.execute(query.order_by(crm_link.c.crm)).all()
    stands = {row.crm for row in rows if row.key == kept}
    for row in rows:
        if row.key == gone and row.crm not in stands:
            journal.add(crm_link, {**row._mapping, "key": kept})


def _move_verdicts(journal: Journal, kept: str, gone: str) -> None:
    """What was said about gone is said about kept; that the two differ was an error."""
    said = set(reviews.verdicts(journal.connection, _sides(journal.connection, kept, gone)))
    for row in reviews.verdicts_about(journal.connection, gone):
        other = row.other if row.one == gone else row.one
        pair = reviews.pair(kept, other)
        if other == kept:
            journal.remove(verdict, {"one": row.one, "other": row.other})
        elif pair not in said:
            journal.add(verdict, {**row._mapping, "one": pair[0], "other": pair[1]})


def _sides(connection: Connection, *borrower_ids: str) -> set[str]:
    """These borrowers, and everybody about whom something was said beside them."""
    rows = [row for id_ in borrower_ids for row in reviews.verdicts_about(connection, id_)]
    return {*borrower_ids, *(side for row in rows for side in (row.one, row.other))}


def pursue_once(journal: Journal, inquiry_ids: Sequence[str], now: datetime) -> None:
    """Nobody is pursued twice at once: the newest of these inquiries takes over from the others.

    One that is only shown takes over from nothing that the CRMs have.
    """
    table = follow_up_plan.c
    query = (
        select(table.inquiry_id, inquiry.c.type, inquiry.c.shadow)
        .join(inquiry, inquiry.c.id == table.inquiry_id)
        .where(
            table.inquiry_id.in_(list(inquiry_ids)), table.look_at.is_not(None), table.carried_by.is_(None)
        )
        .order_by(table.inquiry_id)
    )
    rows = journal.connection.execute(query).all()
    loans = [row for row in rows if row.type not in NO_LOANS]
    newest = ([row for row in loans if not row.shadow] or loans)[-1:]
    for row in rows if newest else ():
        if row.inquiry_id < newest[0].inquiry_id:
            carried = {"carried_by": newest[0].inquiry_id, "look_at": now}
            journal.change(follow_up_plan, {"inquiry_id": row.inquiry_id}, carried)


def look_soon(journal: Journal, inquiry_ids: Sequence[str], now: datetime) -> None:
    """The plans of these inquiries that go on are looked at next."""
    table = follow_up_plan.c
    query = select(table.inquiry_id).where(
        table.inquiry_id.in_(list(inquiry_ids)), table.look_at.is_not(None)
    )
    for inquiry_id in journal.connection.execute(query.order_by(table.inquiry_id)).scalars().all():
        journal.change(follow_up_plan, {"inquiry_id": inquiry_id}, {"look_at": now})


def close_settled(journal: Journal, borrower_id: str, *, by: str, at: datetime) -> None:
    """Open questions whose two sides are this one borrower by now need no answer."""
    connection = journal.connection
    ids = {borrower_id, *reviews.absorbed_by(connection, borrower_id)}
    for one in reviews.about(connection, sorted(ids)):
        if one.state == "open" and {one.borrower_id, one.candidate_id} <= ids:
            answer = {"state": "merged", "decided_at": at, "decided_by": by}
            journal.change(review, {"id": one.id}, answer)


def lock_deliveries(connection: Connection, inquiry_ids: Sequence[str]) -> list[Row[Any]]:
    """The deliveries of these inquiries that are still to come; nobody takes them up meanwhile."""
    query = select(delivery).where(delivery.c.inquiry_id.in_(list(inquiry_ids)), delivery.c.state.in_(_OPEN))
    return list(connection.execute(query.order_by(delivery.c.id).with_for_update()))


def readdress(
    journal: Journal,
    rows: Sequence[Row[Any]],
    old: str,
    contact: ContactRecord,
    also: Callable[[str, Bundle], Bundle] = lambda _, bundle: bundle,
) -> None:
    """Let these deliveries go to another contact than that of the borrower old.

    One that was taken up before may have made a contact with the old key: it is known as an earlier key.
    also is what else becomes of a bundle for this CRM.
    """
    for row in rows:
        bundle = from_json(journal.sealer.open_json(row.bundle, f"delivery.bundle:{row.id}"), Bundle)
        contacts = tuple(_as(contact, one) if one.key == old else one for one in bundle.contacts)
        after = also(row.crm, replace(bundle, contacts=contacts))
        values: dict[str, Any] = {}
        if after != bundle:
            values["bundle"] = to_json(after)
        if row.borrower_id == old:
            values["borrower_id"] = contact.key
        if values:
            journal.change(delivery, {"id": row.id}, values)


def _as(contact: ContactRecord, before: ContactRecord) -> ContactRecord:
    """What one bundle says about a person, under the key and identifiers of another record of them."""
    return replace(
        before,
        key=contact.key,
        emails=contact.emails,
        phones=contact.phones,
        names=contact.names,
        shared_email=contact.shared_email,
        formerly=contact.formerly,
    )


def spread_suppressions(
    journal: Journal, kept: Sequence[tuple[str, str]], gone: Sequence[tuple[str, str]], now: datetime
) -> frozenset[str]:
    """A channel that is closed for either is closed for all keys of the person; returns those channels.

    A key that other borrowers have as well is left out: they closed nothing.
    """
    hashes = sorted({hash_ for kind, hash_ in (*kept, *gone) if kind in _PERSONAL})
    connection = journal.connection
    rows = connection.execute(select(suppression).where(suppression.c.hash.in_(hashes))).all()
    channels = {row.channel: row for row in sorted(rows, key=lambda row: (row.at, row.hash), reverse=True)}
    known = {(row.hash, row.channel) for row in rows}
    ours = [hash_ for hash_ in hashes if hash_ not in _held_by_others(connection, hashes)]
    for channel, evidence in sorted(channels.items()):
        for hash_ in ours:
            if (hash_, channel) not in known:
                row = {"hash": hash_, "channel": channel, "submission_id": evidence.submission_id}
                journal.add(suppression, {**row, "at": now})
    return frozenset(channels)


def _held_by_others(connection: Connection, hashes: Sequence[str]) -> set[str]:
    """Keys that more than one borrower has, now that the two are one."""
    query = select(borrower_key.c.hash, borrower_key.c.borrower_id).where(
        borrower_key.c.hash.in_(list(hashes))
    )
    held: dict[str, set[str]] = {}
    for row in connection.execute(query):
        held.setdefault(row.hash, set()).add(row.borrower_id)
    return {hash_ for hash_, ids in held.items() if len(ids) > 1}


def cancel_planned(journal: Journal, inquiry_ids: Sequence[str], channels: Sequence[str]) -> None:
    """Planned follow-ups of these inquiries on these channels are no longer wanted."""
    table = follow_up.c
    query = select(table.id).where(
        table.inquiry_id.in_(list(inquiry_ids)), table.channel.in_(list(channels)), table.state == "planned"
    )
    for id_ in journal.connection.execute(query.order_by(table.id)).scalars().all():
        journal.change(follow_up, {"id": id_}, {"state": "cancelled"})
