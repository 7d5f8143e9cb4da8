"""Undoing a merge: both borrowers are again as they were, and what came since goes to whom it belongs.

An inquiry that came after the merge stays with the survivor, unless all keys it was known by that the two do
not have in common are the other's. In a CRM deals go back to the contact of their borrower; what else was
written there cannot be taken back: a person is told.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from jobs.deciding.recognise import parties_of
from jobs.delivering.owing import Change, owe
from jobs.known import load
from jobs.ledger import (
    borrowers,
    holders,
    identity_keys,
    merge_moves,
    merge_undoing,
    merges,
    notices,
    profiles,
    reviews,
)
from jobs.ledger.identity_keys import Key
from jobs.ledger.journal import Journal
from jobs.ledger.merges import Merge
from jobs.ledger.profiles import Profile
from jobs.reviews.merging import MergeRefused, Sides, contact_of, with_both
from jobs.reviews.moving_deals import owe_moves
from jobs.services import Services
from mapping.identity import search_keys

_HEARD = (
    "A merge was undone that the CRM had heard of. Close its task there; if the two contacts were merged "
    "there, separate them by hand."
)
_MIXED = (
    "A merge was undone after this inquiry had been put on the other person's contact in the CRM. Its deal "
    "goes to its own contact; look whether the other one kept an email, phone number or note of it."
)
Keys = Collection[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Undone:
    """What undoing came to: the inquiries since the merge that went to the other, and what is due now."""

    merge_id: str
    moved: tuple[str, ...]
    owed: tuple[str, ...]


def undo(services: Services, merge_id: str, *, actor: str) -> Undone | None:
    """Separate two borrowers again, for good; None when it was undone already.

    Raises KeyError for an unknown merge, MergeRefused when a later merge has to be undone first.
    """
    with services.ledger.read() as connection:
        found = merges.get(connection, services.sealer, merge_id)
    if found is None:
        raise KeyError(merge_id)

    def work(connection: Connection, both: Sides) -> Undone | None:
        merge = merges.get(connection, services.sealer, merge_id)
        if merge is None or merge.undone_at:
            return None
        return _undo(services, connection, merge, both, actor)

    done = with_both(services, found.survivor_id, found.absorbed_id, work)
    for delivery_id in done.owed if done else ():
        services.bell.ring("deliver", delivery_id)
    return done


def _undo(services: Services, connection: Connection, merge: Merge, both: Sides, actor: str) -> Undone:
    _refuse_out_of_order(services, connection, merge)
    now, sealer, kept, gone = services.now(), services.sealer, merge.survivor_id, merge.absorbed_id
    after = borrowers.get(connection, sealer, kept)
    told = merge_undoing.take_back_owed(connection, sealer, merge)
    mixed = merge_undoing.take_back_rows(connection, sealer, merge)
    before = _keys_before(merge, "kept") | _keys_before(merge, "gone")
    for id_ in (kept, gone):
        identity_keys.follow(connection, id_, before.union(both.kept.keys, both.gone.keys))
    moved = _share_out(services, connection, merge, both.kept.inquiries, after.profile)
    _readdress(services, connection, merge, moved)
    reviews.remember(connection, kept, gone, "different", by=actor, at=now)
    if merge.review_id:
        reviews.close(connection, merge.review_id, "different", by=actor, at=now)
    merges.mark_undone(connection, merge.id, by=actor, at=now)
    going, owed = owe_moves(services, connection, merge)
    owed += [one for id_ in (kept, gone) for one in _owe_contact(services, connection, id_)]
    _record(services, connection, merge, actor)
    _alert(services, connection, told, _HEARD)
    _alert(services, connection, [*mixed, *going], _MIXED)
    return Undone(merge.id, tuple(moved), tuple(owed))


def _share_out(
    services: Services, connection: Connection, merge: Merge, inquiries: Sequence[str], heard: Profile
) -> list[str]:
    """What came since the merge goes to whom it belongs; the inquiries that went to the other.

    heard is what the survivor's profile held before it was put back.
    """
    now, kept, gone = services.now(), merge.survivor_id, merge.absorbed_id
    known = {*merge.before["kept"]["inquiries"], *merge.before["gone"]["inquiries"]}
    later = [id_ for id_ in inquiries if id_ not in known]
    keys = {id_: _keys_of(services, connection, id_, kept) for id_ in later}
    moved = [id_ for id_ in later if _is_the_others(keys[id_], merge)]
    stay = [id_ for id_ in later if id_ not in moved]
    theirs = {key for id_ in moved for key in keys[id_]}
    own = {key for id_ in stay for key in keys[id_]}
    merge_undoing.hand_over(connection, moved, kept, gone)
    mine, others = (merges.inquiries_of(connection, id_) for id_ in (kept, gone))
    merge_undoing.pursue_apart(connection, mine, others, now)
    identity_keys.take(connection, kept, theirs - own - _keys_before(merge, "kept"))
    identity_keys.give(connection, {kept: own, gone: theirs})
    for id_, since in ((kept, stay), (gone, moved)):
        if since:
            _hear_again(services, connection, id_, heard, since)
    return moved


def _refuse_out_of_order(services: Services, connection: Connection, merge: Merge) -> None:
    """Merges are undone in the reverse order: what came later rests on them."""
    about = merges.about(connection, services.sealer, (merge.survivor_id,))
    if any(one.id > merge.id and one.undone_at is None for one in about):
        raise MergeRefused("This borrower was merged with another one later. Undo that merge first.")


def _keys_of(services: Services, connection: Connection, inquiry_id: str, borrower_id: str) -> Keys:
    """The keys by which an inquiry was known to be this borrower's."""
    row, details = merge_undoing.inquiry_row(connection, services.sealer, inquiry_id)
    parties = parties_of(details)
    ids = (row.borrower_id, row.co_borrower_id)
    return [
        key
        for party, id_ in zip(parties, ids, strict=False)
        if id_ == borrower_id
        for key in holders.hashed(services.sealer, search_keys(party))
    ]


def _keys_before(merge: Merge, side: str) -> set[Key]:
    """What kept, or gone, was known by when they were merged."""
    return {(kind, hash_) for kind, hash_ in merge.before[side]["keys"]}


def _is_the_others(keys: Keys, merge: Merge) -> bool:
    kept = {hash_ for _, hash_ in merge.before["kept"]["keys"]}
    gone = {hash_ for _, hash_ in merge.before["gone"]["keys"]}
    heard = {hash_ for _, hash_ in keys}
    return bool(heard & (gone - kept)) and not heard & (kept - gone)


def _hear_again(
    services: Services, connection: Connection, id_: str, heard: Profile, inquiries: Sequence[str]
) -> None:
    """What a borrower's own later inquiries said, on top of what was known before the merge."""
    who = borrowers.get(connection, services.sealer, id_)
    profile = who.profile
    for one in heard.said:
        if one.inquiry_id in inquiries:
            profile = profiles.merged(profile, one, services.playbook.survivorship)
    merge_undoing.save_profile(
        connection,
        services.sealer,
        id_,
        profile,
        inquiries=who.inquiries + len(inquiries),
        now=services.now(),
    )


def _readdress(services: Services, connection: Connection, merge: Merge, moved: Sequence[str]) -> None:
    """What is still to come of the other's inquiries, also news since the merge, goes to their contact."""
    owed = {delivery_id for delivery_id, _ in merge.before["owed"]}
    found = merge_moves.lock_deliveries(connection, [*merge.before["gone"]["inquiries"], *moved])
    pending = [row for row in found if row.id not in owed]
    if pending:
        who = borrowers.get(connection, services.sealer, merge.absorbed_id)
        contact = contact_of(services, connection, who)
        merge_moves.readdress(Journal(connection, services.sealer), pending, merge.survivor_id, contact)


def _owe_contact(services: Services, connection: Connection, borrower_id: str) -> list[str]:
    """Whoever stands in no CRM any more, and is not on the way there, gets a contact of their own."""
    asked = merges.inquiries_of(connection, borrower_id)
    if not asked:
        return []
    known = load(connection, services, asked[-1])
    path = services.settings.paths.get(known.details.path)
    absent = [
        crm for crm in (path.crm if path else ()) if merge_undoing.is_absent(connection, crm, borrower_id)
    ]
    return owe(services, connection, known, Change(), crms=absent) if absent else []


def _record(services: Services, connection: Connection, merge: Merge, actor: str) -> None:
    notices.record(
        connection,
        id=services.new_id(),
        at=services.now(),
        actor=actor,
        action="borrower.unmerged",
        object_kind="borrower",
        object_id=merge.survivor_id,
        detail=merge.absorbed_id,
    )


def _alert(services: Services, connection: Connection, inquiry_ids: Sequence[str], message: str) -> None:
    for inquiry_id in dict.fromkeys(inquiry_ids):
        notices.raise_alert(
            connection,
            id=services.new_id(),
            at=services.now(),
            kind="unmerged",
            object_id=inquiry_id,
            message=message,
        )
