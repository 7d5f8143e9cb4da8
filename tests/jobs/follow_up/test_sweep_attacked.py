"""An open inquiry always has a next date, and an owner or an alert, whatever somebody did to the ledger."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from connectors.sandbox.hubspot import RunningSandbox
from jobs.follow_up.cadences import follow_up_due
from jobs.ledger import notices
from jobs.ledger.plan_tables import follow_up_plan
from jobs.ledger.plans import FORGOTTEN
from jobs.ledger.tables import alert, crm_link, follow_up, inquiry
from jobs.playbooks.current import FixedPlaybook
from jobs.services import Services
from mapping.playbook.cadences import OPEN_STAGES
from tests.jobs.brokerage import ON_SQLITE, Clock
from tests.jobs.daily_work import asks, decide_all, deliver_all, post, rows
from tests.people import person

pytestmark = ON_SQLITE


class Vandal:
    """Somebody with a database tool, a bad clock, and a power cord."""

    def __init__(self, services: Services, clock: Clock, seed: int) -> None:
        self.dice = random.Random(seed)
        self.services = services
        self.clock = clock

    def strike(self) -> None:
        """One thing is broken."""
        ways: list[Callable[[str], None]] = [
            self.plan_gone,
            self.never_looked_at,
            self.no_date,
            self.date_long_past,
            self.tasks_called_off,
            self.tasks_deleted,
            self.nobody_owns,
            self.owner_left,
            self.moved,
            self.power_fails,
            self.clock_goes_back,
            self.alerts_read,
        ]
        self.dice.choice(ways)(self.dice.choice(rows(self.services, inquiry)).id)

    def change(self, **values: object) -> Callable[[str], None]:
        def changed(id_: str) -> None:
            with self.services.ledger.write() as connection:
                connection.execute(update(inquiry).where(inquiry.c.id == id_).values(**values))

        return changed

    def plan_gone(self, id_: str) -> None:
        with self.services.ledger.write() as connection:
            connection.execute(follow_up_plan.delete().where(follow_up_plan.c.inquiry_id == id_))

    def never_looked_at(self, id_: str) -> None:
        with self.services.ledger.write() as connection:
            mine = update(follow_up_plan).where(follow_up_plan.c.inquiry_id == id_)
            connection.execute(mine.values(look_at=None))

    def no_date(self, id_: str) -> None:
        self.change(next_follow_up_at=None)(id_)

    def date_long_past(self, id_: str) -> None:
        self.change(next_follow_up_at=self.clock.at - timedelta(days=self.dice.randrange(1, 900)))(id_)

    def tasks_called_off(self, id_: str) -> None:
        with self.services.ledger.write() as connection:
            connection.execute(
                update(follow_up).where(follow_up.c.inquiry_id == id_).values(state="cancelled")
            )

    def tasks_deleted(self, id_: str) -> None:
        with self.services.ledger.write() as connection:
            connection.execute(follow_up.delete().where(follow_up.c.inquiry_id == id_))

    def nobody_owns(self, id_: str) -> None:
        self.change(owner="", owner_name="", next_follow_up_at=None)(id_)
        with self.services.ledger.write() as connection:
            connection.execute(crm_link.delete().where(crm_link.c.key == id_))  # no CRM knows an owner

    def owner_left(self, id_: str) -> None:
        gone = {"owner": "left@example.com", "owner_name": "Somebody"}
        self.change(**gone, next_follow_up_at=None)(id_)

    def moved(self, id_: str) -> None:
        self.change(stage=self.dice.choice(sorted(OPEN_STAGES)))(id_)

    def power_fails(self, id_: str) -> None:
        left = self.dice.randrange(1, 8)

        def ids() -> str:
            nonlocal left
            left -= 1
            if left == 0:
                raise RuntimeError("the power failed")
            return self.services.new_id()

        self.no_date(id_)
        follow_up_due(replace(self.services, new_id=ids))

    def clock_goes_back(self, _: str) -> None:
        self.clock.forward(hours=-self.dice.choice((1, 30, 500)))

    def alerts_read(self, _: str) -> None:
        with self.services.ledger.write() as connection:
            for one in rows(self.services, alert):
                notices.acknowledge(
                    connection, kind=one.kind, object_id=one.object_id, by="x", at=self.clock.at
                )


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_broken_is_whole_after_a_look(
    services: Services, sandbox: RunningSandbox, clock: Clock, seed: int
) -> None:
    playbook = replace(services.playbook, fallback="")
    services = replace(services, playbooks=FixedPlaybook(playbook))
    for number in range(3):
        post(services, {**asks(person(number), str(number)), "consent_sms": "yes"})
    decide_all(services)
    deliver_all(services)
    vandal = Vandal(services, clock, seed)
    for _ in range(25):
        vandal.strike()
        clock.forward(minutes=vandal.dice.choice((1, 20, 60, 2000)))
        while follow_up_due(services):
            pass
        deliver_all(services)
        holds(services, clock)


def holds(services: Services, clock: Clock) -> None:
    """The invariant."""
    alerts = [one for one in rows(services, alert) if one.kind in ("owner", "follow_up")]
    told = {one.object_id for one in alerts} | {one.message.split()[0] for one in alerts}
    for one in rows(services, inquiry):
        assert one.stage in OPEN_STAGES
        assert one.next_follow_up_at is not None, "open, and nobody knows what comes next"
        # One that has only just passed is somebody's who is about to look.
        assert one.next_follow_up_at > clock.at - FORGOTTEN
        assert services.playbook.member(one.owner) is not None or {one.id, one.owner} & told
    keys = [(one.inquiry_id, one.touch) for one in rows(services, follow_up) if one.touch]
    assert len(keys) == len(set(keys)), "planned twice"
