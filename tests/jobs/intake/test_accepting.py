"""Taking in: durable, once, and whatever cannot be read is kept where a person may still rescue it."""

from __future__ import annotations

import pytest

from connectors.intake.base import IntakeError, NotTrusted
from jobs.intake.accepting import Accepted, NotAccepted, accept
from jobs.ledger import submissions
from jobs.ledger.tables import delivery, inquiry, submission
from jobs.processes.worker import release_captured
from jobs.services import Services
from jobs.settings.model import PathState
from tests.jobs.brokerage import FORM, JSON, ON_SQLITE, Clock, HeardBell, with_path
from tests.jobs.daily_work import as_json, asks, at_once, decide_all, post, raw, row, rows, states, work
from tests.people import person


def body_of(services: Services, id_: str) -> bytes:
    """What was kept of a submission, opened."""
    with services.ledger.read() as connection:
        found = submissions.get(connection, services.sealer, id_)
    assert found is not None
    return found.body


def test_what_was_accepted_is_stored_byte_for_byte_and_rung_for(services: Services, bell: HeardBell) -> None:
    request = raw(services, b"first_name=Renata&email=renata%40example.com&note=a+b%20c")
    accepted = accept(services, services.settings.paths["website"], request)
    assert body_of(services, accepted.id) == request.body
    assert row(services, submission).state == "received"
    assert bell.rings == [("process", accepted.id)]


def test_the_senders_id_makes_a_repeat_at_any_time(services: Services, clock: Clock, bell: HeardBell) -> None:
    first = post(services, asks(person(1), "form-1"))
    clock.forward(days=20)
    again = post(services, asks(person(1), "form-1"))
    assert again == Accepted(first.id, repeated=True)
    assert row(services, submission).repeats == 1
    assert len(bell.rings) == 1, "a repeat wakes nobody"


def test_one_senders_id_on_two_paths_is_two_submissions(services: Services) -> None:
    token = {"authorization": "Bearer guarded-token-0123456789abcdef"}
    body = as_json(asks(person(1), "form-1"))
    paths = services.settings.paths
    one = accept(services, paths["website"], raw(services, body, JSON))
    other = accept(services, paths["guarded"], raw(services, body, JSON, **token))
    assert one.id != other.id


@pytest.mark.parametrize(("seconds", "repeated"), [(0, True), (599, True), (601, False)])
def test_without_an_id_the_same_content_is_a_repeat_for_ten_minutes(
    services: Services, clock: Clock, seconds: int, repeated: bool
) -> None:
    post(services, asks(person(2)))
    clock.forward(seconds=seconds)
    assert post(services, asks(person(2))).repeated is repeated


def test_the_same_answers_in_json_and_as_a_form_are_not_confused_with_other_answers(
    services: Services,
) -> None:
    ids = {post(services, asks(person(2), loan_amount=f"${amount},000")).id for amount in range(200, 205)}
    assert len(ids) == 5


@pytest.mark.parametrize("number", ["form-7", ""], ids=["the sender's id", "content"])
def test_fifty_at_once_are_one_submission_with_one_id(services: Services, number: str) -> None:
    answers: list[Accepted] = []
    at_once(*[lambda: answers.append(post(services, asks(person(3), number)))] * 50)
    assert len({one.id for one in answers}) == 1
    assert [one.repeated for one in answers].count(False) == 1
    assert row(services, submission).repeats == 49


def test_the_same_id_with_other_answers_is_kept_as_a_revision_and_that_only_once(
    services: Services, bell: HeardBell
) -> None:
    first = post(services, asks(person(4), "form-4"))
    changed = [post(services, asks(person(4), "form-4", loan_amount="$1,000,000")) for _ in range(3)]
    assert len({one.id for one in changed}) == 1
    assert changed[0].id != first.id
    kept = row(services, submission, changed[0].id)
    assert (kept.state, kept.reason_code, kept.repeats) == ("quarantined", "revision", 2)
    work(services)
    assert row(services, inquiry).submission_id == first.id


@ON_SQLITE
@pytest.mark.parametrize(
    ("content_type", "body", "code"),
    [
        (JSON, b'{"first_name": "Renata", ', "malformed_json"),
        (JSON, b'{"a": 1, "a": 2}', "duplicate_keys"),
        (JSON, b'{"amount": NaN}', "not_a_number"),
        (JSON, b'{"note": "a\\u0000b"}', "nul_byte"),
        (JSON, b"[" * 100 + b"]" * 100, "too_deep"),
        (JSON, b'"just a text"', "wrong_shape"),
        (f"{JSON}; charset=klingon", b'{"a": "b"}', "wrong_charset"),
        ("multipart/form-data; boundary=x", b"--y\r\nfirst_name", "malformed_multipart"),
        (FORM, b"&".join(b"f%d=1" % number for number in range(1001)), "too_many_fields"),
    ],
)
def test_what_cannot_be_read_is_refused_and_kept_once(
    services: Services, bell: HeardBell, content_type: str, body: bytes, code: str
) -> None:
    for _ in range(2):
        with pytest.raises(NotAccepted) as refused:
            accept(services, services.settings.paths["website"], raw(services, body, content_type))
    kept = row(services, submission, refused.value.id)
    assert (kept.state, kept.reason_code, refused.value.code) == ("quarantined", code, code)
    assert kept.reason == str(refused.value)
    assert body_of(services, kept.id) == body
    assert bell.rings == []


@ON_SQLITE
@pytest.mark.parametrize(
    ("content_type", "body", "status", "code"),
    [
        (FORM, b"", 400, "empty_body"),
        (JSON, b"  \n ", 400, "empty_body"),
        ("image/png", b"\x89PNG", 415, "unsupported_content_type"),
        (FORM, b"a=" + b"x" * 1_048_576, 413, "too_large"),
    ],
)
def test_what_is_worth_nobodys_look_is_refused_and_not_kept(
    services: Services, content_type: str, body: bytes, status: int, code: str
) -> None:
    with pytest.raises(IntakeError) as refused:
        accept(services, services.settings.paths["website"], raw(services, body, content_type))
    assert (refused.value.status, refused.value.code) == (status, code)
    assert rows(services, submission) == []


@ON_SQLITE
@pytest.mark.parametrize("path", ["typeform", "guarded"])
def test_a_sender_who_cannot_show_who_it_is_leaves_no_trace(services: Services, path: str) -> None:
    with pytest.raises(NotTrusted) as refused:
        accept(services, services.settings.paths[path], raw(services, b"{}", JSON))
    assert refused.value.status == 401
    assert rows(services, submission) == []


@pytest.mark.parametrize("state", ["draft", "paused"])
def test_a_path_that_is_not_going_captures_and_lets_it_in_when_it_goes(
    services: Services, bell: HeardBell, state: PathState
) -> None:
    waiting = with_path(services, state)
    accepted = post(waiting, asks(person(5)))
    decide_all(waiting)
    assert release_captured(waiting) == 0
    assert states(services, submission) == ["captured"]
    assert rows(services, inquiry) == []
    assert bell.rings == [], "there is nothing to do yet"
    assert release_captured(services) == 1
    assert bell.rings == [("process", accepted.id)]
    work(services)
    assert states(services, submission) == ["processed"]
    assert states(services, delivery) == ["delivered"]


def test_what_was_captured_is_recognised_when_it_is_sent_again(services: Services) -> None:
    first = post(with_path(services, "draft"), asks(person(5), "form-5"))
    assert post(services, asks(person(5), "form-5")) == Accepted(first.id, repeated=True)


@ON_SQLITE
def test_files_of_a_multipart_form_are_not_kept(services: Services) -> None:
    lines = (
        "--edge",
        'Content-Disposition: form-data; name="email"',
        "",
        person(6).email,
        "--edge",
        'Content-Disposition: form-data; name="paystub"; filename="paystub.pdf"',
        "Content-Type: application/pdf",
        "",
        "%PDF-1.7 wages and everything",
        "--edge--",
        "",
    )
    request = raw(services, "\r\n".join(lines).encode(), "multipart/form-data; boundary=edge")
    accepted = accept(services, services.settings.paths["website"], request)
    kept = body_of(services, accepted.id)
    assert b"wages" not in kept
    assert b"paystub" in kept, "that a file came is worth knowing"
    work(services)
    assert states(services, delivery) == ["delivered"]
