"""The doorbell: wakes whoever works; the ledger knows what there is to do."""

from __future__ import annotations

import threading
from typing import Literal, Protocol, get_args

Kind = Literal["process", "fetch", "deliver"]


class Bell(Protocol):
    """Says that a row is waiting. Ringing may fail or be lost: a sweep finds the row all the same."""

    def ring(self, kind: Kind, row_id: str) -> None:
        """Wake a worker for this submission ("process", "fetch") or delivery ("deliver"). Never raises."""


class ThreadBell:
    """Wakes threads of this process: those that wait for this kind of work, and no others."""

    def __init__(self) -> None:
        self._changed = {kind: threading.Condition() for kind in get_args(Kind)}
        self._rings: dict[str, int] = dict.fromkeys(get_args(Kind), 0)

    def ring(self, kind: Kind, row_id: str) -> None:
        """Wake every thread that waits for this kind of work."""
        with self._changed[kind]:
            self._rings[kind] += 1
            self._changed[kind].notify_all()

    def heard(self, kind: Kind) -> int:
        """How often it rang so far; read it before looking for work, so that no ring is missed."""
        with self._changed[kind]:
            return self._rings[kind]

    def wait(self, kind: Kind, heard: int, timeout: float) -> None:
        """Return when it rang again since heard, or after timeout seconds."""
        with self._changed[kind]:
            self._changed[kind].wait_for(lambda: self._rings[kind] != heard, timeout)
