"""Wix: an automation's plain JSON, or an app's webhook, which is a signed token around JSON in JSON."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from connectors.intake.base import Document, JsonValue, NotTrusted, RawRequest, Unreadable
from connectors.intake.envelope import aware_time
from connectors.intake.flatten import as_tree, flatten_value, json_inside
from connectors.intake.json_body import parse_json
from connectors.intake.json_shape import JsonObject, object_in, objects_in
from connectors.intake.json_values import text_at
from connectors.intake.proof import require_recent, require_token, secrets_in
from connectors.intake.signatures import WINDOW_SECONDS
from connectors.intake.website_form import Opened, WebsiteForm, as_sent
from mapping.answers import Answer, Origin

_TOKEN = re.compile(rb"\s*eyJ[\w-]+\.[\w-]+\.[\w-]+\s*")
_HASH = re.compile(r"_[0-9a-f]{4}(?:_\d+)?$")  # first_name_8f2c: Wix makes names unique
_FORMS = "wix.forms."
_PUBLIC_KEY = 200  # characters; a public key in base64 has more, a token less


class Wix(WebsiteForm):
    """https://dev.wix.com/docs/rest/crm/forms/form-submissions."""

    vendor = "wix"

    def verify(self, request: RawRequest, secret: str) -> None:
        """Raise NotTrusted unless an app's token was signed with its key, or an automation shows the secret.

        The path's secret is the app's public key without its BEGIN and END lines, in one line.
        """
        if not _TOKEN.fullmatch(request.body):
            require_token(request, secret)
            return
        keys = [key for one in secrets_in(secret) if (key := _public_key(one)) is not None]
        claims = next((found for key in keys if (found := _claims(request.body, key))), None)
        if claims is not None:
            issued = str(claims.get("iat", "")).partition(".")[0]
            require_recent(issued, request.received_at, WINDOW_SECONDS, header="token in the body: its iat")
        elif secret:
            raise NotTrusted(
                "bad_signature",
                "The token in the body was not made by the app whose public key is this path's secret.",
                status=401,
            )

    def unpack(self, request: RawRequest) -> Document | None:
        """The JSON inside an app's token, without its wrappings. Raises Unreadable."""
        if not _TOKEN.fullmatch(request.body):
            return None
        try:
            part = request.body.strip().split(b".")[1]
            text = base64.urlsafe_b64decode(part + b"=" * (-len(part) % 4)).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise Unreadable("malformed_json", "The token's middle part is no JSON.", keep=True) from None
        return Document("json", json=_unwrapped(parse_json(text), 0), unpacked=True)

    def fits(self, tree: JsonObject) -> bool:
        """An automation's submission."""
        data = object_in(tree.get("data"))
        return "submissionId" in data and (
            "submissions" in data or any(key.startswith("field:") for key in data)
        )

    def open(self, document: Document, request: RawRequest) -> Opened:
        """Labels and values; of an app's events only a created submission is an inquiry."""
        tree = as_tree(document)
        event = _event(tree)
        if event:
            return _of_event(event)
        data = object_in(tree.get("data")) or tree
        answers = list(_submissions(data)) or list(_fields(data)) or list(_contact(data))
        if not answers:
            return as_sent(document)
        return Opened(
            answers,
            external_id=text_at(data, "submissionId"),
            submitted_at=aware_time(text_at(data, "submissionTime")),
            origin=Origin(form_id=text_at(data, "formId"), form_title=text_at(data, "formName")),
        )


def _event(tree: JsonObject) -> JsonObject:
    """The event of Wix Forms anywhere in the wrappings, {} when there is none."""
    for _ in range(4):
        if text_at(tree, "entityFqdn"):
            return tree
        tree = object_in(tree.get("data"))
    return {}


def _of_event(event: JsonObject) -> Opened:
    created = object_in(event.get("createdEvent"))
    entity = object_in(created.get("entity")) or object_in(created.get("entityAsJson"))
    if not text_at(event, "entityFqdn").startswith(_FORMS) or not entity:
        return Opened(
            (), event_id=text_at(event, "id"), ignored="This Wix event is not a new form submission."
        )
    values = object_in(entity.get("submissions"))
    return Opened(
        [_unhashed(item) for item in flatten_value(values)],
        external_id=text_at(entity, "id"),
        event_id=text_at(event, "id"),
        submitted_at=aware_time(text_at(entity, "createdDate")),
        origin=Origin(form_id=text_at(entity, "formId")),
    )


def _submissions(data: JsonObject) -> Iterator[Answer]:
    for one in objects_in(data.get("submissions")):
        label = text_at(one, "label")
        for item in flatten_value({"value": one.get("value")}):
            part = item.key.removeprefix("value").removeprefix(".")
            yield Answer(f"{label}.{part}" if part else label, "" if part else label, item.values)


def _fields(data: JsonObject) -> Iterator[Answer]:
    named = {key.removeprefix("field:"): value for key, value in data.items() if key.startswith("field:")}
    return (_unhashed(item) for item in flatten_value(named))


def _contact(data: JsonObject) -> Iterator[Answer]:
    """The contact that Wix made of the submission: all there is when the automation sends nothing else."""
    contact = object_in(data.get("contact"))
    for field, paths in (
        ("first_name", ("name.first",)),
        ("last_name", ("name.last",)),
        ("email", ("email", "emails.0.email")),
        ("phone", ("phone", "phones.0.phone")),
    ):
        if text := text_at(contact, *paths):
            yield Answer(field, "", (text,), field)


def _unhashed(item: Answer) -> Answer:
    head, dot, rest = item.key.partition(".")
    return Answer(f"{_HASH.sub('', head)}{dot}{rest}", item.label, item.values)


def _unwrapped(value: JsonValue, depth: int) -> JsonValue:
    """JSON texts inside as what they hold, so that nothing in them escapes the scrubbing."""
    if isinstance(value, dict) and depth < 8:
        return {key: _unwrapped(item, depth + 1) for key, item in value.items()}
    inside = json_inside(value)
    return _unwrapped(inside, depth + 1) if inside is not None and depth < 8 else value


def _public_key(text: str) -> RSAPublicKey | None:
    if len(text) < _PUBLIC_KEY:
        return None
    try:
        key = load_der_public_key(base64.b64decode(text, validate=True))
    except (ValueError, binascii.Error):
        return None
    return key if isinstance(key, RSAPublicKey) else None


def _claims(body: bytes, key: RSAPublicKey) -> dict[str, object] | None:
    try:
        # Its times are held against the receipt, not against this machine's clock.
        checks = {"verify_exp": False, "verify_iat": False, "verify_nbf": False, "verify_aud": False}
        found: dict[str, object] = jwt.decode(body.strip(), key, algorithms=["RS256"], options=checks)  # type: ignore[arg-type]
    except jwt.PyJWTError:
        return None
    return found
