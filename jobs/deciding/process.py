"""From stored submissions to decisions: read one by one, decided and stored a few at a time."""

from __future__ import annotations

import traceback
from collections.abc import Iterator, Sequence
from datetime import timedelta

import structlog

from connectors.intake.base import IntakeError
from jobs.consent.withdrawal import withdraw
from jobs.deciding.decide import decide
from jobs.deciding.decision import Case, open_case
from jobs.deciding.link_events import follow
from jobs.deciding.news import add_news, known_inquiry
from jobs.intake.reading import read_parts
from jobs.intake.splitting import await_fetch, split
from jobs.ledger import submission_claims, submission_states
from jobs.ledger.engine import LedgerUnavailable
from jobs.ledger.submission_states import RELEASED
from jobs.ledger.submissions import Submission
from jobs.partners import held_back, hold_back, meet
from jobs.paths.current import paths, rules
from jobs.playbooks.current import holding
from jobs.services import Services
from mapping.answers import Answers, Fetch, Part
from mapping.inquiry import Inquiry
from mapping.reading.spam import in_words, judge
from mapping.reading.trigger_leads import REFUSAL, is_trigger_lead
from mapping.reading.understand import understand

#: A submission that took its process down this often is kept for a person; its neighbours go on.
_MOST_CRASHES = 3
_LEASE = timedelta(seconds=30)
_TOGETHER = 16
_log = structlog.get_logger()


class SetAside(Exception):
    """Not to be processed: state is quarantined or ignored, code and the sentence say why."""

    def __init__(self, state: str, code: str, reason: str) -> None:
        super().__init__(reason)
        self.state = state
        self.code = code


class HeldBack(Exception):
    """Its partner has to be approved first."""

    def __init__(self, partner_id: str, code: str) -> None:
        super().__init__(code)
        self.partner_id = partner_id
        self.code = code


def process_due(services: Services, *, limit: int = 48) -> int:
    """Take up received submissions and decide each; how many were taken up. Raises LedgerUnavailable."""
    with services.ledger.read() as connection:
        if not submission_claims.any_received(connection):
            return 0
    services = holding(services)  # understood and decided under one revision of the playbook
    with services.ledger.write() as connection:
        claimed = submission_claims.claim(
            connection, services.sealer, now=services.now(), lease=_LEASE, limit=limit
        )
    cases = []
    for submission in claimed:
        case = _understood(services, submission)
        if case is not None:
            cases.append(case)
    for group in apart(cases):
        _decide(services, group)
    return len(claimed)


def _understood(services: Services, submission: Submission) -> Case | None:
    """The case in a claimed submission; None when it was settled in another way, with the reason kept."""
    try:
        if submission.attempts > _MOST_CRASHES:
            raise SetAside(
                "quarantined", "crashed", "Processing this submission stopped the program three times."
            )
        parts = _parts(services, submission)
        if len(parts) > 1:
            split(services, submission, parts)
            return None
        if isinstance(parts[0], Fetch):
            await_fetch(services, submission, parts[0])
            return None
        return _case(services, submission, parts[0])
    except SetAside as aside:
        _set_aside(services, submission.id, aside)
    except HeldBack as held:
        hold_back(services, submission.id, held.partner_id, held.code)
    except LedgerUnavailable:
        raise
    except Exception as error:
        _fail(services, submission.id, error)
    return None


def _parts(services: Services, submission: Submission) -> Sequence[Part]:
    """What is in it. Raises SetAside."""
    try:
        return read_parts(services, submission)
    except KeyError:
        raise SetAside("quarantined", "path_gone", "The intake path was removed from the settings.") from None
    except IntakeError as error:
        raise SetAside("quarantined", error.code, str(error)) from error


def _case(services: Services, submission: Submission, answers: Answers) -> Case | None:
    """The inquiry to be decided; None when it was news of one that is known. Raises SetAside."""
    inquiry = understood(services, submission, answers)
    if answers.kind == "withdrawal":
        withdraw(services, submission, inquiry)
        return None
    update = answers.kind == "update"
    partner_id = _partner(services, submission, answers, inquiry)
    followed = follow(services, inquiry, answers.refs, update=update)
    inquiry = followed.inquiry
    if update and (known := followed.known or known_inquiry(services, answers.refs)):
        add_news(services, submission, known, inquiry)
        return None
    if not inquiry.borrower.reachable:
        raise SetAside("quarantined", "no_contact", "There is no email address and no phone number in it.")
    return open_case(services, submission, inquiry, partner_id)


def _partner(services: Services, submission: Submission, answers: Answers, inquiry: Inquiry) -> str:
    """The id of the partner who sent it, "" when no partner did. Raises HeldBack."""
    path = paths(services)[submission.path]
    partner = meet(services, path, answers.sender, inquiry.partner) if answers.sender else None
    if partner is None:
        return ""
    if submission.reason_code != RELEASED and (code := held_back(partner, path)):
        raise HeldBack(partner.id, code)
    return partner.id


def apart(cases: Sequence[Case], together: int = _TOGETHER) -> Iterator[list[Case]]:
    """The cases in their order, a few at a time; those that share a key with an earlier one start anew.

    A few, because nobody else writes to the ledger while they are stored.
    """
    group: list[Case] = []
    keys: set[tuple[str, str]] = set()
    for case in cases:
        if group and (len(group) == together or not keys.isdisjoint(case.all_keys)):
            yield group
            group, keys = [], set()
        group.append(case)
        keys.update(case.all_keys)
    if group:
        yield group


def _decide(services: Services, cases: Sequence[Case]) -> None:
    """Decide them together; if that fails, one by one, so that the one at fault ends alone in quarantine.

    Raises LedgerUnavailable: nothing was decided, and it is no submission's fault.
    """
    try:
        owed = decide(services, cases)
    except LedgerUnavailable:
        raise
    except Exception as error:
        if len(cases) == 1:
            _fail(services, cases[0].submission_id, error)
            return
        _log.warning("deciding_one_by_one", error=type(error).__name__, at=_where(error))
        for case in cases:
            _decide(services, [case])
        return
    for delivery_id in owed:
        services.bell.ring("deliver", delivery_id)


def _fail(services: Services, submission_id: str, error: Exception) -> None:
    _log.error("process_failed", submission=submission_id, error=type(error).__name__, at=_where(error))
    _set_aside(services, submission_id, _internal(error))


def understood(services: Services, submission: Submission, answers: Answers) -> Inquiry:
    """The canonical inquiry in one part. Pure but for the settings. Raises SetAside."""
    if answers.ignored:
        raise SetAside("ignored", answers.ignored_code, answers.ignored)
    released = submission.reason_code == RELEASED
    if answers.distrust and not released:
        raise SetAside("quarantined", answers.distrust_code, answers.distrust)
    path = paths(services)[submission.path]
    if not path.trigger_leads_attested and is_trigger_lead(answers):
        raise SetAside("quarantined", "trigger_lead", REFUSAL)
    inquiry = understand(answers, rules(services, path), services.locale, received_at=submission.received_at)
    signals = (*answers.signals, *submission.request.signals)
    # Whoever wants to be left alone is heard, in whatever words.
    spam = () if released or answers.kind == "withdrawal" else judge(inquiry, signals)
    if spam:
        raise SetAside("quarantined", "spam", f"Looks like spam: {in_words(spam)}.")
    return inquiry


def _set_aside(services: Services, submission_id: str, aside: SetAside) -> None:
    with services.ledger.write() as connection:
        submission_states.settle(connection, submission_id, aside.state, code=aside.code, reason=str(aside))


def _internal(error: Exception) -> SetAside:
    # The error's own text may quote the borrower: only its kind and place are kept.
    return SetAside(
        "quarantined",
        "internal_error",
        f"Firstpath could not process it ({type(error).__name__} at {_where(error)}). "
        "Report this, and replay the submission after the update.",
    )


def _where(error: BaseException) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{last.name}:{last.lineno}"
