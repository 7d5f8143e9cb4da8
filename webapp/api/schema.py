"""What an inquiry posted as JSON may hold: checked whole, every mistake with its field."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate, validates_schema

from mapping.canonical import CANONICAL_FIELDS, CLICK_IDS
from mapping.consent.agreed import CHANNELS
from mapping.inquiry import InquiryType
from mapping.normalize.phones import read_phone

FOLLOW_UP_ACTIONS = ("stop", "pause", "go_on")
_LONGEST = 2_000
_LONGEST_MESSAGE = 20_000
_MONEY = ("loan_amount", "property_value", "down_payment")
_GROUPED = ("co_", "partner_", "consent", "utm_", "certificate_url", "lead_id_token")
_NOT_HERE = frozenset({"ignore", "message", "inquiry_type", "email", *_MONEY, "attachments", "submitted_at"})


def _reachable(original: Mapping[str, Any]) -> bool:
    return any(str(original.get(name) or "").strip() for name in ("email", "phone"))


class _Shape(Schema):
    """Unknown names are mistakes, with the nearest known name suggested."""

    class Meta:
        unknown = EXCLUDE

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def refuse_unknown(self, _data: object, original: object, **_: object) -> None:
        """Report every name that is no field."""
        if isinstance(original, Mapping):
            wrong = {name: [_unknown(name, self.fields)] for name in original if name not in self.fields}
            if wrong:
                raise ValidationError(wrong)


def _unknown(name: object, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(str(name), list(known), n=1)
    hint = f"Did you mean {near[0]}?" if near else 'Put it under "answers" to have it kept with the inquiry.'
    return f"This is not a field. {hint}"


def _text(about: str, longest: int = _LONGEST) -> fields.String:
    return fields.String(
        validate=validate.Length(max=longest), allow_none=True, metadata={"description": about}
    )


class _Money(fields.Field[Any]):
    """A number, or words with a number in them ("350k", "$300,000 to $350,000")."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise ValidationError("Send a number, or text with the amount in it.")
        if isinstance(value, str) and len(value) > 100:
            raise ValidationError("Longer than maximum length 100.")
        if isinstance(value, int | float) and not 0 <= value < 1e12:
            raise ValidationError("Send an amount between 0 and 1,000,000,000,000.")
        return value


class _YesNo(fields.Boolean):
    """true or false, written as such: to Python 0 is False as well."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


def _money(name: str) -> fields.Field[Any]:
    return _Money(allow_none=True, metadata={"description": CANONICAL_FIELDS[name]})


class CoBorrower(_Shape):
    """Who applies together with the borrower."""

    first_name, last_name, full_name = _text("First name"), _text("Last name"), _text("Whole name")
    email, phone = fields.Email(allow_none=True), _text("Phone number", 60)
    relationship = _text("spouse, parent, ...", 100)


class Partner(_Shape):
    """Who referred the borrower."""

    full_name, company = _text("Whole name"), _text("Company")
    email, phone = fields.Email(allow_none=True), _text("Phone number", 60)


class ConsentGiven(_Shape):
    """What the borrower agreed to, with its evidence; a channel left out was not asked about."""

    email = _YesNo(allow_none=True)
    phone = _YesNo(allow_none=True)
    sms = _YesNo(allow_none=True)
    text = _text("The words that were agreed to", _LONGEST_MESSAGE)
    ip, page_url = _text("The borrower's IP address", 60), _text("The page")
    certificate_url, lead_id_token = _text("TrustedForm certificate"), _text("Jornaya LeadiD token")


class Utm(_Shape):
    """Campaign tags."""

    source, medium, campaign = _text("utm_source"), _text("utm_medium"), _text("utm_campaign")
    term, content = _text("utm_term"), _text("utm_content")


def _plain_fields() -> Iterator[tuple[str, fields.Field[Any]]]:
    for name, about in CANONICAL_FIELDS.items():
        if name not in _NOT_HERE and not name.startswith(_GROUPED):
            yield name, _text(about, 500 if name in CLICK_IDS else _LONGEST)


_Plain = _Shape.from_dict(dict(_plain_fields()), name="Plain")


class InquiryPosted(_Plain):  # type: ignore[misc, valid-type]
    """One inquiry. An email address or a phone number is needed."""

    email = fields.Email(allow_none=True, metadata={"description": CANONICAL_FIELDS["email"]})
    inquiry_type = fields.String(
        validate=validate.OneOf(list(InquiryType)),
        allow_none=True,
        metadata={"description": "What the borrower needs"},
    )
    loan_amount, property_value, down_payment = (_money(name) for name in _MONEY)
    message = _text("What the borrower wrote in their own words", _LONGEST_MESSAGE)
    submitted_at = fields.AwareDateTime(
        allow_none=True, metadata={"description": "When it was filled in, with its offset"}
    )
    co_borrower = fields.Nested(CoBorrower, allow_none=True)
    partner = fields.Nested(Partner, allow_none=True)
    consent = fields.Nested(ConsentGiven, allow_none=True)
    utm = fields.Nested(Utm, allow_none=True)
    answers = fields.Dict(
        keys=fields.String(validate=validate.Length(min=1, max=500)),
        values=fields.Raw(allow_none=True),
        validate=validate.Length(max=200),
        metadata={
            "description": "Whatever else was asked: question → text, number, yes/no or a list of these"
        },
    )

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def reachable(self, _data: object, original: Mapping[str, Any], **_: object) -> None:
        """Nobody can be called back without either."""
        if not _reachable(original):
            raise ValidationError("Send an email address or a phone number.", "email")

    @validates_schema(skip_on_field_errors=False)
    def flat_answers(self, data: Mapping[str, Any], **_: object) -> None:
        """Answers are values or lists of values."""
        wrong = {name: ["Send text, a number, true or false, or a list of these."] for name, value in
                 (data.get("answers") or {}).items() if not _flat(value)}  # fmt: skip
        if wrong:
            raise ValidationError({"answers": wrong})


def _flat(value: Any) -> bool:
    if isinstance(value, list):
        return len(value) <= 100 and all(_flat(one) and not isinstance(one, list) for one in value)
    return (
        value is None
        or (isinstance(value, str) and len(value) <= _LONGEST_MESSAGE)
        or isinstance(value, bool | int | float)
    )


class OptOutPosted(_Shape):
    """Somebody wants to be left alone. An email address or a phone number is needed."""

    channels = fields.List(
        fields.String(validate=validate.OneOf(CHANNELS)),
        required=True,
        validate=validate.Length(min=1),
        metadata={"description": "What the borrower wants no more of"},
    )
    email = fields.Email(allow_none=True, metadata={"description": CANONICAL_FIELDS["email"]})
    phone = _text(CANONICAL_FIELDS["phone"], 60)
    words = _text("What the borrower said, kept as evidence")
    asked_at = fields.AwareDateTime(
        allow_none=True, metadata={"description": "When it was said, with its offset"}
    )
    external_id = _text("Your own id of it: sent again, it changes nothing", 200)

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def reachable(self, _data: object, original: Mapping[str, Any], **_: object) -> None:
        """Nobody would be left alone without either."""
        if not _reachable(original):
            raise ValidationError("Send an email address or a phone number.", "email")


class FollowUpPosted(_Shape):
    """A person's word about the follow-up of an inquiry."""

    action = fields.String(
        required=True,
        validate=validate.OneOf(FOLLOW_UP_ACTIONS),
        metadata={
            "description": "stop: nothing more, and what is planned is closed in the CRM; "
            "pause: nothing before a day; go_on: follow up again"
        },
    )
    until = fields.Date(
        allow_none=True,
        metadata={"description": "With pause: the first day on which it goes on, at most a year ahead"},
    )

    @validates_schema
    def paused_until_a_day(self, data: Mapping[str, Any], **_: object) -> None:
        """A pause ends on a day; nothing else does."""
        if (data["action"] == "pause") is not bool(data.get("until")):
            words = "Send the day until which it pauses, as 2026-12-31: with pause, and with nothing else."
            raise ValidationError(words, "until")


def mistakes(document: object, country: str, schema: type[Schema] = InquiryPosted) -> list[dict[str, str]]:
    """Everything that is wrong with what was posted: [{field, message}], fields as paths ("consent.sms").

    country decides how a phone number without its country code is dialled.
    """
    if not isinstance(document, dict):
        return [{"field": "", "message": "Send one JSON object."}]
    return [*_listed(schema().validate(document)), *_undialled(document, country)]


def _undialled(document: Mapping[str, Any], country: str) -> Iterator[dict[str, str]]:
    """Phone numbers that nobody could call."""
    for group in ("", "co_borrower", "partner"):
        part = document.get(group) if group else document
        number = part.get("phone") if isinstance(part, Mapping) else None
        if isinstance(number, str) and number.strip() and read_phone(number, country) is None:
            message = "Not a phone number: send it with its country code, +14155550123."
            yield {"field": f"{group}.phone".lstrip("."), "message": message}


def _listed(found: Mapping[Any, Any] | list[Any], path: str = "") -> Iterator[dict[str, str]]:
    if isinstance(found, Mapping):
        for name, inner in found.items():
            plain = name in ("_schema", "value", "key")
            yield from _listed(inner, path if plain else f"{path}.{name}".lstrip("."))
    else:
        yield from ({"field": path, "message": str(message)} for message in found)
