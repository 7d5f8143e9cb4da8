"""Serving a sandbox on loopback in background threads."""

from __future__ import annotations

import logging
import socket
import struct
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from waitress import wasyncore  # type: ignore[import-untyped]
from waitress.server import create_server  # type: ignore[import-untyped]
from waitress.task import WSGITask  # type: ignore[import-untyped]

from connectors.patient_channel import PatientChannel
from connectors.sandbox.answers import JsonObject
from connectors.sandbox.control import Controls, add_control
from connectors.sandbox.fault_document import parse_faults
from connectors.sandbox.faults import Faults
from connectors.sandbox.gate import HANG_UP_KEY, RESET_KEY, Gate
from connectors.sandbox.journal import Journal
from connectors.sandbox.stage import Account, Stage

HOST = "127.0.0.1"
THREADS = 24  # mostly idle: each holds a connection while a fault or a latency makes it wait
A_co = TypeVar("A_co", bound=Account, covariant=True)


class _Abandoned(Exception):
    """Ends a request whose connection is to be closed at once."""


class _Task(WSGITask):  # type: ignore[misc]
    """Gives the application ways to end the client's connection."""

    def service(self) -> None:
        try:
            super().service()
        except _Abandoned:
            self.close_on_finish = True

    def get_environment(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environment()
        environ.setdefault(RESET_KEY, self._reset)
        environ.setdefault(HANG_UP_KEY, self._hang_up)
        return environ

    def _reset(self) -> None:
        # Closing with a linger time of zero sends RST instead of FIN.
        self.channel.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise _Abandoned

    def _hang_up(self) -> None:
        raise _Abandoned


class _Channel(PatientChannel):
    task_class = _Task


class ServedSandbox(Generic[A_co]):
    """A sandbox that is serving. Use it as a context manager, or call stop().

    make builds the vendor's stage; it is called after the port was bound, so that one that is taken
    fails before threads and files exist. Raises: OSError (port taken, journal not writable).
    """

    def __init__(self, port: int, make: Callable[[], Stage[A_co]], journal: Path | None) -> None:
        listening = socket.create_server((HOST, port))
        self._stage = make()
        self.journal = Journal(journal)
        self.faults = Faults()
        self._controls = Controls(self._stage, self.faults, self.journal)
        add_control(self._stage.app, self._controls)
        self._gate = Gate(self._stage, self.faults, self.journal)
        self._sockets: dict[int, Any] = {}
        self._server = create_server(
            self._gate,
            map=self._sockets,
            sockets=[listening],
            threads=THREADS,
            ident="",
            channel_request_lookahead=1,
            clear_untrusted_proxy_headers=False,
        )
        self._server.channel_class = _Channel
        self._server.task_dispatcher.queue_logger = logging.getLogger(f"{__name__}.queue")
        name = f"sandbox-{self._stage.title.lower()}"
        self._thread = threading.Thread(target=self._server.run, name=name, daemon=True)

    @property
    def state(self) -> A_co:
        """The account. Hold its lock while reading more than one thing."""
        return self._stage.account

    @property
    def url(self) -> str:
        """http://127.0.0.1:PORT, without a slash at the end."""
        return f"http://{HOST}:{self._server.effective_port}"

    @property
    def greeting(self) -> str:
        """One line for people: what this is, where it is, what lets them in."""
        return f"{self._stage.title} sandbox on {self.url} ({self._stage.secret}). Ctrl-C stops it."

    def configure(self, **changes: Any) -> None:
        """Change options, by the names of SandboxOptions (scopes as a list). Raises: OptionsError."""
        with self.state.lock:
            self.state.configure(changes)

    def set_faults(self, rules: Sequence[JsonObject] | JsonObject) -> None:
        """Replace the fault rules, as PUT /_sandbox/faults does. Raises: OptionsError."""
        self.faults.set(*parse_faults(rules))

    def reset(self) -> None:
        """An unused account again: no records, faults, journal or counted calls. Options stay."""
        self._controls.reset()

    def stop(self) -> None:
        """Stop serving and close every socket and file. Safe to repeat."""
        if not self._thread.is_alive():
            return
        self._gate.close()
        # Workers first: one that finishes later would write to the loop's closed wake-up pipe.
        self._server.task_dispatcher.shutdown()
        pulled = threading.Event()

        def close_sockets() -> None:
            pulled.wait()
            wasyncore.close_all(self._sockets, ignore_all=True)

        # Sockets belong to the loop's thread: they are closed there, which also ends the loop.
        self._server.trigger.pull_trigger(close_sockets)
        pulled.set()
        self._thread.join(timeout=10)
        self.journal.close()

    def begin(self) -> Self:
        """Start to serve."""
        self._thread.start()
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
