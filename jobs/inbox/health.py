"""How an inbox is, and when it is tried again after trouble; the desk is told when it stops."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import Connection

from connectors.intake.inbox_errors import ConnectionRevoked, FolderGone, InboxError, LoginRefused
from jobs.ledger import inboxes, notices
from jobs.ledger.inboxes import InboxState
from jobs.services import Services

#: A server that hiccups is nobody's business; after so many tries in a row the desk is told.
_TELL_AFTER = 3
#: Refused log-ins: often enough to notice a repair at the provider, too seldom to lock the account.
_REFUSED_WAITS = (60.0, 600.0, 3600.0)
_LONGEST_AWAY, _LONGEST_GONE = 60.0, 300.0
_MEANWHILE = "Mails stay in the mailbox and are read when it works again."


def wait_after(error: InboxError, tries: int, dice: Callable[[], float]) -> float:
    """Seconds until it is tried again after so many tries in a row; dice gives 0 <= x < 1."""
    if isinstance(error, LoginRefused):
        return _REFUSED_WAITS[min(tries, len(_REFUSED_WAITS)) - 1]
    first, longest = (5.0, _LONGEST_GONE) if isinstance(error, FolderGone) else (1.0, _LONGEST_AWAY)
    return float(min(longest, first * 2 ** min(tries - 1, 10)) * (0.5 + dice() / 2))


def state_of(error: InboxError) -> str:
    """What the desk calls it."""
    if isinstance(error, ConnectionRevoked):
        return "paused"
    return "refused" if isinstance(error, LoginRefused | FolderGone) else "away"


def note_trouble(
    services: Services,
    connection: Connection,
    path: str,
    token: str,
    error: InboxError,
    *,
    tries: int,
    wait: float,
) -> None:
    """Store how the inbox is and tell the desk once."""
    now, old, state = services.now(), inboxes.state(connection, path), state_of(error)
    since = old.since if old.state == state else now
    until = now + timedelta(seconds=wait)
    new = InboxState(state, since, until, str(error), error.remedy)
    if not inboxes.set_state(connection, path, token, new):
        return
    if tries == (1 if state != "away" else _TELL_AFTER):
        title = services.settings.paths[path].title
        told = " ".join(part for part in (str(error), error.remedy, _MEANWHILE) if part)
        _tell(services, connection, path, f'The inbox of "{title}" is not read. {told}')


def note_well(services: Services, connection: Connection, path: str, token: str) -> None:
    """Store that it works; the alert about its stop is closed."""
    now, old = services.now(), inboxes.state(connection, path)
    since = old.since if old.state == "ok" else now
    if inboxes.set_state(connection, path, token, InboxState("ok", since)) and old.state != "ok":
        notices.acknowledge(connection, kind="inbox", object_id=path, by="system", at=now)


def _tell(services: Services, connection: Connection, path: str, message: str) -> None:
    """One alert about an inbox is open at most: the newest."""
    now = services.now()
    notices.acknowledge(connection, kind="inbox", object_id=path, by="system", at=now)
    notices.raise_alert(
        connection, id=services.new_id(), at=now, kind="inbox", object_id=path, message=message
    )
