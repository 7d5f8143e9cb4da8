"""IMAP's IDLE: the server says when something happened, as long as somebody listens."""

from __future__ import annotations

import ssl
from typing import Any, cast

from imap_tools import BaseMailBox
from imap_tools.idle import get_socket_poller

from connectors.intake.inbox_errors import Unreachable


class Idling:
    """One IDLE command that is under way. It has to be ended (end()) within 29 minutes (RFC 2177)."""

    def __init__(self, mailbox: BaseMailBox) -> None:
        """Begin to listen. Raises what imaplib raises."""
        self._client: Any = mailbox.client
        self._idle = cast(Any, mailbox.idle)
        self._idle.start()

    def heard(self, seconds: float) -> bool:
        """Wait until the server says something, at most so long; whether it did.

        Raises Unreachable when it said goodbye, and what imaplib raises.
        """
        if not self._already_here() and not get_socket_poller(self._client.sock, seconds):  # type: ignore[arg-type]
            return False
        line: bytes = self._client.readline()
        if not line or line.upper().startswith(b"* BYE"):
            raise Unreachable("The mail server ended the connection.")
        return True

    def end(self) -> None:
        """Stop listening; what the server said last is read."""
        self._idle.stop()

    def _already_here(self) -> bool:
        """Whether something was received together with an earlier line, where no poll can see it."""
        sock = self._client.sock
        patience = sock.gettimeout()
        sock.settimeout(0)
        try:
            return bool(self._client.file.peek(1))
        except (BlockingIOError, ssl.SSLWantReadError):
            return False
        finally:
            sock.settimeout(patience)
