"""The pages of reviews: which pairs wait, and one pair side by side with what a merge would change."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from jobs.deciding.recognise import MOST_CANDIDATES
from jobs.desk.sides import Side, compared, names_of, side_of
from jobs.desk.viewer import Viewer
from jobs.ledger import accounts, merges, profiles, reviews
from jobs.ledger.reviews import Review, ReviewState
from jobs.ledger.tables import delivery
from jobs.reviews.crm_merging import CRM_NAMES
from jobs.services import Services

PAGE = 25
_MOST_COUNTED = 99
#: State → what the list calls it, in the order of its tabs.
STATES: dict[ReviewState, str] = {
    "open": "Waiting",
    "merged": "Same person",
    "household": "Same household",
    "different": "Different people",
    "unknown": "Nobody knows",
    "unanswered": "Not answered in time",
}


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """One pair in the list, with the names of the two as they are now."""

    review: Review
    name: str
    candidate: str


@dataclass(frozen=True, slots=True)
class ReviewsPage:
    """One page, newest first; older is the cursor of the next one ("" = this is the last)."""

    lines: tuple[ReviewLine, ...]
    older: str


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """One pair. kept is whose id would stay, other who was opened later; both are one after a merge.

    lines are what is known of each, line by line, and of both together; effects says in words what a merge
    would change. merge_id is set while the two are merged and can be separated again.
    """

    review: Review
    kept: Side
    other: Side
    lines: tuple[tuple[str, tuple[str, ...], bool], ...]
    effects: tuple[str, ...]
    more: tuple[ReviewLine, ...]  # the other candidates of the same inquiry
    answered_by: str
    merge_id: str

    @property
    def one_already(self) -> bool:
        """Whether the two are one borrower by now."""
        return self.kept.id == self.other.id


def list_reviews(services: Services, state: ReviewState, before: str = "") -> ReviewsPage:
    """The pairs in this state that are older than the one with the id before."""
    with services.ledger.read() as connection:
        found = reviews.listed(connection, state, before=before, limit=PAGE + 1)
        lines = lines_of(services, connection, found[:PAGE])
    return ReviewsPage(lines, found[PAGE - 1].id if len(found) > PAGE else "")


def open_count(services: Services) -> str:
    """How many pairs wait, for the navigation: "" when none does, "99+" when there are many."""
    with services.ledger.read() as connection:
        count = reviews.count_open(connection, _MOST_COUNTED + 1)
    return f"{_MOST_COUNTED}+" if count > _MOST_COUNTED else str(count or "")


def lines_of(services: Services, connection: Connection, found: list[Review]) -> tuple[ReviewLine, ...]:
    """These pairs with the names of their sides."""
    now = reviews.survivors(connection, {id_ for one in found for id_ in (one.borrower_id, one.candidate_id)})
    names = names_of(services, connection, set(now.values()))
    return tuple(ReviewLine(one, names[now[one.borrower_id]], names[now[one.candidate_id]]) for one in found)


def review_page(services: Services, viewer: Viewer, review_id: str) -> ReviewPage | None:
    """One pair, None when there is none."""
    with services.ledger.read() as connection:
        asked = reviews.get(connection, review_id)
        if asked is None:
            return None
        now = reviews.survivors(connection, (asked.borrower_id, asked.candidate_id))
        kept_id, other_id = sorted((now[asked.borrower_id], now[asked.candidate_id]))
        kept = side_of(services, connection, kept_id, viewer)
        other = side_of(services, connection, other_id, viewer)
        if kept is None or other is None:
            return None
        candidates = reviews.of_inquiry(connection, asked.inquiry_id)[:MOST_CANDIDATES]
        together = profiles.united(kept.profile, other.profile, services.playbook.survivorship)
        names = accounts.names(connection)
        return ReviewPage(
            review=asked,
            kept=kept,
            other=other,
            lines=tuple(compared(kept.profile, other.profile, together)),
            effects=_effects(services, connection, kept, other),
            more=lines_of(services, connection, [one for one in candidates if one.id != asked.id]),
            answered_by=who_said(asked.decided_by, names),
            merge_id=_undoable(services, connection, asked),
        )


def who_said(actor: str, names: dict[str, str]) -> str:
    """A person's name for an account id; "" for nobody."""
    if not actor:
        return ""
    return names.get(
        actor, {"system": "Firstpath", "command line": "the command line"}.get(actor, "somebody")
    )


def _undoable(services: Services, connection: Connection, asked: Review) -> str:
    found = merges.about(connection, services.sealer, (asked.borrower_id, asked.candidate_id))
    return next((one.id for one in found if one.review_id == asked.id and one.undone_at is None), "")


def _effects(services: Services, connection: Connection, kept: Side, other: Side) -> tuple[str, ...]:
    """What a merge would change, in words without personal data."""
    said = [_counted(len(merges.inquiries_of(connection, other.id)), "inquiry moves", "inquiries move")]
    waiting = select(func.count()).where(
        delivery.c.borrower_id == other.id, delivery.c.state.in_(("due", "leased", "dead"))
    )
    coming = int(connection.execute(waiting).scalar_one())
    if coming:
        said.append(_counted(coming, "delivery goes", "deliveries go") + " to the contact that stays")
    stands = dict(kept.contacts)
    for crm, contact in other.contacts:
        there = services.settings.crms[crm]
        called = CRM_NAMES.get(there.kind, crm)
        if crm not in stands:
            said.append(f"The contact in {called} becomes the one of both")
        elif stands[crm].remote_id != contact.remote_id:
            said.append(
                f"The two contacts in {called} are merged there, for good"
                if there.merge_contacts
                else f"A task in {called} asks somebody to merge the two contacts there"
            )
    if other.household and not kept.household:
        said.append("The household of the new one becomes the household of both")
    return (*said, "It can be undone here: every row is kept as it stood")


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
