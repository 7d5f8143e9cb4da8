"""An open inquiry has an owner who may pursue it, or the desk is told, whatever changes after it came."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import update

from connectors.crm.base import Seen, Watched
from connectors.crm.hubspot import HubSpotCrm
from connectors.sandbox.hubspot import RunningSandbox
from jobs.follow_up.cadences import follow_up_due
from jobs.ledger import notices
from jobs.ledger.tables import alert, follow_up, inquiry
from jobs.playbooks.current import FixedPlaybook
from jobs.services import Services
from tests.jobs.brokerage import JSON, ON_SQLITE, TOKEN, Clock, with_way_in
from tests.jobs.daily_work import as_json, asks, deliver_all, post, row, rows, send, work
from tests.jobs.follow_up.test_cadences import asks_by_form, days_go_by, look, person_moves
from tests.people import person

pytestmark = ON_SQLITE


def told(services: Services, kind: str = "owner") -> list[str]:
    """What the desk was told, the oldest first."""
    return [one.message for one in rows(services, alert) if one.kind == kind]


def acknowledge(services: Services, clock: Clock) -> None:
    """Somebody at the desk has read it."""
    with services.ledger.write() as connection:
        for one in rows(services, alert):
            notices.acknowledge(connection, kind=one.kind, object_id=one.object_id, by="x", at=clock.at)


def portal(services: Services, event: str, **more: Any) -> None:
    """A portal tells of an application."""
    said = {"application_id": "A-1", "event_id": event, "status": "something odd", "first_name": "Ana"}
    send(services, "application_events", as_json({**said, "email": "ana@example.com", **more}), JSON)
    work(services)


def test_a_state_that_is_told_later_shows_that_the_owner_has_no_licence_there(services: Services) -> None:
    services = with_way_in(services, "application_events")
    portal(services, "e-1")
    owner = row(services, inquiry).owner_name
    assert row(services, inquiry).owner not in ("", "desk@example.com")
    assert told(services) == [], "where it is was not known"
    portal(services, "e-2", property_state="WY")
    says = f"{owner} has this inquiry and may not act: not licensed in WY. Assign somebody who may."
    assert told(services) == [says]
    portal(services, "e-3", status="documents needed", property_state="WY")
    assert told(services) == [says], "told once"


def test_a_state_where_the_owner_is_licensed_is_no_news_for_the_desk(services: Services) -> None:
    services = with_way_in(services, "application_events")
    portal(services, "e-1")
    member = services.playbook.member(row(services, inquiry).owner)
    assert member is not None
    portal(services, "e-2", property_state=next(iter(member.licences)))
    assert told(services) == []


def test_a_licence_that_ends_while_the_inquiry_is_open_is_told(services: Services, clock: Clock) -> None:
    asks_by_form(services)
    days_go_by(services, clock, 3)
    assert told(services) == []
    email, today = row(services, inquiry).owner, clock.at.date()
    team = tuple(
        replace(one, licences={"CA": replace(one.licences["CA"], expires=today + timedelta(days=2))})
        if one.email == email
        else one
        for one in services.playbook.team
    )
    services = replace(services, playbooks=FixedPlaybook(replace(services.playbook, team=team)))
    days_go_by(services, clock, 1)
    assert told(services) == [], "it holds through its last day"
    days_go_by(services, clock, 10)
    (words,) = told(services)
    assert (
        f"open inquiries in CA and may not act: the licence in CA expired on {today + timedelta(days=2)}"
        in words
    )


def test_an_owner_who_left_the_team_is_told_once(services: Services, clock: Clock) -> None:
    for number in range(4):
        asks_by_form(services, number)
    days_go_by(services, clock, 1)
    gone, many = Counter(one.owner for one in rows(services, inquiry)).most_common(1)[0]
    assert many > 1
    team = tuple(one for one in services.playbook.team if one.email != gone)
    services = replace(services, playbooks=FixedPlaybook(replace(services.playbook, team=team)))
    days_go_by(services, clock, 7)
    (words,) = told(services)
    assert words.startswith(f"{gone} has open inquiries and is not in the team")
    acknowledge(services, clock)
    days_go_by(services, clock, 14)
    assert len(told(services)) == 1, "a person has decided that it stays"


def test_that_nobody_has_it_is_told_again_until_somebody_has(
    services: Services, sandbox: RunningSandbox, clock: Clock
) -> None:
    alone = replace(services, playbooks=FixedPlaybook(replace(services.playbook, fallback="")))
    post(alone, asks(person(1), property_state="WY"))
    work(alone)
    assert row(alone, inquiry).owner == ""
    assert len(told(alone)) == 1
    days_go_by(alone, clock, 2)
    assert len(told(alone)) == 1, "while it is open it is not told twice"
    acknowledge(alone, clock)
    days_go_by(alone, clock, 3)
    assert told(alone)[1:] == ["Nobody owns this inquiry: assign a loan officer who may take it."]
    with alone.ledger.write() as connection:
        connection.execute(update(inquiry).values(owner="maya@example.com", owner_name="Maya Whitfield"))
        connection.execute(follow_up.update().values(owner="maya@example.com"))
    acknowledge(alone, clock)
    days_go_by(alone, clock, 3)
    assert len(told(alone)) == 3, "Maya has no licence there either"
    assert "may not act: not licensed in WY" in told(alone)[2]


def test_a_deal_that_a_person_moved_back_is_told_once(
    services: Services, sandbox: RunningSandbox, clock: Clock
) -> None:
    services = with_way_in(services, "application_events")
    portal(services, "e-1", property_state="CA", phone="415-200-0188")
    days_go_by(services, clock, 1, every=8)
    portal(services, "e-2", status="documents needed")
    deliver_all(services)
    assert row(services, inquiry).stage == "collecting_documents"
    days_go_by(services, clock, 2, every=8)
    assert told(services, "stage") == []
    person_moves(services, sandbox, row(services, inquiry).id, "Contacted")
    days_go_by(services, clock, 12)
    (words,) = told(services, "stage")
    assert "stands at: contacted. Here it stands further on, at: collecting documents" in words
    assert row(services, inquiry).stage == "collecting_documents"


class Mistaken(HubSpotCrm):
    """A connector with a mistake in it."""

    def look(self, watched: Sequence[Watched]) -> list[Seen]:
        """Not thought of by whoever wrote it."""
        raise KeyError(len(watched))


def test_a_mistake_of_ours_about_one_crm_keeps_no_plan_waiting(
    services: Services, sandbox: RunningSandbox, clock: Clock
) -> None:
    asks_by_form(services)
    days_go_by(services, clock, 1, every=8)
    before = len(rows(services, follow_up))

    broken = replace(services, crms={"hubspot": Mistaken(lambda: TOKEN, sandbox.url)})
    clock.forward(days=2)
    with_mistake = len(rows(services, follow_up))
    while follow_up_due(broken):
        pass
    assert len(rows(services, follow_up)) > with_mistake == before
    assert row(services, inquiry).next_follow_up_at > clock.at
    look(services)
