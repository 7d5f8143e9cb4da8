"""HighLevel's stand-in on the shared stage: served in the background for tests, in front for people."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from connectors.sandbox.foreground import announce_line, serve_until_stopped
from connectors.sandbox.highlevel.admission import Admission
from connectors.sandbox.highlevel.answers import HighLevelLooks
from connectors.sandbox.highlevel.app import create_app
from connectors.sandbox.highlevel.limits import Limits
from connectors.sandbox.highlevel.options import SandboxOptions
from connectors.sandbox.highlevel.seed import load_seed
from connectors.sandbox.highlevel.state import LocationState
from connectors.sandbox.server import ServedSandbox
from connectors.sandbox.stage import Stage


def _stage(options: SandboxOptions, clock: Callable[[], float]) -> Stage[LocationState]:
    state = LocationState(options, clock)
    limits = Limits(clock, lambda: state.options)
    return Stage(
        title="HighLevel",
        account=state,
        app=create_app(state),
        admission=Admission(state, limits),
        looks=HighLevelLooks(limits, state.lock),
        load=partial(load_seed, state),
        secret=f"token {options.token}, location {options.location_id}",
    )


class RunningSandbox(ServedSandbox[LocationState]):
    """A sandbox that is serving. Use it as a context manager, or call stop()."""

    @property
    def token(self) -> str:
        """The private integration token that is let in."""
        return self.state.options.token

    def stop(self) -> None:
        """Stop serving and sending. Safe to repeat."""
        super().stop()
        self.state.webhooks.close()

    @property
    def location_id(self) -> str:
        """The sub-account that the token belongs to."""
        return self.state.options.location_id


def start(
    port: int = 0,
    *,
    options: SandboxOptions | None = None,
    clock: Callable[[], float] = time.time,
    journal: Path | None = None,
) -> RunningSandbox:
    """Serve a fresh sub-account on loopback in background threads (port 0: any free one).

    clock gives epoch seconds for timestamps, search delay, tokens and rate limits.
    Raises: OSError (port taken).
    """
    return RunningSandbox(port, partial(_stage, options or SandboxOptions(), clock), journal).begin()


def serve(
    port: int,
    faults_file: Path | None = None,
    journal_file: Path | None = None,
    *,
    options: SandboxOptions | None = None,
    announce: Callable[[str], None] = announce_line,
) -> None:
    """Serve in the foreground until Ctrl-C or SIGTERM. Call it from the main thread.

    Raises: OptionsError for a wrong fault file, OSError when the port is taken or the journal unwritable.
    """
    serve_until_stopped(partial(start, port, options=options, journal=journal_file), faults_file, announce)
