"""Whatever happens to a borrower, in whatever order: no task outside the hours, none twice, none missing."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from connectors.sandbox.hubspot import RunningSandbox
from jobs.desk import follow_up_word
from jobs.desk.viewer import Viewer
from jobs.follow_up.cadences import follow_up_due
from jobs.follow_up.situations import plan_of, situation_of
from jobs.known import KnownInquiry, load
from jobs.ledger import follow_ups
from jobs.ledger.tables import alert, follow_up, inquiry
from jobs.services import Services
from mapping.follow_up.cadence import applies
from mapping.follow_up.first_task import CALLED
from mapping.hours.calling import calling_hours
from mapping.hours.windows import is_open
from tests.jobs.brokerage import FORM, JSON, ON_SQLITE, Clock, with_way_in
from tests.jobs.daily_work import as_json, decide_all, deliver_all, records, rows, send

pytestmark = ON_SQLITE
_STATUSES = (
    "started",
    "submitted",
    "documents needed",
    "in underwriting",
    "something odd",
    "declined",
    "funded",
)
_ENDED = ("funded", "lost", "opted_out", "spam")


class Life:
    """One borrower, and everything that may happen."""

    def __init__(self, services: Services, clock: Clock, seed: int) -> None:
        self.dice = random.Random(seed)
        self.services = with_way_in(with_way_in(services, "application_events"), "twilio")
        self.clock = clock
        self.count = 0
        self.stopped = False

    def step(self) -> None:
        """One thing happens, time passes, and the workers look."""
        happens: list[Callable[[], None]] = [self.portal, self.portal, self.asks, self.says, self.texts_stop]
        self.dice.choice([*happens, self.breaks, self.breaks, *[self.nothing] * 6])()
        self.clock.forward(hours=self.dice.choice((1, 5, 20, 60, 200, 700)))
        while follow_up_due(self.services):
            pass
        deliver_all(self.services)

    def nothing(self) -> None:
        """Most of the time."""

    def asks(self) -> None:
        self.portal(application_id=f"A-{self.dice.randrange(3)}")

    def portal(self, **more: Any) -> None:
        self.count += 1
        event = {
            "application_id": "A-0",
            "event_id": f"e-{self.count}",
            "status": self.dice.choice(_STATUSES[: 5 + (self.count > 8) * 2]),
            "first_name": "Ana",
            "email": "ana@example.com",
            "phone": "415-200-0101",
            "property_state": "CA",
            **more,
        }
        send(self.services, "application_events", as_json(event), JSON)
        decide_all(self.services)

    def texts_stop(self) -> None:
        self.count += 1
        self.stopped = True
        fields = {
            "MessageSid": f"SM{self.count}",
            "From": "+14152000101",
            "To": "+14155550100",
            "Body": "STOP",
        }
        send(self.services, "twilio", urlencode(fields).encode(), FORM)
        decide_all(self.services)

    def says(self) -> None:
        about = self.dice.choice(rows(self.services, inquiry)).id
        anyone = Viewer("an-admin")
        word = self.dice.randrange(3)
        if word == 0:
            follow_up_word.stop(self.services, anyone, about)
        elif word == 1:
            follow_up_word.go_on(self.services, anyone, about)
        else:
            until = self.clock.at.date() + timedelta(days=self.dice.randrange(2, 60))
            follow_up_word.pause(self.services, anyone, about, until)

    def breaks(self) -> None:
        """The job is stopped somewhere in the middle of what it does."""
        left = self.dice.randrange(1, 6)

        def ids() -> str:
            nonlocal left
            left -= 1
            if left == 0:
                raise RuntimeError("the power failed")
            return self.services.new_id()

        follow_up_due(replace(self.services, new_id=ids))
        with self.services.ledger.write() as connection:
            connection.execute(alert.delete().where(alert.c.kind == "follow_up"))
        self.clock.forward(hours=1.1)


@pytest.mark.parametrize("seed", range(6))
def test_none_outside_the_hours_none_twice_none_missing(
    services: Services, sandbox: RunningSandbox, clock: Clock, seed: int
) -> None:
    life = Life(services, clock, seed)
    life.portal(status="something odd")
    for _ in range(20):
        life.step()
        holds(life, sandbox)


def holds(life: Life, sandbox: RunningSandbox) -> None:
    """What must be so after every look."""
    services, now = life.services, life.clock.at
    tasks = rows(services, follow_up)
    keys = [(one.inquiry_id, one.touch) for one in tasks if one.touch]
    assert len(keys) == len(set(keys)), "planned twice"
    assert not [one for one in rows(services, alert) if one.kind == "follow_up"], "could not be planned"
    for row in rows(services, inquiry):
        with services.ledger.read() as connection:
            known = load(connection, services, row.id)
        mine = [one for one in tasks if one.inquiry_id == row.id and one.state in ("planned", "in_crm")]
        if row.stage not in _ENDED:
            assert row.next_follow_up_at is not None, "open, and nobody knows what comes next"
            assert row.next_follow_up_at > now
        if life.stopped:
            assert "text" not in {one.channel for one in mine}
        for one in mine:
            hours_hold(services, known, one)
        still_fits(services, known, mine)
    in_crm = [one for one in records(sandbox, "tasks") if one["hs_task_status"] != "COMPLETED"]
    assert len(in_crm) == len([one for one in tasks if one.state == "in_crm"]), (
        "the CRM shows what is to be done"
    )
    pursued = {one.inquiry_id for one in tasks if _is_pursuit(one) and one.due_at > now}
    assert len(pursued) <= 1, "one borrower is pursued once"


def still_fits(services: Services, known: KnownInquiry, mine: Sequence[Any]) -> None:
    """What is to be done is what would be planned as things stand."""
    with services.ledger.read() as connection:
        plan, before = plan_of(connection, known, services.now()), follow_ups.earlier(connection, known.id)
    situation = situation_of(services, known, plan, before)
    for one in mine:
        if one.touch:
            assert applies(one.touch, one.channel, situation, services.playbook), one.touch


def hours_hold(services: Services, known: KnownInquiry, one: Any) -> None:
    """A call or text of a cadence is due in the owner's and the legal hours."""
    member = services.playbook.member(known.owner.owner)
    if not one.touch or one.channel not in CALLED or member is None:
        return
    legal = calling_hours(known.details, country="US")
    assert all(is_open(hours, one.due_at) for hours in legal)


def _is_pursuit(one: Any) -> bool:
    names = ("hot_pursuit", "warm_nurture", "in_touch", "stale_warm", "long_game", "slow_start")
    return one.state in ("planned", "in_crm") and (one.touch or "").split("/")[0] in names
