"""A cadence that is left to HighLevel: started there once, and no task of ours beside it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta

import pytest
import requests

from connectors.crm.highlevel import HighLevelCrm
from connectors.sandbox import highlevel
from connectors.sandbox.highlevel.pipelines import PipelineSeed
from jobs.crm.needs import wanted_of
from jobs.delivering.deliver import deliver_due
from jobs.desk import follow_up_word
from jobs.desk.viewer import Viewer
from jobs.follow_up.cadences import follow_up_due
from jobs.ledger.tables import delivery, follow_up, inquiry
from jobs.playbooks.current import FixedPlaybook
from jobs.services import Services
from mapping.playbook import load_playbook, shipped
from tests.jobs.brokerage import JSON, ON_SQLITE, TEAM, Clock, with_way_in
from tests.jobs.daily_work import as_json, asks, decide_all, post, rows, send
from tests.people import person

pytestmark = ON_SQLITE
_US = load_playbook(shipped("mortgage_us"), name="mortgage_us")
PLAYBOOK = replace(
    _US,
    cadences=tuple(
        replace(one, tag="fp-phase-hot", workflow="Hot pursuit") if one.name == "hot_pursuit" else one
        for one in _US.cadences
    ),
)


@pytest.fixture
def location() -> Iterator[highlevel.RunningSandbox]:
    mapping = PLAYBOOK.crm["highlevel"]
    users = tuple(highlevel.UserSeed(email, email.partition("@")[0].title(), "Example") for email in TEAM)
    pipelines = (PipelineSeed(mapping.pipeline, tuple(dict.fromkeys(mapping.stages.values()))),)
    options = highlevel.SandboxOptions.instant(users=users, pipelines=pipelines)
    with ExitStack() as stack:
        yield stack.enter_context(highlevel.start(options=options))


@pytest.fixture
def services(services: Services, location: highlevel.RunningSandbox) -> Services:
    crm = HighLevelCrm(lambda: location.token, location.location_id, location.url)
    crm.provision(wanted_of(PLAYBOOK, "highlevel", crm))
    hubspot = services.settings.crms["hubspot"]
    settings = replace(services.settings, crms={"hubspot": replace(hubspot, kind="highlevel")})
    return replace(services, settings=settings, playbooks=FixedPlaybook(PLAYBOOK), crms={"hubspot": crm})


@pytest.fixture
def hunted(services: Services, location: highlevel.RunningSandbox, clock: Clock) -> Services:
    """Somebody is followed up by the brokerage's own workflow."""
    services = with_way_in(services, "application_events")
    with location.state.lock:
        location.state.workflows.add(highlevel.WorkflowSeed("Hot pursuit"), location.state.clock())
    portal(services, "e-1")
    look(services)
    clock.forward(hours=1)
    look(services)
    assert standing(location) == (["fp-phase-hot"], 1)
    return services


def portal(services: Services, event: str, status: str = "something odd") -> None:
    """A portal tells of an application."""
    said = {"application_id": "A-1", "event_id": event, "status": status, "property_state": "CA"}
    person_ = {"first_name": "Ana", "email": "ana@example.com", "phone": "415-200-0188"}
    send(services, "application_events", as_json({**said, **person_}), JSON)
    decide_all(services)


def standing(location: highlevel.RunningSandbox) -> tuple[list[str], int]:
    """The phase tags of the only contact, and in how many workflows it is."""
    with location.state.lock:
        (contact,) = location.state.records("contacts").values()
        tags = [tag for tag in contact["tags"] if tag.startswith("fp-phase-")]
        return tags, len(location.state.workflows.of(contact["id"]))


def look(services: Services) -> None:
    follow_up_due(services)
    while deliver_due(services, "hubspot"):
        pass


def test_the_phase_tag_is_set_once_and_its_touches_make_no_tasks(
    services: Services, location: highlevel.RunningSandbox, clock: Clock
) -> None:
    post(services, {**asks(person(1)), "consent_sms": "yes", "consent_phone": "yes"})
    decide_all(services)
    look(services)
    assert len(location.state.records("tasks")) == 1
    for _ in range(6):
        clock.forward(hours=24)
        look(services)
    (contact,) = location.state.records("contacts").values()
    assert "fp-phase-hot" in str(contact)
    planned = [one for one in rows(services, follow_up) if (one.touch or "").startswith("hot_pursuit/")]
    assert len(planned) > 3
    assert {one.state for one in planned} == {"in_crm"}
    assert len(location.state.records("tasks")) == 1 + len(
        [one for one in rows(services, follow_up) if (one.touch or "").startswith("warm_nurture/")]
    )
    assert standing(location)[0] == ["fp-phase-hot"]
    tagged = [
        one for one in location.journal.since() if one["path"].endswith("/tags") and one["method"] == "POST"
    ]
    assert len(tagged) == 1
    for _ in range(8):
        clock.forward(hours=24)
        look(services)
    assert standing(location) == ([], 0), "its days are over, and warm nurture is ours"


@pytest.mark.parametrize("status", ["submitted", "documents needed", "declined", "funded"])
def test_a_word_of_the_borrower_or_an_outcome_ends_it_there_at_once(
    hunted: Services, location: highlevel.RunningSandbox, status: str
) -> None:
    portal(hunted, "e-2", status)
    while deliver_due(hunted, "hubspot"):
        pass
    assert standing(location) == ([], 0)


def test_what_does_not_concern_it_leaves_it_running(
    hunted: Services, location: highlevel.RunningSandbox, clock: Clock
) -> None:
    for _ in range(3):
        clock.forward(hours=30)
        look(hunted)
        assert standing(location) == (["fp-phase-hot"], 1)
    enrolled = [one for one in location.state.workflows.log if one["action"] == "add"]
    assert len(enrolled) == 1


@pytest.mark.parametrize("paused", [False, True])
def test_a_persons_word_ends_it_there_and_it_begins_anew_when_they_go_on(
    hunted: Services, location: highlevel.RunningSandbox, clock: Clock, paused: bool
) -> None:
    (asked,) = rows(hunted, inquiry)
    anyone = Viewer("an-admin")
    if paused:
        assert follow_up_word.pause(hunted, anyone, asked.id, clock.at.date() + timedelta(days=2))
    else:
        assert follow_up_word.stop(hunted, anyone, asked.id)
    while deliver_due(hunted, "hubspot"):
        pass
    assert standing(location) == ([], 0)
    clock.forward(hours=50)
    look(hunted)
    assert paused or standing(location) == ([], 0)
    assert follow_up_word.go_on(hunted, anyone, asked.id)
    look(hunted)
    assert standing(location) == (["fp-phase-hot"], 1)


def test_ending_it_twice_harms_nothing(hunted: Services, location: highlevel.RunningSandbox) -> None:
    portal(hunted, "e-2", "submitted")
    while deliver_due(hunted, "hubspot"):
        pass
    portal(hunted, "e-3", "declined")
    while deliver_due(hunted, "hubspot"):
        pass
    assert standing(location) == ([], 0)
    assert {one.state for one in rows(hunted, delivery)} == {"delivered"}


@pytest.mark.parametrize(("status", "stage"), [("won", "funded"), ("lost", "lost"), ("abandoned", "lost")])
def test_what_a_deal_came_to_there_is_its_outcome_wherever_it_stands(
    hunted: Services, location: highlevel.RunningSandbox, clock: Clock, status: str, stage: str
) -> None:
    with location.state.lock:
        (deal,) = location.state.records("opportunities")
    headers = {"Authorization": f"Bearer {location.token}", "Version": "2021-07-28"}
    url = f"{location.url}/opportunities/{deal}"
    assert requests.put(url, json={"status": status}, headers=headers, timeout=5).ok
    clock.forward(hours=48)
    look(hunted)
    (asked,) = rows(hunted, inquiry)
    assert asked.stage == stage
    assert standing(location) == ([], 0)
