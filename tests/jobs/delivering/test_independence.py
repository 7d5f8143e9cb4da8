"""A CRM that is dead, hangs or locks us out keeps no other CRM and no intake waiting."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace

import pytest

from connectors.sandbox.hubspot import RunningSandbox
from jobs.ledger.claims import LANES
from jobs.ledger.tables import alert, crm_state, delivery, inquiry
from jobs.processes.bell import ThreadBell
from jobs.processes.worker import Workers, lanes_of
from jobs.services import Services, utc_now
from jobs.settings.model import Settings
from tests.jobs.brokerage import connector, provision, start_sandbox
from tests.jobs.daily_work import asks, counts, post, rows, until
from tests.people import person
from tests.services.ports import free_port

#: In its working life one account has this many threads; thrice that, the sweeper and the decider.
_THREADS = 2 * 3 + 2


@dataclass
class Three:
    """A brokerage with three CRMs: well, dead (nobody listens) and ill (whatever a test orders)."""

    services: Services
    well: RunningSandbox
    ill: RunningSandbox

    def states(self, crm: str) -> list[str]:
        """The states of what is owed to one of them."""
        return [one.state for one in rows(self.services, delivery) if one.crm == crm]

    def state(self, crm: str) -> str:
        """How it is."""
        found = [one.state for one in rows(self.services, crm_state) if one.crm == crm]
        return found[0] if found else "ok"

    @contextmanager
    def working(self) -> Iterator[None]:
        """Threads deliver during the block."""
        bell = ThreadBell()
        self.services = replace(self.services, bell=bell)
        workers = Workers(self.services, bell)
        workers.start()
        try:
            yield
        finally:
            self.ill.stop()  # whoever waits for its answer waits no longer
            workers.stop(10)


def at(settings: Settings, url: str) -> Settings:
    """The settings of the brokerage as if its one CRM were at this address."""
    return replace(settings, crms={"hubspot": replace(settings.crms["hubspot"], base_url=url)})


@pytest.fixture
def three(services: Services) -> Iterator[Three]:
    usual = services.settings
    with ExitStack() as stack:
        well, ill = (stack.enter_context(start_sandbox()) for _ in range(2))
        for one in (well, ill):
            provision(at(usual, one.url))
        urls = {"well": well.url, "dead": f"http://127.0.0.1:{free_port()}", "ill": ill.url}
        connectors = {name: connector(url, patience=30.0) for name, url in urls.items()}
        for made in connectors.values():
            stack.callback(made.close)
        settings = replace(
            usual,
            work=replace(usual.work, sweep_seconds=1),
            crms={name: replace(usual.crms["hubspot"], name=name) for name in urls},
            paths={"website": replace(usual.paths["website"], crm=tuple(urls))},
        )
        yield Three(replace(services, settings=settings, crms=connectors, now=utc_now), well, ill)


def test_others_are_delivered_while_one_is_dead_and_one_hangs(three: Three) -> None:
    three.ill.set_faults([{"kind": "timeout_before", "seconds": 30}])
    with three.working():
        for number in range(8):
            post(three.services, asks(person(number)))
            until(lambda: three.states("well") == ["delivered"] * (number + 1))  # noqa: B023
        assert counts(three.well) == (8, 8, 8)
        assert len(rows(three.services, inquiry)) == 8, "what arrives is decided meanwhile"
        until(lambda: "leased" in three.states("ill"))
        assert set(three.states("ill")) <= {"due", "leased"}
        until(lambda: three.state("dead") == "down")
        working = [
            one.name for one in threading.enumerate() if one.name.startswith(("deliver-", "process", "sweep"))
        ]
        assert len(working) == _THREADS
    assert [one.object_id for one in rows(three.services, alert) if one.kind == "crm"] == ["dead"]


def test_others_are_delivered_while_one_locks_us_out(three: Three) -> None:
    three.ill.configure(token_accepted=False)
    with three.working():
        for number in range(4):
            post(three.services, asks(person(number)))
        until(lambda: three.states("well") == ["delivered"] * 4)
        until(lambda: three.state("ill") == "paused")
        assert set(three.states("ill")) == {"due"}
        assert three.state("well") == "ok"
        asked = len(three.ill.journal.since())
        post(three.services, asks(person(9)))
        until(lambda: three.states("well") == ["delivered"] * 5)
        assert len(three.ill.journal.since()) == asked, "nobody asks before it is time"


def test_one_thread_of_several_is_kept_for_live_inquiries() -> None:
    assert [lanes_of(number, 3) for number in range(3)] == [
        ("live",),
        LANES,
        LANES,
    ]
    assert lanes_of(0, 1) == LANES
