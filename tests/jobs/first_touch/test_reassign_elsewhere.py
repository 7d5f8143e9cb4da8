"""Speed to lead in Salesforce and HighLevel: the same as in HubSpot, over loopback, by a hand-held clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any

import pytest

from connectors.crm.base import Crm, Seen, Watched
from connectors.crm.highlevel import HighLevelCrm
from connectors.crm.salesforce import SalesforceCrm
from connectors.crm.salesforce.login import ClientCredentials
from connectors.sandbox import highlevel, salesforce
from connectors.sandbox.highlevel.pipelines import PipelineSeed
from connectors.sandbox.salesforce.people import UserSeed as SalesforceUser
from connectors.sandbox.salesforce.stages import StageSeed
from jobs.crm.needs import wanted_of
from jobs.delivering.deliver import deliver_due
from jobs.first_touch.reassign import reassign_due
from jobs.ledger import crms
from jobs.ledger.first_touch_tables import first_touch
from jobs.ledger.tables import borrower, delivery, follow_up, inquiry
from jobs.services import Services
from mapping.playbook import load_playbook, shipped
from tests.jobs.brokerage import ON_SQLITE, TEAM, Clock
from tests.jobs.daily_work import asks, decide_all, post, row, rows
from tests.people import person

pytestmark = ON_SQLITE
MAYA, PRIYA = TEAM[0], TEAM[2]
PLAYBOOK = load_playbook(shipped("mortgage_us"), name="mortgage_us")


@dataclass(frozen=True)
class Elsewhere:
    """A CRM account that is provisioned; tick is a person who ticks a task off, tasks how many there are."""

    crm: Crm
    kind: str
    tick: Callable[[Watched], object]
    tasks: Callable[[], int]


def in_salesforce(stack: ExitStack) -> Elsewhere:
    labels = dict.fromkeys(PLAYBOOK.crm["salesforce"].stages.values())
    users = tuple(SalesforceUser(email, email.partition("@")[0].title(), "Example") for email in TEAM)
    stages = tuple(StageSeed(label, 10) for label in labels)
    options = salesforce.SandboxOptions.instant(users=users, stages=stages, opt_out_fields=True)
    sandbox = stack.enter_context(salesforce.start(options=options))
    login = ClientCredentials(sandbox.url, sandbox.client_id, lambda: sandbox.client_secret)
    state = sandbox.state
    return Elsewhere(
        SalesforceCrm(login),
        "salesforce",
        lambda it: sandbox.person().edit(it.task, Status="Completed"),
        lambda: len(state.records("Task")),
    )


def in_highlevel(stack: ExitStack) -> Elsewhere:
    mapping = PLAYBOOK.crm["highlevel"]
    users = tuple(highlevel.UserSeed(email, email.partition("@")[0].title(), "Example") for email in TEAM)
    pipelines = (PipelineSeed(mapping.pipeline, tuple(dict.fromkeys(mapping.stages.values()))),)
    options = highlevel.SandboxOptions.instant(users=users, pipelines=pipelines)
    sandbox = stack.enter_context(highlevel.start(options=options))
    crm = HighLevelCrm(lambda: sandbox.token, sandbox.location_id, sandbox.url)

    def tick(it: Watched) -> None:
        with sandbox.state.lock:
            sandbox.state.tasks.get(it.contact, it.task).completed = True

    return Elsewhere(crm, "highlevel", tick, lambda: len(sandbox.state.records("tasks")))


@pytest.fixture(scope="module", params=[in_salesforce, in_highlevel])
def elsewhere(request: pytest.FixtureRequest) -> Iterator[Elsewhere]:
    with ExitStack() as stack:
        made: Elsewhere = request.param(stack)
        made.crm.provision(wanted_of(PLAYBOOK, made.kind, made.crm))
        yield made
        made.crm.close()


@pytest.fixture
def brokerage(services: Services, elsewhere: Elsewhere) -> Services:
    """The brokerage with this CRM in the place of HubSpot."""
    settings = services.settings
    account = replace(settings.crms["hubspot"], kind=elsewhere.kind)
    return replace(
        services, settings=replace(settings, crms={"hubspot": account}), crms={"hubspot": elsewhere.crm}
    )


def came_in(services: Services, number: int) -> Watched:
    """Somebody asks; the CRM has it."""
    post(services, asks(person(number)))
    decide_all(services)
    deliver_all(services)
    return watched(services)


def deliver_all(services: Services) -> None:
    while deliver_due(services, "hubspot"):
        pass


def watched(services: Services) -> Watched:
    keys = (row(services, inquiry).id, row(services, follow_up).id, row(services, borrower).id)
    with services.ledger.read() as connection:
        links = crms.links(connection, "hubspot", keys)
    return Watched(links["deal", keys[0]], links["task", keys[1]], links["contact", keys[2]])


def stands(elsewhere: Elsewhere, it: Watched) -> Seen:
    (seen,) = elsewhere.crm.look([it])
    return seen


def test_the_next_one_has_deal_and_task_and_there_is_one_task(
    brokerage: Services, elsewhere: Elsewhere, clock: Clock
) -> None:
    it = came_in(brokerage, 41)
    before = elsewhere.tasks()
    assert (stands(elsewhere, it).owner, stands(elsewhere, it).task_owner) == (MAYA, MAYA)
    clock.forward(minutes=6)
    assert reassign_due(brokerage) == 1
    assert reassign_due(brokerage) == 0
    deliver_all(brokerage)
    seen = stands(elsewhere, it)
    assert (seen.owner, seen.task_owner, seen.task) == (PRIYA, PRIYA, "open")
    assert elsewhere.tasks() == before
    assert row(brokerage, inquiry).owner == PRIYA
    assert len(rows(brokerage, delivery)) == 2


def test_a_crash_before_the_receipt_hands_it_over_once(
    brokerage: Services, elsewhere: Elsewhere, clock: Clock
) -> None:
    it = came_in(brokerage, 42)
    before = elsewhere.tasks()
    clock.forward(minutes=6)
    reassign_due(brokerage)

    class Dies(Exception):
        pass

    class DyingCrm:
        batch, calls = 1, 0

        def deliver(self, work: Any) -> Any:
            elsewhere.crm.deliver(work)
            raise Dies

    with pytest.raises(Dies):
        deliver_due(replace(brokerage, crms={"hubspot": DyingCrm()}), "hubspot")  # type: ignore[dict-item]
    clock.forward(minutes=2)
    deliver_all(brokerage)
    seen = stands(elsewhere, it)
    assert (seen.owner, seen.task_owner) == (PRIYA, PRIYA)
    assert elsewhere.tasks() == before
    assert {one.state for one in rows(brokerage, delivery)} == {"delivered"}


def test_a_task_that_was_ticked_off_there_stops_the_clock(
    brokerage: Services, elsewhere: Elsewhere, clock: Clock
) -> None:
    it = came_in(brokerage, 43)
    elsewhere.tick(it)
    clock.forward(minutes=6)
    reassign_due(brokerage)
    deliver_all(brokerage)
    assert row(brokerage, first_touch).state == "done"
    assert row(brokerage, follow_up).state == "done"
    assert stands(elsewhere, it).owner == MAYA


def test_in_two_crms_both_are_asked_and_both_are_told(
    services: Services, elsewhere: Elsewhere, clock: Clock
) -> None:
    settings = services.settings
    accounts = {
        **settings.crms,
        "second": replace(settings.crms["hubspot"], name="second", kind=elsewhere.kind),
    }
    paths = {"website": replace(settings.paths["website"], crm=("hubspot", "second"))}
    crms_there = {"hubspot": services.crms["hubspot"], "second": elsewhere.crm}
    both = replace(
        services,
        settings=replace(settings, crms=accounts, paths={**settings.paths, **paths}),
        crms=crms_there,
    )
    came_in(both, 44)
    clock.forward(minutes=6)
    reassign_due(both)
    assert row(both, inquiry).owner == MAYA, "the second one has not been told yet"
    deliver_everywhere(both)
    clock.forward(minutes=6)
    reassign_due(both)
    deliver_everywhere(both)
    assert row(both, inquiry).owner == PRIYA
    keys = (row(both, inquiry).id, row(both, follow_up).id, row(both, borrower).id)
    for name, crm in crms_there.items():
        with both.ledger.read() as connection:
            links = crms.links(connection, name, keys)
        it = Watched(links["deal", keys[0]], links["task", keys[1]], links["contact", keys[2]])
        (seen,) = crm.look([it])
        assert (seen.owner, seen.task_owner) == (PRIYA, PRIYA)


def deliver_everywhere(services: Services) -> None:
    for name in services.crms:
        while deliver_due(services, name):
            pass
