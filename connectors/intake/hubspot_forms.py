"""HubSpot's forms: what its forms API takes (v3), what its workflows send, and its signature."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import unquote

from connectors.intake.base import Document, JsonValue, RawRequest
from connectors.intake.flatten import answer_text, as_tree, flatten_value
from connectors.intake.json_shape import JsonObject, object_in, objects_in
from connectors.intake.json_values import text_at
from connectors.intake.proof import require_recent, require_signature, shows_token
from connectors.intake.signals import HONEYPOTS
from connectors.intake.signatures import WINDOW_SECONDS, base64_sha256, in_seconds
from connectors.intake.website_form import Opened, WebsiteForm, as_sent
from mapping.answers import Answer, Origin

_SIGNATURE, _TIME = "X-HubSpot-Signature-v3", "X-HubSpot-Request-Timestamp"
# HubSpot signs the address with these, and only these, as plain characters.
_DECODED = re.compile(r"%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)", re.IGNORECASE)
# A visitor can put any property into the form: what steers the CRM is not taken from visitors.
_STEERING = re.compile(r"hs_\w+|hubspot_\w+|lifecyclestage|num_\w+|recent_conversion\w*|first_conversion\w*")
_MILLISECONDS = 13  # digits, from 2001 to 2286
_COMPANY = "0-2"
_FROM_MAPPING = {"name": "company"}


class HubSpotForms(WebsiteForm):
    """https://developers.hubspot.com/docs/api/webhooks/validating-requests."""

    vendor = "hubspot-forms"

    def __init__(self, honeypots: frozenset[str] = HONEYPOTS) -> None:
        super().__init__(honeypots - {"website"})  # an honest property of HubSpot's

    def verify(self, request: RawRequest, secret: str) -> None:
        """Raise NotTrusted unless signature v3 is good and fresh, or the secret is shown as a token.

        It is the base64 of HMAC-SHA256(client secret, method + address + body + milliseconds).
        """
        given, time = (request.headers.get(name.lower(), "") for name in (_SIGNATURE, _TIME))
        if not secret or (not given and shows_token(request, secret)):
            return
        address = _DECODED.sub(lambda found: unquote(found[0]), request.url)
        start = f"{request.method}{address}".encode(errors="replace")
        signed = start + request.body + time.encode(errors="replace")
        require_signature(
            given, secret, lambda one: base64_sha256(one, signed), header=_SIGNATURE, where="HubSpot's app"
        )
        require_recent(in_seconds(time), request.received_at, WINDOW_SECONDS, header=_TIME)

    def fits(self, tree: JsonObject) -> bool:
        """Fields with a HubSpot context, or a contact with its properties."""
        is_form = bool(_fields(tree)) and bool({"context", "legalConsentOptions", "pageUrl"} & tree.keys())
        return is_form or (
            isinstance(tree.get("properties"), dict) and bool({"vid", "objectId"} & tree.keys())
        )

    def open(self, document: Document, request: RawRequest) -> Opened:
        """Fields by their property names; consents as the visitor saw them."""
        tree = as_tree(document)
        fields, properties = _fields(tree), object_in(tree.get("properties"))
        if not fields and not properties:
            return as_sent(document)
        context = object_in(tree.get("context"))
        return Opened(
            [*_answers(fields), *_contact(properties), *_consents(tree)],
            external_id=text_at(tree, "conversionId", "submissionId"),
            submitted_at=_instant(tree.get("submittedAt")),
            origin=Origin(
                page_url=text_at(context, "pageUri") or text_at(tree, "pageUrl"),
                ip=text_at(context, "ipAddress"),
                form_id=text_at(tree, "formId", "formGuid"),
                form_title=text_at(tree, "formName") or text_at(context, "pageName"),
            ),
        )


def _fields(tree: JsonObject) -> list[JsonObject]:
    fields = objects_in(tree.get("fields") or tree.get("values"))
    return fields if fields and all("name" in field and "value" in field for field in fields) else []


def _answers(fields: list[JsonObject]) -> Iterator[Answer]:
    for field in fields:
        name = text_at(field, "name")
        if not _STEERING.fullmatch(name):
            is_company = text_at(field, "objectTypeId") == _COMPANY or name.startswith("0-2/")
            plain = name.removeprefix("0-2/").removeprefix("0-1/")
            yield from _answer(plain, field["value"], is_company=is_company)


def _contact(properties: JsonObject) -> Iterator[Answer]:
    """A workflow sends {"firstname": {"value": "Ana"}}, newer actions {"firstname": "Ana"}."""
    for name, value in properties.items():
        if not _STEERING.fullmatch(name):
            said = value.get("value") if isinstance(value, dict) else value
            yield from _answer(name, said, is_company=False)


def _answer(name: str, value: JsonValue, *, is_company: bool) -> Iterator[Answer]:
    # Several choices come as "a;b".
    texts = tuple(text for item in flatten_value({"value": value}) for text in item.values)
    if not texts:
        return
    if is_company and name not in _FROM_MAPPING:
        yield Answer(f"company.{name}", f"Company {name}", texts)
    else:
        yield Answer("company" if is_company else name, "", texts)


def _consents(tree: JsonObject) -> Iterator[Answer]:
    """Each box with its words; a legitimate interest is the brokerage's claim and no consent."""
    consent = object_in(object_in(tree.get("legalConsentOptions")).get("consent"))
    for number, one in enumerate(objects_in(consent.get("communications"))):
        ticked = answer_text(one.get("value")) if isinstance(one.get("value"), bool) else ""
        if ticked:
            name = text_at(one, "subscriptionTypeId") or str(number)
            yield Answer(f"subscription {name}", text_at(one, "text"), (ticked,), "consent")
    if isinstance(consent.get("consentToProcess"), bool):
        yield Answer(
            "consentToProcess",
            text_at(consent, "text"),
            (answer_text(consent["consentToProcess"]),),
            "consent",
        )


def _instant(value: JsonValue) -> datetime | None:
    digits = "" if isinstance(value, dict | list) else answer_text(value)
    if not digits.isascii() or not digits.isdigit() or len(digits) != _MILLISECONDS:
        return None
    return datetime.fromtimestamp(int(digits) / 1000, UTC)
