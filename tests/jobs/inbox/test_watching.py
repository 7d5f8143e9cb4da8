"""The referral inbox against a real IMAP server: nothing lost, nothing twice, nothing changed in it."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import select

from jobs.ledger import inboxes
from jobs.ledger.tables import alert, inbox_cursor, inquiry, submission
from jobs.processes.bell import ThreadBell
from jobs.processes.worker import Workers
from jobs.services import Services, utc_now
from tests.jobs.brokerage import ON_SQLITE
from tests.jobs.daily_work import decide_all, rows, states, until
from tests.jobs.mailroom import referral, state, watched, with_inbox
from tests.services.cutting_proxy import cutting
from tests.services.imap import ImapServer

_users = (f"user{number}" for number in count(1))


@pytest.fixture
def user() -> str:
    """A mailbox that no other test uses."""
    return next(_users)


def arrived(services: Services) -> int:
    """How many submissions there are."""
    return len(rows(services, submission))


def test_what_arrives_from_now_on_becomes_inquiries_and_the_mailbox_stays_as_it_is(
    services: Services, imap_server: ImapServer, user: str
) -> None:
    imap_server.put(user, referral(1), referral(2))
    before = imap_server.files(user)
    services = with_inbox(services, imap_server.port, user)
    with watched(services):
        until(lambda: state(services).state == "ok")
        imap_server.put(user, referral(3), referral(4))
        until(lambda: arrived(services) == 2)
    decide_all(services)
    assert states(services, submission) == ["processed"] * 2
    assert len(rows(services, inquiry)) == 2
    assert state(services).last_mail_at is not None
    assert len(imap_server.files(user)) == 4
    assert set(before) <= set(imap_server.files(user))  # no flag was set: that would rename the file


@ON_SQLITE
def test_one_who_comes_later_goes_on_where_the_first_one_stopped(
    services: Services, imap_server: ImapServer, user: str
) -> None:
    services = with_inbox(services, imap_server.port, user)
    with watched(services):
        until(lambda: state(services).state == "ok")
    imap_server.put(user, referral(1), referral(2))
    with watched(services):
        until(lambda: arrived(services) == 2)
    with watched(services):
        imap_server.put(user, referral(3))
        until(lambda: arrived(services) == 3)
    assert [one.repeats for one in rows(services, submission)] == [0, 0, 0]


@ON_SQLITE
def test_the_mails_of_the_last_days_are_read_when_the_settings_say_so(
    services: Services, imap_server: ImapServer, user: str
) -> None:
    day = 86_400
    imap_server.put(user, referral(1), arrived_at=time.time() - 40 * day)
    imap_server.put(user, referral(2), arrived_at=time.time() - 3 * day)
    services = with_inbox(services, imap_server.port, user, since_days=7)
    with watched(services):
        until(lambda: state(services).state == "ok")
    (only,) = rows(services, submission)
    assert utc_now() - only.received_at > timedelta(days=2)


@ON_SQLITE
def test_what_came_before_is_read_when_somebody_asks_for_it(
    services: Services, imap_server: ImapServer, user: str
) -> None:
    imap_server.put(user, referral(1), arrived_at=time.time() - 40 * 86_400)
    imap_server.put(user, referral(2), referral(3))
    services = with_inbox(services, imap_server.port, user)
    with watched(services):
        until(lambda: state(services).state == "ok")
        imap_server.put(user, referral(4))
        until(lambda: arrived(services) == 1)
        with services.ledger.write() as connection:
            since = utc_now() - timedelta(days=30)
            inboxes.ask_rescan(connection, services.ledger, "referrals", since, utc_now())
        until(lambda: arrived(services) == 3)
    assert sorted(one.repeats for one in rows(services, submission)) == [0, 0, 1]


@ON_SQLITE
def test_a_mailbox_that_was_numbered_anew_is_read_again_and_each_mail_recognised(
    services: Services, imap_server: ImapServer, user: str
) -> None:
    imap_server.put(user, referral(1), arrived_at=time.time() - 40 * 86_400)
    services = with_inbox(services, imap_server.port, user)
    with watched(services):
        until(lambda: state(services).state == "ok")
        imap_server.put(user, *map(referral, range(2, 12)))
        until(lambda: arrived(services) == 10)
    imap_server.renumber(user)
    imap_server.put(user, referral(12))
    with watched(services):
        until(lambda: arrived(services) == 11)
        until(lambda: sum(one.repeats for one in rows(services, submission)) == 10)
    decide_all(services)
    assert len(rows(services, inquiry)) == 11


@ON_SQLITE
def test_a_second_process_waits_for_its_turn_and_takes_over_at_once_after_a_stop(
    services: Services, imap_server: ImapServer, user: str
) -> None:
    services = with_inbox(services, imap_server.port, user)
    pauses: list[float] = []
    with watched(services) as first:
        until(lambda: state(services).state == "ok")
        with watched(services, pause=pauses.append):
            until(lambda: len(pauses) > 2)
            assert set(pauses) == {10.0}
            first.set()
            imap_server.put(user, referral(1))
            until(lambda: arrived(services) == 1)


@ON_SQLITE
def test_a_connection_that_breaks_again_and_again_loses_nothing(
    services: Services, imap_server: ImapServer, user: str
) -> None:
    mails = [referral(number) for number in range(1, 101)]
    with cutting(imap_server.port, cuts=20, after_bytes=8_000) as proxy:
        services = with_inbox(services, proxy.port, user)
        with watched(services, pause=lambda _seconds: None):
            until(lambda: state(services).state == "ok")
            imap_server.put(user, *mails)
            until(lambda: arrived(services) == 100)
            until(lambda: state(services).state == "ok")
        assert proxy.cut >= 8
    assert [one for one in rows(services, alert) if one.acknowledged_at is None] == []


@ON_SQLITE
def test_the_workers_of_a_process_watch_it(services: Services, imap_server: ImapServer, user: str) -> None:
    bell = ThreadBell()
    services = replace(with_inbox(services, imap_server.port, user), bell=bell)
    workers = Workers(services, bell)
    workers.start()
    try:
        until(lambda: state(services).state == "ok")
        imap_server.put(user, referral(1))
        until(lambda: states(services, submission) == ["processed"])
    finally:
        workers.stop(10)
    with services.ledger.read() as connection:
        row = connection.execute(select(inbox_cursor)).one()
    assert row.lease_token is None  # the next process need not wait
