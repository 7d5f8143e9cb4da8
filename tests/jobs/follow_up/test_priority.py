"""Each inquiry has its score from the start, and again on news; outcomes teach, and the list follows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import update

from connectors.sandbox.hubspot import RunningSandbox
from jobs.desk.call_list import call_list
from jobs.desk.inquiry_page import inquiry_details
from jobs.desk.viewer import Viewer
from jobs.first_touch.clock import tell
from jobs.first_touch.reassign import reassign_due
from jobs.follow_up.priority import ended_so_far, present_priority, rescore, train_model
from jobs.known import load
from jobs.ledger.priorities import newest_model
from jobs.ledger.tables import follow_up, inquiry, priority_model
from jobs.services import Services
from mapping.inquiry import Inquiry
from mapping.playbook import Playbook
from mapping.playbook.model import FieldRule
from mapping.priority.training import TooFew
from tests.jobs.brokerage import ON_SQLITE, Clock, with_path, with_way_in
from tests.jobs.daily_work import asks, decide_all, post, records, row, rows, work
from tests.jobs.deciding.test_news import application
from tests.people import person

pytestmark = ON_SQLITE
STAFF = Viewer("x")


def scores(services: Services) -> list[int | None]:
    """Of every inquiry, as stored."""
    return [one.priority for one in rows(services, inquiry)]


def test_who_wants_to_act_soon_comes_first_and_the_reasons_are_kept(services: Services) -> None:
    post(services, asks(person(1), "1", timeframe="Just researching"))
    post(services, asks(person(2), "2", timeframe="As soon as possible", credit_score="Excellent"))
    decide_all(services)
    later, sooner = scores(services)
    assert later is not None
    assert sooner is not None
    assert sooner > later + 20
    assert "for timeframe" in rows(services, inquiry)[1].priority_reasons


def test_news_raise_it_and_an_outcome_takes_it_away(services: Services) -> None:
    services = with_way_in(services, "application_events")
    application(services, "submitted", 1)
    work(services)
    (first,) = scores(services)
    application(services, "in underwriting", 2)
    work(services)
    (second,) = scores(services)
    assert first is not None
    assert second is not None
    assert second >= first
    application(services, "funded", 3)
    work(services)
    assert scores(services) == [None]


def test_it_is_brought_to_the_crm_where_the_playbook_maps_it(
    services: Services, sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    mapping = services.playbook.crm["hubspot"]
    rule = FieldRule("hs_next_step", "priority", "Priority", "number")
    changed: Playbook = replace(
        services.playbook, crm={"hubspot": replace(mapping, deal=(*mapping.deal, rule))}
    )
    monkeypatch.setattr(type(services.playbooks), "active", lambda *_: changed)
    post(services, asks(person(1), "1"))
    work(services)
    (deal,) = records(sandbox, "deals")
    assert deal["hs_next_step"] == str(row(services, inquiry).priority)


def test_the_call_list_is_by_score_and_inside_legal_hours(services: Services, clock: Clock) -> None:
    for number, when in ((1, "Just researching"), (2, "As soon as possible")):
        fields = asks(person(number), str(number), timeframe=when, preferred_contact="phone")
        post(services, fields | {"phone": f"+1415200{number:04}"})
    post(services, asks(person(3), "3", consent_phone="no", preferred_contact="email"))
    decide_all(services)
    assert not call_list(services, STAFF), "nothing is due yet"
    clock.forward(minutes=30)
    found = call_list(services, STAFF)
    assert [one.allowed for one in found] == [True, True]
    assert found[0].priority.score > found[1].priority.score
    owner = found[0].owner
    assert {one.owner for one in call_list(services, Viewer("b", owner))} == {owner}
    assert call_list(services, STAFF, "nobody@example.com") == ()
    clock.forward(hours=12)
    assert [one.allowed for one in call_list(services, STAFF)] == [False, False]
    assert all(one.opens_at and one.opens_at > clock() for one in call_list(services, STAFF))


def test_what_is_only_shown_is_nobodys_call(services: Services, clock: Clock) -> None:
    post(with_path(services, "shadow"), asks(person(1), "1", preferred_contact="phone"))
    decide_all(with_path(services, "shadow"))
    clock.forward(minutes=30)
    assert row(services, inquiry).shadow
    assert call_list(services, STAFF) == ()


def test_whoever_stands_in_sees_what_the_call_is_about_until_it_is_made(
    services: Services, clock: Clock
) -> None:
    post(services, asks(person(1), "1", preferred_contact="phone"))
    decide_all(services)
    clock.forward(minutes=30)
    id_ = row(services, inquiry).id
    maya, daniel = Viewer("m", "maya@example.com"), Viewer("d", "daniel@example.com")
    assert (inquiry_details(services, daniel, id_), call_list(services, daniel)) == (None, ())
    with services.ledger.write() as connection:
        connection.execute(update(follow_up).values(owner=daniel.owner_email))
    assert inquiry_details(services, daniel, id_) is not None
    assert [one.inquiry_id for one in call_list(services, daniel)] == [id_]
    assert inquiry_details(services, maya, id_) is not None, "it is still the owner's"
    with services.ledger.write() as connection:
        connection.execute(update(follow_up).values(state="done"))
    assert inquiry_details(services, daniel, id_) is None


def test_an_older_inquiry_sinks_on_the_list_without_anything_stored(services: Services, clock: Clock) -> None:
    post(services, asks(person(1), "1", preferred_contact="phone"))
    decide_all(services)
    clock.forward(days=13)
    stored = row(services, inquiry).priority
    found = call_list(services, STAFF)
    assert found[0].priority.score < stored
    assert rescore(services) == 1
    assert row(services, inquiry).priority == found[0].priority.score


def test_too_few_outcomes_teach_nothing(services: Services) -> None:
    post(services, asks(person(1), "1"))
    decide_all(services)
    with pytest.raises(TooFew, match="0 inquiries have ended so far"):
        train_model(services)
    assert not rows(services, priority_model)


def test_outcomes_teach_what_decides_here_and_scores_follow(
    services: Services, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where only complete inquiries are funded, and those in a hurry never, the rules are wrong."""
    monkeypatch.setattr("mapping.priority.training.LEAST_OUTCOMES", 60)
    for number in range(72):
        hurry, complete = number % 2 == 0, number % 3 == 0
        more = {"timeframe": "As soon as possible"} if hurry else {}
        more |= {"credit_score": "Good", "property_value": "$500,000"} if complete else {}
        post(services, asks(person(number), str(number), **more))
    decide_all(services)
    with services.ledger.write() as connection:
        for number, one in enumerate(rows(services, inquiry)):
            won = number % 3 == 0 and number % 2 == 1
            stage = "funded" if won else "lost"
            connection.execute(update(inquiry).where(inquiry.c.id == one.id).values(stage=stage))
    trained = train_model(services)
    assert trained.better
    assert trained.learned.auc > 0.9
    with services.ledger.read() as connection:
        kept = newest_model(connection)
    assert kept is not None
    assert kept.used
    assert kept.model.weights["completeness"] > 0 > kept.model.weights["timeframe"]
    clock.forward(minutes=6)
    post(services, asks(person(900), "900", timeframe="As soon as possible"))
    post(services, asks(person(901), "901", credit_score="Good", property_value="$500,000"))
    decide_all(services)
    hurried, whole = rows(services, inquiry)[-2:]
    assert whole.priority > hurried.priority
    assert "earlier outcomes teach" in whole.priority_reasons


def test_what_is_learned_from_is_what_was_known_in_the_first_days(services: Services, clock: Clock) -> None:
    """Every funded loan had an application in the end: that it had says nothing about whom to call first."""
    services = with_way_in(services, "application_events")
    post(services, asks(person(1), "1"))
    post(services, asks(person(2), "2"))
    decide_all(services)
    application(services, "started", 1)
    decide_all(services)
    clock.forward(days=30)
    application(services, "funded", 2)
    with services.ledger.write() as connection:
        for one, stage in zip(rows(services, inquiry), ("lost", "lost", "funded"), strict=False):
            connection.execute(update(inquiry).where(inquiry.c.id == one.id).values(stage=stage))
    decide_all(services)
    first, second, third = ended_so_far(services)
    assert [one.funded for one in (first, second, third)] == [False, False, True]
    assert first.factors["engagement"] == second.factors["engagement"] == 0
    assert third.factors["engagement"] == 0.9, "begun at once, whatever came later"
    assert [one.factors["source"] for one in (first, second, third)] == [0.5, 0.5, 0.5]
    with services.ledger.write() as connection:
        moved = update(inquiry).where(inquiry.c.id == rows(services, inquiry)[0].id)
        connection.execute(moved.values(stage="funded"))
    assert ended_so_far(services)[0].factors["source"] == 0.5, "its own end does not count towards its source"


def test_what_we_did_ourselves_keeps_no_inquiry_fresh(services: Services, clock: Clock) -> None:
    post(services, asks(person(1), "1", preferred_contact="phone"))
    work(services)
    with services.ledger.read() as connection:
        before = present_priority(services, connection, row(services, inquiry).id, _details(services))
    clock.forward(days=7)
    reassign_due(services)
    tell_late(services)
    with services.ledger.read() as connection:
        after = present_priority(services, connection, row(services, inquiry).id, _details(services))
    assert after.score <= before.score - 4, "half of what freshness gives is gone"


def tell_late(services: Services) -> None:
    """The page shows that nobody got in touch in time."""
    with services.ledger.write() as connection:
        id_ = row(services, inquiry).id
        tell(services, connection, id_, "inquiry.given_on", "Nobody got in touch.", services.now())


def _details(services: Services) -> Inquiry:
    with services.ledger.read() as connection:
        return load(connection, services, row(services, inquiry).id).details
