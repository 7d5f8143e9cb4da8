"""A brokerage on this machine: real Firstpath processes around sandbox CRMs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from jobs.settings.new_secrets import generate_secrets, path_key_digest
from jobs.settings.shape import as_toml
from mapping.crm.compile import wanted
from mapping.playbook import load_playbook, shipped
from tests.services.ports import free_port
from webapp.demo.trial import TrialCrm

FORM_KEY = "fleet-form-key-0123456789abcdefghij"
TYPEFORM_KEY = "fleet-typeform-key-0123456789abcdef"
TYPEFORM_SECRET = "fleet-typeform-secret-0123456789"

#: The shipped playbook's team: login → name.
TEAM = {
    "maya@example.com": "Maya Whitfield",
    "daniel@example.com": "Daniel Okonkwo",
    "priya@example.com": "Priya Raman",
    "desk@example.com": "Front Desk",
}
_PLAYBOOK = load_playbook(shipped("mortgage_us"), name="mortgage_us")

_CONFIG = """
[brokerage]
name = "Harbor Pine Mortgage"
country = "US"
timezone = "America/Los_Angeles"

[server]
port = {port}
public_url = "http://127.0.0.1:{port}"

[ledger]
url = "{ledger_url}"

[queue]
redis_url = "{redis_url}"

[work]
lease_seconds = {lease_seconds}
sweep_seconds = {sweep_seconds}

[playbook]
shipped = "mortgage_us"

{crm_sections}

[paths.website]
title = "Website form"
kind = "form"
state = "live"
crm = {crms}
keys = ["{form_key}"]

[paths.typeform]
title = "Typeform"
kind = "typeform"
state = "live"
crm = {crms}
keys = ["{typeform_key}"]

[paths.purchase]
title = "Purchase form"
kind = "hosted_form"
state = "live"
crm = {crms}

[paths.leads]
title = "Spreadsheets"
kind = "csv"
state = "live"
crm = {crms}

[paths.purchase.form]
heading = "Tell us about your plans"
brand_name = "Harbor Pine Mortgage"
consent_text = "I agree to receive calls and texts from Harbor Pine Mortgage about my request."
"""


@dataclass
class Fleet:
    """Processes by name; each can be killed and started again as often as a test likes."""

    folder: Path
    ledger_url: str = "sqlite:///firstpath.sqlite3"
    redis_url: str = ""
    kinds: tuple[str, ...] = ("hubspot",)  # of the CRMs, each named like its kind
    crm_keys: Mapping[str, object] = field(default_factory=lambda: {"calls_per_10_seconds": 0})
    crm_url: str = ""  # of the first CRM, when it is served by somebody else
    lease_seconds: int = 30
    sweep_seconds: int = 5
    timeout_seconds: int = 30
    port: int = field(default_factory=free_port)
    crms: dict[str, TrialCrm] = field(default_factory=dict)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=generate_secrets)

    def __post_init__(self) -> None:
        for kind in self.kinds:
            url = self.crm_url if kind == self.kinds[0] else ""
            self.crms[kind] = TrialCrm(kind, url or f"http://127.0.0.1:{free_port()}")
        self.crm_url = self.crms[self.kinds[0]].url
        keys = {"timeout_seconds": self.timeout_seconds, **self.crm_keys}
        text = _CONFIG.format(
            port=self.port,
            ledger_url=self.ledger_url,
            redis_url=self.redis_url,
            crm_sections="\n\n".join(crm.section(**keys) for crm in self.crms.values()),
            crms=as_toml(list(self.crms)),
            lease_seconds=self.lease_seconds,
            sweep_seconds=self.sweep_seconds,
            form_key=path_key_digest(FORM_KEY),
            typeform_key=path_key_digest(TYPEFORM_KEY),
        )
        self.config.write_text(text, encoding="utf-8")

    @property
    def config(self) -> Path:
        """The settings file."""
        return self.folder / "config.toml"

    @property
    def url(self) -> str:
        """Where the web server answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environ(self) -> dict[str, str]:
        """The environment every process is started with."""
        return {
            **os.environ,
            **self.secrets,
            **{name: value for crm in self.crms.values() for name, value in crm.secrets.items()},
            "FIRSTPATH_PATH_TYPEFORM_SECRET": TYPEFORM_SECRET,
        }

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A firstpath command to its end."""
        return subprocess.run(
            [sys.executable, "-m", "webapp.cli", *arguments],
            env=self.environ,
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )

    def start(self, name: str, *arguments: str) -> None:
        """Start a firstpath process under a name; its output goes to a file of that name."""
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", "webapp.cli", *arguments],
                env=self.environ,
                cwd=self.folder,
                stdout=log,
                stderr=log,
            )

    def start_sandbox(self, *arguments: str, **options: object) -> None:
        """The sandbox CRMs with everything Firstpath needs in them; options are the sandboxes' own."""
        for kind, crm in self.crms.items():
            name = "sandbox" if kind == self.kinds[0] else f"sandbox-{kind}"
            self.start(name, "sandbox", kind, "--port", crm.url.rpartition(":")[2], *arguments)
        for kind, crm in self.crms.items():
            wait_for(f"{crm.url}/_sandbox/counts")
            _, pipeline = wanted(_PLAYBOOK, kind)
            crm.set_up(TEAM, pipeline.label, pipeline.stages, **options)
            done = self.run("provision", "--crm", kind)
            if done.returncode:
                raise RuntimeError(done.stdout + done.stderr)

    def set_faults(self, faults: Mapping[str, Any]) -> None:
        """Let calls to the sandboxes go wrong, by the rules of a fault file."""
        for crm in self.crms.values():
            crm.set_faults(faults)

    def start_web(self) -> None:
        """The web process (and the work, when there is no Redis)."""
        self.start("web", "serve")
        wait_for(f"{self.url}/healthz")

    def kill(self, name: str) -> None:
        """kill -9."""
        process = self.processes.pop(name)
        process.send_signal(signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        """End every process in order; one that does not end is killed."""
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.processes.clear()

    def status(self) -> dict[str, Any]:
        """Counts by state, read by the command line."""
        import json

        answer: dict[str, Any] = json.loads(self.run("status", "--json").stdout)
        return answer

    def sandbox(self, what: str) -> Any:
        """One of the first sandbox's own views: state, counts, journal."""
        return requests.get(f"{self.crm_url}/_sandbox/{what}", timeout=60).json()


def wait_for(url: str, seconds: float = 30.0) -> None:
    """Return when the address answers 200."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            if requests.get(url, timeout=2).status_code == 200:
                return
        except requests.ConnectionError:
            pass
        if time.monotonic() > deadline:
            raise TimeoutError(f"{url} did not answer in {seconds:.0f} s")
        time.sleep(0.02)
