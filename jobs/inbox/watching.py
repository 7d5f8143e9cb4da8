"""Watching an inbox: one process at a time reads it, mail by mail, and never loses its place."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from connectors.intake.imap import Listed, Mailbox
from connectors.intake.inbox_errors import InboxError, Unreachable
from jobs.inbox.health import note_trouble, note_well, wait_after
from jobs.inbox.login import InboxLogin
from jobs.inbox.mail import note_headers, take_in, unfetchable
from jobs.inbox.place import from_the_start, is_read, place_in
from jobs.ledger import inboxes
from jobs.ledger.engine import LedgerUnavailable
from jobs.ledger.inboxes import Cursor
from jobs.services import Services

#: So many mails are taken in before the place is written down; after a crash they are recognised.
_AT_ONCE = 20
_SLICE_SECONDS = 1.0
_PAUSE_SECONDS = 2.0
#: A mail that breaks the connection so often is noted and passed over.
_MOST_TRIES = 8
_log = structlog.get_logger()


class InboxWatch:
    """Reads the inbox of one path, in one thread, until stop is set.

    pause waits so many seconds, or until stop is set.
    """

    def __init__(
        self,
        services: Services,
        path: str,
        stop: threading.Event,
        *,
        pause: Callable[[float], object] | None = None,
    ) -> None:
        self._services, self._path, self._stop = services, path, stop
        self._pause = pause or stop.wait
        self._login = InboxLogin(services, path)
        self._token = ""
        self._tries = 0  # in a row, that came to nothing
        self._renew_at: datetime | None = None
        self._stuck = (0, 0)  # a mail's UID, and how often it could not be fetched

    def run(self) -> None:
        """Watch, wait for one's turn, and watch again; trouble of any kind ends nothing."""
        while not self._stop.is_set():
            try:
                self.turn()
                continue
            except LedgerUnavailable as error:
                _log.error("ledger_unavailable", error=str(error))
            except Exception as error:
                _log.error("inbox_failed", path=self._path, error=type(error).__name__)
            self._pause(_PAUSE_SECONDS)

    def turn(self) -> None:
        """Read the inbox as long as nobody stops us, unless another watches it. Raises LedgerUnavailable."""
        services, now = self._services, self._services.now()
        self._token = services.new_id()
        until = now + services.lease
        with services.ledger.write() as connection:
            mine = inboxes.claim(
                connection, services.ledger, self._path, token=self._token, now=now, until=until
            )
        if not mine:
            self._pause(services.lease.total_seconds() / 3)
            return
        self._tries, self._renew_at = 0, now
        with services.leases.hold(self._token):
            try:
                while self._mine():
                    self._connection()
            finally:
                with suppress(LedgerUnavailable), services.ledger.write() as connection:
                    inboxes.release(connection, self._path, self._token)

    def _connection(self) -> None:
        """One connection from its beginning to its end, and the pause after trouble."""
        secrets = self._login.secrets
        try:
            with self._login.opened() as mailbox:
                cursor = self._begin(mailbox)
                while self._mine():
                    cursor = self._catch_up(mailbox, self._heed_wish(mailbox, cursor))
                    self._well()
                    self._listen(mailbox)
        except InboxError as error:
            self._tries += 1
            wait = wait_after(error, self._tries, self._services.dice)
            _log.warning("inbox_trouble", path=self._path, error=error.code, tries=self._tries)
            with self._services.ledger.write() as connection:
                note_trouble(
                    self._services, connection, self._path, self._token, error, tries=self._tries, wait=wait
                )
            self._wait(wait, secrets)

    def _begin(self, mailbox: Mailbox) -> Cursor:
        """Where to go on in the folder that was just opened."""
        known, days = self._cursor(), self._login.inbox.since_days
        cursor = place_in(
            mailbox.folder, known, self._login.mailbox, since_days=days, now=self._services.now()
        )
        if cursor != known:
            _log.info("inbox_begun", path=self._path, first=known.uid_validity is None)
            self._save(cursor)
        return cursor

    def _heed_wish(self, mailbox: Mailbox, cursor: Cursor) -> Cursor:
        """Begin from the start when somebody asked for what arrived since a moment."""
        with self._services.ledger.read() as connection:
            since = inboxes.rescan_wanted(connection, self._path)
        if since is None:
            return cursor
        again = from_the_start(mailbox.folder, cursor, since)
        with self._services.ledger.write() as connection:
            if inboxes.save(connection, self._path, self._token, again, None):
                inboxes.rescan_begun(connection, self._path, self._token, since)
        return again

    def _catch_up(self, mailbox: Mailbox, cursor: Cursor) -> Cursor:
        """Take in every mail after the cursor; how far we came is written down even when it breaks off."""
        uids = mailbox.uids_after(cursor.last_uid)
        unsaved: list[Listed] = []
        try:
            for listed in mailbox.listed(uids):
                if self._stop.is_set():
                    break
                if is_read(listed, cursor):
                    self._take(mailbox, listed)
                cursor = replace(cursor, last_uid=listed.uid)
                unsaved.append(listed)
                if len(unsaved) >= _AT_ONCE:
                    self._save(cursor, unsaved)
                    unsaved = []
        finally:
            if unsaved:
                self._save(cursor, unsaved)
        return cursor

    def _take(self, mailbox: Mailbox, listed: Listed) -> None:
        uid, broke = self._stuck
        broke = broke if uid == listed.uid else 0
        if broke >= _MOST_TRIES:
            note_headers(self._services, self._path, mailbox, listed, unfetchable())
            return
        try:
            take_in(self._services, self._path, mailbox, listed)
        except InboxError:
            self._stuck = (listed.uid, broke + 1)
            raise

    def _listen(self, mailbox: Mailbox) -> None:
        """Return when something may have arrived, or somebody wants something."""
        until = self._services.now() + timedelta(seconds=self._login.inbox.check_seconds)
        if not mailbox.idles:
            while self._services.now() < until and self._undisturbed():
                self._pause(_SLICE_SECONDS)
            mailbox.look_alive()
            return
        with mailbox.listening() as idling:
            while self._services.now() < until and self._undisturbed():
                if idling.heard(_SLICE_SECONDS):
                    return

    def _wait(self, seconds: float, secrets: str) -> None:
        """After trouble; not longer when the secrets were changed, or somebody wants it tried now."""
        while seconds > 0 and self._mine():
            self._pause(min(seconds, _PAUSE_SECONDS))
            seconds -= _PAUSE_SECONDS
            with self._services.ledger.read() as connection:
                wanted = inboxes.state(connection, self._path).until is None
            if wanted or self._login.secrets != secrets:
                return

    def _undisturbed(self) -> bool:
        if not self._mine():
            return False
        with self._services.ledger.read() as connection:
            return inboxes.rescan_wanted(connection, self._path) is None

    def _mine(self) -> bool:
        """Whether we go on: nobody stops us, and the watch is still ours."""
        if self._stop.is_set():
            return False
        services, now = self._services, self._services.now()
        if self._renew_at is None or now >= self._renew_at:
            with services.ledger.write() as connection:
                if not inboxes.extend(connection, [self._token], now + services.lease):
                    return False
            self._renew_at = now + services.lease / 3
        return True

    def _cursor(self) -> Cursor:
        with self._services.ledger.read() as connection:
            return inboxes.cursor(connection, self._path)

    def _save(self, cursor: Cursor, taken: Sequence[Listed] = ()) -> None:
        """Raises Unreachable when another watches by now: our connection is of no use any more."""
        last = max((one.arrived_at for one in taken if one.arrived_at), default=None)
        with self._services.ledger.write() as connection:
            held = inboxes.save(connection, self._path, self._token, cursor, last)
        if not held:
            self._renew_at = None
            raise Unreachable("Another process watches this inbox by now.")
        if taken:
            self._tries = 0

    def _well(self) -> None:
        self._tries = 0
        with self._services.ledger.read() as connection:
            known = inboxes.state(connection, self._path)
        if known.state != "ok" or known.until is not None:
            with self._services.ledger.write() as connection:
                note_well(self._services, connection, self._path, self._token)
