"""A referral inbox of the brokerage: its settings, its mails, and somebody who watches it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from jobs.inbox.watching import InboxWatch
from jobs.ledger import inboxes
from jobs.ledger.inboxes import InboxState
from jobs.services import Services, utc_now
from jobs.settings.model import InboxSettings, PathSettings
from tests.people import person
from tests.services.imap import PASSWORD

OURS = "mx.harborpine.example"


def with_inbox(services: Services, port: int, user: str, **changed: object) -> Services:
    """The brokerage on the wall clock, with a path named referrals that reads this user's inbox."""
    inbox = InboxSettings(
        host="127.0.0.1",
        port=port,
        tls=False,
        username=user,
        folder="INBOX",
        login="password",
        client_id="",
        token_url="",
        check_seconds=60,
        since_days=0,
        secrets={"MAIL_PASSWORD": lambda: PASSWORD},
    )
    for name in [name for name in changed if hasattr(inbox, name)]:
        inbox = replace(inbox, **{name: changed.pop(name)})  # type: ignore[arg-type]
    path = PathSettings(
        name="referrals",
        title="Referral inbox",
        kind="email",
        state="live",
        crm=("hubspot",),
        keys=(),
        fields={},
        defaults={},
        form=None,
        secret="",
        authserv_id=OURS,
        own_domains=("harborpine.example",),
        inbox=inbox,
    )
    path = replace(path, **changed)  # type: ignore[arg-type]
    settings = replace(services.settings, paths={**services.settings.paths, "referrals": path})
    return replace(services, settings=settings, now=utc_now)


def referral(number: int, *, partner: str = "rita@realtor.example", proved: bool = True) -> bytes:
    """A partner's mail about one borrower, as it arrived at our own mail server."""
    who = person(number)
    result = "pass" if proved else "fail"
    lines = [
        f"Authentication-Results: {OURS}; dmarc={result} header.from={partner.partition('@')[2]}",
        f"Received: from mail.realtor.example by {OURS}; Tue, 17 Nov 2026 17:00:00 +0000",
        f"From: Rita Realtor <{partner}>",
        "To: referrals@harborpine.example",
        f"Subject: Referral {number}",
        "Date: Tue, 17 Nov 2026 17:00:00 +0000",
        f"Message-ID: <referral-{number}@realtor.example>",
        "Content-Type: text/plain; charset=utf-8",
        "",
        f"Name: {who.first} {who.last}",
        f"Email: {who.email}",
        f"Phone: {who.phone}",
        "Purpose: Purchase",
        "",
    ]
    return "\r\n".join(lines).encode()


@contextmanager
def watched(
    services: Services, *, pause: Callable[[float], object] | None = None
) -> Iterator[threading.Event]:
    """Somebody watches the inbox during the block, and stops in order at its end."""
    stop = threading.Event()
    watch = InboxWatch(services, "referrals", stop, pause=pause)
    thread = threading.Thread(target=watch.run, daemon=True)
    thread.start()
    try:
        yield stop
    finally:
        stop.set()
        thread.join(15)


def state(services: Services) -> InboxState:
    """How the inbox is, as the desk shows it."""
    with services.ledger.read() as connection:
        return inboxes.state(connection, "referrals")
