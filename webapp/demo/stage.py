"""The brokerage of the demonstration: Firstpath on its embedded default, beside sandbox CRMs."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from connectors.crm.base import Crm
from jobs.crm.needs import wanted_of
from jobs.processes.bell import ThreadBell
from jobs.processes.worker import Workers
from jobs.services import Services, open_services
from jobs.settings.load import load_settings
from jobs.settings.new_secrets import generate_secrets, new_path_key
from jobs.settings.shape import as_toml
from jobs.status import read_status
from mapping.crm.compile import wanted
from mapping.playbook import Playbook, load_playbook, shipped
from webapp.app import create_app
from webapp.demo.trial import TrialCrm, serving
from webapp.server import Server

TYPEFORM_SECRET = "demo-typeform-secret-on-this-machine"  # noqa: S105 - signs deliveries of the demonstration
_PLAYBOOK = "mortgage_us"
_STOP_SECONDS = 10.0
_PATIENCE_SECONDS = 30.0

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

{crm_sections}

[paths.typeform]
title = "Typeform: get your home loan quote"
kind = "typeform"
state = "live"
crm = {crms}
keys = ["{typeform}"]

[paths.website]
title = "Contact form on the website"
kind = "form"
state = "live"
crm = {crms}
keys = ["{website}"]

[paths.referrals]
title = "Referral inbox"
kind = "email"
state = "live"
crm = {crms}
keys = ["{referrals}"]
authserv_id = "mx.harborpine.example.com"
own_domains = ["harborpine.example.com"]

[paths.apply]
title = "Apply-now link"
kind = "application_link"
state = "shadow"
crm = {crms}

[paths.apply.link]
portal_url = "https://apply.harborpine.example.com/start"
ask = "contact"
consent_text = "I agree that Harbor Pine Mortgage may call and text me. It is no condition of a purchase."

[paths.purchase]
title = "Hosted inquiry form"
kind = "hosted_form"
state = "live"
crm = {crms}

[paths.purchase.form]
heading = "Let us find your mortgage"
brand_name = "Harbor Pine Mortgage"
consent_text = "I agree that Harbor Pine Mortgage may call and text me. It is no condition of a purchase."
"""


@dataclass(frozen=True, slots=True)
class Stage:
    """What the visitors and the report need."""

    services: Services
    crms: Mapping[str, TrialCrm]  # by kind
    url: str
    keys: Mapping[str, str]  # intake path → its key


@contextmanager
def running(folder: Path, port: int, kinds: Sequence[str]) -> Iterator[Stage]:
    """Everything up and connected for the block, with its files in an empty folder."""
    playbook = load_playbook(shipped(_PLAYBOOK), name=_PLAYBOOK)
    with ExitStack() as up:
        crms = {kind: up.enter_context(serving(kind)) for kind in kinds}
        for kind, trial in crms.items():
            _, pipeline = wanted(playbook, kind)
            trial.set_up(_people(playbook), pipeline.label, pipeline.stages)
        keys = {name: new_path_key() for name in ("typeform", "website", "referrals")}
        digests = {name: digest for name, (_, digest) in keys.items()}
        services, bell = _services(folder, port, crms, digests)
        up.callback(services.ledger.close)
        for name, crm in services.crms.items():
            _prepare(services, name, crm)
        server = up.enter_context(_serving(services, bell, port))
        yield Stage(services, crms, server.url, {name: key for name, (key, _) in keys.items()})


def _services(
    folder: Path, port: int, crms: Mapping[str, TrialCrm], digests: Mapping[str, str]
) -> tuple[Services, ThreadBell]:
    sections = "\n\n".join(crm.section() for crm in crms.values())
    text = _CONFIG.format(port=port, crm_sections=sections, crms=as_toml(list(crms)), **digests)
    config = folder / "config.toml"
    config.write_text(text, encoding="utf-8")
    _write_secrets(folder / "secrets", crms)
    bell = ThreadBell()
    return open_services(load_settings(config, {}), bell=bell), bell


@contextmanager
def _serving(services: Services, bell: ThreadBell, port: int) -> Iterator[Server]:
    server, workers = Server(create_app(services), "127.0.0.1", port, 8), Workers(services, bell)
    thread = threading.Thread(target=server.run, name="web")
    workers.start()
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        workers.stop(_STOP_SECONDS)
        thread.join(_STOP_SECONDS)


def _write_secrets(folder: Path, crms: Mapping[str, TrialCrm]) -> None:
    """As files, so that the other commands work on this brokerage too."""
    folder.mkdir(mode=0o700)
    values = {**generate_secrets(), "FIRSTPATH_PATH_TYPEFORM_SECRET": TYPEFORM_SECRET}
    for crm in crms.values():
        values |= crm.secrets
    for name, value in values.items():
        (folder / name).write_text(value, encoding="utf-8")


def _people(playbook: Playbook) -> dict[str, str]:
    """The playbook's team, who are users of the CRM: email → name."""
    people = {member.email: member.name for member in playbook.team}
    if playbook.fallback:
        people.setdefault(playbook.fallback, "Front Desk")
    return people


def _prepare(services: Services, name: str, crm: Crm) -> None:
    crm.check()
    crm.provision(wanted_of(services.playbook, services.settings.crms[name].mapping, crm))
    crm.schema()  # the names of owners and stages are known before the first inquiry


def wait_until_done(services: Services) -> None:
    """Return when everything is decided, and delivered or refused. Raises TimeoutError."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        now = read_status(services)
        waiting = [
            now["submissions"].get("received"),
            now["deliveries"].get("due"),
            now["deliveries"].get("leased"),
        ]
        if not any(waiting):
            return
        if time.monotonic() > deadline:
            raise TimeoutError(f"not done after {_PATIENCE_SECONDS:.0f} s: {now}")
        time.sleep(0.05)
