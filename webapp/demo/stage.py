"""The brokerage of the demonstration: Firstpath on its embedded default, beside a sandbox HubSpot."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from connectors.sandbox.hubspot import OwnerSeed, RunningSandbox, SandboxOptions, start
from jobs.bell import ThreadBell
from jobs.connections import wanted_of
from jobs.services import Services, open_services
from jobs.settings.load import load_settings
from jobs.settings.new_secrets import generate_secrets, new_path_key
from jobs.worker import Workers
from mapping.playbook import load_playbook, shipped
from webapp.app import create_app
from webapp.server import Server

TYPEFORM_SECRET = "demo-typeform-secret-on-this-machine"  # noqa: S105 - signs deliveries of the demonstration
_TOKEN = "pat-na1-sandbox-on-this-machine"  # noqa: S105 - opens the sandbox only
_PLAYBOOK = "mortgage_us"
_STOP_SECONDS = 10.0

_CONFIG = """
[brokerage]
name = "Harbor Pine Mortgage"
country = "US"
timezone = "America/Los_Angeles"

[server]
port = {port}
public_url = "http://127.0.0.1:{port}"

[playbook]
shipped = "mortgage_us"

[crm.hubspot]
kind = "hubspot"
base_url = "{crm_url}"

[paths.typeform]
title = "Typeform: get your home loan quote"
kind = "typeform"
state = "live"
crm = ["hubspot"]
keys = ["{typeform}"]

[paths.website]
title = "Contact form on the website"
kind = "form"
state = "live"
crm = ["hubspot"]
keys = ["{website}"]

[paths.purchase]
title = "Hosted inquiry form"
kind = "hosted_form"
state = "live"
crm = ["hubspot"]

[paths.purchase.form]
heading = "Let us find your mortgage"
brand_name = "Harbor Pine Mortgage"
consent_text = "I agree that Harbor Pine Mortgage may call and text me. It is no condition of a purchase."
"""


@dataclass(frozen=True, slots=True)
class Stage:
    """What the visitors and the report need."""

    services: Services
    sandbox: RunningSandbox
    url: str
    keys: Mapping[str, str]  # intake path → its key


@contextmanager
def running(folder: Path, port: int) -> Iterator[Stage]:
    """Everything up and connected for the block, with its files in an empty folder."""
    sandbox = start(options=SandboxOptions.instant(token=_TOKEN, owners=_owners()))
    keys = {name: new_path_key() for name in ("typeform", "website")}
    text = _CONFIG.format(
        port=port, crm_url=sandbox.url, **{name: digest for name, (_, digest) in keys.items()}
    )
    config = folder / "config.toml"
    config.write_text(text, encoding="utf-8")
    _write_secrets(folder / "secrets")
    bell = ThreadBell()
    services = open_services(load_settings(config, {}), bell=bell)
    _prepare_crm(services)
    server, workers = Server(create_app(services), "127.0.0.1", port, 8), Workers(services, bell)
    thread = threading.Thread(target=server.run, name="web")
    workers.start()
    thread.start()
    try:
        yield Stage(services, sandbox, server.url, {name: key for name, (key, _) in keys.items()})
    finally:
        server.stop()
        workers.stop(_STOP_SECONDS)
        thread.join(_STOP_SECONDS)
        services.ledger.close()
        sandbox.stop()


def _write_secrets(folder: Path) -> None:
    """As files, so that the other commands work on this brokerage too."""
    folder.mkdir(mode=0o700)
    values = {
        **generate_secrets(),
        "FIRSTPATH_CRM_HUBSPOT_TOKEN": _TOKEN,
        "FIRSTPATH_PATH_TYPEFORM_SECRET": TYPEFORM_SECRET,
    }
    for name, value in values.items():
        (folder / name).write_text(value, encoding="utf-8")


def _owners() -> tuple[OwnerSeed, ...]:
    """The playbook's team as users of the CRM."""
    playbook = load_playbook(shipped(_PLAYBOOK), name=_PLAYBOOK)
    people = {member.email: member.name for member in playbook.team}
    if playbook.fallback:
        people.setdefault(playbook.fallback, "Front Desk")
    names = {email: name.partition(" ") for email, name in people.items()}
    return tuple(OwnerSeed(email, first, last) for email, (first, _, last) in names.items())


def _prepare_crm(services: Services) -> None:
    crm = services.crms["hubspot"]
    crm.check()
    crm.provision(wanted_of(services.playbook, services.settings.crms["hubspot"].mapping, crm))
    crm.schema()  # the names of owners and stages are known before the first inquiry
