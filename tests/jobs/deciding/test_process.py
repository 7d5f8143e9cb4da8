"""From submission to decision: whatever goes wrong, it ends decided, ignored or in quarantine."""

from __future__ import annotations

import hashlib
import hmac
import threading
from base64 import b64encode
from dataclasses import replace

import pytest
from sqlalchemy import text

from connectors.sandbox.hubspot import RunningSandbox
from jobs.deciding.process import process_due
from jobs.desk.actions import accept_submission, discard_submission, replay_submission
from jobs.intake.accepting import accept
from jobs.ledger import submissions
from jobs.ledger.engine import LedgerUnavailable
from jobs.ledger.tables import delivery, follow_up, inquiry, submission
from jobs.playbooks.current import holding
from jobs.services import Services
from tests.jobs.brokerage import JSON, ON_SQLITE, TYPEFORM_SECRET, Clock, HeardBell, with_path, without_path
from tests.jobs.daily_work import (
    as_json,
    asks,
    at_once,
    counts,
    decide_all,
    post,
    raw,
    row,
    rows,
    states,
    until,
    work,
)
from tests.people import person

#: As a restart of the server would.
_END_WHO_WAITS = text(
    "SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database ON pg_database.oid = database"
    " WHERE datname = current_database() AND locktype = 'advisory' AND NOT granted"
)


def typeform(services: Services, event: dict[str, object]) -> str:
    """Typeform calls, signed; the submission's id."""
    body = as_json(event)
    signature = b64encode(hmac.digest(TYPEFORM_SECRET.encode(), body, hashlib.sha256)).decode()
    request = raw(services, body, JSON, typeform_signature=f"sha256={signature}")
    return accept(services, services.settings.paths["typeform"], request).id


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"first_name": "Renata", "message": "please call"}, "no_contact"),
        ({**asks(person(1)), "website": "http://spam.example"}, "spam"),
        (
            {
                "email": "a@example.com",
                "message": "seo https://a.example https://b.example https://c.example",
            },
            "spam",
        ),
    ],
)
def test_what_is_no_inquiry_goes_to_quarantine_with_a_reason(
    services: Services, bell: HeardBell, fields: dict[str, str], code: str
) -> None:
    accepted = post(services, fields)
    work(services)
    kept = row(services, submission, accepted.id)
    assert (kept.state, kept.reason_code) == ("quarantined", code)
    assert kept.reason.endswith(".")
    assert rows(services, inquiry) == []
    assert [kind for kind, _ in bell.rings] == ["process"]


@ON_SQLITE
def test_a_senders_event_that_is_no_submission_is_ignored_with_a_reason(services: Services) -> None:
    id_ = typeform(services, {"event_type": "form_created", "event_id": "1"})
    work(services)
    kept = row(services, submission, id_)
    assert (kept.state, kept.reason_code) == ("ignored", "not_an_inquiry")
    assert "not a form response" in kept.reason


def test_a_person_overrules_the_spam_verdict_by_accepting(
    services: Services, sandbox: RunningSandbox
) -> None:
    spam = post(services, {**asks(person(1)), "website": "http://spam.example"})
    work(services)
    assert replay_submission(services, spam.id, "an-admin")
    work(services)
    assert states(services, submission) == ["quarantined"], "replaying asks every question again"
    assert accept_submission(services, spam.id, "an-admin")
    assert not accept_submission(services, spam.id, "an-admin"), "it is on its way already"
    work(services)
    assert states(services, submission) == ["processed"]
    assert counts(sandbox) == (1, 1, 1)


def test_what_was_discarded_stays_so(services: Services) -> None:
    spam = post(services, {**asks(person(1)), "website": "http://spam.example"})
    work(services)
    assert discard_submission(services, spam.id, "an-admin")
    assert not discard_submission(services, spam.id, "an-admin")
    assert not replay_submission(services, spam.id, "an-admin")
    work(services)
    assert states(services, submission) == ["discarded"]


def test_a_submission_of_a_removed_path_waits_and_is_decided_after_the_path_is_back(
    services: Services, sandbox: RunningSandbox
) -> None:
    accepted = post(services, asks(person(2)))
    decide_all(without_path(services, "website"))
    kept = row(services, submission, accepted.id)
    assert (kept.state, kept.reason_code) == ("quarantined", "path_gone")
    assert replay_submission(services, accepted.id, "an-admin")
    work(services)
    assert states(services, submission) == ["processed"]
    assert counts(sandbox) == (1, 1, 1)


def test_an_unforeseen_error_keeps_the_submission_and_names_its_place_but_no_person(
    services: Services, sandbox: RunningSandbox, caplog: pytest.LogCaptureFixture
) -> None:
    """A playbook that maps nothing for this kind of CRM is a bug of ours: it must cost nobody an inquiry."""
    broken = holding(services, replace(services.playbook, crm={}))
    who = person(3)
    accepted = post(services, asks(who))
    decide_all(broken)
    kept = row(services, submission, accepted.id)
    assert (kept.state, kept.reason_code) == ("quarantined", "internal_error")
    assert "KeyError" in kept.reason
    assert who.email not in kept.reason
    assert who.last not in kept.reason
    assert rows(services, inquiry) == rows(services, follow_up) == [], "nothing was half decided"
    with services.ledger.read() as connection:
        stored = submissions.get(connection, services.sealer, accepted.id)
    assert stored is not None
    assert who.first.encode() in stored.body
    assert replay_submission(services, accepted.id, "an-admin")
    work(services)
    assert counts(sandbox) == (1, 1, 1)


def test_what_took_its_process_down_three_times_is_kept_for_a_person_and_its_neighbours_go_on(
    services: Services, clock: Clock
) -> None:
    deadly = post(services, asks(person(4)))
    for _ in range(3):
        _crash_on(services)
        clock.forward(seconds=31)
    neighbour = post(services, asks(person(5)))
    decide_all(services)
    kept = row(services, submission, deadly.id)
    assert (kept.state, kept.reason_code) == ("quarantined", "crashed")
    assert row(services, submission, neighbour.id).state == "processed"
    assert replay_submission(services, deadly.id, "an-admin")
    decide_all(services)
    assert states(services, submission) == ["processed"] * 2


def test_what_a_crashed_process_had_taken_up_is_decided_after_its_lease(
    services: Services, clock: Clock
) -> None:
    post(services, asks(person(6)))
    _crash_on(services)
    assert process_due(services) == 0
    clock.forward(seconds=31)
    assert process_due(services) == 1
    assert states(services, submission) == ["processed"]


@pytest.mark.parametrize("ledger_url", ["postgresql"], indirect=True)
def test_a_database_that_breaks_off_in_the_middle_sets_nothing_aside(
    services: Services, clock: Clock
) -> None:
    accepted = post(services, asks(person(6)))
    outcome: list[BaseException] = []

    def decide() -> None:
        try:
            process_due(services)
        except LedgerUnavailable as error:
            outcome.append(error)

    worker = threading.Thread(target=decide)
    with services.ledger.write() as connection:
        services.ledger.lock(connection, "owner_turn")
        worker.start()
        until(lambda: bool(connection.execute(_END_WHO_WAITS).all()))
    worker.join()
    assert len(outcome) == 1
    assert row(services, submission, accepted.id).state == "received"
    clock.forward(seconds=31)
    decide_all(services)
    assert states(services, submission) == ["processed"]


def test_a_path_in_shadow_decides_and_shows_everything_and_delivers_nothing(
    services: Services, sandbox: RunningSandbox, bell: HeardBell
) -> None:
    post(services, asks(person(7)))
    work(with_path(services, "shadow"))
    assert states(services, submission) == ["processed"]
    assert states(services, delivery) == ["shadow"]
    decided = row(services, inquiry)
    assert decided.shadow
    assert decided.owner
    assert len(rows(services, follow_up)) == 1
    assert [kind for kind, _ in bell.rings] == ["process"]
    work(services)
    assert states(services, delivery) == ["shadow"]
    assert counts(sandbox) == (0, 0, 0)


def test_one_submission_taken_up_by_many_at_once_is_decided_once(services: Services) -> None:
    for number in range(4):
        post(services, asks(person(number)))
    at_once(*[lambda: decide_all(services)] * 8)
    assert states(services, submission) == ["processed"] * 4
    assert len(rows(services, inquiry)) == len(rows(services, delivery)) == 4


def _crash_on(services: Services) -> None:
    """A process takes it up and ends in the middle of deciding."""
    with pytest.raises(SystemExit):
        process_due(replace(services, new_id=_killed))


def _killed() -> str:
    raise SystemExit
