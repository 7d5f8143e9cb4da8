"""Where the reading of an inbox begins and goes on, and which of its mails are read."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from connectors.intake.imap import Folder, Listed
from jobs.ledger.inboxes import Cursor

#: The mail server's clock and ours may differ by so much.
_CLOCKS_APART = timedelta(minutes=10)


def place_in(folder: Folder, known: Cursor, mailbox: str, *, since_days: int, now: datetime) -> Cursor:
    """Where to go on in a folder that was just opened; known itself when nothing has changed.

    At the first connection (or in another mailbox than before) with what arrives from now on, or with the
    last days' mails. A folder whose numbers mean other mails now is read from its beginning: what is known is
    recognised.
    """
    newest = folder.next_uid - 1
    if known.uid_validity is None or known.mailbox != mailbox:
        if not since_days:
            return Cursor(mailbox, folder.uid_validity, newest, now, newest)
        return Cursor(mailbox, folder.uid_validity, 0, now - timedelta(days=since_days), newest)
    if known.uid_validity != folder.uid_validity:
        return replace(known, uid_validity=folder.uid_validity, last_uid=0, old_until=newest)
    return known


def from_the_start(folder: Folder, known: Cursor, since: datetime) -> Cursor:
    """Everything again that arrived since a moment."""
    earliest = min(since, known.watched_since or since)
    newest = max(folder.next_uid - 1, known.last_uid)
    return replace(known, last_uid=0, watched_since=earliest, old_until=newest)


def is_read(listed: Listed, cursor: Cursor) -> bool:
    """Whether a mail is read: of the old ones only what arrived since the watch began."""
    if listed.uid > cursor.old_until or cursor.watched_since is None or listed.arrived_at is None:
        return True
    return listed.arrived_at >= cursor.watched_since - _CLOCKS_APART
