"""Bookings that move, conversations that go on, consent taken back, and leads that may not be had."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

import pytest

from connectors.intake.base import IntakeError
from connectors.sandbox.hubspot import RunningSandbox
from jobs.intake.accepting import NotAccepted, accept
from jobs.ledger.tables import follow_up, inquiry, inquiry_event, submission, suppression
from jobs.services import Services
from tests.jobs.brokerage import FORM, JSON, ON_SQLITE, Clock
from tests.jobs.daily_work import as_json, counts, decide_all, deliver_all, raw, row, rows, work

URI = "https://api.calendly.com/scheduled_events/E{0}/invitees/I{0}"
GOOGLE_KEY = "google-key-0123456789abc"


def at_path(services: Services, kind: str, **changes: object) -> Services:
    """The brokerage with its website path turned into one of this kind."""
    paths = services.settings.paths
    path = replace(paths["website"], kind=kind, secret="", **changes)  # type: ignore[arg-type]
    return replace(services, settings=replace(services.settings, paths={**paths, "website": path}))


def send(services: Services, value: object, **headers: str) -> str:
    """A vendor calls; the submission's id."""
    request = raw(services, as_json(value), JSON, **headers)
    return accept(services, services.settings.paths["website"], request).id


def text(services: Services, body: str, number: str, sender: str = "+14155550143") -> str:
    """A text message arrives through Twilio."""
    fields = {"MessageSid": f"SM{number}", "From": sender, "To": "+14155550100", "Body": body}
    request = raw(services, urlencode(fields).encode(), FORM)
    return accept(services, services.settings.paths["website"], request).id


def booking(event: str, number: int, **changes: object) -> dict[str, object]:
    """A Calendly event."""
    payload = {
        "uri": URI.format(number),
        "created_at": "2026-11-17T17:29:00Z",
        "name": "Hestia Lowe",
        "email": "hestia@example.com",
        "old_invitee": None,
        "rescheduled": False,
        "questions_and_answers": [{"question": "Which state?", "answer": "CA"}],
        "scheduled_event": {
            "name": "Refinance review",
            "start_time": f"2026-11-2{number}T18:00:00Z",
            "end_time": f"2026-11-2{number}T18:30:00Z",
        },
        **changes,
    }
    return {"event": event, "created_at": f"2026-11-17T17:29:0{number}Z", "payload": payload}


def open_tasks(services: Services) -> list[tuple[str, str]]:
    """Purpose and due time of the follow-ups that stand."""
    found = [one for one in rows(services, follow_up) if one.state != "cancelled"]
    return [(one.purpose, one.due_at.isoformat()) for one in found]


@ON_SQLITE
def test_a_booking_is_met_when_it_begins(services: Services) -> None:
    at = at_path(services, "calendly")
    send(at, booking("invitee.created", 3))
    decide_all(at)
    assert open_tasks(at) == [("meeting", "2026-11-23T18:00:00+00:00")]
    assert row(at, inquiry).type == "refinance"


@ON_SQLITE
@pytest.mark.parametrize("first", ["canceled", "created"])
def test_a_booking_that_moves_is_one_inquiry_with_one_task_at_the_new_time(
    services: Services, sandbox: RunningSandbox, first: str
) -> None:
    at = at_path(services, "calendly")
    send(at, booking("invitee.created", 3))
    decide_all(at)
    gone = booking("invitee.canceled", 3, rescheduled=True, new_invitee=URI.format(4))
    made = booking("invitee.created", 4, old_invitee=URI.format(3))
    for event in (gone, made) if first == "canceled" else (made, gone):
        send(at, event)
        decide_all(at)
    deliver_all(at)
    assert len(rows(at, inquiry)) == 1
    assert open_tasks(at) == [("meeting", "2026-11-24T18:00:00+00:00")]
    assert counts(sandbox)[:2] == (1, 1)


@ON_SQLITE
def test_a_cancelled_booking_asks_for_another(services: Services) -> None:
    at = at_path(services, "calendly")
    for event in ("invitee.created", "invitee.canceled", "invitee.canceled"):
        send(at, booking(event, 3))
        decide_all(at)
    assert [purpose for purpose, _ in open_tasks(at)] == ["rebook_meeting"]
    assert [one.kind for one in rows(at, inquiry_event)] == ["meeting"]


@ON_SQLITE
def test_a_conversation_is_one_inquiry(services: Services, sandbox: RunningSandbox) -> None:
    at = at_path(services, "twilio")
    text(at, "Can I refinance 300k?", "1")
    work(at)
    text(at, "The house is in Fresno CA", "2")
    text(at, "The house is in Fresno CA", "2")
    work(at)
    assert len(rows(at, inquiry)) == 1
    assert [one.kind for one in rows(at, inquiry_event)] == ["message"]
    assert counts(sandbox)[:2] == (1, 1)


@ON_SQLITE
def test_whoever_writes_after_the_end_of_it_is_answered(services: Services) -> None:
    at = at_path(services, "twilio")
    text(at, "Can I refinance 300k?", "1")
    decide_all(at)
    with at.ledger.write() as connection:
        connection.execute(inquiry.update().values(stage="funded", next_follow_up_at=None))
        connection.execute(follow_up.update().values(state="cancelled"))
    text(at, "Hi again, we want to buy a cabin", "2")
    decide_all(at)
    found = row(at, inquiry)
    assert found.stage == "funded"
    assert found.next_follow_up_at is not None
    assert [purpose for purpose, _ in open_tasks(at)] == ["answer_message"]


@ON_SQLITE
def test_stop_closes_texts_to_that_number_and_opens_nothing(services: Services, clock: Clock) -> None:
    at = at_path(services, "twilio")
    text(at, "Can I refinance 300k?", "1")
    decide_all(at)
    text(at, "STOP", "2")
    text(at, "ARRÊT", "3", sender="+15145550199")
    decide_all(at)
    assert len(rows(at, inquiry)) == 1
    assert {one.channel for one in rows(at, suppression)} == {"sms"}
    assert len(rows(at, suppression)) == 2
    assert [one.kind for one in rows(at, inquiry_event)] == ["withdrawal"]


@ON_SQLITE
def test_a_call_that_rings_and_ends_is_one_inquiry(services: Services) -> None:
    at = at_path(services, "twilio")
    for status in ("ringing", "in-progress", "completed"):
        fields = {"CallSid": "CA1", "From": "+14155550143", "Direction": "inbound", "CallStatus": status}
        request = raw(at, urlencode(fields).encode(), FORM)
        accept(at, at.settings.paths["website"], request)
        decide_all(at)
    assert len(rows(at, inquiry)) == 1


TRIGGER = {"first_name": "Nell", "email": "nell@example.com", "lead_type": "Credit Trigger", "state": "CA"}


@ON_SQLITE
@pytest.mark.parametrize("kind", ["form", "velocify", "bankrate", "lendingtree"])
def test_a_trigger_lead_is_refused_and_not_kept(services: Services, kind: str) -> None:
    at = at_path(services, kind)
    with pytest.raises(IntakeError) as refused:
        send(at, TRIGGER)
    assert (refused.value.code, refused.value.status) == ("trigger_lead", 403)
    assert "trigger_leads_attested = true" in str(refused.value)
    assert rows(at, submission) == []


@ON_SQLITE
def test_with_attestation_a_trigger_lead_is_an_inquiry(services: Services) -> None:
    at = at_path(services, "velocify", trigger_leads_attested=True)
    send(at, TRIGGER)
    decide_all(at)
    assert len(rows(at, inquiry)) == 1


@ON_SQLITE
def test_the_key_in_googles_body_is_not_stored(services: Services) -> None:
    at = at_path(services, "google_ads")
    path = replace(at.settings.paths["website"], secret=GOOGLE_KEY)
    at = replace(at, settings=replace(at.settings, paths={**at.settings.paths, "website": path}))
    columns = [{"column_id": "EMAIL", "string_value": "ana@example.com"}]
    id_ = send(at, {"google_key": GOOGLE_KEY, "lead_id": "1", "user_column_data": columns})
    with pytest.raises(NotAccepted) as kept:
        send(at, {"google_key": GOOGLE_KEY, "lead_id": "2", "user_column_data": "x"})
    for one in (id_, kept.value.id):
        body = at.sealer.open(row(at, submission, one).body, f"submission.body:{one}")
        assert GOOGLE_KEY.encode() not in body
    decide_all(at)
    deliver_all(at)
    assert len(rows(at, inquiry)) == 1


@ON_SQLITE
def test_a_deleted_linkedin_lead_waits_for_a_person(services: Services) -> None:
    at = at_path(services, "linkedin")
    event = {
        "type": "LEAD_ACTION",
        "leadAction": "DELETED",
        "leadGenFormResponse": "urn:li:leadGenFormResponse:a-1",
        "occurredAt": 1741111190000,
    }
    send(at, event)
    decide_all(at)
    kept = row(at, submission)
    assert (kept.state, kept.reason_code) == ("quarantined", "erase_request")
    assert "erase" in kept.reason
