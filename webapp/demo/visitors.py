"""The visitors of the demonstration: each sends an inquiry through the public door, as its sender would."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import requests

from jobs.ledger.submissions import newest
from jobs.links import create_link
from webapp.demo.stage import TYPEFORM_SECRET, Stage, wait_until_done

#: A loan officer of the shipped playbook.
LEAVER = "priya@example.com"
_BROWSER = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"
#: The hosted form takes whoever is faster than a person for a bot.
_READING_SECONDS = 3.3


@dataclass(frozen=True, slots=True)
class Sent:
    """One thing that was sent, and the submission it became."""

    who: str
    through: str
    submission_id: str


class _Inputs(HTMLParser):
    """The names and values of a page's hidden inputs, as a browser would post them."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "input" and given.get("type") == "hidden" and given.get("name"):
            self.values[str(given["name"])] = given.get("value") or ""


def send_all(stage: Stage) -> list[Sent]:
    """Every visitor once, in order."""
    link = apply_link(stage)
    (page, opened), ask = _open_hosted_form(stage), _open(f"{stage.url}{link}")
    sent = [
        _typeform(stage, "Renata asks about buying", "tf-0001"),
        _typeform(stage, "the same delivery again", "tf-0001"),
        _website(stage, "Leopold, a warehouse", **_LEOPOLD),
        _website(stage, "Renata comes back", **_RENATA_AGAIN),
        _website(stage, "Jonas, on Renata's phone", **_JONAS),
        _website(stage, "a bot", **_BOT),
        _mail(stage, "Penelope refers a couple", _REFERRAL),
        _mail(stage, "somebody pretends to be Penelope", _FORGED),
    ]
    wait_until_done(stage.services)
    # Somebody left the brokerage, and nobody told the playbook: what is hers will be refused.
    for crm in stage.crms.values():
        crm.dismiss(LEAVER)
    sent.append(_website(stage, "Ingrid, whose owner left", **_INGRID))
    time.sleep(max(0.0, opened + _READING_SECONDS - time.monotonic()))
    return [*sent, _hosted(stage, page), _applies(stage, link, ask)]


def apply_link(stage: Stage) -> str:
    """A loan officer's own link for one partner, where it is followed."""
    made = create_link(stage.services, "apply", _OFFICER, "demo", partner_name="Penelope Marsh")
    return f"/a/{made.code}"


_LEOPOLD = {
    "first": "Leopold", "last": "Grunwald", "company": "Grunwald Cold Storage LLC",
    "email": "leopold@grunwald.example.com", "phone": "(305) 555-0155", "loan_type": "Commercial",
    "loan_amount": "2.4M", "property_state": "Florida",
    "message": "Looking to finance a 40,000 sq ft warehouse. Contract signed, closing in 60 days.",
    "utm_source": "linkedin", "utm_medium": "paid",
}  # fmt: skip
_RENATA_AGAIN = {
    "name": "Renata Okafor", "email": "Renata.Okafor@example.com", "phone": "415.555.0123",
    "loan_type": "Refinance", "loan_amount": "$350-400k", "property_state": "CA",
    "message": "A second question: can we also refinance the condo?",
}  # fmt: skip
_JONAS = {
    "name": "Jonas Okafor", "phone": "415-555-0123", "loan_type": "Pre-approval", "property_state": "CA",
    "message": "My wife wrote to you already, I would like a pre-approval of my own.",
}  # fmt: skip
_BOT = {
    "first": "Anna", "last": "Anna", "email": "promo-7731@example.net", "phone": "12345678",
    "message": "Rank #1! https://seo.example.net/1 https://seo.example.net/2 https://seo.example.net/3",
    "website": "https://seo.example.net",
}  # fmt: skip
_INGRID = {
    "first": "Ingrid", "last": "Lindqvist", "email": "ingrid.lindqvist@example.com",
    "phone": "212-555-0171", "loan_type": "Construction", "loan_amount": "640,000", "property_state": "NY",
}  # fmt: skip
_BRAM = {
    "inquiry_type": "purchase", "first_name": "Bram", "last_name": "Sorensen",
    "email": "bram.sorensen@example.com", "phone": "512-555-0142", "property_state": "TX",
    "property_value": "425000", "loan_amount": "340000", "timeframe": "1_3_months", "credit_band": "good",
    "preferred_contact": "phone", "consent_calls": "y",
    "message": "We found a house near the lake and would like to move quickly.",
}  # fmt: skip


_OFFICER = "maya@example.com"
_REFERRAL = """\
Authentication-Results: mx.harborpine.example.com; dkim=pass header.d=marshrealty.example.com;
 dmarc=pass header.from=marshrealty.example.com
Received: from mail.marshrealty.example.com by mx.harborpine.example.com; Fri, 27 Nov 2026 09:40:02 -0800
From: Penelope Marsh <penelope@marshrealty.example.com>
To: referrals@harborpine.example.com
Subject: Clients for you
Message-ID: <demo-1@marshrealty.example.com>
Content-Type: text/plain; charset=utf-8

Hi team,

Please reach out to my clients Dan and Priya Novak. They're buying a townhouse in San Jose, CA for about
$615,000 and would like a call this week. Dan's cell is 503-555-0141 and Priya's is 503-555-0142.
Emails: dan.novak@example.com, priya.novak@example.com

Best,
Penelope Marsh
Marsh & Co Realty | c 510-555-0114
"""
_FORGED = """\
Authentication-Results: mx.harborpine.example.com; dkim=none; dmarc=fail header.from=marshrealty.example.com
Received: from unknown.example.net by mx.harborpine.example.com; Fri, 27 Nov 2026 09:50:02 -0800
From: Penelope Marsh <penelope@marshrealty.example.com>
To: referrals@harborpine.example.com
Subject: Another client
Message-ID: <demo-2@unknown.example.net>
Content-Type: text/plain; charset=utf-8

Please call Oskar Tanaka, oskar.tanaka@example.com, he wants to refinance in California.
"""
_WREN = {
    "first_name": "Wren", "last_name": "Haddad", "email": "wren.haddad@example.com", "phone": "415-555-0166",
    "consent_calls": "y",
}  # fmt: skip


def _post(url: str, **more: Any) -> requests.Response:
    answer = requests.post(url, timeout=10, **more)
    if answer.status_code >= 400:
        raise RuntimeError(f"the door answered {answer.status_code}: {answer.text}")
    return answer


def _typeform(stage: Stage, who: str, token: str) -> Sent:
    body = json.dumps(_typeform_delivery(token)).encode()
    digest = base64.b64encode(hmac.digest(TYPEFORM_SECRET.encode(), body, hashlib.sha256)).decode()
    headers = {"Content-Type": "application/json", "Typeform-Signature": f"sha256={digest}"}
    answer = _post(f"{stage.url}/in/{stage.keys['typeform']}", data=body, headers=headers)
    return Sent(who, "Typeform", answer.json()["id"])


def _typeform_delivery(token: str) -> dict[str, Any]:
    asked = (
        ("goal", "What are you looking to do?", "choice", {"label": "Buy a home"}),
        ("fname", "First name", "text", "Renata"),
        ("lname", "Last name", "text", "Okafor"),
        ("email", "Where should we send your quote?", "email", "renata.okafor@example.com"),
        ("phone", "Best number to reach you", "phone_number", "+14155550123"),
        ("state", "Which state is the property in?", "choice", {"label": "California"}),
        ("price", "Estimated purchase price", "number", 850000),
        ("down", "Down payment", "number", 170000),
        ("credit", "How is your credit?", "choice", {"label": "Excellent (740+)"}),
        ("when", "When do you plan to buy?", "choice", {"label": "1-3 months"}),
        ("consent", "I agree to receive calls and texts from Harbor Pine Mortgage.", "boolean", True),
    )
    now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return {
        "event_id": f"event-{token}",
        "event_type": "form_response",
        "form_response": {
            "form_id": "hTq8Wm2c",
            "token": token,
            "landed_at": now,
            "submitted_at": now,
            "hidden": {"utm_source": "google", "utm_medium": "cpc"},
            "definition": {
                "id": "hTq8Wm2c",
                "title": "Get your home loan quote",
                "fields": [
                    {"id": ref, "ref": ref, "title": title, "type": kind} for ref, title, kind, _ in asked
                ],
            },
            "answers": [
                {"type": kind, kind: value, "field": {"id": ref, "ref": ref, "type": kind}}
                for ref, _, kind, value in asked
            ],
        },
    }


def _website(stage: Stage, who: str, **fields: str) -> Sent:
    answer = _post(f"{stage.url}/in/{stage.keys['website']}", data=fields)
    return Sent(who, "website form", answer.json()["id"])


def _mail(stage: Stage, who: str, mail: str) -> Sent:
    """As a mail server hands it on; an inbox is read by IMAP just the same."""
    headers = {"Content-Type": "message/rfc822"}
    answer = _post(f"{stage.url}/in/{stage.keys['referrals']}", data=mail.encode(), headers=headers)
    return Sent(who, "referral mail", answer.json()["id"])


def _open_hosted_form(stage: Stage) -> tuple[Mapping[str, str], float]:
    return _open(f"{stage.url}/f/purchase?utm_source=newsletter"), time.monotonic()


def _open(url: str) -> Mapping[str, str]:
    """What a page would send back by itself."""
    page = requests.get(url, headers={"User-Agent": _BROWSER}, timeout=10)
    page.raise_for_status()
    inputs = _Inputs()
    inputs.feed(page.text)
    return inputs.values


def _applies(stage: Stage, link: str, hidden: Mapping[str, str]) -> Sent:
    answer = _post(
        f"{stage.url}{link}",
        data={**hidden, **_WREN},
        headers={"User-Agent": _BROWSER},
        allow_redirects=False,
    )
    if answer.status_code != 303:
        raise RuntimeError(f"the application link did not lead on: {answer.status_code}")
    with stage.services.ledger.read() as connection:
        return Sent("Wren follows an apply-now link", "link, in shadow", newest(connection, "apply"))


def _hosted(stage: Stage, hidden: Mapping[str, str]) -> Sent:
    answer = _post(f"{stage.url}/f/purchase", data={**hidden, **_BRAM}, allow_redirects=False)
    if answer.status_code != 303:
        raise RuntimeError(f"the hosted form was not accepted: {answer.status_code}")
    with stage.services.ledger.read() as connection:
        return Sent("Bram fills in the hosted form", "hosted form", newest(connection, "purchase"))
