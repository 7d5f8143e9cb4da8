"""Which kind of intake path takes which vendor's payloads, and with what a path of a case is configured."""

from __future__ import annotations

import json
from typing import Any

from connectors.intake.adf import Adf
from connectors.intake.lead_vendor import LeadVendor
from connectors.intake.registry import ADAPTERS
from tests.samples.cases import Case

_KINDS = {
    "api": "api",
    "cal.com": "cal_com",
    "gravityforms": "gravity_forms",
    "contact-form-7": "contact_form_7",
    "html-form": "form",
    "hosted-form": "form",
    "json": "form",
    "email": "email",
    "mailgun-routes": "mailgun",
    "sendgrid-inbound-parse": "sendgrid",
    "postmark-inbound": "postmark",
    "ses-sns": "ses",
    "aws-ses": "ses",
    "amazon-ses": "ses",
    "mismo-3.4": "mismo",
    "ulad": "mismo",
    "du": "mismo",
    "fnm-3.2": "mismo",
    "velocify-format": "velocify",
    "leads360": "velocify",
    "google-ads": "google_ads",
    "twilio-sms": "twilio",
    "twilio-voice": "twilio",
    "adf-1.0": "adf",
    "simplenexus": "ncino",
    "ncino-mortgage": "ncino",
    "linkedin-lead-gen": "linkedin",
    "linkedin-lead-sync": "linkedin",
    "hubspot-forms-v3": "hubspot_forms",
}


def kind_of(case: Case) -> str:
    """The kind of path for a case: by its vendor, else by its channel."""
    vendor = str(case.expected.get("vendor", ""))
    known = _KINDS.get(vendor) or vendor.replace("-", "_").replace(".", "_")
    if case.ending == "eml" and not case.headers and "email" in ADAPTERS:
        return "email"
    if known in ADAPTERS:
        return known
    if case.ending == "csv":
        return "csv"
    near = [kind for kind in ADAPTERS if kind.startswith(known.split("_")[0])]
    return near[0] if len(near) == 1 else "form"


def secret_of(case: Case) -> str:
    """What the sender signs with, or the user and password of basic authentication."""
    auth = case.auth
    if "password" in auth:
        return f"{auth.get('user', '')}:{auth['password']}"
    scheme = str(auth.get("scheme", ""))
    if scheme.startswith("url-token") or ("token" in scheme and "header" not in scheme and not _asks(case)):
        return ""
    # Who asks to be recognised before it sends may do so with a word of its own.
    return ",".join(filter(None, (str(auth.get("secret", "")), str(auth.get("verify_token", "")))))


def _asks(case: Case) -> bool:
    """Whether this way in compares the token itself, wherever it stands."""
    adapter = ADAPTERS[kind_of(case)]
    return adapter.signs or isinstance(adapter, LeadVendor | Adf)


def key_of(case: Case) -> str:
    """The path's key: of a sender whose address holds its token, that token."""
    scheme = str(case.auth.get("scheme", ""))
    return str(case.auth["secret"]) if scheme.startswith("url-token") and case.auth.get("secret") else _KEY


def key_sent(case: Case) -> str:
    """The key that the request is sent with."""
    from urllib.parse import parse_qs

    token = parse_qs(case.query).get("token", [""])[0]
    return token if key_of(case) != _KEY and token else key_of(case)


_KEY = "case-key-0123456789abcdefghijklmnop"


def account_of(case: Case) -> str:
    """The sender's account that alone may send, when the case names one."""
    return str(case.auth.get("account", case.auth.get("topic_arn", "")))


def mapping_of(case: Case) -> dict[str, str]:
    """The path's field mapping."""
    from tests.samples.records import OUR_NAMES

    fields: dict[str, Any] = (case.expected.get("mapping") or {}).get("fields", {})
    return {key: OUR_NAMES.get(name, name) for key, name in json.loads(json.dumps(fields)).items()}
