"""Where the reading of an inbox goes on: the first time, afterwards, and after everything was renumbered."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from connectors.intake.imap import Folder, Listed
from jobs.inbox.place import from_the_start, is_read, place_in
from jobs.ledger.inboxes import Cursor

NOW = datetime(2026, 11, 17, 17, 0, tzinfo=UTC)
FOLDER = Folder(uid_validity=7, next_uid=101, mails=60)
KNOWN = Cursor("ours", 7, 90, NOW - timedelta(days=3), 40)


def test_the_first_time_begins_with_what_arrives_from_now_on() -> None:
    first = place_in(FOLDER, Cursor(), "ours", since_days=0, now=NOW)
    assert first == Cursor("ours", 7, 100, NOW, 100)


def test_or_with_the_last_days() -> None:
    first = place_in(FOLDER, Cursor(), "ours", since_days=30, now=NOW)
    assert first == Cursor("ours", 7, 0, NOW - timedelta(days=30), 100)


def test_afterwards_it_goes_on_where_it_stopped() -> None:
    assert place_in(FOLDER, KNOWN, "ours", since_days=30, now=NOW) == KNOWN


def test_new_numbers_begin_at_the_start_and_keep_the_day_the_watch_began() -> None:
    again = place_in(replace(FOLDER, uid_validity=8), KNOWN, "ours", since_days=0, now=NOW)
    assert again == Cursor("ours", 8, 0, KNOWN.watched_since, 100)


def test_another_mailbox_is_a_first_time() -> None:
    other = place_in(FOLDER, KNOWN, "another", since_days=0, now=NOW)
    assert other == Cursor("another", 7, 100, NOW, 100)


def test_a_wish_reaches_back_and_never_forward() -> None:
    month = NOW - timedelta(days=30)
    assert from_the_start(FOLDER, KNOWN, month) == Cursor("ours", 7, 0, month, 100)
    assert from_the_start(FOLDER, KNOWN, NOW).watched_since == KNOWN.watched_since


@pytest.mark.parametrize(
    ("uid", "days_ago", "read"),
    [
        (41, 400, True),  # moved into the folder since: an old mail with a new number
        (40, 400, False),
        (40, 2, True),
        (40, 3, True),
        (40, None, True),  # the server does not say when it came
    ],
)
def test_of_old_mails_only_those_since_the_watch_began(uid: int, days_ago: int | None, read: bool) -> None:
    arrived = None if days_ago is None else NOW - timedelta(days=days_ago)
    assert is_read(Listed(uid, 1_000, arrived), KNOWN) is read
