"""The plan on an inquiry's page, and a person's word about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from jobs.follow_up.cadences import follow_up_due
from jobs.ledger.tables import delivery, follow_up, inquiry
from jobs.services import Services
from tests.webapp.installation import Clock, arrives, inquiry_of
from tests.webapp.visitor import Visitor

RENATA = {
    "first_name": "Renata",
    "last_name": "Okafor",
    "email": "renata@example.com",
    "phone": "(512) 555-0142",
    "inquiry_type": "refinance",
    "property_state": "TX",
}


@pytest.fixture
def page(services: Services) -> str:
    """The page of an inquiry."""
    return f"/desk/inquiries/{inquiry_of(services, arrives(services, **RENATA))}"


def opened(services: Services) -> list[str]:
    """The cadences of the touches that are to be done."""
    with services.ledger.read() as connection:
        query = select(follow_up.c.touch).where(
            follow_up.c.state == "planned", follow_up.c.touch.is_not(None)
        )
        return [touch.split("/")[0] for touch in connection.execute(query).scalars()]


def test_the_page_shows_what_comes_next_and_why(admin: Visitor, page: str) -> None:
    shown = admin.get(page).text
    assert "It follows the cadence hot pursuit." in shown
    assert "Day 1 of hot pursuit." in shown
    assert "Stop follow-up" in shown
    assert "Without a next date: 0" in admin.get("/desk/").text


def test_stop_closes_what_is_planned_until_somebody_lets_it_go_on(
    services: Services, someone: Callable[..., Visitor], page: str, clock: Clock
) -> None:
    clock.at += timedelta(hours=20)
    follow_up_due(services)
    assert "hot_pursuit" in opened(services)
    admin = someone("admin")
    answer = admin.press(f"{page}/follow-up/stop", on=page)
    assert answer.status_code == 303
    assert opened(services) == []
    stopped = admin.get(page).text
    assert "Follow-up was stopped by a person." in stopped
    assert "decide next step" in stopped
    clock.at += timedelta(days=3)
    follow_up_due(services)
    assert opened(services) == []
    someone("consultant").press(f"{page}/follow-up/go-on", on=page)
    assert set(opened(services)) == {"hot_pursuit"}
    with services.ledger.read() as connection:
        assert len(connection.execute(select(delivery.c.id)).all()) == 4


@pytest.mark.parametrize("word", ["stop", "pause"])
def test_the_first_task_is_closed_too(
    services: Services, someone: Callable[..., Visitor], page: str, clock: Clock, word: str
) -> None:
    until = (clock.at.date() + timedelta(days=30)).isoformat()
    someone("admin").press(f"{page}/follow-up/{word}", on=page, until=until)
    with services.ledger.read() as connection:
        query = select(follow_up.c.state).where(follow_up.c.touch.is_(None))
        assert connection.execute(query).scalars().all() == ["cancelled"]
        due = connection.execute(select(inquiry.c.next_follow_up_at)).scalar_one()
    assert due is not None
    assert due > clock.at + timedelta(days=1)


def test_a_meeting_outlives_the_stop(services: Services, someone: Callable[..., Visitor], page: str) -> None:
    with services.ledger.write() as connection:
        connection.execute(update(follow_up).values(purpose="meeting"))
    someone("admin").press(f"{page}/follow-up/stop", on=page)
    with services.ledger.read() as connection:
        kept = connection.execute(select(follow_up.c.state).where(follow_up.c.purpose == "meeting"))
        assert kept.scalars().all() == ["planned"]


def test_a_pause_lasts_until_its_day(
    services: Services, someone: Callable[..., Visitor], page: str, clock: Clock
) -> None:
    clock.at += timedelta(hours=20)
    follow_up_due(services)
    admin = someone("admin")
    until = clock.at.date() + timedelta(days=30)
    admin.press(f"{page}/follow-up/pause", on=page, until=until.isoformat())
    assert opened(services) == []
    assert "A person paused it." in admin.get(page).text
    clock.at += timedelta(days=20)
    follow_up_due(services)
    assert opened(services) == []
    clock.at += timedelta(days=11)
    follow_up_due(services)
    assert set(opened(services)) == {"warm_nurture"}


@pytest.mark.parametrize("until", ["", "yesterday", "2026-11-17", "2036-01-01"])
def test_a_pause_needs_a_day_that_makes_sense(admin: Visitor, page: str, until: str) -> None:
    admin.press(f"{page}/follow-up/pause", on=page, until=until)
    shown = admin.get(page).text
    assert "Choose a day from tomorrow on" in shown
    assert "Stop follow-up" in shown


def test_nobody_stops_what_they_may_not_see(
    someone: Callable[..., Visitor], services: Services, page: str
) -> None:
    with services.ledger.write() as connection:
        connection.execute(update(inquiry).values(owner="somebody.else@example.com"))
    assert someone("broker").press(f"{page}/follow-up/stop", on="/desk/").status_code == 404
