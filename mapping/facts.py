"""What can be said about an inquiry, by canonical name: the vocabulary of field rules and checklists."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from mapping.canonical import CLICK_IDS
from mapping.inquiry import (
    Amount,
    ApplicationStatus,
    Contact,
    CreditBand,
    Inquiry,
    InquiryType,
    Party,
    Timeframe,
)

Value = str | Decimal | date | datetime | bool | None

FIELD_TYPES = ("string", "number", "date", "datetime", "enumeration", "bool")
CONSENT_STATES = ("given", "refused", "unknown")


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a field rule may draw on: the inquiry, one person in it, and what was decided."""

    inquiry: Inquiry
    party: Party
    owner_name: str = ""
    owner_reason: str = ""
    first_touch_due: datetime | None = None
    missing: tuple[str, ...] = ()
    opted_out: frozenset[str] = frozenset()  # channels that this person asked us to leave
    priority: int | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """One canonical name: how a CRM would label and type it, and where it is found."""

    label: str
    read: Callable[[Facts], Value]
    type: str = "string"
    options: tuple[str, ...] = ()
    known: Callable[[Facts], bool] | None = None  # when "said" is more than "read gives a value"
    long: bool = False  # text that may have more than 255 characters


def is_known(name: str, facts: Facts) -> bool:
    """Whether anything was said about this canonical name. Raises KeyError for an unknown name."""
    source = SOURCES[name]
    if source.known is not None:
        return source.known(facts)
    return source.read(facts) not in (None, "")


def _choice(label: str, choices: type[StrEnum], read: Callable[[Facts], Value]) -> Source:
    return Source(label, read, "enumeration", tuple(choices))


def _amount(name: str, label: str, find: Callable[[Inquiry], Amount]) -> dict[str, Source]:
    """A value and its range as three names; any of them answers the question."""

    def known(facts: Facts) -> bool:
        return find(facts.inquiry).known

    return {
        name: Source(label, lambda facts: find(facts.inquiry).value, "number", known=known),
        f"{name}_low": Source(f"{label}, from", lambda facts: find(facts.inquiry).low, "number", known=known),
        f"{name}_high": Source(
            f"{label}, up to", lambda facts: find(facts.inquiry).high, "number", known=known
        ),
    }


def _consent(channel: str, label: str, find: Callable[[Inquiry], bool | None]) -> dict[str, Source]:
    def state(facts: Facts) -> str:
        answer = find(facts.inquiry)
        return "unknown" if answer is None else "given" if answer else "refused"

    def known(facts: Facts) -> bool:
        return find(facts.inquiry) is not None

    return {f"consent_{channel}": Source(label, state, "enumeration", CONSENT_STATES, known)}


def _opted_out(channel: str, label: str) -> dict[str, Source]:
    """True or nothing: an opt-out is raised in a CRM and never lowered by us."""
    return {
        f"opted_out_{channel}": Source(
            label, lambda facts: True if channel in facts.opted_out else None, "bool"
        )
    }


def _tracking(
    names: Mapping[str, str], find: Callable[[Inquiry], Mapping[str, str]], prefix: str
) -> dict[str, Source]:
    def reader(key: str) -> Callable[[Facts], Value]:
        return lambda facts: find(facts.inquiry).get(key, "")

    return {f"{prefix}{key}": Source(label, reader(key)) for key, label in names.items()}


def _other_answers(facts: Facts) -> str:
    return "\n".join(f"{question}: {answer}" for question, answer in facts.inquiry.unmapped)


_PERSON = {
    "first_name": Source("First name", lambda facts: facts.party.first_name),
    "middle_name": Source("Middle name", lambda facts: facts.party.middle_name),
    "last_name": Source("Last name", lambda facts: facts.party.last_name),
    "suffix": Source("Suffix", lambda facts: facts.party.suffix),
    "full_name": Source("Name", lambda facts: facts.party.full_name),
    "company": Source("Company", lambda facts: facts.party.company),
    "email": Source("Email", lambda facts: facts.party.email),
    "phone": Source("Phone", lambda facts: facts.party.phone),
    "phone_ext": Source("Phone extension", lambda facts: facts.party.phone_ext),
    "street": Source("Street", lambda facts: facts.party.street),
    "city": Source("City", lambda facts: facts.party.city),
    "state": Source("State or province", lambda facts: facts.party.state),
    "postal_code": Source("Postal code", lambda facts: facts.party.postal_code),
}

_NEED = {
    "inquiry_type": _choice("Inquiry type", InquiryType, lambda facts: facts.inquiry.type),
    "inquiry_type_reason": Source("Inquiry type, why", lambda facts: facts.inquiry.type_reason, long=True),
    "timeframe": _choice("Timeframe", Timeframe, lambda facts: facts.inquiry.timeframe),
    "timeframe_date": Source("Timeframe, date", lambda facts: facts.inquiry.timeframe_date, "date"),
    "credit_band": _choice("Credit band", CreditBand, lambda facts: facts.inquiry.credit_band),
    "preferred_contact": _choice("Preferred contact", Contact, lambda facts: facts.inquiry.preferred_contact),
    "preferred_time": Source("Preferred time", lambda facts: facts.inquiry.preferred_time),
    "message": Source("Message", lambda facts: facts.inquiry.message, long=True),
    "language": Source("Language", lambda facts: facts.inquiry.language),
    "property_street": Source("Property street", lambda facts: facts.inquiry.property.street),
    "property_city": Source("Property city", lambda facts: facts.inquiry.property.city),
    "property_state": Source("Property state", lambda facts: facts.inquiry.property.state),
    "property_postal_code": Source("Property postal code", lambda facts: facts.inquiry.property.postal_code),
    "property_country": Source("Property country", lambda facts: facts.inquiry.property.country),
    "property_use": Source("Property use", lambda facts: facts.inquiry.property.use),
    "property_type": Source("Property type", lambda facts: facts.inquiry.property.kind),
    "currency": Source("Currency", lambda facts: facts.inquiry.loan.currency),
    **_amount("property_value", "Property value", lambda inquiry: inquiry.property.value),
    **_amount("loan_amount", "Loan amount", lambda inquiry: inquiry.loan.amount),
    **_amount("down_payment", "Down payment", lambda inquiry: inquiry.loan.down_payment),
}

_PEOPLE = {
    "co_full_name": Source(
        "Co-borrower", lambda facts: facts.inquiry.co_borrower.full_name if facts.inquiry.co_borrower else ""
    ),
    "partner_name": Source(
        "Referral partner", lambda facts: facts.inquiry.partner.full_name if facts.inquiry.partner else ""
    ),
    "partner_company": Source(
        "Referral partner company",
        lambda facts: facts.inquiry.partner.company if facts.inquiry.partner else "",
    ),
    "partner_email": Source(
        "Referral partner email", lambda facts: facts.inquiry.partner.email if facts.inquiry.partner else ""
    ),
    "partner_phone": Source(
        "Referral partner phone", lambda facts: facts.inquiry.partner.phone if facts.inquiry.partner else ""
    ),
}

_LATER = {
    "application_status": _choice(
        "Application status",
        ApplicationStatus,
        lambda facts: facts.inquiry.application.status if facts.inquiry.application else None,
    ),
    "application_status_raw": Source(
        "Application status, as sent",
        lambda facts: facts.inquiry.application.status_raw if facts.inquiry.application else "",
    ),
    "application_ref": Source(
        "Application number",
        lambda facts: facts.inquiry.application.reference if facts.inquiry.application else "",
    ),
    "application_id": Source(
        "Application id", lambda facts: facts.inquiry.application.id if facts.inquiry.application else ""
    ),
    "application_link": Source(
        "Application link", lambda facts: facts.inquiry.application.link if facts.inquiry.application else ""
    ),
    "meeting_start": Source(
        "Meeting",
        lambda facts: facts.inquiry.meeting.start if facts.inquiry.meeting else None,
        "datetime",
    ),
    "meeting_status": Source(
        "Meeting status", lambda facts: facts.inquiry.meeting.status if facts.inquiry.meeting else ""
    ),
    "employment": Source("Employment", lambda facts: facts.inquiry.employment),
    "attachments": Source("Files", lambda facts: ", ".join(facts.inquiry.attachments), long=True),
    "co_relationship": Source(
        "Co-borrower, relationship",
        lambda facts: facts.inquiry.co_borrower.relationship if facts.inquiry.co_borrower else "",
    ),
}

_ORIGIN = {
    "campaign": Source("Campaign", lambda facts: facts.inquiry.attribution.campaign),
    "source": Source("Source", lambda facts: facts.inquiry.source),
    "path": Source("Intake path", lambda facts: facts.inquiry.path),
    "received_at": Source("Received", lambda facts: facts.inquiry.received_at, "datetime"),
    "external_id": Source("Sender's id", lambda facts: facts.inquiry.external_id),
    "landing_page": Source("Landing page", lambda facts: facts.inquiry.attribution.landing_page, long=True),
    "referrer": Source("Referrer", lambda facts: facts.inquiry.attribution.referrer, long=True),
    "other_answers": Source("Other answers", _other_answers, long=True),
    "flags": Source("Flags", lambda facts: ", ".join(facts.inquiry.flags)),
    **_tracking(
        {key: f"UTM {key}" for key in ("source", "medium", "campaign", "term", "content")},
        lambda inquiry: inquiry.attribution.utm,
        "utm_",
    ),
    **_tracking(
        {key: f"Click id {key}" for key in CLICK_IDS},
        lambda inquiry: inquiry.attribution.click_ids,
        "",
    ),
}

_CONSENT = {
    **_consent("email", "Consent to email", lambda inquiry: inquiry.consent.email),
    **_consent("phone", "Consent to calls", lambda inquiry: inquiry.consent.phone),
    **_consent("sms", "Consent to texts", lambda inquiry: inquiry.consent.sms),
    **_opted_out("email", "Do not email"),
    **_opted_out("phone", "Do not call"),
    **_opted_out("sms", "Do not text"),
    "consent_text": Source("Consent, words shown", lambda facts: facts.inquiry.consent.text, long=True),
    "consent_at": Source("Consent, time", lambda facts: facts.inquiry.consent.captured_at, "datetime"),
    "page_url": Source("Page of the form", lambda facts: facts.inquiry.consent.page_url, long=True),
    "certificate_url": Source("Consent certificate", lambda facts: facts.inquiry.consent.certificate_url),
    "lead_id_token": Source("LeadiD token", lambda facts: facts.inquiry.consent.lead_id_token),
}

_DECIDED = {
    "owner_name": Source("Owner", lambda facts: facts.owner_name),
    "owner_reason": Source("Owner, why", lambda facts: facts.owner_reason, long=True),
    "first_touch_due": Source("First touch due", lambda facts: facts.first_touch_due, "datetime"),
    "missing": Source("Missing information", lambda facts: ", ".join(facts.missing), long=True),
    "priority": Source(
        "Priority, 0 to 100",
        lambda facts: None if facts.priority is None else Decimal(facts.priority),
        "number",
    ),
}

SOURCES: Mapping[str, Source] = MappingProxyType(
    {**_PERSON, **_NEED, **_PEOPLE, **_ORIGIN, **_LATER, **_CONSENT, **_DECIDED}
)
