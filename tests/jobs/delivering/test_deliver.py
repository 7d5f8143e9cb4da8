"""Deliveries to a CRM that works, is known already, refuses, is silenced or locks us out."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from threading import Thread

import requests
from sqlalchemy import update

from connectors.sandbox.hubspot import RunningSandbox
from jobs.delivering.deliver import deliver_due, seconds_until_due
from jobs.delivering.retry import GIVE_UP
from jobs.desk.actions import acknowledge_alert, retry_delivery
from jobs.ledger import crms, delivered
from jobs.ledger.tables import (
    alert,
    audit_event,
    crm_link,
    crm_state,
    delivery,
    delivery_attempt,
    follow_up,
    inquiry,
)
from jobs.services import Services
from jobs.settings.model import Settings
from jobs.status import read_status
from tests.jobs.brokerage import START, Clock, HeardBell, connector, provision, start_sandbox
from tests.jobs.daily_work import (
    asks,
    counts,
    decide_all,
    deliver_all,
    post,
    records,
    row,
    rows,
    states,
    until,
    work,
)
from tests.people import person
from tests.services.ports import free_port


@contextmanager
def tidied_up(sandbox: RunningSandbox, option: str) -> Iterator[None]:
    """Somebody removed an option of the inquiry type in the CRM, until the block ends."""
    properties = sandbox.state.shelf("deals").properties
    before = [dict(one) for one in properties.get("mortgage_inquiry_type").json()["options"]]
    kept = [one for one in before if one["value"] != option]
    with sandbox.state.lock:
        properties.update("mortgage_inquiry_type", {"options": kept}, 0.0)
    try:
        yield
    finally:
        with sandbox.state.lock:
            properties.update("mortgage_inquiry_type", {"options": before}, 0.0)


def typed_in(sandbox: RunningSandbox, properties: dict[str, str]) -> str:
    """Somebody made this contact in the CRM; its id."""
    made = requests.post(
        f"{sandbox.url}/crm/v3/objects/contacts",
        json={"properties": properties, "associations": []},
        headers={"Authorization": f"Bearer {sandbox.token}"},
        timeout=10,
    )
    return str(made.json()["id"])


def calls(sandbox: RunningSandbox) -> int:
    return len(sandbox.journal.since())


def test_an_inquiry_becomes_one_contact_one_deal_and_one_owned_task(
    services: Services, sandbox: RunningSandbox
) -> None:
    post(services, asks(person(1)))
    work(services)
    (contact,), (deal,), (task,) = (records(sandbox, kind) for kind in ("contacts", "deals", "tasks"))
    assert contact["email"] == person(1).email
    assert contact["hubspot_owner_id"] == deal["hubspot_owner_id"] == task["hubspot_owner_id"]
    assert states(services, delivery) == ["delivered"]
    assert states(services, follow_up) == ["in_crm"]
    assert {one.kind for one in rows(services, crm_link)} == {"contact", "deal", "task"}
    assert row(services, delivery_attempt).outcome == "delivered"
    post(services, asks(person(2)))
    work(services)
    assert rows(services, delivery_attempt)[-1].calls <= 4, "the account itself was asked about once"


def test_a_contact_that_somebody_typed_in_is_adopted_and_keeps_what_they_typed(
    services: Services, sandbox: RunningSandbox
) -> None:
    who = person(2)
    typed = {"email": who.email, "firstname": who.first, "lastname": who.last, "phone": "+14155550100"}
    made = typed_in(sandbox, typed)
    post(services, asks(who))
    work(services)
    assert counts(sandbox) == (1, 1, 1)
    (contact,) = records(sandbox, "contacts")
    assert contact["phone"] == typed["phone"]
    links = {one.kind: one.remote_id for one in rows(services, crm_link)}
    assert links["contact"] == made


def test_a_rate_limit_silences_the_crm_until_it_is_over_and_costs_no_attempt(
    services: Services, sandbox: RunningSandbox, clock: Clock
) -> None:
    sandbox.set_faults([{"kind": "rate_limit", "path": "deals", "nth": 1, "retry_after": 40}])
    for number in (3, 4):
        post(services, asks(person(number)))
    work(services)
    limited = row(services, crm_state)
    assert limited.state == "limited"
    assert START + timedelta(seconds=40) <= limited.until <= START + timedelta(seconds=44)
    assert [(one.state, one.attempts) for one in rows(services, delivery)] == [("due", 0)] * 2
    before = calls(sandbox)
    clock.forward(seconds=39)
    assert deliver_due(services, "hubspot") == 0
    assert calls(sandbox) == before
    clock.forward(seconds=6)
    deliver_all(services)
    assert states(services, delivery) == ["delivered"] * 2
    assert row(services, crm_state).state == "ok"
    assert counts(sandbox) == (2, 2, 2)


def test_refused_credentials_pause_the_crm_and_a_repaired_token_drains_by_itself(
    services: Services, sandbox: RunningSandbox, clock: Clock
) -> None:
    sandbox.configure(token_accepted=False)
    for number in range(3):
        post(services, asks(person(number)))
    work(services)
    paused = row(services, crm_state)
    assert (paused.state, paused.until) == ("paused", START + timedelta(seconds=30))
    assert paused.remedy
    assert [one.kind for one in rows(services, alert)] == ["crm"]
    assert read_status(services)["crms"]["hubspot"]["state"] == "paused"
    before = calls(sandbox)
    assert deliver_due(services, "hubspot") == 0
    clock.forward(seconds=31)
    assert deliver_due(services, "hubspot") == 1, "one delivery asks again, not all of them"
    assert calls(sandbox) == before + 1
    assert [one.kind for one in rows(services, alert)] == ["crm"], "told once"
    sandbox.configure(token_accepted=True)
    clock.forward(seconds=31)
    deliver_all(services)
    assert states(services, delivery) == ["delivered"] * 3
    assert row(services, crm_state).state == "ok"
    assert counts(sandbox) == (3, 3, 3)


def test_a_refused_record_waits_for_a_person_beside_delivered_neighbours_and_is_retried_once(
    services: Services, sandbox: RunningSandbox
) -> None:
    with tidied_up(sandbox, "commercial"):
        for number in range(5):
            needs = {"loan_type": "Commercial"} if number == 2 else {}
            post(services, asks(person(number), **needs))
        work(services)
    assert sorted(states(services, delivery)) == ["dead"] + ["delivered"] * 4
    (refused,) = [one for one in rows(services, delivery) if one.state == "dead"]
    assert "mortgage_inquiry_type" in refused.error
    assert "Add the missing option" in refused.remedy
    (told,) = rows(services, alert)
    assert (told.kind, told.object_id) == ("delivery", refused.id)
    assert retry_delivery(services, refused.id, "an-admin")
    deliver_all(services)
    assert not retry_delivery(services, refused.id, "an-admin")
    assert states(services, delivery) == ["delivered"] * 5
    assert row(services, alert).acknowledged_by == "an-admin"
    assert [one.action for one in rows(services, audit_event)].count("delivery.retried") == 1
    assert counts(sandbox) == (5, 5, 5)


def test_after_72_hours_without_success_a_person_has_to_look(
    services: Services, sandbox: RunningSandbox, clock: Clock
) -> None:
    sandbox.set_faults([{"kind": "status_before", "status": 503}])
    post(services, asks(person(5)))
    work(services)
    clock.at = START + GIVE_UP
    deliver_all(services)
    assert row(services, delivery).state == "due"
    clock.forward(minutes=16)
    deliver_all(services)
    dead = row(services, delivery)
    assert (dead.state, dead.error_code) == ("dead", "uncertain")
    assert row(services, alert).object_id == dead.id
    clock.forward(days=30)
    assert deliver_due(services, "hubspot") == 0
    sandbox.set_faults([])
    assert retry_delivery(services, dead.id, "an-admin")
    deliver_all(services)
    assert counts(sandbox) == (1, 1, 1)


def test_two_inquiries_of_one_borrower_are_delivered_in_their_order(
    services: Services, sandbox: RunningSandbox, clock: Clock
) -> None:
    who = person(6)
    sandbox.set_faults([{"kind": "status_before", "status": 500, "times": 1}])
    for number in ("first", "second"):
        post(services, asks(who, number))
        decide_all(services)
        clock.forward(seconds=1)
    first, second = (one.id for one in rows(services, delivery))
    deliver_all(services)
    assert [one.delivery_id for one in rows(services, delivery_attempt)] == [first], "the second waits"
    clock.forward(minutes=16)
    deliver_all(services)
    assert [one.delivery_id for one in rows(services, delivery_attempt)] == [first, first, second]
    assert counts(sandbox) == (1, 2, 2)


def test_a_connector_is_told_what_brought_a_borrower_over_last(
    services: Services, sandbox: RunningSandbox, clock: Clock
) -> None:
    for number in ("first", "second", "third"):
        post(services, asks(person(6), number, loan_amount=f"${len(number)}00,000"))
        decide_all(services)
        clock.forward(seconds=1)
        if number != "third":
            deliver_all(services)
    second, third = rows(services, delivery)[1:]
    with services.ledger.read() as connection:
        nobody = delivered.last_of(connection, "hubspot", [])
        elsewhere = delivered.last_of(connection, "salesforce", [third.borrower_id])
        last = delivered.last_of(connection, "hubspot", [third.borrower_id, "somebody"])
    assert (nobody, elsewhere) == ([], [])
    (bundle,) = delivered.opened(last, services.sealer).values()
    assert bundle.key == second.id
    assert counts(sandbox) == (1, 2, 2)


def test_a_delivery_that_waits_for_its_next_try_does_not_hold_up_other_borrowers(
    services: Services, sandbox: RunningSandbox
) -> None:
    sandbox.set_faults([{"kind": "reset_before", "times": 1}])
    post(services, asks(person(7)))
    work(services)
    post(services, asks(person(8)))
    work(services)
    assert sorted(states(services, delivery)) == ["delivered", "due"]


def test_a_crm_that_does_not_answer_goes_down_and_one_delivery_at_a_time_asks_until_it_is_back(
    services: Services, clock: Clock, bell: HeardBell
) -> None:
    port = free_port()
    away = connector(f"http://127.0.0.1:{port}")
    services = replace(services, crms={"hubspot": away})
    for number in range(5):
        post(services, asks(person(number)))
        work(services)
    down = row(services, crm_state)
    assert (down.state, down.until) == ("down", START + timedelta(seconds=5))
    assert down.reason
    assert "asked again by itself" in down.remedy
    assert [one.kind for one in rows(services, alert)] == ["crm"]
    assert len(rows(services, delivery_attempt)) == 3, "the others wait and try nothing"
    tried = {one.id: one.attempts for one in rows(services, delivery)}
    for _ in range(8):
        clock.forward(seconds=31)
        assert deliver_due(services, "hubspot") == 1
        assert deliver_due(services, "hubspot") == 0, "one asks"
    assert {one.id: one.attempts for one in rows(services, delivery)} == tried, "asking burns no attempt"
    assert [one.kind for one in rows(services, alert)] == ["crm"], "told once"
    bell.rings.clear()
    with start_sandbox(port) as back:
        provision(moved(services.settings, back.url))
        clock.forward(seconds=31)
        deliver_all(services)
        assert states(services, delivery) == ["delivered"] * 5
        assert counts(back) == (5, 5, 5)
    away.close()
    assert bell.rings == [("deliver", "")]
    assert row(services, crm_state).state == "ok"
    first, second = rows(services, alert)
    assert first.acknowledged_by == "system"
    assert "works again" in second.message


def test_after_days_of_silence_nothing_is_given_up(services: Services, clock: Clock) -> None:
    away = connector(f"http://127.0.0.1:{free_port()}")
    services = replace(services, crms={"hubspot": away})
    for number in range(3):
        post(services, asks(person(number)))
        work(services)
    clock.forward(days=5)
    for _ in range(4):
        clock.forward(minutes=1)
        assert deliver_due(services, "hubspot") == 1
    assert states(services, delivery) == ["due"] * 3
    away.close()


def test_a_success_beside_it_does_not_lift_a_silence(
    services: Services, sandbox: RunningSandbox, clock: Clock
) -> None:
    """One thread is told to wait while another's batch, begun before, goes through."""
    first, second = person(1), person(2)
    sandbox.set_faults(
        [
            {"kind": "slow", "path": "deals", "seconds": 0.5, "nth": 1},
            {"kind": "rate_limit", "body": second.email, "retry_after": 40},
        ]
    )
    post(services, asks(first))
    decide_all(services)
    begun = Thread(target=deliver_due, args=(services, "hubspot"))
    begun.start()
    until(lambda: counts(sandbox)[0] == 1)
    post(services, asks(second))
    decide_all(services)
    assert deliver_due(services, "hubspot") == 1
    begun.join()
    assert sorted(states(services, delivery)) == ["delivered", "due"]
    assert row(services, crm_state).state == "limited"
    clock.forward(seconds=39)
    assert deliver_due(services, "hubspot") == 0
    sandbox.set_faults([])
    clock.forward(seconds=6)
    deliver_all(services)
    assert states(services, delivery) == ["delivered"] * 2


def moved(settings: Settings, crm_url: str) -> Settings:
    """The settings of a brokerage whose CRM is at another address."""
    return replace(settings, crms={"hubspot": replace(settings.crms["hubspot"], base_url=crm_url)})


def in_the_backfill(services: Services, number: int) -> str:
    """What is owed for an inquiry that was brought over from earlier."""
    before = {one.id for one in rows(services, delivery)}
    post(services, asks(person(number)))
    decide_all(services)
    (fresh,) = {str(one.id) for one in rows(services, delivery)} - before
    with services.ledger.write() as connection:
        connection.execute(update(delivery).where(delivery.c.id == fresh).values(lane="backfill"))
    return fresh


def calls_left(services: Services, left: int, limit: int) -> None:
    with services.ledger.write() as connection:
        crms.note_calls(connection, services.ledger, "hubspot", left=left, limit=limit, now=services.now())


def test_the_last_calls_of_the_day_are_kept_for_live_inquiries(
    services: Services, sandbox: RunningSandbox, clock: Clock
) -> None:
    old = in_the_backfill(services, 1)
    calls_left(services, 900, 10_000)
    assert deliver_due(services, "hubspot") == 0
    assert seconds_until_due(services, "hubspot") == math.inf, "nobody looks again and again"
    post(services, asks(person(2)))
    work(services)
    assert {one.id: one.state for one in rows(services, delivery)}.pop(old) == "due"
    assert sorted(states(services, delivery)) == ["delivered", "due"]
    calls_left(services, 9_999, 10_000)
    deliver_all(services)
    assert states(services, delivery) == ["delivered"] * 2


def test_an_old_count_of_the_days_calls_holds_no_backfill_back_for_ever(
    services: Services, sandbox: RunningSandbox, clock: Clock
) -> None:
    in_the_backfill(services, 1)
    calls_left(services, 0, 10_000)
    assert deliver_due(services, "hubspot") == 0
    clock.forward(minutes=61)
    deliver_all(services)
    assert states(services, delivery) == ["delivered"]


def test_what_a_person_should_look_at_is_told_once_and_kept_with_the_try(
    services: Services, sandbox: RunningSandbox, clock: Clock
) -> None:
    who = person(3)
    for number in (1, 2):
        typed = {"email": f"old{number}@example.com", "firstname": who.first, "lastname": who.last}
        typed_in(sandbox, typed | {"phone": who.phone})
    sandbox.set_faults([{"kind": "status_before", "status": 500, "path": "deals", "times": 1}])
    post(services, asks(who))
    work(services)
    (told,) = rows(services, alert)
    assert (told.kind, told.object_id) == ("review", row(services, inquiry).id)
    assert acknowledge_alert(services, told.id, "an-admin")
    clock.forward(minutes=16)
    work(services)
    assert states(services, delivery) == ["delivered"]
    assert len(rows(services, alert)) == 1
    first, *_ = rows(services, delivery_attempt)
    assert [one["review"] for one in json.loads(first.detail) if one["kind"] == "contact"] == [told.message]


def test_a_burst_is_delivered_in_batches_of_few_calls(services: Services, sandbox: RunningSandbox) -> None:
    many = 30
    for number in range(many):
        post(services, asks(person(number)))
    decide_all(services)
    deliver_all(services)
    assert counts(sandbox) == (many, many, many)
    assert sum(one.calls for one in rows(services, delivery_attempt)) <= many
