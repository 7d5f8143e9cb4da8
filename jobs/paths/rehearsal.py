"""What a path's last submissions would become now, with today's mapping and playbook: nothing is stored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from connectors.intake.base import IntakeError
from jobs.deciding.process import SetAside, understood
from jobs.intake.reading import read_parts
from jobs.ledger import submissions
from jobs.ledger.submissions import Submission
from jobs.ledger.tables import submission as table
from jobs.services import Services
from mapping.answers import Answers
from mapping.follow_up.first_task import PlannedFollowUp, missing_information, plan_first_touch
from mapping.follow_up.standing_in import choose_present
from mapping.inquiry import Inquiry
from mapping.ownership.owner import OwnerDecision, Standing

#: So many of the last submissions say what a path is like; reading more would make the page slow.
LAST = 20
#: What is no inquiry of the path: a whole whose parts are counted, and what a person or the rules put away.
_NOT_COUNTED = ("split", "discarded", "ignored", "fetching")
#: Somebody else's doing, not the form's: these say nothing about the path.
_NOT_THE_PATHS = frozenset({"spam", "sender_authentication_failed", "revision"})


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """One part of a submission as it would be decided now.

    problem says why it would become no inquiry ("" = it would); inquiry, owner and plan are set otherwise.
    """

    submission_id: str
    received_at: datetime
    state: str
    answers: Answers | None
    inquiry: Inquiry | None = None
    owner: OwnerDecision | None = None
    plan: PlannedFollowUp | None = None
    missing: tuple[str, ...] = ()
    code: str = ""
    problem: str = ""

    @property
    def telling(self) -> bool:
        """Whether it says something about the path: not an event of a known inquiry, nor somebody's spam."""
        if self.answers is None:
            return self.code not in _NOT_THE_PATHS
        trusted = not self.answers.distrust and self.code not in _NOT_THE_PATHS
        return trusted and self.answers.kind == "inquiry"


def rehearse(services: Services, path: str, most: int = LAST) -> tuple[Rehearsed, ...]:
    """The path's last submissions that are still kept, newest first. Raises KeyError for an unknown path."""
    return tuple(one for each in last_submissions(services, path, most) for one in _parts(services, each))


def last_submissions(services: Services, path: str, most: int = LAST) -> Sequence[Submission]:
    """They themselves, newest first."""
    query = (
        select(table.c.id)
        .where(table.c.path == path, table.c.state.not_in(_NOT_COUNTED), table.c.expired_at.is_(None))
        .order_by(table.c.received_at.desc())
        .limit(most)
    )
    with services.ledger.read() as connection:
        ids = connection.execute(query).scalars().all()
        found = [submissions.get(connection, services.sealer, one) for one in ids]
    return [one for one in found if one is not None]


def _parts(services: Services, submission: Submission) -> Iterator[Rehearsed]:
    try:
        parts = read_parts(services, submission)
    except IntakeError as error:
        yield _unread(submission, error.code, str(error))
        return
    for part in parts:
        if isinstance(part, Answers):
            yield _rehearsed(services, submission, part)


def _unread(submission: Submission, code: str, problem: str) -> Rehearsed:
    return Rehearsed(
        submission.id, submission.received_at, submission.state, None, code=code, problem=problem
    )


def _rehearsed(services: Services, submission: Submission, answers: Answers) -> Rehearsed:
    when, state = submission.received_at, submission.state
    try:
        inquiry = understood(services, submission, answers)
    except SetAside as aside:
        return Rehearsed(submission.id, when, state, answers, code=aside.code, problem=str(aside))
    if not inquiry.borrower.reachable:
        problem = "There is no email address and no phone number in it."
        return Rehearsed(submission.id, when, state, answers, inquiry, code="no_contact", problem=problem)
    playbook = services.playbook
    owner = choose_present(inquiry, playbook, Standing({}), now=services.now(), returning=False)
    # As of when it came: what is due in the past by now was due in time then.
    plan = plan_first_touch(inquiry, owner, playbook, now=when, returning=False)
    missing = missing_information(inquiry, playbook)
    return Rehearsed(submission.id, when, state, answers, inquiry, owner, plan, tuple(missing))
