"""The form's fields beside those of the person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wtforms import RadioField, SelectField, TextAreaField
from wtforms.validators import Length, Optional

from mapping.canonical import CLICK_IDS, UTM
from webapp.public_form import PersonForm, line, stripped

#: What a link to the form may carry, e.g. ?utm_source=newsletter&lo=dana.
CARRIED = (*UTM, *CLICK_IDS, "landing_page", "referrer", "assigned_to")


class InquiryForm(PersonForm):
    """What a borrower can say."""

    ANSWERS = (
        "inquiry_type", *PersonForm.ANSWERS, "property_state", "property_value",
        "loan_amount", "timeframe", "credit_band", "preferred_contact", "message",
    )  # fmt: skip
    inquiry_type = RadioField(validators=[Optional()])
    property_state = SelectField(validators=[Optional()])
    property_value = line(60)
    loan_amount = line(60)
    timeframe = SelectField(validators=[Optional()])
    credit_band = SelectField(validators=[Optional()])
    preferred_contact = SelectField(validators=[Optional()])
    message = TextAreaField(filters=[stripped], validators=[Length(max=4000, message="too_long")])

    def __init__(self, posted: Any, texts: Mapping[str, Any], country: str) -> None:
        super().__init__(posted, country)
        blank = ("", texts["page"]["choose"])
        types = texts["inquiry_type"].items()
        # A mortgage that comes up for renewal is a Canadian idea; a US mortgage runs to its end.
        self.inquiry_type.choices = [one for one in types if country == "CA" or one[0] != "renewal"]
        self.timeframe.choices = [blank, *texts["timeframe"].items()]
        self.credit_band.choices = [blank, *texts["credit_band"].items()]
        self.preferred_contact.choices = [blank, *texts["preferred_contact"].items()]
        self.property_state.choices = [blank, *texts["states"][country].items()]
