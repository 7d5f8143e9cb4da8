"""Deliveries to a CRM that works, is known already, refuses, is silenced or locks us out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import requests

from connectors.sandbox.hubspot import RunningSandbox
from jobs.deliver import deliver_due
from jobs.desk.actions import retry_delivery
from jobs.ledger.tables import alert, audit_event, crm_link, crm_state, delivery, delivery_attempt, follow_up
from jobs.retry import GIVE_UP
from jobs.services import Services
from jobs.status import read_status
from tests.jobs.brokerage import START, Clock
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
    work,
)
from tests.people import person


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
    attempt = row(services, delivery_attempt)
    assert (attempt.outcome, attempt.calls <= 4) == ("delivered", True)


def test_a_contact_that_somebody_typed_in_is_adopted_and_keeps_what_they_typed(
    services: Services, sandbox: RunningSandbox
) -> None:
    who = person(2)
    typed = {"email": who.email, "firstname": who.first, "lastname": who.last, "phone": "+14155550100"}
    made = requests.post(
        f"{sandbox.url}/crm/v3/objects/contacts",
        json={"properties": typed, "associations": []},
        headers={"Authorization": f"Bearer {sandbox.token}"},
        timeout=10,
    ).json()
    post(services, asks(who))
    work(services)
    assert counts(sandbox) == (1, 1, 1)
    (contact,) = records(sandbox, "contacts")
    assert contact["phone"] == typed["phone"]
    links = {one.kind: one.remote_id for one in rows(services, crm_link)}
    assert links["contact"] == made["id"]


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


def test_a_delivery_that_waits_for_its_next_try_does_not_hold_up_other_borrowers(
    services: Services, sandbox: RunningSandbox
) -> None:
    sandbox.set_faults([{"kind": "reset_before", "times": 1}])
    post(services, asks(person(7)))
    work(services)
    post(services, asks(person(8)))
    work(services)
    assert sorted(states(services, delivery)) == ["delivered", "due"]


def test_a_burst_is_delivered_in_batches_of_few_calls(services: Services, sandbox: RunningSandbox) -> None:
    many = 30
    for number in range(many):
        post(services, asks(person(number)))
    decide_all(services)
    deliver_all(services)
    assert counts(sandbox) == (many, many, many)
    assert sum(one.calls for one in rows(services, delivery_attempt)) <= many
