"""An inbox on a bad day: cut connections, killed watchers, new numbers; each mail is one inquiry."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import func, select

from jobs.deciding.process import process_due
from jobs.ledger.tables import inquiry, submission
from jobs.services import Services
from jobs.settings.new_secrets import generate_secrets
from tests.faults.watch_inbox import open_watch
from tests.jobs.mailroom import OURS, referral
from tests.services.cutting_proxy import CuttingProxy, cutting
from tests.services.imap import PASSWORD, ImapServer

MAILS = 1_000
CUTS = 20
_CONFIG = """
[brokerage]
name = "Harbor Pine Mortgage"
country = "US"
timezone = "America/Los_Angeles"

[ledger]
url = "sqlite:///firstpath.sqlite3"

[playbook]
shipped = "mortgage_us"

[crm.hubspot]
kind = "hubspot"

[paths.referrals]
title = "Referral inbox"
kind = "email"
state = "shadow"
crm = ["hubspot"]
authserv_id = "{ours}"

[paths.referrals.inbox]
host = "127.0.0.1"
port = {port}
tls = false
username = "badday"
since_days = 7
"""


@pytest.fixture
def proxy(imap_server: ImapServer) -> Iterator[CuttingProxy]:
    """The way to the mail server, which breaks twenty times."""
    with cutting(imap_server.port, cuts=CUTS, after_bytes=24_000) as found:
        yield found


@pytest.fixture
def config(tmp_path: Path, proxy: CuttingProxy, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The settings file; its secrets are in the environment, for the watchers too."""
    secrets = {**generate_secrets(), "FIRSTPATH_PATH_REFERRALS_MAIL_PASSWORD": PASSWORD}
    for name, value in secrets.items():
        monkeypatch.setenv(name, value)
    file = tmp_path / "config.toml"
    file.write_text(_CONFIG.format(ours=OURS, port=proxy.port), encoding="utf-8")
    return file


@pytest.fixture
def services(config: Path) -> Iterator[Services]:
    """Beside the watchers: decides what they took in."""
    opened = open_watch(config)
    yield opened
    opened.ledger.close()


@contextmanager
def watcher(config: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process that watches the inbox, killed at the end of the block."""
    log = (config.parent / "watcher.log").open("ab")
    command = [sys.executable, "-m", "tests.faults.watch_inbox", str(config)]
    process = subprocess.Popen(command, env=os.environ.copy(), stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        log.close()


def count(services: Services, what: object) -> int:
    """How many rows there are."""
    with services.ledger.read() as connection:
        return int(connection.execute(select(func.count()).select_from(what)).scalar_one())  # type: ignore[arg-type]


def decide_until(services: Services, reached: Callable[[], bool]) -> None:
    """Decide what arrives until it is so."""
    deadline = time.monotonic() + 240
    while not reached():
        assert time.monotonic() < deadline, f"{count(services, submission)} arrived"
        if not process_due(services):
            time.sleep(0.02)


@pytest.mark.faults
def test_a_thousand_mails_through_cuts_kills_and_new_numbers_are_a_thousand_inquiries(
    services: Services, config: Path, imap_server: ImapServer, proxy: CuttingProxy
) -> None:
    mails = [referral(number) for number in range(MAILS)]
    imap_server.put("badday", *mails[: MAILS * 6 // 10])
    with watcher(config):
        decide_until(services, lambda: count(services, submission) >= MAILS * 3 // 10)
    # The second one reads on as soon as the first one's lease is over.
    with watcher(config):
        decide_until(services, lambda: count(services, submission) >= MAILS * 4 // 10)
        imap_server.put("badday", *mails[MAILS * 6 // 10 : MAILS * 9 // 10])
        decide_until(services, lambda: count(services, submission) >= MAILS * 7 // 10)
    imap_server.renumber("badday")
    imap_server.put("badday", *mails[MAILS * 9 // 10 :])
    with watcher(config):
        again = MAILS * 6 // 10  # those of before the renumbering
        decide_until(services, lambda: count(services, submission) >= MAILS and seen_again(services) >= again)
    while process_due(services):
        pass
    assert proxy.cut == CUTS
    assert count(services, submission) == MAILS
    assert count(services, inquiry) == MAILS
    with services.ledger.read() as connection:
        people = connection.execute(select(func.count(inquiry.c.borrower_id.distinct()))).scalar_one()
    assert people == MAILS


def seen_again(services: Services) -> int:
    """How many mails were met once more, after the mailbox was renumbered or a connection broke."""
    with services.ledger.read() as connection:
        return int(connection.execute(select(func.sum(submission.c.repeats))).scalar_one() or 0)
