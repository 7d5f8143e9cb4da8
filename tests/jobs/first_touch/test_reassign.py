"""Speed to lead: what nobody did in time goes to the next one, once, and never over what people did."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import requests
from sqlalchemy import update

from connectors.crm.base import Unavailable
from connectors.sandbox.hubspot import RunningSandbox
from jobs.desk.follow_up_word import stop
from jobs.desk.viewer import Viewer
from jobs.first_touch.clock import mark_done
from jobs.first_touch.reassign import reassign_due
from jobs.follow_up.cadences import follow_up_due
from jobs.ledger import crms, plans
from jobs.ledger.engine import open_ledger
from jobs.ledger.first_touch_tables import first_touch
from jobs.ledger.tables import alert, audit_event, borrower, delivery, follow_up, inquiry, inquiry_event
from jobs.playbooks.current import FixedPlaybook
from jobs.services import Services
from mapping.hours.business import Absence
from mapping.playbook import Playbook
from mapping.playbook.team import Reassign
from tests.jobs.brokerage import ON_SQLITE, TEAM, TOKEN, Clock
from tests.jobs.daily_work import (
    asks,
    at_once,
    counts,
    decide_all,
    deliver_all,
    post,
    records,
    row,
    rows,
    work,
)
from tests.people import person

MAYA, PRIYA = TEAM[0], TEAM[2]


def with_playbook(services: Services, **changes: Any) -> Services:
    playbook: Playbook = replace(services.playbook, **changes)
    return replace(services, playbooks=FixedPlaybook(playbook))


def came_in(services: Services, number: int = 1, **more: str) -> None:
    """Somebody asks; the CRM has it."""
    post(services, asks(person(number), **more))
    work(services)


def owner_ids(sandbox: RunningSandbox) -> dict[str, str]:
    owners = sandbox.state.owners.list("", archived=False)
    return {owner.id: owner.seed.email for owner in owners}


def owners_there(sandbox: RunningSandbox) -> tuple[str, ...]:
    """Who owns the only contact, deal and task there."""
    names = owner_ids(sandbox)
    kinds = ("contacts", "deals", "tasks")
    return tuple(names[record["hubspot_owner_id"]] for kind in kinds for record in records(sandbox, kind))


def edit(sandbox: RunningSandbox, kind: str, **properties: str) -> None:
    """A person edits the only record of a kind."""
    ((record_id, _),) = sandbox.state.records(kind).items()
    headers = {"Authorization": f"Bearer {TOKEN}"}
    address = f"{sandbox.url}/crm/v3/objects/{kind}/{record_id}"
    assert requests.patch(address, json={"properties": properties}, headers=headers, timeout=5).ok


def test_nobody_in_touch_in_time_and_the_next_one_has_it(
    services: Services, sandbox: RunningSandbox, clock: Clock
) -> None:
    came_in(services)
    assert owners_there(sandbox) == (MAYA,) * 3
    clock.forward(minutes=4, seconds=59)
    assert reassign_due(services) == 0
    clock.forward(seconds=1)
    assert reassign_due(services) == 1
    deliver_all(services)
    assert owners_there(sandbox) == (PRIYA,) * 3
    assert counts(sandbox) == (1, 1, 1), "the task went along: there are never two"
    decided = row(services, inquiry)
    assert (decided.owner, decided.owner_name) == (PRIYA, "Priya Raman")
    assert row(services, borrower).owner == PRIYA
    task = row(services, follow_up)
    assert (task.owner, task.due_at) == (PRIYA, clock() + timedelta(minutes=5))
    reasons = [reason for about, reason in json.loads(decided.decisions) if about == "owner"]
    assert "Maya Whitfield did not get in touch within 5 minutes." in reasons
    told = row(services, alert)
    assert (told.kind, told.object_id) == ("first_touch", decided.id)
    assert told.message.endswith("It is Priya Raman's now, to be done within 5 minutes.")
    assert [one.action for one in rows(services, audit_event)].count("inquiry.given_on") == 1
    assert [one.kind for one in rows(services, inquiry_event)] == ["first_touch"]


@ON_SQLITE
def test_the_next_one_has_words_of_their_own(
    services: Services, sandbox: RunningSandbox, clock: Clock
) -> None:
    came_in(services, preferred_contact="Text", consent_sms="yes")
    (before,) = records(sandbox, "tasks")
    assert "Maya of Example Home Loans" in before["hs_task_body"]
    clock.forward(minutes=5)
    reassign_due(services)
    deliver_all(services)
    (task,), (deal,) = records(sandbox, "tasks"), records(sandbox, "deals")
    assert "Priya of Example Home Loans" in task["hs_task_body"]
    assert "Maya of" not in task["hs_task_body"]
    assert "Why Priya Raman: Maya Whitfield did not get in touch" in task["hs_task_body"]
    assert deal["mortgage_owner_reason"].startswith("Maya Whitfield did not get in touch")
    assert deal["mortgage_first_touch_due"] == task["hs_timestamp"]
    kept = row(services, follow_up)
    content = services.sealer.open_json(kept.content, f"follow_up.content:{kept.id}")
    assert "Priya of Example Home Loans" in content["body"]


@ON_SQLITE
def test_it_never_comes_back_and_after_all_have_missed_it_the_desk_is_told(
    services: Services, sandbox: RunningSandbox, clock: Clock
) -> None:
    came_in(services)
    for _ in range(2):
        clock.forward(minutes=6)
        reassign_due(services)
        deliver_all(services)
    kept = row(services, first_touch)
    assert (kept.state, kept.due_at, json.loads(kept.missed)) == ("given_up", None, [MAYA])
    assert "Nobody else may take it now" in rows(services, alert)[-1].message
    assert owners_there(sandbox) == (PRIYA,) * 3
    clock.forward(days=3)
    assert reassign_due(services) == 0


@ON_SQLITE
def test_after_so_many_times_it_stays(services: Services, clock: Clock) -> None:
    once = with_playbook(services, reassign=Reassign(5, 1))
    came_in(once)
    for _ in range(2):
        clock.forward(minutes=6)
        reassign_due(once)
        deliver_all(once)
    kept = row(once, first_touch)
    assert (kept.state, kept.times) == ("given_up", 1)
    assert "It was given on once already." in kept.reason
    assert row(once, inquiry).owner == PRIYA


@pytest.mark.parametrize(
    ("kind", "properties", "state", "words"),
    [
        ("tasks", {"hs_task_status": "COMPLETED"}, "done", "ticked off"),
        ("deals", {"dealstage": "contacted"}, "stopped", "moved the deal to another stage"),
        ("deals", {"pipeline": "default", "dealstage": "closedlost"}, "stopped", "closed the deal"),
    ],
)
@ON_SQLITE
def test_what_a_person_did_there_stops_the_clock(
    services: Services,
    sandbox: RunningSandbox,
    clock: Clock,
    kind: str,
    properties: dict[str, str],
    state: str,
    words: str,
) -> None:
    came_in(services)
    if properties.get("dealstage") == "contacted":
        stages = [s for p in sandbox.state.pipelines.list() for s in p.stages.values()]
        properties = {"dealstage": next(s.id for s in stages if s.label == "Contacted")}
    edit(sandbox, kind, **properties)
    clock.forward(minutes=6)
    reassign_due(services)
    deliver_all(services)
    kept = row(services, first_touch)
    assert (kept.state, kept.due_at) == (state, None)
    assert words in kept.reason
    assert owners_there(sandbox)[0] == MAYA
    assert row(services, follow_up).state == ("done" if state == "done" else "in_crm")
    assert not rows(services, alert)


@ON_SQLITE
def test_an_owner_whom_a_person_chose_there_is_the_owner_here(
    services: Services, sandbox: RunningSandbox, clock: Clock
) -> None:
    came_in(services)
    chosen = next(id_ for id_, email in owner_ids(sandbox).items() if email == PRIYA)
    edit(sandbox, "deals", hubspot_owner_id=chosen)
    clock.forward(minutes=6)
    reassign_due(services)
    assert row(services, inquiry).owner == PRIYA
    assert row(services, borrower).owner == PRIYA
    assert row(services, first_touch).state == "stopped"
    assert len(rows(services, delivery)) == 1, "the CRM knows it already"


@pytest.mark.parametrize(("label", "stage", "done"), [("Contacted", "contacted", 0), ("Lost", "lost", 1)])
@ON_SQLITE
def test_a_stage_that_a_person_chose_there_is_the_stage_here(
    services: Services, sandbox: RunningSandbox, clock: Clock, label: str, stage: str, done: int
) -> None:
    came_in(services)
    stages = [one for pipeline in sandbox.state.pipelines.list() for one in pipeline.stages.values()]
    edit(sandbox, "deals", dealstage=next(one.id for one in stages if one.label == label))
    clock.forward(minutes=6)
    reassign_due(services)
    deliver_all(services)
    assert (row(services, inquiry).stage, row(services, inquiry).owner) == (stage, MAYA)
    ended = [one for one in records(sandbox, "tasks") if one["hs_task_status"] == "COMPLETED"]
    assert len(ended) == done, "after an outcome nothing is left to do"


@ON_SQLITE
def test_what_we_know_ourselves_needs_no_look(
    services: Services, sandbox: RunningSandbox, clock: Clock
) -> None:
    came_in(services)
    with services.ledger.write() as connection:
        connection.execute(update(inquiry).values(stage="contacted"))
    before = sandbox.journal.last
    clock.forward(minutes=6)
    reassign_due(services)
    assert row(services, first_touch).reason == "The inquiry moved on to: contacted."
    assert sandbox.journal.last == before


@ON_SQLITE
def test_who_stands_in_has_their_time_and_is_no_deed_of_people(
    services: Services, sandbox: RunningSandbox, clock: Clock
) -> None:
    """Maya is away from tomorrow on, which is entered after her evening's inquiry came."""
    playbook = services.playbook
    clock.forward(hours=9)  # half past six in the evening in California
    came_in(with_playbook(services, duty=(), team=tuple(replace(one, duty=()) for one in playbook.team)))
    assert row(services, inquiry).owner == MAYA
    days = (Absence(clock().date(), clock().date() + timedelta(days=6)),)
    maya = replace(playbook.team[0], absences=days, hours=replace(playbook.team[0].hours, absences=days))
    team = tuple(replace(one, duty=()) for one in (maya, *playbook.team[1:]))
    away = with_playbook(services, duty=(), team=team)
    with away.ledger.write() as connection:
        plans.look_now(connection, row(away, inquiry).id, clock())
    follow_up_due(away)
    deliver_all(away)
    (task,) = [one for one in rows(away, follow_up) if one.purpose == "first_touch"]
    assert task.owner == PRIYA
    assert task.due_at - clock() < timedelta(days=1)
    clock.at = task.due_at
    reassign_due(away)
    assert row(away, first_touch).state == "running", "nobody took it from her: she stands in"
    edit_task(sandbox, away, task.id, hs_task_status="COMPLETED")
    clock.forward(minutes=6)
    reassign_due(away)
    assert row(away, first_touch).state == "done"


def edit_task(sandbox: RunningSandbox, services: Services, key: str, **properties: str) -> None:
    """A person edits one task of ours."""
    with services.ledger.read() as connection:
        link = crms.links(connection, "hubspot", [key])["task", key]
    headers = {"Authorization": f"Bearer {TOKEN}"}
    address = f"{sandbox.url}/crm/v3/objects/tasks/{link}"
    assert requests.patch(address, json={"properties": properties}, headers=headers, timeout=5).ok


@ON_SQLITE
def test_a_person_who_stops_the_follow_up_stops_the_clock(
    services: Services, sandbox: RunningSandbox, clock: Clock
) -> None:
    came_in(services)
    assert stop(services, Viewer("admin"), row(services, inquiry).id)
    assert row(services, first_touch).state == "stopped", "the page asks nobody to hurry any more"
    deliver_all(services)
    done = [one for one in records(sandbox, "tasks") if one["hs_task_status"] == "COMPLETED"]
    assert [one["hs_task_subject"].startswith("Not needed any more: ") for one in done] == [True]
    clock.forward(minutes=6)
    reassign_due(services)
    assert (row(services, first_touch).state, row(services, inquiry).owner) == ("stopped", MAYA)
    assert not rows(services, alert)


@ON_SQLITE
def test_the_desk_says_that_it_was_done(services: Services, sandbox: RunningSandbox, clock: Clock) -> None:
    came_in(services)
    inquiry_id = row(services, inquiry).id
    assert mark_done(services, inquiry_id, "admin")
    assert not mark_done(services, inquiry_id, "admin")
    assert row(services, follow_up).state == "done"
    deliver_all(services)
    (task,) = records(sandbox, "tasks")
    assert task["hs_task_status"] == "COMPLETED"
    assert task["hs_task_subject"].startswith("Call "), "it does not say that nobody did it"
    clock.forward(minutes=6)
    assert reassign_due(services) == 0
    assert row(services, inquiry).owner == MAYA


def test_several_workers_give_it_on_once(
    services: Services, ledger_url: str, sandbox: RunningSandbox, clock: Clock
) -> None:
    for number in range(4):
        came_in(services, number)
    other = open_ledger(ledger_url)
    beside = replace(services, ledger=other)
    clock.forward(minutes=6)
    at_once(*[lambda: reassign_due(services), lambda: reassign_due(beside)] * 2)
    deliver_all(services)
    assert [one.times for one in rows(services, first_touch)] == [1] * 4
    assert len(rows(services, delivery)) == 8
    assert counts(sandbox) == (4, 4, 4)
    other.close()


@ON_SQLITE
def test_a_crash_after_the_look_gives_it_on_once_all_the_same(
    services: Services, sandbox: RunningSandbox, clock: Clock
) -> None:
    came_in(services)
    clock.forward(minutes=6)

    class Dies(Exception):
        pass

    class DyingCrm:
        def look(self, watched: Any) -> Any:
            services.crms["hubspot"].look(watched)
            raise Dies

    with pytest.raises(Dies):
        reassign_due(replace(services, crms={"hubspot": DyingCrm()}))  # type: ignore[dict-item]
    assert reassign_due(services) == 0, "it is taken until its time is over"
    clock.forward(minutes=2)
    assert reassign_due(services) == 1
    assert reassign_due(services) == 0
    deliver_all(services)
    deliver_all(services)
    assert row(services, first_touch).times == 1
    assert owners_there(sandbox) == (PRIYA,) * 3


@ON_SQLITE
def test_a_crm_that_does_not_answer_gives_nothing_on(
    services: Services, sandbox: RunningSandbox, clock: Clock
) -> None:
    came_in(services)

    class SilentCrm:
        def look(self, _: Any) -> Any:
            raise Unavailable("HubSpot could not be reached.")

    silent = replace(services, crms={"hubspot": SilentCrm()})  # type: ignore[dict-item]
    for _ in range(5):
        clock.forward(minutes=6)
        reassign_due(silent)
    kept = row(services, first_touch)
    assert (kept.state, kept.times) == ("running", 0)
    assert row(services, inquiry).owner == MAYA
    clock.forward(minutes=2)
    reassign_due(services)
    assert row(services, inquiry).owner == PRIYA


@ON_SQLITE
def test_the_time_begins_when_the_crm_has_it(
    services: Services, sandbox: RunningSandbox, clock: Clock
) -> None:
    post(services, asks(person(1)))
    decide_all(services)
    clock.forward(minutes=30)
    reassign_due(services)
    assert row(services, first_touch).times == 0
    deliver_all(services)
    clock.forward(minutes=4)
    reassign_due(services)
    assert row(services, first_touch).times == 0
    clock.forward(minutes=1)
    reassign_due(services)
    assert row(services, first_touch).times == 1


@ON_SQLITE
def test_what_nobody_could_ask_about_for_a_week_stays(services: Services, clock: Clock) -> None:
    post(services, asks(person(1)))
    decide_all(services)
    clock.forward(days=6)
    reassign_due(services)
    assert row(services, first_touch).state == "running"
    clock.forward(days=2)
    reassign_due(services)
    assert (row(services, first_touch).state, row(services, inquiry).owner) == ("stopped", MAYA)


@ON_SQLITE
def test_at_night_no_time_goes_by(services: Services, clock: Clock) -> None:
    clock.forward(hours=14)  # 02:30 in New York
    came_in(services)
    clock.forward(hours=6)
    assert reassign_due(services) == 0
    kept = row(services, first_touch)
    assert kept.due_at >= clock()


@ON_SQLITE
def test_a_playbook_without_the_rule_starts_no_clock(services: Services, clock: Clock) -> None:
    came_in(with_playbook(services, reassign=None))
    assert not rows(services, first_touch)


@ON_SQLITE
def test_what_the_queue_has_is_nobodys_to_miss(services: Services) -> None:
    came_in(services, property_state="WA")
    assert row(services, inquiry).owner == TEAM[3]
    assert not rows(services, first_touch)


@ON_SQLITE
def test_a_rule_that_was_taken_out_stops_what_runs(services: Services, clock: Clock) -> None:
    came_in(services)
    clock.forward(minutes=6)
    reassign_due(with_playbook(services, reassign=None))
    kept = row(services, first_touch)
    assert (kept.state, kept.reason) == ("stopped", "The playbook gives nothing on any more.")


@ON_SQLITE
def test_the_other_tasks_go_along(services: Services, sandbox: RunningSandbox, clock: Clock) -> None:
    came_in(services)
    with services.ledger.write() as connection:
        plans.look_now(connection, row(services, inquiry).id, clock())
    follow_up_due(services)
    deliver_all(services)
    tasks = len(records(sandbox, "tasks"))
    assert tasks > 1, "the cadence has put its first touches there"
    clock.forward(minutes=6)
    reassign_due(services)
    deliver_all(services)
    assert owners_there(sandbox) == (PRIYA,) * (2 + tasks)


@ON_SQLITE
def test_a_date_that_a_person_chose_for_another_task_stays(
    services: Services, sandbox: RunningSandbox, clock: Clock
) -> None:
    came_in(services)
    with services.ledger.write() as connection:
        plans.look_now(connection, row(services, inquiry).id, clock())
    follow_up_due(services)
    deliver_all(services)
    before = {one["hs_object_id"]: one["hs_timestamp"] for one in records(sandbox, "tasks")}
    last = max(before, key=lambda id_: before[id_])
    chosen = (clock() + timedelta(days=9)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    headers = {"Authorization": f"Bearer {TOKEN}"}
    address = f"{sandbox.url}/crm/v3/objects/tasks/{last}"
    assert requests.patch(
        address, json={"properties": {"hs_timestamp": chosen}}, headers=headers, timeout=5
    ).ok
    clock.forward(minutes=6)
    reassign_due(services)
    deliver_all(services)
    after = {one["hs_object_id"]: one["hs_timestamp"] for one in records(sandbox, "tasks")}
    assert after[last] == chosen
    assert sum(after[id_] != before[id_] for id_ in before) == 2, "the first one's date, and the person's"
    assert owners_there(sandbox) == (PRIYA,) * (2 + len(after))
