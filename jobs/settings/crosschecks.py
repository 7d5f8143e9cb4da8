"""Mistakes that only show when several settings are seen together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any

from connectors.intake.adf import Adf
from connectors.intake.lead_vendor import LeadVendor
from connectors.intake.registry import ADAPTERS
from connectors.intake.typeform import Typeform
from connectors.intake.website_form import WebsiteForm
from jobs.settings import crm_section, inbox_section, link_section
from jobs.settings.addresses import is_loopback
from jobs.settings.mistake import Key, Mistake, nearest

# Their senders have no other way in than an address with a key.
_AT_THE_DOOR = (WebsiteForm, Typeform, LeadVendor, Adf)
_NEED_A_KEY = frozenset(
    kind for kind, adapter in ADAPTERS.items() if isinstance(adapter, _AT_THE_DOOR) or adapter.signs
)

Found = Iterator[tuple[Key, Mistake]]


def contradictions(data: Mapping[str, Any]) -> Found:
    """Mistakes in values that are right one by one; values that were refused already are not in data."""
    yield from _server(data["server"])
    yield from _playbook(data["playbook"])
    yield from _variables("crm", data.get("crm", {}))
    for name, crm in data.get("crm", {}).items():
        yield from crm_section.contradictions(name, crm)
    yield from _variables("paths", data.get("paths", {}))
    for name, path in data.get("paths", {}).items():
        yield from _destinations(("paths", name), path, data.get("crm", {}))
        yield from _door(("paths", name), path)
        yield from inbox_section.contradictions(name, path)
        yield from link_section.contradictions(name, path)


def shipped_playbooks() -> tuple[str, ...]:
    """Names of the playbooks that come with the program."""
    folder = files("mapping.playbooks")
    return tuple(sorted(f.name[:-5] for f in folder.iterdir() if f.name.startswith("mortgage_")))


def _server(server: Mapping[str, Any]) -> Found:
    host, public_url = server.get("host", "127.0.0.1"), server.get("public_url", "")
    if not public_url and not is_loopback(host):
        yield (
            ("server", "public_url"),
            Mistake(
                "is needed when the server listens to other machines.",
                'Add it like this: public_url = "https://intake.example.com"',
            ),
        )
    if server.get("secure_cookies") is False and public_url.startswith("https:"):
        yield (
            ("server", "secure_cookies"),
            Mistake("would send sign-in cookies unencrypted.", "Remove it, or set it to true."),
        )


def _playbook(playbook: Mapping[str, Any]) -> Found:
    file, shipped = playbook.get("file", ""), playbook.get("shipped", "")
    if file and shipped:
        yield (
            ("playbook", "shipped"),
            Mistake("names a second playbook beside file.", "Keep file or shipped, not both."),
        )
    if shipped and shipped not in shipped_playbooks():
        yield (
            ("playbook", "shipped"),
            Mistake("is not the name of a shipped playbook.", nearest(shipped, shipped_playbooks())),
        )


def _variables(table: str, named: Mapping[str, Any]) -> Found:
    """Names that differ only in - and _ would share one variable for their secrets."""
    spellings = Counter(name.replace("-", "_") for name in named)
    for name in named:
        if spellings[name.replace("-", "_")] > 1:
            yield (
                (table, name),
                Mistake("differs from another name only in - and _.", "Choose names that differ more."),
            )


def _destinations(key: Key, path: Mapping[str, Any], crms: Mapping[str, Any]) -> Found:
    if not path.get("crm", ["refused already"]):
        yield (
            (*key, "crm"),
            Mistake(
                "is missing: inquiries would go nowhere.",
                f'Name a CRM: crm = ["{next(iter(crms), "hubspot")}"]',
            ),
        )
    for position, name in enumerate(path.get("crm", ())):
        if name not in crms:
            remedy = nearest(name, crms) if crms else f"Add a section [crm.{name}]."
            yield (*key, "crm", position), Mistake(f'"{name}" is not a CRM of this file.', remedy)


def _door(key: Key, path: Mapping[str, Any]) -> Found:
    kind, form = path.get("kind"), path.get("form")
    if kind in _NEED_A_KEY and not path.get("keys", ["refused already"]):
        yield (
            (*key, "keys"),
            Mistake(
                "is missing: nobody could send anything here.",
                'Make a path key and put its hash here: keys = ["sha256:..."]',
            ),
        )
    if kind == "hosted_form" and form is None:
        yield (
            (*key, "form"),
            Mistake(
                "is missing: a hosted form needs at least consent_text.",
                f"Add a section [paths.{key[-1]}.form].",
            ),
        )
    if form is not None:
        yield from _languages((*key, "form"), form)
    if kind is not None and kind != "hosted_form" and form is not None:
        yield (
            (*key, "form"),
            Mistake(f"has no meaning for kind {kind}.", 'Remove the section, or set kind = "hosted_form".'),
        )


def _languages(key: Key, form: Mapping[str, Any]) -> Found:
    """What a visitor agrees to must be in the visitor's language."""
    for position, language in enumerate(form.get("languages", ())):
        if position and language not in form.get("consent_texts", {}):
            yield (
                (*key, "languages", position),
                Mistake(
                    f'"{language}" has no consent text.',
                    f'Add it below [{".".join(map(str, key))}.consent_texts]: {language} = "..."',
                ),
            )
