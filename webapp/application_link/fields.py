"""The few fields of the page, their checks, and what is handed to the intake."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wtforms import BooleanField, Form, StringField
from wtforms.validators import Length, ValidationError

from mapping.canonical import CLICK_IDS, UTM
from mapping.normalize.emails import read_email
from mapping.normalize.phones import read_phone

HONEYPOT = "hp_note"
#: What the link's address may carry on to the portal.
CARRIED = (*UTM, *CLICK_IDS)
_ANSWERS = ("first_name", "last_name", "email", "phone")


def _stripped(value: str | None) -> str:
    return (value or "").strip()


def _line(longest: int) -> StringField:
    return StringField(filters=[_stripped], validators=[Length(max=longest, message="too_long")])


class ContactForm(Form):
    """Who is about to apply. Errors are keys of the catalogue's [errors]."""

    first_name = _line(120)
    last_name = _line(120)
    email = _line(254)
    phone = _line(40)
    consent_calls = BooleanField()
    consent_email = BooleanField()

    def __init__(self, posted: Any, country: str) -> None:
        super().__init__(posted)
        self.country = country

    def validate_first_name(self, field: StringField) -> None:
        """Some name is needed; either field will do."""
        if not field.data and not self.last_name.data:
            raise ValidationError("name")

    def validate_email(self, field: StringField) -> None:
        """An address or a number is needed, and what was typed should work."""
        if not field.data and not self.phone.data:
            raise ValidationError("reach")
        if field.data and not read_email(field.data):
            raise ValidationError("email")

    def validate_phone(self, field: StringField) -> None:
        """A number with its area code."""
        if field.data and not read_phone(field.data, self.country):
            raise ValidationError("phone")

    def answered(self) -> list[tuple[str, str]]:
        """What was answered, by canonical name."""
        return [(name, self[name].data) for name in _ANSWERS if self[name].data]

    def consent(self, texts: Mapping[str, Any], shown: str) -> list[tuple[str, str]]:
        """Yes or no per channel, with the exact words that stood beside what was ticked."""
        said = {True: "yes", False: "no"}
        calls, email = said[self.consent_calls.data], said[self.consent_email.data]
        ticked = [texts["labels"][name] for name in ("consent_calls", "consent_email") if self[name].data]
        return [
            ("consent_phone", calls),
            ("consent_sms", calls),
            ("consent_email", email),
            ("consent_text", "\n".join((shown, *ticked))),
        ]
