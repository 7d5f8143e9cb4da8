"""Decisions: who it is, who owns it, and why; also when many are decided at the same instant."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace

import pytest

from connectors.sandbox.hubspot import RunningSandbox
from jobs.desk.actions import retry_delivery
from jobs.ledger.engine import open_ledger
from jobs.ledger.tables import (
    alert,
    audit_event,
    borrower,
    delivery,
    delivery_attempt,
    follow_up,
    household,
    inquiry,
    owner_turn,
    review,
)
from jobs.processes.leases import Leases
from jobs.services import Services
from tests.jobs.brokerage import ON_SQLITE, Clock
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
from tests.people import Person, person


def spouse_of(who: Person) -> dict[str, str]:
    """Somebody else with the same phone and email."""
    return asks(replace(who, first="Wilhelmina", number=0))


def test_a_known_borrower_comes_back_as_one_contact_with_two_deals_and_one_owner(
    services: Services, sandbox: RunningSandbox, clock: Clock
) -> None:
    who = person(1)
    post(services, asks(who))
    work(services)
    clock.forward(days=90)
    post(services, asks(replace(who, email="new.address@example.com"), loan_type="Purchase"))
    work(services)
    first, second = rows(services, inquiry)
    assert row(services, borrower).inquiries == 2
    assert (first.known_borrower, second.known_borrower) == (False, True)
    assert first.owner == second.owner
    assert counts(sandbox) == (1, 2, 2)


def test_spouses_who_share_phone_and_email_are_two_contacts_of_one_household(
    services: Services, sandbox: RunningSandbox
) -> None:
    who = person(2)
    post(services, asks(who))
    work(services)
    post(services, spouse_of(who))
    work(services)
    husband, wife = rows(services, borrower)
    assert husband.household_id == wife.household_id == row(services, household).id
    assert counts(sandbox) == (2, 2, 2)
    assert sorted(one["firstname"] for one in records(sandbox, "contacts")) == [who.first, "Wilhelmina"]


def test_a_co_borrower_is_a_person_of_their_own_on_the_same_deal(
    services: Services, sandbox: RunningSandbox
) -> None:
    other = person(14)
    co_borrower = {
        "co_borrower_first_name": other.first,
        "co_borrower_last_name": other.last,
        "co_borrower_email": other.email,
        "co_borrower_phone": other.phone,
    }
    post(services, asks(person(3), **co_borrower))
    work(services)
    decided = row(services, inquiry)
    assert {one.id for one in rows(services, borrower)} == {decided.borrower_id, decided.co_borrower_id}
    assert len({one.household_id for one in rows(services, borrower)}) == 1
    assert counts(sandbox) == (2, 1, 1)
    (deal_id,) = sandbox.state.records("deals")
    assert len(sandbox.state.linked("deals", deal_id, "contacts")) == 2


@ON_SQLITE
def test_whom_the_co_borrower_works_with_gets_the_inquiry_of_both(services: Services) -> None:
    for number in range(4):
        post(services, asks(person(number), str(number)))
    decide_all(services)
    before = {one.borrower_id: one.owner for one in rows(services, inquiry)}
    for number in range(4):
        known = person(number)
        beside = {
            "co_borrower_first_name": known.first,
            "co_borrower_last_name": known.last,
            "co_borrower_email": known.email,
            "co_borrower_phone": known.phone,
        }
        post(services, asks(person(50 + number), str(50 + number), **beside))
    decide_all(services)
    later = [one for one in rows(services, inquiry) if one.co_borrower_id]
    assert len(later) == 4
    assert len(set(before.values())) > 1
    assert [one.owner for one in later] == [before[one.co_borrower_id] for one in later]


def test_a_couple_with_one_email_is_two_contacts_of_which_one_has_it(
    services: Services, sandbox: RunningSandbox
) -> None:
    who = person(3)
    co_borrower = {"co_borrower_first_name": "Wilhelmina", "co_borrower_email": who.email}
    post(services, asks(who, **co_borrower))
    work(services)
    assert counts(sandbox) == (2, 1, 1)
    assert [one.get("email") for one in records(sandbox, "contacts")].count(who.email) == 1
    assert [one.state for one in rows(services, delivery)] == ["delivered"]


def test_who_may_be_somebody_we_know_is_opened_as_new_delivered_and_shown_for_review(
    services: Services, sandbox: RunningSandbox
) -> None:
    who = person(4)
    post(services, {**asks(who), "date_of_birth": "1980-02-03"})
    post(services, {**asks(who), "date_of_birth": "1991-02-03"})
    work(services)
    assert len(rows(services, borrower)) == 2
    assert [one.kind for one in rows(services, alert)] == ["review"]
    assert counts(sandbox)[1:] == (2, 2)
    known, new = (one.id for one in rows(services, borrower))
    asked = row(services, review)
    assert (asked.candidate_id, asked.borrower_id, asked.state) == (known, new, "open")
    assert asked.inquiry_id == rows(services, inquiry)[1].id
    assert json.loads(asked.reasons)[-1] == "birth date differs"


@pytest.mark.parametrize("processes", [1, 2])
def test_two_inquiries_of_one_borrower_at_the_same_instant_are_one_borrower(
    services: Services, ledger_url: str, sandbox: RunningSandbox, processes: int
) -> None:
    other = open_ledger(ledger_url)
    beside = replace(services, ledger=other, leases=Leases()) if processes == 2 else services
    for number in range(6):
        for inquiry_number in range(2):
            post(services, asks(person(number), f"{number}-{inquiry_number}"))
    at_once(*[lambda: decide_all(services), lambda: decide_all(beside)] * 2)
    assert len(rows(services, borrower)) == 6
    assert [one.inquiries for one in rows(services, borrower)] == [2] * 6
    at_once(*[lambda: deliver_all(services), lambda: deliver_all(beside)] * 2)
    assert counts(sandbox) == (6, 12, 12)
    other.close()


def test_turns_are_fair_by_weight_over_many_also_at_once(services: Services) -> None:
    for number in range(30):
        post(services, asks(person(number)))
    at_once(*[lambda: decide_all(services)] * 4)
    assert Counter(one.owner for one in rows(services, inquiry)) == {
        "maya@example.com": 20,
        "priya@example.com": 10,
    }
    pointers = {one.member: one.pointer for one in rows(services, owner_turn)}
    assert pointers["maya@example.com"] == pointers["priya@example.com"] == 10


def test_where_nobody_is_licensed_the_queue_holds_it_and_the_desk_is_told(
    services: Services, sandbox: RunningSandbox
) -> None:
    post(services, asks(person(5), property_state="WA"))
    work(services)
    decided = row(services, inquiry)
    assert decided.owner == "desk@example.com"
    told = row(services, alert)
    assert (told.kind, told.object_id) == ("owner", decided.id)
    assert "WA" in told.message
    assert row(services, borrower).owner == "", "the queue does not become the borrower's loan officer"
    assert row(services, follow_up).owner == "desk@example.com"
    assert counts(sandbox) == (1, 1, 1)


@ON_SQLITE
def test_every_decision_has_its_reason_and_no_record_of_it_names_the_borrower(
    services: Services, sandbox: RunningSandbox, clock: Clock
) -> None:
    who = replace(person(6), first="Zebulon", last="Quatermain")
    canaries = [who.first, who.last, who.email, who.phone, who.phone[2:], "violet curtains", "420"]
    sandbox.set_faults([{"kind": "status_before", "status": 400, "path": "objects/deals", "times": 2}])
    post(services, asks(who, message="violet curtains please"))
    work(services)
    post(services, asks(replace(who, first="Wilhelmina"), property_state="WA", message="violet curtains"))
    work(services)
    for one in rows(services, delivery):
        retry_delivery(services, one.id, "an-admin")
    sandbox.set_faults([{"kind": "reset_after"}])
    clock.forward(minutes=16)
    deliver_all(services)
    for one in rows(services, inquiry):
        about = [what for what, reason in json.loads(one.decisions) if reason]
        assert {"type", "borrower", "owner", "follow-up"} <= set(about)
        assert one.playbook == f"{services.playbook.name}@{services.playbook.revision}"
    written = [
        str(value)
        for table in (alert, audit_event, delivery_attempt)
        for one in rows(services, table)
        for value in one
    ]
    written += [one.decisions + one.missing for one in rows(services, inquiry)]
    written += [one.reason for one in rows(services, follow_up)]
    written += [one.error + one.remedy for one in rows(services, delivery)]
    found = [word for word in canaries if any(word.lower() in text.lower() for text in written)]
    assert found == []
    assert len(rows(services, delivery_attempt)) >= 3
