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
from webapp.demo.stage import TYPEFORM_SECRET, Stage, wait_until_done

#: A loan officer of the shipped playbook.
LEAVER = "priya@example.com"
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
    page, opened = _open_hosted_form(stage)
    sent = [
        _typeform(stage, "Renata asks about buying", "tf-0001"),
        _typeform(stage, "the same delivery again", "tf-0001"),
        _website(stage, "Leopold, a warehouse", **_LEOPOLD),
        _website(stage, "Renata comes back", **_RENATA_AGAIN),
        _website(stage, "Jonas, on Renata's phone", **_JONAS),
        _website(stage, "a bot", **_BOT),
    ]
    wait_until_done(stage.services)
    # Somebody left the brokerage, and nobody told the playbook: what is hers will be refused.
    for crm in stage.crms.values():
        crm.dismiss(LEAVER)
    sent.append(_website(stage, "Ingrid, whose owner left", **_INGRID))
    time.sleep(max(0.0, opened + _READING_SECONDS - time.monotonic()))
    return [*sent, _hosted(stage, page)]


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


def _open_hosted_form(stage: Stage) -> tuple[Mapping[str, str], float]:
    page = requests.get(f"{stage.url}/f/purchase?utm_source=newsletter", timeout=10)
    page.raise_for_status()
    inputs = _Inputs()
    inputs.feed(page.text)
    return inputs.values, time.monotonic()


def _hosted(stage: Stage, hidden: Mapping[str, str]) -> Sent:
    answer = _post(f"{stage.url}/f/purchase", data={**hidden, **_BRAM}, allow_redirects=False)
    if answer.status_code != 303:
        raise RuntimeError(f"the hosted form was not accepted: {answer.status_code}")
    with stage.services.ledger.read() as connection:
        return Sent("Bram fills in the hosted form", "hosted form", newest(connection, "purchase"))
