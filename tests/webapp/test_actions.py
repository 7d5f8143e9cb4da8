"""The desk's buttons: what they do, that they are on record, and that pressing twice is harmless."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from jobs.deciding.process import process_due
from jobs.desk import actions
from jobs.ledger import crms
from jobs.ledger.crms import CrmState
from jobs.ledger.tables import audit_event, delivery, inquiry, submission
from jobs.services import Services
from tests.webapp.installation import HeardBell, arrives, delivery_of, ends, inquiry_of
from tests.webapp.visitor import Visitor, log_in_as

ERROR = "HubSpot knows no such option."


@pytest.fixture
def failed(services: Services) -> str:
    """A delivery that waits for a person."""
    one = delivery_of(
        services, inquiry_of(services, arrives(services, name="Wei Chen", email="wei@example.com"))
    )
    ends(services, one, "dead", "rejected", ERROR)
    return one


def events(services: Services) -> list[str]:
    with services.ledger.read() as connection:
        query = select(audit_event.c.action).where(audit_event.c.actor != "system")
        return [action for action in connection.execute(query).scalars() if not action.startswith("account.")]


def state_of(services: Services, delivery_id: str) -> str:
    with services.ledger.read() as connection:
        return str(
            connection.execute(select(delivery.c.state).where(delivery.c.id == delivery_id)).scalar_one()
        )


def test_retry_makes_a_failed_delivery_due_and_rings(
    services: Services, admin: Visitor, bell: HeardBell, failed: str
) -> None:
    for _ in range(2):
        answer = admin.press(f"/desk/deliveries/{failed}/retry", on="/desk/", back="/desk/errors")
        assert answer.location == "/desk/errors"
    assert state_of(services, failed) == "due"
    assert bell.rings[-1] == ("deliver", failed)
    assert set(events(services)) == {"delivery.retried"}


def test_retry_leaves_a_delivered_one_alone(services: Services, failed: str) -> None:
    ends(services, failed, "delivered")
    assert not actions.retry_delivery(services, failed, "somebody")
    assert not actions.retry_delivery(services, "01NOSUCHDELIVERY", "somebody")
    assert state_of(services, failed) == "delivered"
    assert events(services) == []


def test_retry_of_a_group_takes_only_that_group(
    services: Services, admin: Visitor, bell: HeardBell, failed: str
) -> None:
    other = delivery_of(
        services, inquiry_of(services, arrives(services, name="Aoife B", email="a@example.com"))
    )
    ends(services, other, "dead", "rejected", "Another reason.")
    bell.rings.clear()
    fields = {"crm": "hubspot", "code": "rejected", "error": ERROR}
    admin.press("/desk/errors/retry", on="/desk/errors", **fields)
    assert (state_of(services, failed), state_of(services, other)) == ("due", "dead")
    assert bell.rings == [("deliver", failed)]


def test_replay_processes_a_quarantined_submission_again_once(
    services: Services, admin: Visitor, bell: HeardBell
) -> None:
    one = arrives(services, name="No Contact", message="hello")
    for _ in range(2):
        admin.press(f"/desk/quarantine/{one}/replay", on=f"/desk/quarantine/{one}")
    assert bell.rings[-1] == ("process", one)
    assert events(services) == ["submission.replayed"]
    process_due(services)
    assert "There is no email address" in admin.get("/desk/quarantine").text


def test_discard_takes_a_submission_off_the_list_and_keeps_it(services: Services, admin: Visitor) -> None:
    one = arrives(services, name="No Contact", message="hello")
    for _ in range(2):
        admin.press(f"/desk/quarantine/{one}/discard", on="/desk/quarantine")
    assert "The quarantine is empty" in admin.get("/desk/quarantine").text
    assert "Discarded" in admin.get(f"/desk/quarantine/{one}").text
    assert events(services) == ["submission.discarded"]
    with services.ledger.read() as connection:
        row = connection.execute(select(submission.c.state, submission.c.reason_code)).one()
    assert tuple(row) == ("discarded", "no_contact")


def test_an_inquiry_that_was_processed_can_be_neither_replayed_nor_discarded(services: Services) -> None:
    one = arrives(services, name="Wei Chen", email="wei@example.com")
    assert not actions.replay_submission(services, one, "somebody")
    assert not actions.discard_submission(services, one, "somebody")
    with services.ledger.read() as connection:
        assert len(connection.execute(select(inquiry.c.id)).all()) == 1


def test_a_stopped_crm_is_tried_again_and_what_waits_is_rung_for(
    services: Services, admin: Visitor, bell: HeardBell
) -> None:
    waiting = delivery_of(
        services, inquiry_of(services, arrives(services, name="Wei Chen", email="w@example.com"))
    )
    with services.ledger.write() as connection:
        crms.set_state(
            connection, services.ledger, "hubspot", CrmState("paused", reason="No."), services.now()
        )
    for _ in range(2):
        admin.press("/desk/crms/hubspot/resume", on="/desk/errors", back="https://evil.example/desk/")
    with services.ledger.read() as connection:
        assert crms.state(connection, "hubspot").state == "ok"
    assert bell.rings[-1] == ("deliver", waiting)
    assert events(services) == ["crm.resumed"]
    assert not actions.resume_crm(services, "no-such-crm", "somebody")


def test_a_button_never_leads_to_another_site(admin: Visitor) -> None:
    for back in ("https://evil.example", "//evil.example", "/desk/\\evil"):
        answer = admin.press("/desk/crms/hubspot/resume", on="/desk/errors", back=back)
        assert answer.location == "/desk/errors"


def test_a_first_touch_that_was_done_stops_the_clock(app: Flask, services: Services, admin: Visitor) -> None:
    said = {"name": "Wei Chen", "email": "wei@example.com", "phone": "415-555-0134", "property_state": "CA"}
    one = inquiry_of(services, arrives(services, **said))
    page = f"/desk/inquiries/{one}"
    assert "First touch done" in admin.get(page).text
    broker = log_in_as(app, services, "broker", "somebody@example.com")
    assert broker.press(f"{page}/first-touch", on="/desk/").status_code == 404
    for words in ("Noted: it stays with its owner", "No clock runs for it any more"):
        assert admin.press(f"{page}/first-touch", on=page).location == page
        assert words in admin.get(page).text
    assert "Somebody at the desk said that it was done." in admin.get(page).text
    assert events(services) == ["first_touch.done"]
