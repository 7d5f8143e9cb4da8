"""Cadences over days and months: what is in the CRM, what follows what, and what stops it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import requests
from sqlalchemy import select, update

from connectors.sandbox.hubspot import RunningSandbox
from jobs.follow_up.cadences import follow_up_due
from jobs.follow_up.rates import rates_fell
from jobs.ledger import plans
from jobs.ledger.plan_tables import follow_up_plan
from jobs.ledger.tables import alert, crm_link, delivery, follow_up, inquiry
from jobs.paths.going_live import bring_over
from jobs.playbooks.current import FixedPlaybook
from jobs.services import Services
from mapping.hours.business import Absence
from tests.jobs.brokerage import FORM, JSON, ON_SQLITE, TEAM, TOKEN, Clock, with_path, with_way_in
from tests.jobs.daily_work import (
    as_json,
    asks,
    at_once,
    decide_all,
    deliver_all,
    post,
    records,
    row,
    rows,
    send,
    work,
)
from tests.people import person

ANA = {"first_name": "Ana", "phone": "415-200-0188", "property_state": "CA"}


def asks_by_form(services: Services, number: int = 1, **more: str) -> None:
    """Somebody asks by the website's form, and everything that follows at once is done."""
    post(services, {**asks(person(number)), "consent_sms": "yes", "consent_phone": "yes", **more})
    work(services)


def portal_says(services: Services, status: str, event: str, **more: Any) -> None:
    """A portal tells how far Ana's application is."""
    said = {"application_id": "A-1", "event_id": event, "status": status, "email": "ana@example.com", **ANA}
    send(services, "application_events", as_json({**said, **more}), JSON)
    work(services)


def look(services: Services) -> None:
    """The periodic job, and what it owes the CRM."""
    while follow_up_due(services):
        pass
    deliver_all(services)


def days_go_by(services: Services, clock: Clock, days: float, *, every: float = 24) -> None:
    """Time passes; the workers look every few hours."""
    until = clock.at + timedelta(days=days)
    while clock.at < until:
        clock.forward(hours=min(every, (until - clock.at) / timedelta(hours=1)))
        look(services)
        check_dates(services, clock)


def check_dates(services: Services, clock: Clock) -> None:
    """Every open inquiry has a next date, and nothing was planned twice."""
    for one in rows(services, inquiry):
        if one.stage not in ("funded", "lost", "opted_out", "spam"):
            assert one.next_follow_up_at is not None
            assert one.next_follow_up_at > clock.at
    keys = [(one.inquiry_id, one.touch) for one in rows(services, follow_up) if one.touch]
    assert len(keys) == len(set(keys))


def touches(services: Services, *states: str, of: str = "") -> list[str]:
    """The cadences of planned touches, in the order of their dates."""
    with services.ledger.read() as connection:
        query = select(follow_up).where(follow_up.c.touch.is_not(None)).order_by(follow_up.c.due_at)
        found = connection.execute(query).all()
    mine = [one for one in found if not of or one.inquiry_id == of]
    return [one.touch.split("/")[0] for one in mine if not states or one.state in states]


def still_open(sandbox: RunningSandbox) -> list[str]:
    """The subjects of tasks in the CRM that are to be done."""
    return [
        one["hs_task_subject"] for one in records(sandbox, "tasks") if one["hs_task_status"] != "COMPLETED"
    ]


@ON_SQLITE
def test_the_first_ninety_days_of_a_lead_nobody_reaches(
    services: Services, sandbox: RunningSandbox, clock: Clock
) -> None:
    asks_by_form(services)
    assert len(records(sandbox, "tasks")) == 1, "one task at first; the rest exist in the ledger only"
    days_go_by(services, clock, 7, every=8)
    assert touches(services).count("hot_pursuit") == 7
    days_go_by(services, clock, 84)
    assert touches(services).count("warm_nurture") == 8
    assert len(still_open(sandbox)) <= 4, "the first, one that is late, and the next two"
    assert touches(services, "planned") == []
    assert len(records(sandbox, "tasks")) == len(rows(services, follow_up))
    assert len(records(sandbox, "deals")) == 1
    ahead = [one.due_at - clock.at for one in rows(services, follow_up) if one.due_at > clock.at]
    assert len(ahead) <= 2
    assert all(one <= timedelta(days=8) for one in ahead)


def test_a_word_of_the_borrower_ends_the_pursuit_at_once(
    services: Services, sandbox: RunningSandbox, clock: Clock
) -> None:
    services = with_way_in(services, "application_events")
    portal_says(services, "something odd", "e-1")
    days_go_by(services, clock, 2, every=8)
    assert "hot_pursuit" in touches(services, "in_crm")
    portal_says(services, "started", "e-2")
    assert touches(services, "in_crm", "planned") == []
    (told,) = [one for one in still_open(sandbox) if one.startswith("Tell")]
    assert told
    assert [one for one in records(sandbox, "tasks") if one["hs_task_subject"].startswith("Not needed")]
    days_go_by(services, clock, 6)
    assert set(touches(services, "in_crm")) == {"application_started"}


@ON_SQLITE
def test_documents_are_chased_until_they_are_there(
    services: Services, sandbox: RunningSandbox, clock: Clock
) -> None:
    services = with_way_in(services, "application_events")
    portal_says(services, "something odd", "e-1")
    portal_says(services, "documents needed", "e-2")
    assert row(services, inquiry).stage == "collecting_documents"
    assert "Photo ID" in row(services, inquiry).missing
    days_go_by(services, clock, 10)
    assert set(touches(services, "in_crm")) == {"documents"}
    asked = [one for one in still_open(sandbox) if one.startswith("Ask for documents")]
    assert len(asked) == 1, "the later one took the place of the earlier"
    assert any("Photo ID" in one["hs_task_body"] for one in records(sandbox, "tasks"))
    files = ["photo id.pdf", "paystub.pdf", "W2.pdf", "bank statement.pdf", "purchase contract.pdf"]
    portal_says(services, "documents needed", "e-3", attachments=files)
    assert row(services, inquiry).missing == "[]"


@ON_SQLITE
def test_an_outcome_closes_everything_and_the_client_hears_of_us_on_the_anniversary(
    services: Services, sandbox: RunningSandbox, clock: Clock
) -> None:
    services = with_way_in(services, "application_events")
    portal_says(services, "in underwriting", "e-1")
    days_go_by(services, clock, 4)
    portal_says(services, "funded", "e-2")
    assert row(services, inquiry).stage == "funded"
    assert still_open(sandbox) == []
    days_go_by(services, clock, 40, every=96)
    assert touches(services, "in_crm") == ["past_client"]
    days_go_by(services, clock, 360, every=96)
    assert touches(services).count("past_client") == 3
    assert len(still_open(sandbox)) == 1


@ON_SQLITE
def test_a_renewal_is_followed_up_from_half_a_year_before_its_term_ends(
    services: Services, clock: Clock
) -> None:
    asks_by_form(services, loan_type="Renewal", timeframe="2027-08-15")
    days_go_by(services, clock, 300, every=72)
    with services.ledger.read() as connection:
        query = (
            select(follow_up.c.due_at).where(follow_up.c.touch.like("renewal/%")).order_by(follow_up.c.due_at)
        )
        dates = [at.date().isoformat() for at in connection.execute(query).scalars()]
    assert dates == ["2027-02-16", "2027-04-19", "2027-05-17", "2027-07-16", "2027-08-23"]


def test_after_stop_nothing_is_left_on_that_channel(
    services: Services, sandbox: RunningSandbox, clock: Clock
) -> None:
    services = with_way_in(services, "twilio")
    asks_by_form(services, phone="+14152000101", preferred_contact="text")
    days_go_by(services, clock, 3, every=8)
    fields = {"MessageSid": "SM1", "From": "+14152000101", "To": "+14155550100", "Body": "STOP"}
    send(services, "twilio", urlencode(fields).encode(), FORM)
    decide_all(services)
    look(services)
    opened = [one for one in rows(services, follow_up) if one.state in ("planned", "in_crm")]
    assert "text" not in {one.channel for one in opened}
    assert not [one for one in still_open(sandbox) if one.startswith("Text")]
    days_go_by(services, clock, 80)
    assert "text" not in {one.channel for one in rows(services, follow_up) if one.state != "cancelled"}


@ON_SQLITE
def test_a_borrower_who_asks_again_is_pursued_once(
    services: Services, sandbox: RunningSandbox, clock: Clock
) -> None:
    asks_by_form(services)
    days_go_by(services, clock, 3, every=8)
    asks_by_form(services, loan_type="Purchase", message="Another one")
    older, newer = rows(services, inquiry)
    assert older.borrower_id == newer.borrower_id
    assert "this one is." in newer.decisions
    look(services)
    assert touches(services, "planned", "in_crm", of=older.id) == []
    calls = [one for one in still_open(sandbox) if one.startswith("Call ")]
    assert len(calls) == 1, "one first call, about the newer one"
    assert "purchase" in calls[0]
    days_go_by(services, clock, 12)
    assert set(touches(services, of=newer.id)) == {"hot_pursuit", "warm_nurture"}
    days_go_by(services, clock, 14)
    assert touches(services, "planned", "in_crm", of=older.id) == ["next_step"], "somebody closes it"


def test_several_workers_and_a_crash_in_between_plan_each_touch_once(
    services: Services, sandbox: RunningSandbox, clock: Clock
) -> None:
    for number in range(4):
        asks_by_form(services, number)
    clock.forward(hours=30)
    at_once(*(lambda: follow_up_due(services) for _ in range(4)))
    check_dates(services, clock)
    for nth in range(1, 6):
        clock.forward(hours=30)
        follow_up_due(replace(services, new_id=_Breaks(services.new_id, nth)))
        clock.forward(hours=2)
        look(services)
        check_dates(services, clock)
    to_do = [one for one in rows(services, follow_up) if one.state in ("planned", "in_crm")]
    assert len(still_open(sandbox)) == len(to_do)


class _Breaks:
    """Ids, but for one: what was under way then is half done."""

    def __init__(self, ids: Callable[[], str], nth: int) -> None:
        self._ids, self._left = ids, nth

    def __call__(self) -> str:
        self._left -= 1
        if self._left == 0:
            raise RuntimeError("the power failed")
        return self._ids()


@ON_SQLITE
def test_whatever_lost_its_date_gets_one_within_one_look(services: Services, clock: Clock) -> None:
    for number in range(3):
        asks_by_form(services, number)
    first, second, third = rows(services, inquiry)
    with services.ledger.write() as connection:
        connection.execute(update(inquiry).where(inquiry.c.id == first.id).values(next_follow_up_at=None))
        connection.execute(follow_up_plan.delete().where(follow_up_plan.c.inquiry_id == second.id))
        connection.execute(update(inquiry).where(inquiry.c.id == third.id).values(owner=""))
        connection.execute(crm_link.delete().where(crm_link.c.key == third.id))  # no CRM knows an owner
    clock.forward(hours=1)
    look(services)
    check_dates(services, clock)
    assert touches(services, of=third.id) == ["assign_owner"]
    assert [(one.kind, one.object_id) for one in rows(services, alert)] == [("owner", third.id)]


@ON_SQLITE
def test_news_of_a_past_client_leave_what_is_planned_for_past_clients(
    services: Services, clock: Clock
) -> None:
    services = with_way_in(services, "application_events")
    portal_says(services, "submitted", "e-1")
    portal_says(services, "funded", "e-2")
    days_go_by(services, clock, 29)
    (planned,) = [one for one in rows(services, follow_up) if one.touch and one.state == "in_crm"]
    assert planned.touch.startswith("past_client/settled_in")
    portal_says(services, "in review", "e-3")
    days_go_by(services, clock, 0.5)
    assert row(services, follow_up, planned.id).state == "in_crm"


@ON_SQLITE
def test_what_waits_in_the_queue_is_pursued_once_a_person_gives_it_to_somebody(
    services: Services, sandbox: RunningSandbox, clock: Clock
) -> None:
    asks_by_form(services, property_state="WY")
    days_go_by(services, clock, 5)
    subjects = [one["hs_task_subject"] for one in records(sandbox, "tasks")]
    assert subjects[0].startswith("Find a licensed owner for ")
    assert all("assign owner" in one for one in subjects[1:]), "nobody unlicensed calls or writes"
    maya = next(one.id for one in sandbox.state.owners.list("", archived=False) if one.seed.email == TEAM[0])
    ((deal, _),) = sandbox.state.records("deals").items()
    person_edits(sandbox, deal, hubspot_owner_id=maya)
    days_go_by(services, clock, 2)
    assert row(services, inquiry).owner == TEAM[0]
    still = [one for one in records(sandbox, "tasks") if one["hs_task_status"] != "COMPLETED"]
    assert still
    assert not [one for one in still if "owner" in one["hs_task_subject"]], "somebody was found"


@ON_SQLITE
def test_a_task_called_off_before_it_was_delivered_never_comes_to_be(
    services: Services, sandbox: RunningSandbox, clock: Clock
) -> None:
    services = with_way_in(services, "application_events")
    portal_says(services, "something odd", "e-1")
    clock.forward(hours=1)
    assert follow_up_due(services)
    send(
        services,
        "application_events",
        as_json({"application_id": "A-1", "event_id": "e-2", "status": "declined"}),
        JSON,
    )
    decide_all(services)
    assert len(rows(services, delivery)) == 3
    deliver_all(services)
    assert still_open(sandbox) == []
    assert [one.state for one in rows(services, follow_up)].count("cancelled") >= 2


@ON_SQLITE
def test_rates_that_fell_are_told_to_everybody_who_waits_for_it_once(
    services: Services, sandbox: RunningSandbox, clock: Clock
) -> None:
    for number in range(3):
        asks_by_form(services, number)
    waiting = [one.id for one in rows(services, inquiry)][:2]
    with services.ledger.write() as connection:
        connection.execute(update(inquiry).where(inquiry.c.id.in_(waiting)).values(stage="waiting"))
    days_go_by(services, clock, 3)
    assert rates_fell(services, "system", dry_run=True).inquiries == 2
    look(services)
    assert "rates_fell" not in touches(services)
    for _ in range(2):
        assert rates_fell(services, "system").inquiries == 2
        look(services)
    days_go_by(services, clock, 8)
    assert touches(services).count("rates_fell") == 6
    assert all("rates_fell" in touches(services, of=one) for one in waiting)
    none = replace(services.playbook, cadences=())
    assert not rates_fell(replace(services, playbooks=FixedPlaybook(none)), "system").has_cadence


def person_edits(sandbox: RunningSandbox, deal: str, **properties: str) -> None:
    """A person edits a deal."""
    headers = {"Authorization": f"Bearer {TOKEN}"}
    url = f"{sandbox.url}/crm/v3/objects/deals/{deal}"
    assert requests.patch(url, json={"properties": properties}, headers=headers, timeout=5).ok


def person_moves(services: Services, sandbox: RunningSandbox, inquiry_id: str, label: str) -> None:
    """A person moves the deal to the stage with this label."""
    (pipeline,) = [one for one in services.crms["hubspot"].schema().pipelines if label in one.stages]
    stage = dict(zip(pipeline.stages, pipeline.stage_ids, strict=True))[label]
    deals = sandbox.state.records("deals")
    (deal,) = [id_ for id_, one in deals.items() if one["firstpath_key"] == inquiry_id]
    person_edits(sandbox, deal, dealstage=stage)


@ON_SQLITE
def test_what_people_did_in_the_crm_decides_what_comes_next(
    services: Services, sandbox: RunningSandbox, clock: Clock
) -> None:
    for number in range(3):
        asks_by_form(services, number)
    days_go_by(services, clock, 1, every=8)
    alone, reached, lost = rows(services, inquiry)
    person_moves(services, sandbox, reached.id, "Contacted")
    person_moves(services, sandbox, lost.id, "Lost")
    days_go_by(services, clock, 4)
    assert [one.stage for one in rows(services, inquiry)] == ["new", "contacted", "lost"]
    assert touches(services, "planned", "in_crm", of=lost.id) == []
    assert set(touches(services, "planned", "in_crm", of=reached.id)) == {"in_touch"}
    assert "hot_pursuit" in touches(services, "in_crm", of=alone.id)


@ON_SQLITE
def test_a_deal_that_ends_in_a_stage_of_their_own_is_won_or_lost_as_the_crm_says(
    services: Services, sandbox: RunningSandbox, clock: Clock
) -> None:
    for number in range(2):
        asks_by_form(services, number)
    days_go_by(services, clock, 1, every=8)
    for one, stage in zip(rows(services, inquiry), ("closedwon", "closedlost"), strict=True):
        deals = sandbox.state.records("deals")
        (deal,) = [id_ for id_, deal in deals.items() if deal["firstpath_key"] == one.id]
        person_edits(sandbox, deal, pipeline="default", dealstage=stage)
    days_go_by(services, clock, 4)
    won, lost = rows(services, inquiry)
    assert (won.stage, lost.stage) == ("funded", "lost")
    days_go_by(services, clock, 40)
    assert set(touches(services, "planned", "in_crm", of=won.id)) == {"past_client"}
    assert touches(services, "planned", "in_crm", of=lost.id) == []


@ON_SQLITE
def test_a_stage_that_the_crm_was_not_told_yet_is_no_deed_of_people(services: Services, clock: Clock) -> None:
    services = with_way_in(services, "application_events")
    portal_says(services, "something odd", "e-1")
    days_go_by(services, clock, 1, every=8)
    said = {"application_id": "A-1", "event_id": "e-2", "status": "documents needed"}
    send(services, "application_events", as_json(said), JSON)
    decide_all(services)
    clock.forward(days=2)
    follow_up_due(services)
    assert row(services, inquiry).stage == "collecting_documents"


@ON_SQLITE
def test_a_crm_that_does_not_answer_keeps_nobody_waiting(
    services: Services, sandbox: RunningSandbox, clock: Clock
) -> None:
    asks_by_form(services)
    sandbox.set_faults([{"kind": "status_before", "status": 503, "times": 50}])
    clock.forward(days=1)
    follow_up_due(services)
    assert touches(services, "planned")


def with_maya_away(services: Services, days: int) -> Services:
    """Maya, who owns what comes first, is away from tomorrow on."""
    playbook = services.playbook
    maya = playbook.team[0]
    first = services.now().date() + timedelta(days=1)
    absences = (Absence(first, first + timedelta(days=days - 1)),)
    gone = replace(maya, absences=absences, hours=replace(maya.hours, absences=absences))
    return replace(services, playbooks=FixedPlaybook(replace(playbook, team=(gone, *playbook.team[1:]))))


def owners_of_tasks(services: Services, sandbox: RunningSandbox) -> set[tuple[str, str]]:
    """Who has which open touch, here and in the CRM."""
    emails = {one.id: one.seed.email for one in sandbox.state.owners.list("", archived=False)}
    with services.ledger.read() as connection:
        links = {one.key: one.remote_id for one in connection.execute(select(crm_link)).all()}
    there = {one["hs_object_id"]: emails[one["hubspot_owner_id"]] for one in records(sandbox, "tasks")}
    found = set()
    for one in rows(services, follow_up):
        assert there[links[one.id]] == one.owner
        found.add(((one.touch or one.purpose).split("/")[1 if one.touch else 0], one.owner))
    return found


@ON_SQLITE
def test_while_the_owner_is_away_somebody_else_has_the_task(
    services: Services, sandbox: RunningSandbox, clock: Clock
) -> None:
    maya, _, priya, _ = TEAM
    away = with_maya_away(services, 1)
    asks_by_form(away)
    clock.forward(hours=1)
    look(away)
    found = owners_of_tasks(away, sandbox)
    assert ("text_after", maya) in found
    assert ("second_try", priya) in found
    assert row(away, inquiry).owner == maya, "for that task alone"
    assert {one.state for one in rows(away, delivery)} == {"delivered"}


@ON_SQLITE
def test_an_absence_that_is_entered_later_takes_along_what_stands_in_the_crm(
    services: Services, sandbox: RunningSandbox, clock: Clock
) -> None:
    maya, _, priya, _ = TEAM
    asks_by_form(services)
    clock.forward(hours=1)
    look(services)
    assert ("second_try", maya) in owners_of_tasks(services, sandbox)
    away = with_maya_away(services, 5)
    with away.ledger.write() as connection:
        plans.look_now(connection, row(away, inquiry).id, clock())
    look(away)
    found = owners_of_tasks(away, sandbox)
    assert ("second_try", priya) in found
    assert ("second_try", maya) not in found
    look(away)
    assert owners_of_tasks(away, sandbox) == found
    bodies = [one["hs_task_body"] for one in records(sandbox, "tasks")]
    (said,) = [one for one in bodies if "Priya Raman stands in" in one]
    assert "Priya Raman of Example Home Loans" in said
    assert "Maya Whitfield of" not in said


@ON_SQLITE
def test_an_old_lead_of_a_spreadsheet_is_followed_up_as_an_old_one(services: Services, clock: Clock) -> None:
    services = with_way_in(services, "csv")
    rows_ = "First Name,Email,Phone,State,Created\nAna,ana@example.com,415-200-0188,CA,2025-11-17\n"
    send(services, "csv", rows_.encode(), "text/csv")
    work(services)
    days_go_by(services, clock, 14)
    assert "hot_pursuit" not in touches(services)
    (open_,) = [one for one in rows(services, follow_up) if one.touch and one.state == "in_crm"]
    assert open_.touch.startswith("long_game")


@ON_SQLITE
def test_a_question_without_a_need_leaves_the_first_call_about_the_need(
    services: Services, sandbox: RunningSandbox, clock: Clock
) -> None:
    asks_by_form(services, loan_type="Purchase")
    clock.forward(minutes=2)
    asks_by_form(services, loan_type="", loan_amount="", message="Please call me back")
    look(services)
    older, newer = rows(services, inquiry)
    assert (older.borrower_id, newer.type) == (newer.borrower_id, "general_advice")
    calls = [one for one in still_open(sandbox) if one.startswith("Call ")]
    assert [one for one in calls if "purchase" in one], "it tells what the call is about"


@ON_SQLITE
def test_what_nobody_may_act_on_takes_nothing_over(
    services: Services, sandbox: RunningSandbox, clock: Clock
) -> None:
    asks_by_form(services)
    days_go_by(services, clock, 1, every=8)
    asks_by_form(services, property_state="WY", loan_type="Purchase", message="A cabin")
    days_go_by(services, clock, 3)
    older, newer = rows(services, inquiry)
    assert older.borrower_id == newer.borrower_id
    assert "this one is." not in newer.decisions
    assert "hot_pursuit" in touches(services, "in_crm", of=older.id)
    assert set(touches(services, of=newer.id)) == {"assign_owner"}


def test_what_is_only_shown_takes_nothing_from_what_the_crm_has(
    services: Services, sandbox: RunningSandbox, clock: Clock
) -> None:
    asks_by_form(services)
    days_go_by(services, clock, 1, every=8)
    shown = with_path(services, "shadow")
    asks_by_form(shown, loan_type="Purchase", message="Another one")
    days_go_by(shown, clock, 3)
    older, newer = rows(services, inquiry)
    assert (older.borrower_id, older.shadow, newer.shadow) == (newer.borrower_id, False, True)
    assert "this one is." not in newer.decisions
    assert "hot_pursuit" in touches(services, "planned", "in_crm", of=older.id)
    assert not [one for one in records(sandbox, "tasks") if "purchase" in one["hs_task_subject"]]
    bring_over(services, "website", "somebody")
    days_go_by(services, clock, 2)
    assert touches(services, "planned", "in_crm", of=older.id) == []
    assert "hot_pursuit" in touches(services, "in_crm", of=newer.id)
