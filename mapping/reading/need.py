"""What an inquiry is about: the kind of help, the property, the money and the time."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from mapping.inquiry import Amount, InquiryType, Loan, Party, Property, Timeframe
from mapping.normalize.dates import read_date
from mapping.normalize.money import read_amount
from mapping.normalize.places import (
    country_of,
    read_address,
    read_country,
    read_postal_code,
    read_state,
    state_of_postal_code,
)
from mapping.normalize.text import without_markup
from mapping.reading.choices import read_property_type, read_property_use, read_timeframe, timeframe_until
from mapping.reading.classify import LONGEST_OPTION, Categories, classify, own_type, stated_type
from mapping.reading.locales import Locale
from mapping.reading.sheet import Sheet

_SENTENCE = 3  # words; a shorter answer to "How can we help?" is an option we do not know


def read_need(sheet: Sheet, form_title: str, own: Categories = ()) -> tuple[InquiryType, str, str]:
    """The inquiry type, why, and the message: by the chosen answer, else the words, else the form's title.

    own are the brokerage's words for inquiry types.
    """

    def known(text: str) -> str | None:
        return text if own_type(text, own) or stated_type(text) else None

    stated, message = sheet.read("inquiry_type", known) or "", sheet.lines("message")
    words = stated or sheet.text("inquiry_type")
    written = len(words.split()) > (LONGEST_OPTION if stated else _SENTENCE - 1)
    if written and not message:
        message = words  # free words in answer to "How can we help?"
    elif words and not stated:
        sheet.keep_field("inquiry_type")
    kind, reason = classify(words, message, own)
    if kind is InquiryType.GENERAL_ADVICE and not stated and form_title:
        titled = own_type(form_title, own) or stated_type(form_title)
        if titled:
            kind, reason = titled, f"the form's title speaks of {titled.value.replace('_', ' ')}"
    if stated and not sheet.answered("inquiry_type"):
        reason = "the intake path's default"
    return kind, reason, message


def read_property(sheet: Sheet, borrower: Party, locale: Locale) -> Property:
    """The property; a place asked without a street is about it, a mailing address lends only its state."""
    line = sheet.text("property_street")
    whole = read_address(without_markup(line))
    area = read_address(without_markup(sheet.text("property_city")))
    lent = borrower if not borrower.street else Party(state=borrower.state)
    postal_code = (
        sheet.read("property_postal_code", read_postal_code) or whole.postal_code or lent.postal_code
    )
    state = (
        sheet.read("property_state", read_state, "unknown_state") or whole.state or area.state or lent.state
    )
    if not state:
        state = state_of_postal_code(postal_code or borrower.postal_code)
        if state:
            sheet.flag("state_from_postal_code")
    stated_country = sheet.read("property_country", read_country) or sheet.read("country", read_country)
    return Property(
        street=whole.street,
        city=area.city or whole.city or lent.city,
        state=state,
        postal_code=postal_code,
        country=country_of(state) or stated_country or locale.country,
        value=_amount(sheet, "property_value"),
        use=sheet.read("property_use", read_property_use) or "",
        kind=sheet.read("property_type", read_property_type) or "",
    )


def read_loan(sheet: Sheet, home: Property) -> Loan:
    """Amount and down payment, in the currency of the property's country when any money was said."""
    amount, down_payment = _amount(sheet, "loan_amount"), _amount(sheet, "down_payment")
    money_was_said = amount.known or down_payment.known or home.value.known
    currency = "CAD" if home.country == "CA" else "USD"
    return Loan(amount=amount, down_payment=down_payment, currency=currency if money_was_said else "")


def _amount(sheet: Sheet, field: str) -> Amount:
    return sheet.read(field, read_amount, "ambiguous_amount") or Amount()


def read_when(sheet: Sheet, locale: Locale, received_at: datetime) -> tuple[Timeframe | None, date | None]:
    """The timeframe, and the day when a day was given; the timeframe of a day counts from receipt."""
    day = sheet.read("timeframe", lambda text: read_date(text, locale.date_order))
    if day:
        today = received_at.astimezone(ZoneInfo(locale.timezone)).date()
        return timeframe_until(day, today), day
    frame = sheet.read("timeframe", read_timeframe)
    if frame is None and sheet.answered("timeframe"):
        sheet.flag("ambiguous_date")
    return frame, None
