"""The settings of one CRM account, and which of them belong to which kind of CRM."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jobs.settings import addresses
from jobs.settings.mistake import Key, Mistake
from jobs.settings.shape import Section, choice, flag, number, text

#: kind → where its API is; Salesforce's is every account's own.
CRM_KINDS = {
    "hubspot": "https://api.hubapi.com",
    "salesforce": "",
    "highlevel": "https://services.leadconnectorhq.com",
}
#: kind → how one may log in there; the first is usual.
LOGINS = {
    "hubspot": ("token", "oauth"),
    "salesforce": ("client_credentials", "jwt"),
    "highlevel": ("token", "oauth"),
}
#: login → the ends of the names of the secrets it needs.
SECRETS = {
    "token": ("TOKEN",),
    "oauth": ("CLIENT_SECRET", "REFRESH_TOKEN"),
    "client_credentials": ("CLIENT_SECRET",),
    "jwt": ("PRIVATE_KEY",),
}
CLOSES_IN_DAYS = 90
_MY_DOMAIN = "https://acme.my.salesforce.com"
RECORDS = ("contact", "lead", "person_account")
_VERSIONS = {"hubspot": "", "salesforce": "62.0", "highlevel": "2021-07-28"}
#: Calls that one account may take in ten seconds, by the vendors' documentation.
_USUAL_RATE = {"hubspot": 100, "salesforce": 0, "highlevel": 100}
_ONLY_FOR = {
    "records": "salesforce",
    "username": "salesforce",
    "assignment_rules": "salesforce",
    "closes_in_days": "salesforce",
    "location": "highlevel",
    "phase_tag": "highlevel",
    "workflow": "highlevel",
    "merge_contacts": "hubspot",
}


class CrmSection(Section):
    """[crm.<name>]"""

    kind = choice("Which CRM this is.", tuple(CRM_KINDS))
    login = choice(
        "How to log in: token or oauth; Salesforce: client_credentials or jwt. Its secrets are "
        "FIRSTPATH_CRM_<NAME>_TOKEN (token), _CLIENT_SECRET and _REFRESH_TOKEN (oauth), "
        "_CLIENT_SECRET (client_credentials), _PRIVATE_KEY (jwt).",
        ("token", "oauth", "client_credentials", "jwt"),
        default=None,
    )
    client_id = text(
        "The app's client id or consumer key (not for login token).", example="3MVG9", default=""
    )
    base_url = text(
        "Where its API is. Salesforce: your My Domain address. Else only sandboxes differ from the usual.",
        example=_MY_DOMAIN,
        default="",
        check=addresses.base_address,
    )
    timeout_seconds = number("How long to wait for one answer of it.", 1, 120, default=30)
    calls_per_10_seconds = number(
        "How many calls it takes from us in ten seconds; 0 means: as many as come. "
        "Usual: what its vendor allows.",
        0,
        100_000,
        default=None,
        example=100,
    )
    api_version = text("The version of its API; only to try out another.", example="62.0", default="")
    records = choice("What a borrower becomes there: contact, lead or person_account.", RECORDS, default=None)
    username = text("With login jwt: the user it works as.", example="fp@example.com", default="")
    assignment_rules = flag(
        "Let Salesforce's own assignment rules choose the owner.", default=None, example=False
    )
    closes_in_days = number(
        "When a new opportunity closes, unless the playbook says.",
        1,
        3650,
        default=None,
        example=CLOSES_IN_DAYS,
    )
    merge_contacts = flag(
        "Merge two contacts there when a person at the desk says they are one. A merge in HubSpot cannot be "
        "undone; without it a task asks somebody to merge them.",
        default=None,
        example=False,
    )
    location = text("The id of the location (sub-account).", example="ve9EPM428h8vShlRW1KT", default="")
    phase_tag = text("A tag that starts your own workflow for a new inquiry.", example="fp-new", default="")
    workflow = text(
        "A workflow (its name or id) that a new inquiry is put into.",
        example="New lead",
        default="",
    )


def login_of(crm: Mapping[str, Any]) -> str:
    """The chosen way to log in, or the usual one of this kind."""
    return str(crm.get("login") or LOGINS[crm["kind"]][0])


def version_of(crm: Mapping[str, Any]) -> str:
    """The chosen version of the API, or the usual one of this kind."""
    return str(crm.get("api_version") or _VERSIONS[crm["kind"]])


def rate_of(crm: Mapping[str, Any]) -> int:
    """Calls in ten seconds: chosen, or the usual one of this kind; 0 = no limit."""
    chosen = crm.get("calls_per_10_seconds")
    return _USUAL_RATE[crm["kind"]] if chosen is None else int(chosen)


def keys_for(kind: str) -> frozenset[str]:
    """The keys that have a meaning for this kind of CRM."""
    return frozenset(key for key in CrmSection().fields if _ONLY_FOR.get(key, kind) == kind)


def shown_for(kind: str) -> dict[str, str]:
    """Values that a settings file shows for this kind of CRM."""
    shown = {"kind": kind, "login": LOGINS[kind][0], "base_url": CRM_KINDS[kind]}
    return {**shown, "base_url": shown["base_url"] or _MY_DOMAIN, "api_version": _VERSIONS[kind]}


def contradictions(name: str, crm: Mapping[str, Any]) -> Iterator[tuple[Key, Mistake]]:
    """What is wrong with an account's settings when they are seen together."""
    kind = crm.get("kind")
    if kind not in CRM_KINDS:
        return  # refused already
    for key, only in _ONLY_FOR.items():
        if only != kind and crm.get(key) not in (None, ""):
            yield ("crm", name, key), Mistake(f"has no meaning for kind {kind}.", "Remove it.")
    if crm.get("login") and crm["login"] not in LOGINS[kind]:
        allowed = " or ".join(f'"{one}"' for one in LOGINS[kind])
        yield ("crm", name, "login"), Mistake(f"is no way into {kind}.", f"Use {allowed}.")
        return
    for key, example in _needed(crm):
        if crm.get(key) == "":
            yield ("crm", name, key), Mistake("is missing.", f'Add it like this: {key} = "{example}"')


def _needed(crm: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    login = login_of(crm)
    if crm["kind"] == "salesforce":
        yield "base_url", _MY_DOMAIN
    if crm["kind"] == "highlevel":
        yield "location", "ve9EPM428h8vShlRW1KT"
    if login != "token":
        yield "client_id", "the id the app shows"
    if login == "jwt":
        yield "username", "fp@example.com"


def needed_secrets(crm: Mapping[str, Any]) -> tuple[str, ...]:
    """The ends of the names of the secrets this account needs: ("TOKEN",)."""
    return SECRETS.get(login_of(crm), ()) if crm.get("kind") in CRM_KINDS else ()
