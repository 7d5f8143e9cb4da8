"""The form's fields, their checks, and the answers as they are handed to the intake."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wtforms import BooleanField, Form, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional, ValidationError

from mapping.canonical import CLICK_IDS, UTM
from mapping.normalize.emails import read_email
from mapping.normalize.phones import read_phone

HONEYPOT = "hp_note"
#: What a link to the form may carry, e.g. ?utm_source=newsletter&lo=dana.
CARRIED = (*UTM, *CLICK_IDS, "landing_page", "referrer", "assigned_to")
_ANSWERS = (
    "inquiry_type", "first_name", "last_name", "email", "phone", "property_state", "property_value",
    "loan_amount", "timeframe", "credit_band", "preferred_contact", "message",
)  # fmt: skip


def _stripped(value: str | None) -> str:
    return (value or "").strip()


def _line(longest: int) -> StringField:
    return StringField(filters=[_stripped], validators=[Length(max=longest, message="too_long")])


class InquiryForm(Form):
    """What a borrower can say. Errors are keys of the catalogue's [errors]."""

    inquiry_type = RadioField(validators=[Optional()])
    first_name = _line(120)
    last_name = _line(120)
    email = _line(254)
    phone = _line(40)
    property_state = SelectField(validators=[Optional()])
    property_value = _line(60)
    loan_amount = _line(60)
    timeframe = SelectField(validators=[Optional()])
    credit_band = SelectField(validators=[Optional()])
    preferred_contact = SelectField(validators=[Optional()])
    message = TextAreaField(filters=[_stripped], validators=[Length(max=4000, message="too_long")])
    consent_calls = BooleanField()
    consent_email = BooleanField()

    def __init__(self, posted: Any, texts: Mapping[str, Any], country: str) -> None:
        super().__init__(posted)
        self.country = country
        blank = ("", texts["page"]["choose"])
        types = texts["inquiry_type"].items()
        # A mortgage that comes up for renewal is a Canadian idea; a US mortgage runs to its end.
        self.inquiry_type.choices = [one for one in types if country == "CA" or one[0] != "renewal"]
        self.timeframe.choices = [blank, *texts["timeframe"].items()]
        self.credit_band.choices = [blank, *texts["credit_band"].items()]
        self.preferred_contact.choices = [blank, *texts["preferred_contact"].items()]
        self.property_state.choices = [blank, *texts["states"][country].items()]

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
        calls, email = self.consent_calls.data, self.consent_email.data
        said = {True: "yes", False: "no"}
        ticked = [texts["labels"][name] for name in ("consent_calls", "consent_email") if self[name].data]
        return [
            ("consent_phone", said[calls]),
            ("consent_sms", said[calls]),
            ("consent_email", said[email]),
            ("consent_text", "\n".join((shown, *ticked))),
        ]
