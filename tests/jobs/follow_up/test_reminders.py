"""Applications that stand still: each state asks for help once, and only where somebody is known."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from connectors.intake.base import RawRequest
from jobs.deciding.process import process_due
from jobs.delivering.deliver import deliver_due
from jobs.follow_up.reminders import remind_due
from jobs.intake.accepting import accept
from jobs.ledger.link_tables import link_opening
from jobs.ledger.tables import follow_up, inquiry, inquiry_event
from jobs.links import create_link, list_links, record_opening
from jobs.services import Services
from jobs.settings.model import FormSettings, LinkSettings, PathSettings
from tests.jobs.brokerage import FORM, JSON, ON_SQLITE, TEAM, Clock

pytestmark = ON_SQLITE
PAGE = FormSettings("", "", "", "", "#1f5fa8", "", "I agree.", "", "", "", (), ("en",), "")
LINK = LinkSettings("https://apply.example.com/", ("apply.example.com",), {}, "contact", "fp", PAGE)


def way(name: str, kind: str, link: LinkSettings | None = None) -> PathSettings:
    return PathSettings(name, name, kind, "live", ("hubspot",), (), {}, {}, None, "", link=link)


@pytest.fixture
def services(services: Services) -> Services:
    ways = {"apply": way("apply", "application_link", LINK), "portal": way("portal", "application_events")}
    ways |= {"maxwell": way("maxwell", "maxwell")}
    settings = replace(services.settings, paths={**services.settings.paths, **ways})
    return replace(services, settings=settings)


def opened(services: Services, *, email: str = "ana@example.com", known: bool = True) -> tuple[str, str]:
    """Somebody opens a link and says who it is; the code and the opening's id."""
    made = create_link(services, "apply", TEAM[0], "system", partner_name="Penelope Marsh", campaign="card")
    opening = record_opening(services, made, {})
    if known:
        typed = f"first_name=Ana&last_name=Ruiz&email={email}&submission_id={opening}&_opening={opening}"
        body = f"{typed}&application_link={made.code}&assigned_to={TEAM[0]}".encode()
        accept(
            services, services.settings.paths["apply"], RawRequest(FORM, {}, body, received_at=services.now())
        )
        process_due(services)
    return made.code, opening


def portal_says(services: Services, path: str = "portal", **event: Any) -> None:
    body = json.dumps(event).encode()
    accept(services, services.settings.paths[path], RawRequest(JSON, {}, body, received_at=services.now()))
    process_due(services)


def purposes(services: Services) -> list[str]:
    with services.ledger.read() as connection:
        rows = connection.execute(select(follow_up.c.purpose).order_by(follow_up.c.id)).scalars()
        return [one for one in rows if one in ("start_application", "finish_application")]


def states(services: Services) -> list[str]:
    with services.ledger.read() as connection:
        return list(connection.execute(select(link_opening.c.state).order_by(link_opening.c.id)).scalars())


def count(services: Services) -> int:
    with services.ledger.read() as connection:
        return len(connection.execute(select(inquiry.c.id)).all())


def test_opened_and_not_started_after_a_day_asks_for_help_once(services: Services, clock: Clock) -> None:
    opened(services)
    clock.forward(hours=23, minutes=59)
    assert remind_due(services) == 0
    clock.forward(minutes=2)
    assert [remind_due(services), remind_due(services)] == [1, 0]
    assert purposes(services) == ["start_application"]
    with services.ledger.read() as connection:
        assert connection.execute(select(inquiry_event.c.kind)).scalars().all() == ["opening"]
    while deliver_due(services, "hubspot"):
        pass
    clock.forward(days=20)
    assert remind_due(services) == 0


def test_the_crm_gets_the_task(services: Services, clock: Clock, sandbox: Any) -> None:
    opened(services)
    while deliver_due(services, "hubspot"):
        pass
    clock.forward(hours=25)
    assert remind_due(services) == 1
    while deliver_due(services, "hubspot"):
        pass
    tasks = sandbox.state.shelves["tasks"].records.live.values()
    subjects = [record.properties["hs_task_subject"] for record in tasks]
    assert [one for one in subjects if one.startswith("Help to start the application")]


def test_started_and_not_submitted_after_two_days_asks_once(services: Services, clock: Clock) -> None:
    _, opening = opened(services)
    portal_says(services, application_id="F-1", status="started", fp=opening, email="ana@example.com")
    assert (states(services), count(services)) == (["started"], 1)
    clock.forward(hours=47)
    assert remind_due(services) == 0
    clock.forward(hours=2)
    assert [remind_due(services), remind_due(services)] == [1, 0]
    assert purposes(services) == ["finish_application"]
    portal_says(services, application_id="F-1", status="submitted")
    assert states(services) == ["submitted"]
    clock.forward(days=3)
    assert remind_due(services) == 0


def test_an_opening_of_nobody_known_counts_only(services: Services, clock: Clock) -> None:
    opened(services, known=False)
    clock.forward(hours=30)
    assert remind_due(services) == 0
    assert [line.opened for line in list_links(services)] == [1]


def test_our_id_ties_the_application_to_owner_partner_and_campaign(services: Services) -> None:
    code, opening = opened(services, known=False)
    link = f"https://apply.example.com/?fp={opening}"
    portal_says(
        services, application_id="F-2", status="submitted", referral_link=link, first_name="Leo",
        email="leo@example.com",
    )  # fmt: skip
    (line,) = list_links(services)
    assert (line.opened, line.started, line.submitted) == (1, 1, 1)
    with services.ledger.read() as connection:
        row = connection.execute(select(inquiry)).one()
    details = services.sealer.open_json(row.details, f"inquiry.details:{row.id}")
    assert row.owner == TEAM[0]
    assert details["application"]["link"] == code
    assert details["partner"]["last_name"] == "Marsh"
    assert details["attribution"]["campaign"] == "card"


def test_without_our_id_the_email_address_ties_them(services: Services) -> None:
    opened(services)
    portal_says(
        services, "maxwell", event="application_created", loan_file_id=7, borrower_email="ANA@example.com"
    )
    assert (states(services), count(services)) == (["started"], 1)


def test_an_application_without_a_link_is_watched_too(services: Services, clock: Clock) -> None:
    event = {"application_id": "F-3", "status": "started", "email": "kim@example.com", "first_name": "Kim"}
    portal_says(services, **event)
    portal_says(services, **event, again="yes")
    assert states(services) == ["started"]
    clock.forward(hours=49)
    assert [remind_due(services), remind_due(services)] == [1, 0]


def test_an_outcome_needs_no_help(services: Services, clock: Clock) -> None:
    _, opening = opened(services)
    portal_says(services, application_id="F-4", status="started", fp=opening)
    portal_says(services, application_id="F-4", status="withdrawn")
    clock.forward(days=4)
    assert remind_due(services) == 0


def test_news_that_tells_nothing_new_makes_no_task_and_no_delivery(services: Services) -> None:
    event = {"application_id": "F-5", "status": "In Underwriting", "email": "kim@example.com"}
    portal_says(services, **event)
    with services.ledger.read() as connection:
        before = len(connection.execute(select(follow_up.c.id)).all())
    portal_says(services, **event, event_id="e-2")
    portal_says(services, **event, event_id="e-3")
    with services.ledger.read() as connection:
        assert len(connection.execute(select(follow_up.c.id)).all()) == before
        assert len(connection.execute(select(inquiry_event.c.id)).all()) == 2
    portal_says(services, **{**event, "status": "Approved"}, event_id="e-4")
    with services.ledger.read() as connection:
        assert len(connection.execute(select(follow_up.c.id)).all()) == before + 1
