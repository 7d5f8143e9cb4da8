"""A cadence that is left to HighLevel: started there once, and no task of ours beside it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace

import pytest

from connectors.crm.highlevel import HighLevelCrm
from connectors.sandbox import highlevel
from connectors.sandbox.highlevel.pipelines import PipelineSeed
from jobs.cadences import follow_up_due
from jobs.deliver import deliver_due
from jobs.ledger.tables import follow_up
from jobs.needs import wanted_of
from jobs.playbooks import FixedPlaybook
from jobs.services import Services
from mapping.playbook import load_playbook, shipped
from tests.jobs.brokerage import ON_SQLITE, TEAM, Clock
from tests.jobs.daily_work import asks, decide_all, post, rows
from tests.people import person

pytestmark = ON_SQLITE
_US = load_playbook(shipped("mortgage_us"), name="mortgage_us")
PLAYBOOK = replace(
    _US,
    cadences=tuple(
        replace(one, tag="fp-phase-hot") if one.name == "hot_pursuit" else one for one in _US.cadences
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
    tagged = [
        one for one in location.journal.since() if one["path"].endswith("/tags") and one["method"] == "POST"
    ]
    assert len(tagged) == 1
