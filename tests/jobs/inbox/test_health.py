"""How an inbox is after trouble, and when it is tried again."""

from __future__ import annotations

import pytest

from connectors.intake.inbox_errors import (
    ConnectionRevoked,
    FolderGone,
    InboxError,
    LoginRefused,
    Unreachable,
)
from jobs.inbox.health import note_trouble, note_well, state_of, wait_after
from jobs.ledger import inboxes
from jobs.ledger.tables import alert
from jobs.services import Services
from tests.jobs.brokerage import ON_SQLITE, Clock
from tests.jobs.daily_work import rows
from tests.jobs.mailroom import state, with_inbox


@pytest.mark.parametrize(
    ("error", "called", "waits"),
    [
        (Unreachable("away"), "away", [1, 2, 4, 8, 16, 32, 60, 60]),
        (FolderGone("gone"), "refused", [5, 10, 20, 40, 80, 160, 300]),
        (LoginRefused("no"), "refused", [60, 600, 3600, 3600]),
        (ConnectionRevoked("over"), "paused", [60, 600, 3600]),
    ],
)
def test_each_kind_of_trouble_has_its_name_and_its_pace(
    error: InboxError, called: str, waits: list[float]
) -> None:
    assert state_of(error) == called
    assert [wait_after(error, tries, lambda: 1.0) for tries in range(1, len(waits) + 1)] == waits


def test_those_who_were_cut_off_together_do_not_come_back_together() -> None:
    assert wait_after(Unreachable("away"), 4, lambda: 0.0) == 4
    assert wait_after(Unreachable("away"), 500, lambda: 0.5) == 45


@ON_SQLITE
def test_the_desk_is_told_once_and_the_alert_closes_by_itself(services: Services, clock: Clock) -> None:
    services = with_inbox(services, 993, "nobody")
    with services.ledger.write() as connection:
        now = services.now()
        inboxes.claim(
            connection, services.ledger, "referrals", token="us", now=now, until=now + services.lease
        )
        for tries in range(1, 6):
            note_trouble(
                services, connection, "referrals", "us", Unreachable("It is away."), tries=tries, wait=1
            )
    (told,) = rows(services, alert)
    assert told.message == (
        'The inbox of "Referral inbox" is not read. It is away. '
        "Mails stay in the mailbox and are read when it works again."
    )
    assert (state(services).state, state(services).reason) == ("away", "It is away.")
    with services.ledger.write() as connection:
        note_well(services, connection, "referrals", "us")
    (told,) = rows(services, alert)
    assert told.acknowledged_by == "system"
    assert (state(services).state, state(services).reason) == ("ok", "")


@ON_SQLITE
def test_who_lost_the_watch_says_nothing_any_more(services: Services) -> None:
    services = with_inbox(services, 993, "nobody")
    now = services.now()
    with services.ledger.write() as connection:
        inboxes.claim(
            connection, services.ledger, "referrals", token="new", now=now, until=now + services.lease
        )
        error = LoginRefused("No.")
        note_trouble(services, connection, "referrals", "old", error, tries=1, wait=60)
        assert not inboxes.save(connection, "referrals", "old", inboxes.Cursor(last_uid=9), None)
    assert state(services).state == "new"
    assert rows(services, alert) == []
