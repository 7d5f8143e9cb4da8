"""A mailbox read over IMAP: which mails are new, one mail after the other, and listening for the next.

The folder is opened for reading only: nothing is deleted, moved or marked as read.
"""

from __future__ import annotations

import imaplib
import re
import ssl
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from imap_tools import BaseMailBox, MailBox, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError
from imap_tools.utils import encode_folder

from connectors.intake.idling import Idling
from connectors.intake.inbox_errors import FolderGone, InboxError, LoginRefused, Unreachable

#: A larger mail is noted with its headers; its text and files stay in the mailbox.
MAX_MAIL = 30 * 1024 * 1024
_TIMEOUT_SECONDS = 30.0
_AT_ONCE = 200  # sizes asked for in one call
_BUSY = re.compile(
    r"\[(?:UNAVAILABLE|INUSE|LIMIT|SERVERBUG)\]|too many|temporar|try again|rate", re.IGNORECASE
)
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_UID = re.compile(rb"UID (\d+)")


@dataclass(frozen=True, slots=True)
class Server:
    """Where the mailbox is. Without tls only for a server on this machine."""

    host: str
    port: int
    tls: bool = True
    timeout_seconds: float = _TIMEOUT_SECONDS


@dataclass(frozen=True, slots=True)
class Login:
    """Who logs in: with a password, or with an access token (XOAUTH2)."""

    username: str
    password: str = ""
    access_token: str = ""

    def __repr__(self) -> str:
        return "Login(...)"


@dataclass(frozen=True, slots=True)
class Folder:
    """The folder as it was opened. UIDs mean the same mails as long as uid_validity stays."""

    uid_validity: int
    next_uid: int
    mails: int


@dataclass(frozen=True, slots=True)
class Listed:
    """A mail that is there; arrived_at is the server's own word for when it came."""

    uid: int
    size: int
    arrived_at: datetime | None


class Mailbox:
    """One connection to one folder, for one thread; open_mailbox() makes it. Its methods raise InboxError."""

    def __init__(self, connection: BaseMailBox, folder: Folder, *, idles: bool) -> None:
        """idles: the server says by itself when something arrives."""
        self._connection = connection
        self._client: Any = connection.client
        self.folder = folder
        self.idles = idles

    def uids_after(self, last: int) -> list[int]:
        """UIDs of the mails after this one, in order."""
        with _told("looking for new mail"):
            found = self._answer(self._client.uid("SEARCH", f"UID {last + 1}:*"))
        # "*" is the newest mail even when it is older than asked for.
        numbers = b" ".join(part for part in found if isinstance(part, bytes)).split()
        return sorted(uid for uid in map(int, numbers) if uid > last)

    def listed(self, uids: Sequence[int]) -> Iterator[Listed]:
        """Size and arrival of these mails, in order; those that are gone are left out."""
        for start in range(0, len(uids), _AT_ONCE):
            some = ",".join(map(str, uids[start : start + _AT_ONCE]))
            with _told("listing mail"):
                answer = self._answer(self._client.uid("FETCH", some, "(UID RFC822.SIZE INTERNALDATE)"))
            lines = (part for part in answer if isinstance(part, bytes))
            yield from sorted(filter(None, map(_listed, lines)), key=lambda one: one.uid)

    def whole(self, uid: int) -> bytes:
        """The mail as it is; b"" when it is gone."""
        return self._body(uid, "BODY.PEEK[]")

    def headers(self, uid: int) -> bytes:
        """Only its headers; b"" when it is gone."""
        return self._body(uid, "BODY.PEEK[HEADER]")

    def _body(self, uid: int, part: str) -> bytes:
        with _told("fetching a mail"):
            answer = self._answer(self._client.uid("FETCH", str(uid), f"({part})"))
        return next((bytes(part[1]) for part in answer if isinstance(part, tuple)), b"")

    @contextmanager
    def listening(self) -> Iterator[Idling]:
        """Listen for what the server says; for at most 29 minutes, and only where it idles."""
        with _told("listening for new mail"):
            idling = Idling(self._connection)
            yield idling
            idling.end()

    def look_alive(self) -> None:
        """Ask the server whether anything happened, where it does not idle."""
        with _told("looking for new mail"):
            self._answer(self._client.noop())

    def _answer(self, answer: tuple[str, list[Any]]) -> list[Any]:
        status, data = answer
        if status != "OK":
            raise Unreachable("The mail server refused a command that it should know.")
        return data


@contextmanager
def open_mailbox(server: Server, login: Login, folder: str) -> Iterator[Mailbox]:
    """Connect, log in and open a folder for reading. Raises InboxError."""
    connection = _connected(server)
    try:
        _log_in(connection, login)
        yield Mailbox(connection, _opened(connection, folder), idles=_idles(connection))
    finally:
        _close(connection)


def _connected(server: Server) -> BaseMailBox:
    with _told("connecting"):
        if not server.tls:
            return MailBoxUnencrypted(server.host, server.port, timeout=server.timeout_seconds)
        context = ssl.create_default_context()
        return MailBox(server.host, server.port, timeout=server.timeout_seconds, ssl_context=context)


def _log_in(connection: BaseMailBox, login: Login) -> None:
    client: Any = connection.client
    try:
        with _told("logging in", refusals=False):
            if login.access_token:
                token = f"user={login.username}\1auth=Bearer {login.access_token}\1\1".encode()
                # Asked a second time, the server only says why it refuses.
                words = iter((token,))
                client.authenticate("XOAUTH2", lambda _challenge: next(words, b""))
            elif (login.username + login.password).isascii():
                connection.login(login.username, login.password, initial_folder=None)
            else:
                plain = f"\0{login.username}\0{login.password}".encode()
                client.authenticate("PLAIN", lambda _challenge: plain)
    except (imaplib.IMAP4.error, ImapToolsError) as error:
        raise _login_refused(str(error), by_token=bool(login.access_token)) from None


def _login_refused(said: str, *, by_token: bool) -> InboxError:
    """Never the server's own words: they may quote the account."""
    if _BUSY.search(said):
        return Unreachable("The mail server has no room for a log-in now.")
    if by_token:
        return LoginRefused(
            "The mail server does not accept the access token.",
            remedy="Check the username, and that the app may read mail over IMAP (docs/intake/imap.md).",
        )
    return LoginRefused(
        "The mail server does not accept username and password.",
        remedy="Check both; Gmail wants an app password, Microsoft 365 login oauth (docs/intake/imap.md).",
    )


def _opened(connection: BaseMailBox, name: str) -> Folder:
    client: Any = connection.client
    with _told("opening the folder"):
        status, count = client.select(encode_folder(name), readonly=True)
        if status != "OK":
            raise FolderGone(
                "The folder is not in this mailbox, or not for this account.",
                remedy="Create the folder, or correct folder in the settings; capitals count.",
            )
        validity = client.response("UIDVALIDITY")[1][0]
        following = client.response("UIDNEXT")[1][0]
        if not validity:
            raise Unreachable("The mail server gives its mails no lasting numbers (UIDVALIDITY).")
        if not following:
            newest = client.uid("SEARCH", "UID *")[1][0].split()
            following = int(newest[-1]) + 1 if newest else 1
    return Folder(int(validity), int(following), int(count[0]))


def _idles(connection: BaseMailBox) -> bool:
    """What the server can do is asked after the log-in: only then do some say all of it."""
    client: Any = connection.client
    with _told("asking what the server can do"):
        status, data = client.capability()
    return status == "OK" and b"IDLE" in b" ".join(filter(None, data)).upper().split()


def _close(connection: BaseMailBox) -> None:
    """Say goodbye, if anybody still hears it."""
    client: Any = connection.client
    with suppress(Exception):
        client.logout()
    with suppress(Exception):
        client.shutdown()


def _listed(line: bytes) -> Listed | None:
    uid, size = _UID.search(line), _SIZE.search(line)
    if uid is None or size is None:
        return None
    moment = imaplib.Internaldate2tuple(line)
    arrived = None
    if moment is not None:
        with suppress(ValueError, OverflowError, OSError):
            arrived = datetime.fromtimestamp(time.mktime(moment), UTC)
    return Listed(int(uid[1]), int(size[1]), arrived)


@contextmanager
def _told(doing: str, *, refusals: bool = True) -> Iterator[None]:
    """Whatever goes wrong meanwhile, told as one of the family."""
    try:
        yield
    except InboxError:
        raise
    except ssl.SSLCertVerificationError:
        raise Unreachable(
            "The mail server's certificate is not trusted.",
            remedy="Check that host is the name that the certificate is for.",
        ) from None
    except imaplib.IMAP4.abort as error:
        raise Unreachable(f"The mail server broke off while {doing}.") from error
    except (imaplib.IMAP4.error, ImapToolsError):
        if not refusals:
            raise
        raise Unreachable(f"The mail server gave a strange answer while {doing}.") from None
    except (OSError, EOFError, ValueError) as error:
        # ValueError: reading from a connection that was closed meanwhile.
        raise Unreachable(
            f"The mail server did not answer while {doing} ({type(error).__name__}).",
            remedy="If it lasts, check host and port in the settings and this server's way to the internet.",
        ) from error
