"""Reads every secret that the settings call for, and notes those that are missing or too weak."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from marshmallow import ValidationError

from connectors.intake.base import Fetching
from connectors.intake.registry import ADAPTERS
from jobs.settings import addresses, inbox_section
from jobs.settings import secrets as kept
from jobs.settings.crm_section import needed_secrets
from jobs.settings.mistake import Key, Mistake, mistakes_of
from jobs.settings.new_secrets import HOW_TO_MAKE

LEDGER_URL = "FIRSTPATH_LEDGER_URL"
REDIS_URL = "FIRSTPATH_REDIS_URL"
_FROM_SENDER = "Use the secret of the webhook at the sender: 20 or more random characters."
_FROM_MAIL = "Copy it from the mail account's settings; docs/intake/imap.md says where it is."
_FROM_API = "Copy the API token from the sender's settings."

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Collected:
    """What was found outside the file; None stands for what was refused."""

    signing_keys: tuple[str, ...] | None = field(repr=False)
    encryption_keys: tuple[tuple[str, bytes], ...] | None = field(repr=False)
    lookup_key: bytes | None = field(repr=False)
    ledger_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    crm_secrets: Mapping[str, Mapping[str, Callable[[], str]]] = field(repr=False)  # by CRM, then "TOKEN" …
    sender_secrets: Mapping[str, str] = field(repr=False)  # by name of the path
    api_tokens: Mapping[str, str] = field(repr=False)  # by name of the path
    inbox_secrets: Mapping[str, Mapping[str, Callable[[], str]]] = field(repr=False)  # as for CRMs


class SecretCollector:
    """Reads secrets one by one; what is wrong with them gathers in mistakes."""

    def __init__(self, source: kept.SecretSource) -> None:
        self._source = source
        self.mistakes: list[tuple[Key, Mistake]] = []

    def collect(self, data: Mapping[str, Any]) -> Collected:
        """All secrets for the values of a settings file, which may be incomplete."""
        paths = data.get("paths", {})
        return Collected(
            signing_keys=self._own(kept.SECRET_KEY, kept.signing_keys),
            encryption_keys=self._own(kept.ENCRYPTION_KEYS, kept.encryption_keys),
            lookup_key=self._own(kept.LOOKUP_KEY, kept.lookup_key),
            ledger_url=self._address(LEDGER_URL, addresses.ledger_address),
            redis_url=self._address(REDIS_URL, addresses.queue_address),
            crm_secrets={
                name: self._crm_secrets(name, crm, paths) for name, crm in data.get("crm", {}).items()
            },
            sender_secrets={name: self._sender_secret(name, path) for name, path in paths.items()},
            api_tokens={name: self._api_token(name, path) for name, path in paths.items()},
            inbox_secrets={name: self._inbox_secrets(name, path) for name, path in paths.items()},
        )

    def _own(self, variable: str, parse: Callable[[str], T]) -> T | None:
        return self._read(variable, parse, f"Make one with: {HOW_TO_MAKE[variable]}")

    def _crm_secrets(
        self, name: str, crm: Mapping[str, Any], paths: Mapping[str, Any]
    ) -> dict[str, Callable[[], str]]:
        """A CRM that nothing is written to yet may still be without its secrets."""
        writing = any(
            path.get("state") in ("live", "paused") and name in path.get("crm", ()) for path in paths.values()
        )
        secrets: dict[str, Callable[[], str]] = {}
        for end in needed_secrets(crm):
            variable = f"FIRSTPATH_CRM_{_in_capitals(name)}_{end}"
            check = kept.private_key if end == "PRIVATE_KEY" else kept.access_token
            self._read(variable, check, "Copy it from the CRM's settings.", needed=writing)
            secrets[end] = kept.ReloadingSecret(self._source, variable, check)
        return secrets

    def _sender_secret(self, name: str, path: Mapping[str, Any]) -> str:
        variable = f"FIRSTPATH_PATH_{_in_capitals(name)}_SECRET"
        adapter = ADAPTERS.get(path.get("kind", ""))
        signs = adapter is not None and adapter.signs
        return self._read(variable, kept.sender_secret, _FROM_SENDER, needed=signs) or ""

    def _api_token(self, name: str, path: Mapping[str, Any]) -> str:
        """Needed once what arrives has to be fetched: not for capturing it."""
        variable = f"FIRSTPATH_PATH_{_in_capitals(name)}_API_TOKEN"
        fetches = isinstance(ADAPTERS.get(path.get("kind", "")), Fetching)
        working = path.get("state") in ("live", "shadow")
        return self._read(variable, kept.access_token, _FROM_API, needed=fetches and working) or ""

    def _inbox_secrets(self, name: str, path: Mapping[str, Any]) -> dict[str, Callable[[], str]]:
        """A path in draft may still be without them: its desk card says so."""
        inbox, secrets = path.get("inbox"), dict[str, Callable[[], str]]()
        working = path.get("state") in ("live", "shadow", "paused")
        for end in inbox_section.needed_secrets(inbox) if inbox else ():
            variable = f"FIRSTPATH_PATH_{_in_capitals(name)}_{end}"
            check = kept.mail_password if end == "MAIL_PASSWORD" else kept.access_token
            needed = working and end not in inbox_section.OPTIONAL
            self._read(variable, check, _FROM_MAIL, needed=needed)
            secrets[end] = kept.ReloadingSecret(self._source, variable, check)
        return secrets

    def _address(self, variable: str, check: Callable[[str], None]) -> str:
        def parse(value: str) -> str:
            check(value)
            return value

        try:
            return self._read(variable, parse, "Correct it.", needed=False) or ""
        except ValidationError as error:
            self.mistakes += [((variable,), mistake) for mistake in mistakes_of(error)]
            return ""

    def _read(
        self, variable: str, parse: Callable[[str], T], remedy: str, *, needed: bool = True
    ) -> T | None:
        try:
            text = self._source.read(variable)
            return parse(text) if text or needed else None
        except kept.SecretRefused as refused:
            where = f"Set the variable, or write it into the file {self._source.place(variable)}."
            self.mistakes.append(((variable,), Mistake(str(refused), f"{remedy} {where}")))
            return None


def _in_capitals(name: str) -> str:
    return name.upper().replace("-", "_")
