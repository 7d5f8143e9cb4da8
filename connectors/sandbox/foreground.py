"""Serving a sandbox for people: in the foreground, until they stop it."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from connectors.sandbox.fault_document import read_faults
from connectors.sandbox.faults import FaultRule
from connectors.sandbox.server import ServedSandbox
from connectors.sandbox.stage import Account


def announce_line(line: str) -> None:
    """Print a line at once, also into a pipe."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def serve_until_stopped(
    begin: Callable[[], ServedSandbox[Account]], faults_file: Path | None, announce: Callable[[str], None]
) -> None:
    """Serve what begin() started until Ctrl-C or SIGTERM. Call it from the main thread.

    Raises: OptionsError for a wrong fault file, OSError when the port is taken or the journal unwritable.
    """
    rules: tuple[tuple[FaultRule, ...], int] = read_faults(faults_file) if faults_file else ((), 0)
    asked_to_stop = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        asked_to_stop.set()

    earlier = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        with begin() as sandbox:
            sandbox.faults.set(*rules)
            announce(sandbox.greeting)
            asked_to_stop.wait()
    finally:
        for number, handler in earlier.items():
            signal.signal(number, handler)
