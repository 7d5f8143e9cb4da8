"""Inquiries are decided a few at a time, and none suffers from its neighbours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from threading import Thread

import pytest
from sqlalchemy import event

from jobs.deciding.process import process_due
from jobs.ledger.tables import borrower, follow_up_plan, inquiry, owner_turn, submission
from jobs.playbooks.current import holding
from jobs.services import Services, new_ulid
from tests.jobs.daily_work import asks, decide_all, post, row, rows, until
from tests.people import Person, person

_WAITING = """
SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()
"""


def test_different_people_are_stored_in_one_transaction(services: Services) -> None:
    for number in range(8):
        post(services, asks(person(number)))
    commits = _count_commits(services, lambda: process_due(services))
    assert len(rows(services, inquiry)) == 8
    # Looking, taking up, reading what was changed at the desk, which playbook holds (each once a second) and
    # what outcomes taught, looking again, storing.
    assert commits == 7
    assert sum(turn.pointer for turn in rows(services, owner_turn)) > 0


def test_one_person_asking_several_times_is_one_borrower(services: Services) -> None:
    for number in (1, 2, 1, 1, 3):
        post(services, asks(person(number), loan_amount=f"${len(rows(services, submission)) + 3}00,000"))
    process_due(services)
    assert len(rows(services, inquiry)) == 5
    assert sorted(one.inquiries for one in rows(services, borrower)) == [1, 1, 3]


def test_one_that_cannot_be_decided_is_set_aside_alone(services: Services) -> None:
    paths = dict(services.settings.paths)
    paths["website-2"] = replace(paths["website"], name="website-2", crm=("hubspot", "unmapped"))
    crms = services.settings.crms
    unmapped = replace(crms["hubspot"], name="unmapped", kind="highlevel")
    settings = replace(services.settings, paths=paths, crms={**crms, "unmapped": unmapped})
    mapped = {"hubspot": services.playbook.crm["hubspot"]}
    broken = holding(replace(services, settings=settings), replace(services.playbook, crm=mapped))
    good = [post(broken, asks(person(1))), post(broken, asks(person(3)))]
    bad = post(broken, asks(person(2)), path="website-2")
    process_due(broken)
    assert [row(services, submission, one.id).state for one in good] == ["processed"] * 2
    kept = row(services, submission, bad.id)
    assert (kept.state, kept.reason_code) == ("quarantined", "internal_error")
    assert len(rows(services, inquiry)) == len(rows(services, borrower)) == 2


def test_what_changes_while_deciding_is_decided_again(services: Services) -> None:
    """Between the look and the storing, another process decides an inquiry of the same borrower."""
    who = person(4)
    interrupted: list[bool] = []

    def id_with_interruption() -> str:
        if not interrupted:
            interrupted.append(True)
            post(services, asks(who, loan_amount="$700,000"))
            decide_all(services)
        return new_ulid()

    post(services, asks(who))
    process_due(replace(services, new_id=id_with_interruption))
    assert interrupted
    assert len(rows(services, inquiry)) == 2
    assert row(services, borrower).inquiries == 2
    assert [
        one.known_borrower for one in sorted(rows(services, inquiry), key=lambda one: one.known_borrower)
    ] == [
        False,
        True,
    ]


def james(services: Services) -> Person:
    """A known person of a common name: who gives the email only shares no key with who gives the phone."""
    who = replace(person(1), first="James", last="Smith")
    post(services, asks(who))
    decide_all(services)
    return who


def test_one_known_person_found_by_different_keys_loses_nothing(services: Services) -> None:
    who = james(services)
    post(services, asks(who, phone="", loan_amount="$500,000"))
    post(services, asks(person(5)))
    post(services, asks(who, email="", loan_amount="$600,000"))
    process_due(services)
    assert [one.inquiries for one in rows(services, borrower)] == [3, 1]
    assert [one.known_borrower for one in rows(services, inquiry)] == [False, True, False, True]
    assert [one.carried_by is None for one in rows(services, follow_up_plan)] == [False, False, True, True]


@pytest.mark.servers
@pytest.mark.parametrize("ledger_url", ["postgresql"], indirect=True)
def test_two_processes_that_find_one_person_by_different_keys_lose_nothing(services: Services) -> None:
    """The second one looks while the first one stores, and has to wait for what that comes to."""
    who = james(services)
    other = Thread(target=process_due, args=(services,))

    def begin_other(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("INSERT INTO inquiry ") and other.ident is None:
            post(services, asks(who, email=""))
            other.start()
            until(lambda: not other.is_alive() or _somebody_waits(services))

    post(services, asks(who, phone=""))
    event.listen(services.ledger.engine, "before_cursor_execute", begin_other)
    try:
        process_due(services)
    finally:
        event.remove(services.ledger.engine, "before_cursor_execute", begin_other)
    other.join()
    assert row(services, borrower).inquiries == len(rows(services, inquiry)) == 3


def _somebody_waits(services: Services) -> bool:
    with services.ledger.read() as connection:
        return bool(connection.exec_driver_sql(_WAITING).scalar_one())


def _count_commits(services: Services, work: Callable[[], object]) -> int:
    count = 0

    def counted(_connection: object) -> None:
        nonlocal count
        count += 1

    event.listen(services.ledger.engine, "commit", counted)
    try:
        work()
    finally:
        event.remove(services.ledger.engine, "commit", counted)
    return count
