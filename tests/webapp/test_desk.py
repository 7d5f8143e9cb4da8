"""The desk: who sees which inquiry, and what every page says about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from jobs.desk.inquiry_list import list_inquiries
from jobs.desk.viewer import Viewer
from jobs.ledger import crms, deliveries, notices
from jobs.ledger.crms import CrmState
from jobs.ledger.deliveries import Attempt
from jobs.ledger.tables import delivery, inquiry
from jobs.services import Services
from tests.webapp.installation import Clock, arrives, delivery_of, ends, inquiry_of
from tests.webapp.visitor import Visitor

RENATA = {
    "first_name": "Renata",
    "last_name": "Okafor",
    "email": "renata@example.com",
    "phone": "(512) 555-0142",
    "inquiry_type": "refinance",
    "property_state": "TX",
    "message": "<script>alert(1)</script> call me",
    "consent_phone": "yes",
    "consent_text": "I agree to be called.",
    "favourite_colour": "teal",
    "social": "-".join(("123", "45", "6789")),
}
REASON, REMEDY = "HubSpot knows no such option.", "Add the option to the property."


@pytest.fixture
def renata(services: Services) -> str:
    """An inquiry's id."""
    return inquiry_of(services, arrives(services, **RENATA))


def owner_of(services: Services, inquiry_id: str) -> str:
    with services.ledger.read() as connection:
        query = select(inquiry.c.owner).where(inquiry.c.id == inquiry_id)
        return str(connection.execute(query).scalar_one())


def test_an_empty_desk_says_what_to_do(admin: Visitor) -> None:
    assert "No inquiries yet" in admin.get("/desk/").text
    assert "No sync errors" in admin.get("/desk/errors").text
    assert "The quarantine is empty" in admin.get("/desk/quarantine").text


def test_the_list_shows_who_asked_for_what_and_who_owns_it(admin: Visitor, renata: str) -> None:
    page = admin.get("/desk/").text
    for words in ("Renata Okafor", "Refinance", "TX", "On its way", "just now", f"/desk/inquiries/{renata}"):
        assert words in page


@pytest.mark.parametrize(
    ("state", "code", "shown_under", "badge"),
    [
        ("due", "", "waiting", "On its way"),
        ("due", "uncertain", "waiting", "Trying again"),
        ("delivered", "", "in_crm", "In the CRM"),
        ("dead", "rejected", "failed", "Failed"),
    ],
)
def test_the_filter_finds_inquiries_by_where_they_stand(
    services: Services, admin: Visitor, renata: str, state: str, code: str, shown_under: str, badge: str
) -> None:
    ends(services, delivery_of(services, renata), state, code, code and REASON)
    for which in ("all", "waiting", "in_crm", "failed"):
        shown = "Renata Okafor" in admin.get(f"/desk/?state={which}").text
        assert (which, shown) == (which, which in ("all", shown_under))
    assert badge in admin.get("/desk/").text


def test_pages_follow_each_other_without_gap_or_repeat(services: Services) -> None:
    for number in range(5):
        arrives(services, name=f"Person Number{'ABCDE'[number]}", email=f"person{number}@example.com")
    seen: list[str] = []
    before = ""
    viewer = Viewer("someone")
    for _ in range(3):
        page = list_inquiries(services, viewer, "waiting", before, size=2)
        seen += [one.id for one in page.items]
        before = page.older
    assert before == ""
    assert len(seen) == 5
    assert seen == sorted(set(seen), reverse=True)


def test_a_broker_sees_only_their_own_inquiries(
    services: Services, someone: Callable[..., Visitor], renata: str
) -> None:
    theirs = someone("broker", owner_of(services, renata))
    other = someone("broker", "somebody.else@example.com")
    for state in ("all", "waiting"):
        assert "Renata" in theirs.get(f"/desk/?state={state}").text
        assert "Renata" not in other.get(f"/desk/?state={state}").text
    assert theirs.get(f"/desk/inquiries/{renata}").status_code == 200
    assert other.get(f"/desk/inquiries/{renata}").status_code == 404


def test_a_broker_sees_no_buttons_of_the_staff(
    services: Services, someone: Callable[..., Visitor], renata: str
) -> None:
    ends(services, delivery_of(services, renata), "dead", "rejected", REASON)
    page = someone("broker", owner_of(services, renata)).get(f"/desk/inquiries/{renata}").text
    assert REASON in page
    assert ">Retry<" not in page
    assert "Sync errors" not in page


def test_an_inquiry_explains_itself(services: Services, admin: Visitor, renata: str) -> None:
    ends(services, delivery_of(services, renata), "dead", "rejected", REASON, REMEDY)
    page = admin.get(f"/desk/inquiries/{renata}").text
    for words in (
        "What arrived", "What was understood", "What was decided, and why", "Passed over", "Still missing",
        "I agree to be called.", "renata@example.com", "mortgage_us@", REASON, REMEDY, "Retry", "teal",
        "[redacted ssn]", "1 sensitive number", "decided owner and follow-up", "192.0.2.7",
    ):  # fmt: skip
        assert words in page


def test_what_a_borrower_wrote_is_shown_as_text(admin: Visitor, renata: str) -> None:
    page = admin.get(f"/desk/inquiries/{renata}").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_sync_errors_are_grouped_by_reason_with_count_and_remedy(services: Services, admin: Visitor) -> None:
    for number in range(3):
        one = inquiry_of(services, arrives(services, name="Wei Chen", email=f"wei{number}@example.com"))
        ends(services, delivery_of(services, one), "dead" if number else "due", "rejected", REASON, REMEDY)
    page = admin.get("/desk/errors").text
    assert page.count(REMEDY) == 1
    assert "Retry all 3" in page
    assert "<strong>2</strong> wait" in page


def test_a_paused_crm_says_since_when_why_and_what_to_do(
    services: Services, admin: Visitor, clock: Clock
) -> None:
    state = CrmState("paused", reason="HubSpot refuses the token.", remedy="Make a new token.")
    with services.ledger.write() as connection:
        crms.set_state(connection, services.ledger, "hubspot", state, clock())
    clock.pass_(minutes=5)
    for address in ("/desk/errors", "/desk/connections"):
        page = admin.get(address).text
        for words in ("HubSpot refuses the token.", "Make a new token.", "5 min ago", "Try now"):
            assert words in page


def stopped(services: Services, state: CrmState) -> None:
    with services.ledger.write() as connection:
        crms.set_state(connection, services.ledger, "hubspot", state, services.now())


def test_a_crm_that_does_not_answer_is_said_on_every_page_and_explained_to_those_who_can_act(
    services: Services, someone: Callable[..., Visitor], renata: str
) -> None:
    stopped(
        services, CrmState("down", until=services.now(), reason="No connection.", remedy="Wait a little.")
    )
    admin, broker = someone("admin"), someone("broker", owner_of(services, renata))
    for visitor in (admin, broker):
        for address in ("/desk/", f"/desk/inquiries/{renata}"):
            page = visitor.get(address).text
            for words in ("Does not answer", "Inquiries are kept", "1 waiting"):
                assert words in page
    assert "Why, and what to do" in admin.get("/desk/").text
    assert "Why, and what to do" not in broker.get("/desk/").text
    page = admin.get("/desk/errors").text
    for words in ("No connection.", "Wait a little.", "Try now"):
        assert words in page


@pytest.mark.parametrize(("seconds", "said"), [(59, False), (60, True), (3600, True)])
def test_only_a_limit_that_lasts_is_worth_a_banner(
    services: Services, admin: Visitor, clock: Clock, seconds: int, said: bool
) -> None:
    until = services.now() + timedelta(seconds=seconds)
    stopped(services, CrmState("limited", until=until, reason="The day's calls are used up."))
    assert ("Inquiries are kept" in admin.get("/desk/").text) is said
    assert "The day&#39;s calls are used up." in admin.get("/desk/errors").text
    clock.pass_(seconds=seconds)
    assert "Inquiries are kept" not in admin.get("/desk/").text


def test_the_panel_tells_what_is_left_of_the_days_calls_and_what_waits_for_tomorrows(
    services: Services, admin: Visitor, renata: str
) -> None:
    with services.ledger.write() as connection:
        connection.execute(update(delivery).values(lane="backfill"))
        crms.note_calls(connection, services.ledger, "hubspot", left=812, limit=250_000, now=services.now())
    page = admin.get("/desk/errors").text
    for words in ("812 of 250,000 calls left today", "from the backfill wait", "last 25,000 of a day"):
        assert words in page
    assert "Inquiries are kept" not in admin.get("/desk/").text, "live inquiries go on"


def test_an_inquiry_shows_what_somebody_should_look_at(
    services: Services, admin: Visitor, renata: str
) -> None:
    detail = ({"kind": "contact", "action": "adopted", "error": "", "review": "Two contacts match."},)
    now = services.now()
    with services.ledger.write() as connection:
        tried = Attempt("t", delivery_of(services, renata), now, now, "delivered", detail, 1.0)
        deliveries.add_attempts(connection, [tried])
    assert "Two contacts match." in admin.get(f"/desk/inquiries/{renata}").text


def test_the_quarantine_shows_why_and_the_raw_form(services: Services, admin: Visitor) -> None:
    submission = arrives(services, name="No Contact", message="<b>hello</b>")
    assert "There is no email address and no phone number" in admin.get("/desk/quarantine").text
    page = admin.get(f"/desk/quarantine/{submission}").text
    assert "&lt;b&gt;hello&lt;/b&gt;" in page
    assert "Replay" in page


def test_connections_name_every_path_with_its_address_and_count(services: Services, admin: Visitor) -> None:
    arrives(services, **RENATA)
    page = admin.get("/desk/connections").text
    for words in ("http://localhost/f/website", "&lt;iframe src=", "application", "Draft", "HubSpot"):
        assert words in page


def test_alerts_stand_on_top_until_acknowledged(services: Services, admin: Visitor, renata: str) -> None:
    with services.ledger.write() as connection:
        notices.raise_alert(
            connection,
            id=services.new_id(),
            at=services.now(),
            kind="owner",
            object_id=renata,
            message="Look.",
        )
    page = admin.get("/desk/").text
    assert "Look." in page
    start = page.index("/desk/alerts/")
    address = page[start : page.index('"', start)]
    assert admin.press(address, on="/desk/", back="/desk/").location == "/desk/"
    assert "Look." not in admin.get("/desk/").text


@pytest.mark.parametrize(
    "address", ["/desk/?before=nonsense", "/desk/?state=nonsense", "/desk/quarantine?before=%00x"]
)
def test_a_bent_address_is_harmless(admin: Visitor, address: str) -> None:
    assert admin.get(address).status_code == 200
