"""Salesforce's stand-in on the shared stage: served in the background for tests, in front for people."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from connectors.sandbox.foreground import announce_line, serve_until_stopped
from connectors.sandbox.salesforce.admission import Admission
from connectors.sandbox.salesforce.app import create_app
from connectors.sandbox.salesforce.looks import SalesforceLooks
from connectors.sandbox.salesforce.options import SandboxOptions
from connectors.sandbox.salesforce.person import Person
from connectors.sandbox.salesforce.seed import load_seed
from connectors.sandbox.salesforce.state import OrgState
from connectors.sandbox.salesforce.usage import Usage
from connectors.sandbox.server import ServedSandbox
from connectors.sandbox.stage import Stage


def _stage(options: SandboxOptions, clock: Callable[[], float]) -> Stage[OrgState]:
    org = OrgState(options, clock)
    usage = Usage(clock, lambda: org.options.daily_limit)
    return Stage(
        title="Salesforce",
        account=org,
        app=create_app(org, usage),
        admission=Admission(org, usage),
        looks=SalesforceLooks(),
        load=partial(load_seed, org),
        secret=f"client id {options.client_id}, client secret {options.client_secret}",
    )


class RunningSandbox(ServedSandbox[OrgState]):
    """A sandbox that is serving. Use it as a context manager, or call stop()."""

    @property
    def client_id(self) -> str:
        """The consumer key that the token endpoint knows."""
        return self.state.options.client_id

    @property
    def client_secret(self) -> str:
        """The consumer secret that goes with it."""
        return self.state.options.client_secret

    def token(self) -> str:
        """A fresh access token of the integration user, without asking over HTTP."""
        return self.state.open_session()

    def person(self, username: str = "") -> Person:
        """Somebody at work in the browser ("": the first of the brokerage's users)."""
        return Person(self.state, username)

    def seed(self, document: dict[str, object]) -> dict[str, list[str]]:
        """Load fields and records, as POST /_sandbox/seed does. Raises: OptionsError, ApiError."""
        return load_seed(self.state, document)


def start(
    port: int = 0,
    *,
    options: SandboxOptions | None = None,
    clock: Callable[[], float] = time.time,
    journal: Path | None = None,
) -> RunningSandbox:
    """Serve a fresh org on loopback in background threads (port 0: any free one).

    clock gives epoch seconds for stamps, sessions and the daily allowance. Raises: OSError (port taken).
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
