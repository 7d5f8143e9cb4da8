"""Serving the sandbox on loopback: in background threads for tests, in the foreground for people."""

from __future__ import annotations

import logging
import signal
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

from waitress import wasyncore  # type: ignore[import-untyped]
from waitress.channel import HTTPChannel  # type: ignore[import-untyped]
from waitress.server import create_server  # type: ignore[import-untyped]
from waitress.task import WSGITask  # type: ignore[import-untyped]

from connectors.sandbox.hubspot.admission import Admission
from connectors.sandbox.hubspot.app import create_app
from connectors.sandbox.hubspot.errors import JsonObject
from connectors.sandbox.hubspot.faults import FaultRule, Faults, parse_faults, read_faults
from connectors.sandbox.hubspot.gate import RESET_KEY, Gate
from connectors.sandbox.hubspot.journal import Journal
from connectors.sandbox.hubspot.limits import Limits
from connectors.sandbox.hubspot.options import SandboxOptions
from connectors.sandbox.hubspot.state import CrmState

HOST = "127.0.0.1"
THREADS = 24  # mostly idle: each holds a connection while a fault or a latency makes it wait


class _SocketReset(Exception):
    """Ends a request whose socket is to be closed without an answer."""


class _Task(WSGITask):  # type: ignore[misc]
    """Gives the application a way to reset the client's socket."""

    def service(self) -> None:
        try:
            super().service()
        except _SocketReset:
            self.close_on_finish = True

    def get_environment(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environment()
        environ.setdefault(RESET_KEY, self._reset)
        return environ

    def _reset(self) -> None:
        # Closing with a linger time of zero sends RST instead of FIN.
        self.channel.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise _SocketReset


class _Channel(HTTPChannel):  # type: ignore[misc]
    task_class = _Task


class RunningSandbox:
    """A sandbox that is serving. Use it as a context manager, or call stop()."""

    def __init__(
        self, port: int, options: SandboxOptions, clock: Callable[[], float], journal: Path | None
    ) -> None:
        # Bound first: a port that is taken fails before threads and files exist.
        listening = socket.create_server((HOST, port))
        self.state = CrmState(options, clock)
        self.journal = Journal(journal)
        self.faults = Faults()
        self._limits = Limits(clock, lambda: self.state.options)
        app = create_app(self.state, self._limits, self.faults, self.journal)
        admission = Admission(self.state, self._limits)
        self._gate = Gate(app.wsgi_app, self.state, admission, self.faults, self.journal)
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
        self._thread = threading.Thread(target=self._server.run, name="sandbox-hubspot", daemon=True)

    @property
    def url(self) -> str:
        """http://127.0.0.1:PORT, without a slash at the end."""
        return f"http://{HOST}:{self._server.effective_port}"

    @property
    def token(self) -> str:
        """The bearer token that is let in."""
        return self.state.options.token

    def configure(self, **changes: Any) -> None:
        """Change options, by the names of SandboxOptions (scopes as a list). Raises: OptionsError."""
        with self.state.lock:
            self.state.options = self.state.options.changed(changes)

    def set_faults(self, rules: Sequence[JsonObject] | JsonObject) -> None:
        """Replace the fault rules, as PUT /_sandbox/faults does. Raises: OptionsError."""
        self.faults.set(*parse_faults(rules))

    def reset(self) -> None:
        """An unused account again: no records, faults, journal or counted calls. Options stay."""
        with self.state.lock:
            self.state.reset()
            self._limits.reset()
        self.faults.set(())
        self.journal.clear()

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

    def _start(self) -> RunningSandbox:
        self._thread.start()
        return self

    def __enter__(self) -> RunningSandbox:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def start(
    port: int = 0,
    *,
    options: SandboxOptions | None = None,
    clock: Callable[[], float] = time.time,
    journal: Path | None = None,
) -> RunningSandbox:
    """Serve a fresh account on loopback in background threads (port 0: any free one).

    clock gives epoch seconds for timestamps, search delay and rate limits. Raises: OSError (port taken).
    """
    return RunningSandbox(port, options or SandboxOptions(), clock, journal)._start()


def _announce(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def serve(
    port: int,
    faults_file: Path | None = None,
    journal_file: Path | None = None,
    *,
    options: SandboxOptions | None = None,
    announce: Callable[[str], None] = _announce,
) -> None:
    """Serve in the foreground until Ctrl-C or SIGTERM. Call it from the main thread.

    Raises: OptionsError for a wrong fault file, OSError when the port is taken or the journal unwritable.
    """
    rules: tuple[tuple[FaultRule, ...], int] = read_faults(faults_file) if faults_file else ((), 0)
    asked_to_stop = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        asked_to_stop.set()

    earlier = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        with start(port, options=options, journal=journal_file) as sandbox:
            sandbox.faults.set(*rules)
            announce(f"HubSpot sandbox on {sandbox.url} (token {sandbox.token}). Ctrl-C stops it.")
            asked_to_stop.wait()
    finally:
        for number, handler in earlier.items():
            signal.signal(number, handler)
