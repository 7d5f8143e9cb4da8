"""An invented brokerage for the engine's tests: its settings, its clock, its mail and its records."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.crm.base import Crm
from connectors.crm.hubspot import HubSpotCrm
from connectors.sandbox.hubspot import OwnerSeed, RunningSandbox, SandboxOptions, start
from jobs.crm.needs import wanted_of
from jobs.playbooks.current import read_playbook
from jobs.processes.bell import Bell, Kind
from jobs.services import Services, open_services
from jobs.settings.load import load_settings
from jobs.settings.model import LedgerSettings, PathSettings, PathState, Settings
from jobs.settings.new_secrets import generate_secrets, path_key_digest
from webapp.demo.trial import HUBSPOT_TOKEN

TOKEN = HUBSPOT_TOKEN
TYPEFORM_SECRET = "brokerage-typeform-secret-0123456789"
KEYS = {name: f"{name}-key-0123456789abcdefghijklmnop" for name in ("website", "typeform", "guarded")}
GUARD = "guarded-token-0123456789abcdef"
TEAM = ("maya@example.com", "daniel@example.com", "priya@example.com", "desk@example.com")
#: A Tuesday morning in California.
START = datetime(2026, 11, 17, 17, 30, tzinfo=UTC)

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"

#: For tests that have nothing to do with the kind of database.
ON_SQLITE = pytest.mark.parametrize("ledger_url", ["sqlite"], indirect=True)

_CONFIG = """
[brokerage]
name = "Harbor Pine Mortgage"
country = "US"
timezone = "America/Los_Angeles"

[server]
public_url = "http://localhost"

[work]
lease_seconds = 30
sweep_seconds = 1

[playbook]
shipped = "mortgage_us"

[crm.hubspot]
kind = "hubspot"
base_url = "{crm_url}"

[paths.website]
title = "Website form"
kind = "form"
state = "live"
crm = ["hubspot"]
keys = ["{website}"]

[paths.typeform]
title = "Typeform"
kind = "typeform"
state = "live"
crm = ["hubspot"]
keys = ["{typeform}"]

[paths.guarded]
title = "An application with a token"
kind = "form"
state = "live"
crm = ["hubspot"]
keys = ["{guarded}"]
"""


@dataclass
class Clock:
    """A clock that a test moves."""

    at: datetime = START

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **span: float) -> None:
        """Let time go by."""
        self.at += timedelta(**span)


@dataclass
class HeardBell:
    """Keeps what was rung for."""

    rings: list[tuple[Kind, str]] = field(default_factory=list)

    def ring(self, kind: Kind, row_id: str) -> None:
        """Remember it."""
        self.rings.append((kind, row_id))


def start_sandbox(port: int = 0) -> RunningSandbox:
    """A sandbox HubSpot with the brokerage's team in it, but none of its properties yet."""
    owners = tuple(OwnerSeed(email, email.partition("@")[0].title(), "Example") for email in TEAM)
    return start(port, options=SandboxOptions.instant(token=TOKEN, owners=owners))


def empty(sandbox: RunningSandbox) -> None:
    """Take every record out, heal every fault; properties, pipelines and owners stay."""
    with sandbox.state.lock:
        for shelf in sandbox.state.shelves.values():
            for record_id in list(shelf.records.live):
                sandbox.state.remove(shelf, record_id)
    sandbox.set_faults([])
    sandbox.configure(token_accepted=True, latency=0.0)
    sandbox.journal.clear()


def provision(settings: Settings) -> None:
    """Create the properties and the pipeline that the playbook writes to."""
    crm = connector(settings.crms["hubspot"].base_url)
    crm.provision(wanted_of(read_playbook(settings), "hubspot", crm))
    crm.close()


def connector(base_url: str, *, patience: float = 20.0) -> HubSpotCrm:
    """Our connector to the sandbox; patience is seconds for one answer."""
    return HubSpotCrm(lambda: TOKEN, base_url, timeout=(5, patience))


def read_brokerage(folder: Path, crm_url: str) -> Settings:
    """The brokerage's settings, from a file in this folder."""
    file = folder / "config.toml"
    digests = {name: path_key_digest(key) for name, key in KEYS.items()}
    file.write_text(_CONFIG.format(crm_url=crm_url, **digests), encoding="utf-8")
    secrets = {
        "FIRSTPATH_CRM_HUBSPOT_TOKEN": TOKEN,
        "FIRSTPATH_PATH_TYPEFORM_SECRET": TYPEFORM_SECRET,
        "FIRSTPATH_PATH_GUARDED_SECRET": GUARD,
    }
    return load_settings(file, {**generate_secrets(), **secrets})


def open_brokerage(settings: Settings, ledger_url: str, bell: Bell, crm: Crm, clock: Clock) -> Services:
    """Services over this database and this connector."""
    settings = replace(settings, ledger=LedgerSettings(ledger_url))
    return replace(open_services(settings, bell=bell), crms={"hubspot": crm}, now=clock)


def with_path(services: Services, state: PathState, path: str = "website") -> Services:
    """The same brokerage after its path was put into another state and it was started again."""
    paths = services.settings.paths
    changed = {**paths, path: replace(paths[path], state=state)}
    return replace(services, settings=replace(services.settings, paths=changed))


def with_way_in(services: Services, kind: str, **more: Any) -> Services:
    """The same brokerage with one more live path, named like its kind."""
    path = PathSettings(
        name=kind,
        title=kind.title(),
        kind=kind,
        state="live",
        crm=("hubspot",),
        keys=(),
        fields={},
        defaults={},
        form=None,
        secret="",
    )
    paths = {**services.settings.paths, kind: replace(path, **more)}
    return replace(services, settings=replace(services.settings, paths=paths))


def without_path(services: Services, path: str) -> Services:
    """The same brokerage after a path was removed from its settings."""
    paths = {name: one for name, one in services.settings.paths.items() if name != path}
    return replace(services, settings=replace(services.settings, paths=paths))
