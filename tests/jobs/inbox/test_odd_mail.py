"""Mails that are no good: noted for a person, and never in the way of the next one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

import pytest
from sqlalchemy import Row

from connectors.intake.imap import MAX_MAIL
from jobs.ledger.tables import submission
from jobs.services import Services
from tests.jobs.brokerage import ON_SQLITE
from tests.jobs.daily_work import decide_all, rows, until
from tests.jobs.mailroom import referral, state, watched, with_inbox
from tests.services.cutting_proxy import cutting
from tests.services.imap import ImapServer

_users = (f"odd{number}" for number in count(1))


@pytest.fixture
def reads(services: Services, imap_server: ImapServer) -> Callable[..., tuple[Services, ImapServer, str]]:
    """A mailbox of this test's own, and who reads it."""
    user = next(_users)
    return lambda port=0: (with_inbox(services, port or imap_server.port, user), imap_server, user)


Reads = Callable[..., tuple[Services, ImapServer, str]]


@ON_SQLITE
def test_a_mail_that_is_too_large_is_noted_with_its_headers_and_the_next_is_read(reads: Reads) -> None:
    services, server, user = reads()
    with watched(services):
        until(lambda: state(services).state == "ok")
        server.put(user, referral(1) + b"x" * (MAX_MAIL + 1), referral(2))
        until(lambda: len(rows(services, submission)) == 2)
    first, second = rows(services, submission)
    assert (first.state, first.reason_code) == ("quarantined", "too_large")
    assert "30 MB" in first.reason
    body = services.sealer.open(first.body, f"submission.body:{first.id}")
    assert b"Subject: Referral 1" in body
    assert len(body) < 2_000
    assert second.state == "received"


@ON_SQLITE
@pytest.mark.parametrize(
    "odd",
    [
        b"\n",
        b"no header at all",
        b"Subject: =?utf-8?B?////?=\n\n\xff\xfe\x00",
        b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 12_000,
        b"From: a\x00b <a@b.example>\nMessage-ID: <\xed\xa0\x80@x>\n\nhi",
    ],
)
def test_no_mail_stops_the_inbox(reads: Reads, odd: bytes) -> None:
    services, server, user = reads()
    with watched(services):
        until(lambda: state(services).state == "ok")
        server.put(user, odd, referral(2))
        until(lambda: "processed" in [one.state for one in _decided(services)])


def _decided(services: Services) -> Sequence[Row[Any]]:
    decide_all(services)
    return rows(services, submission)


@ON_SQLITE
def test_a_mail_that_breaks_every_connection_is_noted_and_passed_over(reads: Reads) -> None:
    _, server, _ = reads()
    with cutting(server.port, cuts=60, after_bytes=40_000) as proxy:
        services, _, user = reads(proxy.port)
        with watched(services, pause=lambda _seconds: None):
            until(lambda: state(services).state == "ok")
            server.put(user, referral(1) + b"x" * 200_000, referral(2))
            until(lambda: len(rows(services, submission)) == 2)
    first, second = sorted(rows(services, submission), key=lambda one: one.state)
    assert (first.state, first.reason_code) == ("quarantined", "not_fetched")
    assert second.state == "received"


@ON_SQLITE
def test_what_could_not_be_read_is_noted_once_however_often_it_is_found(reads: Reads) -> None:
    services, server, user = reads()
    large = referral(1) + b"x" * (MAX_MAIL + 1)
    with watched(services):
        until(lambda: state(services).state == "ok")
        server.put(user, large)
        until(lambda: len(rows(services, submission)) == 1)
    server.renumber(user)
    with watched(services):
        until(lambda: rows(services, submission)[0].repeats == 1)
    assert len(rows(services, submission)) == 1
