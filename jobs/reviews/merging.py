"""Two borrowers turn out to be one person: everything of one moves to the other, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TypeVar

from msgspec.structs import replace
from sqlalchemy import Connection

from jobs.ledger import borrowers, crms, holders, merge_moves, merges, notices, profiles, reviews
from jobs.ledger.borrowers import Borrower
from jobs.ledger.journal import Journal
from jobs.ledger.merges import Merge, Stored
from jobs.ledger.profiles import Profile
from jobs.reviews.crm_merging import CrmsTold, Owed, owe_contact_merges
from jobs.services import Services
from mapping.crm.bundle import Bundle, ContactRecord
from mapping.crm.closing import left_alone, tasks_over
from mapping.people.lookup_keys import email_key

_TRIES = 20
_Result = TypeVar("_Result")


class MergeRefused(Exception):
    """These two cannot become one, or not be separated again; the sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class Sides:
    """Two borrowers as they are now; kept is the one known longer, whose id stays."""

    kept_id: str
    gone_id: str
    kept: Stored
    gone: Stored

    @property
    def one_already(self) -> bool:
        """Whether they are one borrower by now."""
        return self.kept_id == self.gone_id

    def locks(self) -> set[str]:
        """What nobody else may decide about meanwhile: the keys of both, and their inquiries."""
        people = {f"person:{kind}:{hash_}" for side in (self.kept, self.gone) for kind, hash_ in side.keys}
        asked = {f"inquiry:{id_}" for side in (self.kept, self.gone) for id_ in side.inquiries}
        return people | asked | {f"borrower:{self.kept_id}", f"borrower:{self.gone_id}"}


@dataclass(frozen=True, slots=True)
class Merged:
    """A merge that was made, and the deliveries that are due because of it."""

    id: str
    survivor_id: str
    absorbed_id: str
    owed: tuple[str, ...]


def sides(connection: Connection, one: str, other: str) -> Sides:
    """The two as they are now, whoever they were merged into."""
    now = reviews.survivors(connection, (one, other))
    kept, gone = sorted((now[one], now[other]))
    return Sides(kept, gone, merges.stored(connection, kept), merges.stored(connection, gone))


def with_both(
    services: Services, one: str, other: str, work: Callable[[Connection, Sides], _Result]
) -> _Result:
    """Do something to two borrowers in one transaction in which nobody else decides about either.

    What is to be locked is known only after looking, and may have grown meanwhile: then once more.
    """
    for _ in range(_TRIES):
        with services.ledger.read() as connection:
            seen = sides(connection, one, other)
        with services.ledger.write() as connection:
            services.ledger.lock(connection, *seen.locks())
            now = sides(connection, one, other)
            if now.locks() <= seen.locks():
                return work(connection, now)
    raise MergeRefused("Inquiries of these borrowers keep arriving. Try again in a minute.")


def merge(services: Services, one: str, other: str, *, actor: str) -> Merged | None:
    """Make two borrowers one; None when they are already. Raises MergeRefused."""
    done = with_both(
        services, one, other, lambda connection, both: merge_in(services, connection, both, actor=actor)
    )
    ring(services, done)
    return done


def ring(services: Services, done: Merged | None) -> None:
    """Wake whoever delivers."""
    for delivery_id in done.owed if done else ():
        services.bell.ring("deliver", delivery_id)


def merge_in(
    services: Services, connection: Connection, both: Sides, *, actor: str, review_id: str = ""
) -> Merged | None:
    """merge() in a transaction of with_both()."""
    if both.one_already:
        return None
    if merges.named_together(connection, both.kept_id, both.gone_id):
        raise MergeRefused(
            "An inquiry names these two as borrower and co-borrower, so they are two people. "
            'Answer "Same household".'
        )
    now, merge_id = services.now(), services.new_id()
    journal = Journal(connection, services.sealer)
    owed = _move(services, journal, both, merge_id=merge_id, actor=actor)
    before = {
        "steps": journal.steps,
        "owed": [[one.delivery_id, one.follow_up_id] for one in owed],
        "kept": {"keys": list(both.kept.keys), "inquiries": list(both.kept.inquiries)},
        "gone": {"keys": list(both.gone.keys), "inquiries": list(both.gone.inquiries)},
    }
    done = Merge(merge_id, both.kept_id, both.gone_id, review_id, now, actor, before)
    merges.remember(connection, services.sealer, done)
    notices.record(
        connection,
        id=services.new_id(),
        at=now,
        actor=actor,
        action="borrower.merged",
        object_kind="borrower",
        object_id=both.kept_id,
        detail=f"{both.gone_id} with {len(both.gone.inquiries)} inquiries",
    )
    return Merged(merge_id, both.kept_id, both.gone_id, tuple(one.delivery_id for one in owed))


def _move(services: Services, journal: Journal, both: Sides, *, merge_id: str, actor: str) -> list[Owed]:
    """Everything of gone becomes kept's; what the CRMs are owed because of it."""
    connection, now = journal.connection, services.now()
    kept = borrowers.get(connection, services.sealer, both.kept_id)
    gone = borrowers.get(connection, services.sealer, both.gone_id)
    profile = profiles.united(kept.profile, gone.profile, services.playbook.survivorship)
    profile = replace(profile, formerly=(*kept.profile.formerly, *gone.profile.formerly, gone.id))
    everything = sorted({*both.kept.inquiries, *both.gone.inquiries})
    pending = merge_moves.lock_deliveries(connection, everything)
    links = [f"link:{crm}:{id_}" for crm in services.settings.crms for id_ in (kept.id, gone.id)]
    services.ledger.lock(connection, *links)
    stood = {crm: crms.links(connection, crm, (kept.id, gone.id)) for crm in services.settings.crms}
    merge_moves.move(journal, kept, gone, profile, merge_id=merge_id, now=now)
    after = borrowers.get(connection, services.sealer, kept.id)
    closed = merge_moves.spread_suppressions(journal, both.kept.keys, both.gone.keys, now)
    contact = contact_of(services, connection, after)
    merge_moves.readdress(journal, pending, gone.id, contact, _left_alone(services, kept.id, closed))
    merge_moves.cancel_planned(journal, everything, tasks_over(sorted(closed)))
    merge_moves.pursue_once(journal, everything, now)
    if closed:
        merge_moves.look_soon(journal, everything, now)  # what stands in the CRMs is closed there
    merge_moves.close_settled(journal, kept.id, by=actor, at=now)
    theirs = [row for row in pending if row.inquiry_id in both.gone.inquiries]
    told = CrmsTold(kept=after, gone_id=gone.id, asked=both.gone.inquiries, pending=theirs, stood=stood)
    return owe_contact_merges(services, connection, told, closed)


def _left_alone(
    services: Services, borrower_id: str, channels: Collection[str]
) -> Callable[[str, Bundle], Bundle]:
    """Lets a bundle tell its CRM that this person closed these channels."""

    def change(crm: str, bundle: Bundle) -> Bundle:
        settings = services.settings.crms.get(crm)
        if not channels or settings is None:
            return bundle
        return left_alone(bundle, borrower_id, channels, services.playbook.crm[settings.mapping].contact)

    return change


def contact_of(services: Services, connection: Connection, who: Borrower) -> ContactRecord:
    """Under which key and identifiers a borrower is known in the CRMs."""
    profile, rules = who.profile, services.playbook.identity
    return ContactRecord(
        key=who.id,
        fields={},
        emails=rules.own("email", profile.emails),
        phones=rules.own("phone", profile.phones),
        names=profile.first_names,
        last_name=profile.party.last_name,
        shared_email=_shares_email(services, connection, who.id, profile),
        formerly=profile.formerly,
    )


def _shares_email(services: Services, connection: Connection, borrower_id: str, profile: Profile) -> bool:
    """Whether somebody who came before has the main email, and keeps it in the CRMs."""
    email = email_key(profile.party.email)
    if not email or services.playbook.identity.is_many_peoples(email):
        return bool(email)
    found = holders.of(connection, holders.hashed(services.sealer, [("email", email)]))
    return any(id_ < borrower_id for id_ in found.rows)
