"""How far each inbox was read, who watches it, and how it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from jobs.ledger.engine import Ledger
from jobs.ledger.tables import inbox_cursor


@dataclass(frozen=True, slots=True)
class Cursor:
    """Every mail up to last_uid was taken in.

    uid_validity None: the mailbox was never opened. What arrived before watched_since was never asked for; up
    to the UID old_until there may be such mails.
    """

    mailbox: str = ""
    uid_validity: int | None = None
    last_uid: int = 0
    watched_since: datetime | None = None
    old_until: int = 0


@dataclass(frozen=True, slots=True)
class InboxState:
    """new; ok; away: no answer; refused: we are not let in; paused: it must be connected again."""

    state: str = "new"
    since: datetime | None = None
    until: datetime | None = None
    reason: str = ""
    remedy: str = ""
    last_mail_at: datetime | None = None


def claim(
    connection: Connection, ledger: Ledger, path: str, *, token: str, now: datetime, until: datetime
) -> bool:
    """Take the watch over an inbox, unless somebody lives who has it."""
    ledger.lock(connection, f"inbox:{path}")
    row = _row(connection, path)
    if row is None:
        new = {"path": path, "state": "new", "since": now, "lease_token": token, "lease_until": until}
        connection.execute(inbox_cursor.insert(), new)
        return True
    if row.lease_token is not None and row.lease_token != token and row.lease_until > now:
        return False
    _change(connection, path, {"lease_token": token, "lease_until": until})
    return True


def extend(connection: Connection, tokens: list[str], until: datetime) -> int:
    """Keep the watches held under these tokens; how many of them are still held."""
    mine = inbox_cursor.c.lease_token.in_(tokens)
    return int(connection.execute(update(inbox_cursor).where(mine).values(lease_until=until)).rowcount)


def release(connection: Connection, path: str, token: str) -> None:
    """Let somebody else watch at once."""
    _change(connection, path, {"lease_token": None, "lease_until": None}, token)


def cursor(connection: Connection, path: str) -> Cursor:
    """How far it was read."""
    row = _row(connection, path)
    if row is None:
        return Cursor()
    return Cursor(row.mailbox, row.uid_validity, row.last_uid, row.watched_since, row.old_until)


def save(connection: Connection, path: str, token: str, new: Cursor, last_mail_at: datetime | None) -> bool:
    """Write how far it was read; False when another watches by now, and nothing was written."""
    values: dict[str, object] = {
        "mailbox": new.mailbox,
        "uid_validity": new.uid_validity,
        "last_uid": new.last_uid,
        "watched_since": new.watched_since,
        "old_until": new.old_until,
    }
    if last_mail_at is not None:
        values["last_mail_at"] = last_mail_at
    return _change(connection, path, values, token)


def state(connection: Connection, path: str) -> InboxState:
    """How it is."""
    row = _row(connection, path)
    if row is None:
        return InboxState()
    return InboxState(row.state, row.since, row.until, row.reason, row.remedy, row.last_mail_at)


def set_state(connection: Connection, path: str, token: str, new: InboxState) -> bool:
    """Write how it is, unless another watches by now. last_mail_at is left as it is."""
    values = {
        "state": new.state,
        "since": new.since,
        "until": new.until,
        "reason": new.reason,
        "remedy": new.remedy,
    }
    return _change(connection, path, values, token)


def ask_rescan(connection: Connection, ledger: Ledger, path: str, since: datetime, now: datetime) -> None:
    """Want everything read again that arrived since; whoever watches notices soon."""
    ledger.lock(connection, f"inbox:{path}")
    if _row(connection, path) is None:
        new = {"path": path, "state": "new", "since": now, "rescan_since": since}
        connection.execute(inbox_cursor.insert(), new)
    else:
        _change(connection, path, {"rescan_since": since})


def rescan_wanted(connection: Connection, path: str) -> datetime | None:
    """Since when everything is to be read again; None when nobody asked."""
    row = _row(connection, path)
    return None if row is None else row.rescan_since


def rescan_begun(connection: Connection, path: str, token: str, since: datetime) -> None:
    """It is being done; a later wish stays."""
    here = (inbox_cursor.c.path == path, inbox_cursor.c.lease_token == token)
    wish = inbox_cursor.c.rescan_since == since
    connection.execute(update(inbox_cursor).where(*here, wish).values(rescan_since=None))


def try_now(connection: Connection, path: str) -> bool:
    """Let a stopped inbox be tried at once; False when it does not wait."""
    waiting = (inbox_cursor.c.path == path, inbox_cursor.c.until.is_not(None))
    done = connection.execute(update(inbox_cursor).where(*waiting).values(until=None))
    return bool(done.rowcount)


def _row(connection: Connection, path: str) -> Row[Any] | None:
    return connection.execute(select(inbox_cursor).where(inbox_cursor.c.path == path)).first()


def _change(connection: Connection, path: str, values: dict[str, Any], token: str = "") -> bool:
    here = [inbox_cursor.c.path == path]
    if token:
        here.append(inbox_cursor.c.lease_token == token)
    return bool(connection.execute(update(inbox_cursor).where(*here).values(values)).rowcount)
