"""What happens to an inquiry after it came: meetings moved, applications decided, consent taken back."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from connectors.sandbox.hubspot import RunningSandbox
from jobs.ledger.codec import from_json
from jobs.ledger.tables import alert, delivery, follow_up, inquiry, inquiry_event, submission, suppression
from jobs.services import Services
from mapping.inquiry import Inquiry
from tests.jobs.brokerage import FORM, JSON, Clock, with_way_in
from tests.jobs.daily_work import (
    as_json,
    asks,
    counts,
    decide_all,
    post,
    records,
    row,
    rows,
    send,
    states,
    work,
)
from tests.people import person

_INVITEE = "https://api.calendly.com/scheduled_events/EV1/invitees/INV1"


def booking(services: Services, event: str = "invitee.created", **more: object) -> str:
    """Calendly tells of a booking."""
    payload = {
        "uri": _INVITEE,
        "name": "Fabian Osei",
        "email": "fabian.osei@example.com",
        "text_reminder_number": "+1 415-200-0177",
        "status": "active",
        "scheduled_event": {
            "name": "Refinance call",
            "start_time": "2026-11-19T18:00:00Z",
            "end_time": "2026-11-19T18:15:00Z",
        },
        **more,
    }
    moment = f"2026-11-17T17:{len(rows(services, submission)):02}:00Z"
    return send(
        services, "calendly", as_json({"event": event, "created_at": moment, "payload": payload}), JSON
    )


@pytest.fixture
def booked(services: Services) -> Services:
    """The brokerage with one booked meeting, delivered."""
    services = with_way_in(services, "calendly")
    booking(services)
    work(services)
    return services


def test_a_cancelled_meeting_is_news_of_the_same_inquiry(booked: Services, sandbox: RunningSandbox) -> None:
    booking(booked, "invitee.canceled", status="canceled")
    work(booked)
    assert counts(sandbox) == (1, 1, 2)
    assert states(booked, delivery) == ["delivered", "delivered"]
    assert [one.kind for one in rows(booked, inquiry_event)] == ["meeting"]
    assert [one.purpose for one in rows(booked, follow_up)][-1] == "rebook_meeting"
    assert row(booked, inquiry).next_follow_up_at is not None


def test_the_same_news_again_changes_nothing(booked: Services, sandbox: RunningSandbox) -> None:
    for _ in range(3):
        send(
            booked,
            "calendly",
            as_json(
                {
                    "event": "invitee.canceled",
                    "created_at": "2026-11-18T09:00:00Z",
                    "payload": {"uri": _INVITEE, "email": "fabian.osei@example.com", "status": "canceled"},
                }
            ),
            JSON,
        )
        work(booked)
    assert counts(sandbox) == (1, 1, 2)
    assert len(rows(booked, inquiry_event)) == 1


def test_news_of_something_unknown_become_an_inquiry(services: Services, sandbox: RunningSandbox) -> None:
    services = with_way_in(services, "calendly")
    booking(services, "invitee.canceled", status="canceled")
    work(services)
    assert counts(sandbox) == (1, 1, 1)


def application(services: Services, status: str, number: int, **more: str) -> str:
    """A portal tells how far an application is."""
    event = {
        **more,
        "application_id": "A-77",
        "event_id": f"E-{number}",
        "status": status,
        "first_name": "Nadia",
        "email": "nadia.ferro@example.com",
        "phone": "415-200-0188",
        "property_state": "CA",
    }
    return send(services, "application_events", as_json(event), JSON)


def test_an_application_moves_the_stage_on_and_never_back(
    services: Services, sandbox: RunningSandbox
) -> None:
    services = with_way_in(services, "application_events")
    for number, (status, stage) in enumerate(
        (
            ("submitted", "new"),
            ("in underwriting", "lender_review"),
            ("documents needed", "lender_review"),
            ("something odd", "lender_review"),
            ("funded", "funded"),
            ("in review", "funded"),
        )
    ):
        application(services, status, number)
        work(services)
        assert row(services, inquiry).stage == stage, status
    assert row(services, inquiry).next_follow_up_at is None
    (deal,) = records(sandbox, "deals")
    assert deal["dealstage"] != ""
    assert set(states(services, delivery)) == {"delivered"}


def test_an_older_status_that_comes_late_is_kept_and_changes_nothing(
    services: Services, sandbox: RunningSandbox
) -> None:
    services = with_way_in(services, "application_events")
    application(services, "started", 1, timestamp="2026-11-16T09:00:00Z")
    work(services)
    application(services, "approved", 2, timestamp="2026-11-16T15:00:00Z")
    work(services)
    before, tasks = row(services, inquiry), len(rows(services, follow_up))
    told = len(rows(services, delivery))
    for number, status in enumerate(("documents needed", "withdrawn"), 3):
        application(services, status, number, timestamp=f"2026-11-16T{8 + number}:00:00Z")
        work(services)
    after = row(services, inquiry)
    assert (after.stage, after.next_follow_up_at) == ("waiting", before.next_follow_up_at)
    sealed = services.sealer.open_json(after.details, f"inquiry.details:{after.id}")
    details = from_json(sealed, Inquiry)
    assert details.application is not None
    assert details.application.status == "approved"
    assert (len(rows(services, follow_up)), len(rows(services, delivery))) == (tasks, told)
    kept = [one.summary for one in rows(services, inquiry_event)]
    assert kept[-1] == "An earlier word about the application came late and changed nothing: withdrawn."
    application(services, "withdrawn", 5, timestamp="2026-11-16T15:00:01Z")
    work(services)
    assert row(services, inquiry).stage == "lost", "what is newer counts, however little"


def test_a_clock_that_is_ahead_silences_nobody(
    services: Services, sandbox: RunningSandbox, clock: Clock
) -> None:
    services = with_way_in(services, "application_events")
    application(services, "started", 1, timestamp="2031-01-01T09:00:00Z")
    work(services)
    clock.forward(minutes=5)
    application(services, "approved", 2)
    work(services)
    assert row(services, inquiry).stage == "waiting"


def text_message(services: Services, words: str, number: str = "SM1") -> str:
    """Somebody texts the brokerage."""
    fields = {"MessageSid": number, "From": "+14152000101", "To": "+14155550100", "Body": words}
    return send(services, "twilio", urlencode(fields).encode(), FORM)


def test_stop_closes_texts_for_good_and_tells_the_crm(
    services: Services, sandbox: RunningSandbox, clock: Clock
) -> None:
    services = with_way_in(services, "twilio")
    post(services, asks(person(1), phone="+14152000101", consent_sms="yes", preferred_contact="text"))
    work(services)
    text_message(services, "STOP")
    work(services)
    assert {one.channel for one in rows(services, suppression)} == {"sms"}
    assert [one.kind for one in rows(services, inquiry_event)] == ["withdrawal", "first_touch"]
    assert len(rows(services, inquiry)) == 1
    (deal,) = records(sandbox, "deals")
    assert deal["mortgage_consent_texts"] == "refused"
    assert "withdrawal" in [one.kind for one in rows(services, alert)]
    clock.forward(days=2)
    post(services, asks(person(1), "again", phone="+14152000101", consent_sms="yes"))
    work(services)
    newest = rows(services, follow_up)[-1]
    assert newest.channel != "text"


def test_stop_from_a_stranger_is_remembered_without_a_contact(
    services: Services, sandbox: RunningSandbox
) -> None:
    services = with_way_in(services, "twilio")
    text_message(services, "ARRET")
    work(services)
    assert counts(sandbox) == (0, 0, 0)
    assert len(rows(services, suppression)) == 1
    post(services, asks(person(1), phone="+14152000101", consent_sms="yes", preferred_contact="text"))
    decide_all(services)
    assert row(services, follow_up).channel == "call"


def test_ordinary_words_are_an_inquiry(services: Services, sandbox: RunningSandbox) -> None:
    services = with_way_in(services, "twilio")
    text_message(services, "Hi, can I refinance in Texas? Please don't stop by, call me")
    work(services)
    assert counts(sandbox) == (1, 1, 1)
