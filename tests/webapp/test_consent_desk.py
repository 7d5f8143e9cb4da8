"""Consent at the desk: the record with its evidence, opt-outs taken there, and lifting one with a reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from jobs.ledger.inquiries import details
from jobs.ledger.tables import audit_event, consent_record, delivery, follow_up, inquiry, suppression
from jobs.services import Services
from tests.webapp.installation import Clock, arrives, inquiry_of
from tests.webapp.visitor import Visitor

ANA = {
    "name": "Ana Quill",
    "email": "ana@example.com",
    "phone": "(512) 200-0142",
    "state": "TX",
    "consent_sms": "yes",
    "consent_text": "I agree to get texts about my inquiry.",
    "preferred_contact": "text",
    "xxTrustedFormCertUrl": "https://cert.trustedform.com/0123abc",
    "universal_leadid": "1f5e-lead",
}


def asks(services: Services) -> str:
    return inquiry_of(services, arrives(services, **ANA))


def presses(who: Visitor, inquiry_id: str, button: str, **fields: Any) -> str:
    """Press a button on the inquiry's page; the page that follows."""
    page = f"/desk/inquiries/{inquiry_id}"
    answer = who.press(f"{page}/{button}", on=page, **fields)
    assert answer.status_code == 303
    return who.get(page).text


def consent_of(services: Services, inquiry_id: str) -> bool | None:
    with services.ledger.read() as connection:
        found = details(connection, services.sealer, inquiry_id)
    assert found is not None
    return found.consent.sms


def test_the_page_shows_what_was_said_with_its_evidence(services: Services, admin: Visitor) -> None:
    page = admin.get(f"/desk/inquiries/{asks(services)}").text
    for words in (
        "On the form: texts yes",
        "I agree to get texts about my inquiry.",
        "https://cert.trustedform.com/0123abc",
        "1f5e-lead",
        "ana@example.com",
    ):
        assert words in page
    assert "Open a channel again" not in page


def test_who_may_see_an_inquiry_may_take_an_opt_out(
    services: Services, someone: Callable[..., Visitor]
) -> None:
    ana = asks(services)
    admin = someone("admin")
    nothing = presses(admin, ana, "stop", words="on the phone")
    assert "Tick what the borrower wants no more of" in nothing
    done = presses(admin, ana, "stop", channel=["sms", "email"], words="Said so on the phone")
    assert "Closed. What was planned there is stopped" in done
    assert "Said so on the phone" in done
    assert "asked us to stop" in done
    with services.ledger.read() as connection:
        channels = set(connection.execute(select(suppression.c.channel)).scalars())
        lanes = set(connection.execute(select(delivery.c.lane)).scalars())
        texts = connection.execute(select(follow_up.c.state).where(follow_up.c.channel == "text")).scalars()
        assert set(texts) == {"cancelled"}
        told = connection.execute(
            select(audit_event.c.detail).where(audit_event.c.action == "consent.withdrawn")
        )
        assert "phone" not in str(told.all())
    assert channels == {"sms", "email"}
    assert lanes == {"urgent"}
    broker = someone("broker", email="somebody-else@example.com")
    assert broker.press(f"/desk/inquiries/{ana}/stop", on="/desk/", channel="phone").status_code == 404


def test_lifting_needs_a_reason_and_gives_no_consent_by_itself(
    services: Services, clock: Clock, someone: Callable[..., Visitor]
) -> None:
    ana, admin = asks(services), someone("admin")
    presses(admin, ana, "stop", channel=["sms"], words="On the phone")
    clock.pass_(minutes=5)
    assert "Say why it may be opened again" in presses(admin, ana, "lift", channel="sms", reason=" ")
    done = presses(admin, ana, "lift", channel="sms", reason="New owner of the number")
    assert "Open again. Take the mark off in the CRM too" in done
    assert "New owner of the number" in done
    assert consent_of(services, ana) is None
    with services.ledger.read() as connection:
        assert not connection.execute(select(suppression)).all()
        kinds = list(
            connection.execute(select(consent_record.c.kind).order_by(consent_record.c.at)).scalars()
        )
    assert kinds == ["said", "withdrawn", "lifted"]


def test_new_written_consent_waits_for_a_person(
    services: Services, clock: Clock, someone: Callable[..., Visitor]
) -> None:
    first, admin = asks(services), someone("admin")
    presses(admin, first, "stop", channel=["sms"], words="On the phone")
    clock.pass_(days=2)
    admin = someone("admin", email="next-day@example.com")
    again = inquiry_of(services, arrives(services, **ANA, message="me again"))
    assert consent_of(services, again) is False
    assert "Agreed to texts after saying no before" in admin.get("/desk/").text
    clock.pass_(minutes=5)
    presses(admin, again, "lift", channel="sms", reason="Asked for texts on the new form")
    assert consent_of(services, again) is True
    assert consent_of(services, first) is None
    assert "Agreed to texts after saying no before" not in admin.get("/desk/").text


def test_a_broker_does_not_lift(services: Services, someone: Callable[..., Visitor]) -> None:
    ana = asks(services)
    with services.ledger.read() as connection:
        owner = connection.execute(select(inquiry.c.owner).where(inquiry.c.id == ana)).scalar_one()
    broker = someone("broker", email=owner)
    presses(broker, ana, "stop", channel=["sms"], words="On the phone")
    page = broker.get(f"/desk/inquiries/{ana}").text
    assert "asked us to stop" in page
    assert "Open a channel again" not in page
    assert (
        broker.press(f"/desk/inquiries/{ana}/lift", on="/desk/", channel="sms", reason="x").status_code == 403
    )


def test_the_call_list_shows_whom_to_call_and_why(
    services: Services, clock: Clock, someone: Callable[..., Visitor]
) -> None:
    inquiry_of(services, arrives(services, **{**ANA, "preferred_contact": "phone", "timeframe": "asap"}))
    admin = someone("admin")
    assert "Nobody is to be called" in admin.get("/desk/calls").text
    clock.pass_(minutes=20)
    page = admin.get("/desk/calls").text
    for words in ("Ana Quill", "tel:+15122000142", "1 to call now", "for timeframe"):
        assert words in page
    assert "Nobody is to be called" in admin.get("/desk/calls?owner=priya@example.com").text
    clock.pass_(hours=12)
    late = someone("admin", email="night@example.com").get("/desk/calls").text
    assert "0 to call now" in late
    assert "tel:" not in late


def test_the_call_list_has_everybody_once(
    services: Services, clock: Clock, someone: Callable[..., Visitor]
) -> None:
    ana = {**ANA, "preferred_contact": "phone", "timeframe": "asap"}
    first = inquiry_of(services, arrives(services, **ana))
    arrives(services, **{**ana, "loan_type": "refinance"})
    arrives(services, **{**ana, "loan_type": "renewal"})
    clock.pass_(minutes=20)
    page = someone("admin").get("/desk/calls").text
    assert "1 to call now" in page
    assert page.count("tel:+15122000142") == 1
    assert "and 2 more inquiries" in page
    assert f"/desk/inquiries/{first}" in page, "the one with the best score"


def test_no_first_touch_is_asked_for_any_more_once_its_task_is_called_off(
    services: Services, admin: Visitor
) -> None:
    id_ = inquiry_of(services, arrives(services, **ANA))
    page = f"/desk/inquiries/{id_}"
    assert "First touch done" in admin.get(page).text
    admin.press(f"{page}/stop", on=page, channel="sms", words="No more.")
    assert "First touch done" not in admin.get(page).text


def test_the_borrowers_page_tells_a_stop_from_a_no(services: Services, admin: Visitor) -> None:
    id_ = inquiry_of(services, arrives(services, **{**ANA, "consent_email": "no"}))
    page = f"/desk/inquiries/{id_}"
    admin.press(f"{page}/stop", on=page, channel="sms", words="No more.")
    with services.ledger.read() as connection:
        who = connection.execute(select(inquiry.c.borrower_id)).scalar_one()
    shown = admin.get(f"/desk/borrowers/{who}").text
    assert "Texts: <strong>asked us to stop</strong>" in shown
    assert "Email: <strong>no</strong>" in shown
    assert "Calls: <strong>not asked</strong>" in shown
