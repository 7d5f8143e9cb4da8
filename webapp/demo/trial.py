"""CRM accounts to try things out with: sandboxes, set up as a brokerage's people set up the real ones."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import requests

from connectors.sandbox.standing import Standing, standing

HUBSPOT_TOKEN = "pat-na1-sandbox-on-this-machine"  # noqa: S105 - these open sandboxes only
_HIGHLEVEL_TOKEN = "pit-sandbox-on-this-machine"  # noqa: S105
_SALESFORCE_SECRET = "sandbox-consumer-secret-0000"  # noqa: S105
_LOCATION = "SandboxLocation00001"
_WAIT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class TrialCrm:
    """One sandbox account, wherever it is served."""

    kind: str
    url: str

    def section(self, **more: object) -> str:
        """The settings of the account, as a section of config.toml named like its kind."""
        keys: dict[str, object] = {"kind": self.kind, "base_url": self.url, **_KEYS[self.kind], **more}
        written = (
            f'{name} = "{value}"' if isinstance(value, str) else f"{name} = {value}"
            for name, value in keys.items()
        )
        return "\n".join((f"[crm.{self.kind}]", *written))

    @property
    def secrets(self) -> Mapping[str, str]:
        """Its secrets by the name of their variable."""
        return _SECRETS[self.kind]

    def set_up(
        self, people: Mapping[str, str], pipeline: str, stages: Sequence[str], **options: object
    ) -> None:
        """Let in our credentials and lift delays and limits; invite people (email → name), make a pipeline.

        options are those of the sandbox. Raises requests.RequestException.
        """
        self._put("options", {**_OPTIONS[self.kind], **options})
        self._seed({_PEOPLE[self.kind]: [self._person(email, name) for email, name in people.items()]})
        if self.kind == "highlevel":
            # There, only people make pipelines.
            self._seed({"pipelines": [{"name": pipeline, "stages": list(stages)}]})

    def dismiss(self, email: str) -> None:
        """A person there loses access, so that nothing can be given to them."""
        self._seed({_PEOPLE[self.kind]: [{**self._person(email, ""), "active": False}]})

    def comeback(self, email: str) -> str:
        """The command that lets the person in again."""
        document = json.dumps({_PEOPLE[self.kind]: [self._person(email, "")]})
        return f"curl -H 'Content-Type: application/json' -d '{document}' {self.url}/_sandbox/seed"

    def standing(self) -> Standing:
        """What stands there now."""
        return standing(self.kind, requests.get(f"{self.url}/_sandbox/state", timeout=60).json())

    def set_faults(self, faults: object) -> None:
        """Let calls go wrong, by the rules of a fault file."""
        self._put("faults", faults)

    def _person(self, email: str, name: str) -> dict[str, Any]:
        first, _, last = name.partition(" ")
        keys = ("first_name", "last_name") if self.kind == "salesforce" else ("firstName", "lastName")
        return {"email": email, keys[0]: first, keys[1]: last}

    def _seed(self, document: Mapping[str, Any]) -> None:
        answer = requests.post(f"{self.url}/_sandbox/seed", json=document, timeout=_WAIT_SECONDS)
        answer.raise_for_status()

    def _put(self, what: str, document: object) -> None:
        answer = requests.put(f"{self.url}/_sandbox/{what}", json=document, timeout=_WAIT_SECONDS)
        answer.raise_for_status()


_KEYS: Mapping[str, Mapping[str, object]] = {
    "hubspot": {},
    "salesforce": {"client_id": "3MVG9sandbox"},
    "highlevel": {"location": _LOCATION},
}
_SECRETS: Mapping[str, Mapping[str, str]] = {
    "hubspot": {"FIRSTPATH_CRM_HUBSPOT_TOKEN": HUBSPOT_TOKEN},
    "salesforce": {"FIRSTPATH_CRM_SALESFORCE_CLIENT_SECRET": _SALESFORCE_SECRET},
    "highlevel": {"FIRSTPATH_CRM_HIGHLEVEL_TOKEN": _HIGHLEVEL_TOKEN},
}
_OPTIONS: Mapping[str, Mapping[str, object]] = {
    "hubspot": {"token": HUBSPOT_TOKEN, "search_delay": 0, "limits": False},
    "salesforce": {"client_secret": _SALESFORCE_SECRET, "daily_limit": None},
    "highlevel": {
        "token": _HIGHLEVEL_TOKEN,
        "location_id": _LOCATION,
        "search_delay": 0,
        "limits": False,
        "allow_duplicate_opportunity": True,
    },
}
_PEOPLE = {"hubspot": "owners", "salesforce": "users", "highlevel": "users"}


@contextmanager
def serving(kind: str) -> Iterator[TrialCrm]:
    """A sandbox of this kind, served by this process for the block."""
    import importlib

    vendor = importlib.import_module(f"connectors.sandbox.{kind}")
    with vendor.start(options=vendor.SandboxOptions.instant()) as sandbox:
        yield TrialCrm(kind, sandbox.url)
