"""An inquiry in the vocabulary of the samples."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from mapping.inquiry import Amount, Inquiry, Party

#: The samples' names for what is another field of ours, in the mapping of a case.
OUR_NAMES = {
    "loan_or_purchase_amount": "loan_amount",
    "credit": "credit_band",
    "consent_flag": "consent",
    "occupancy": "property_use",
    "application_link_id": "application_link",
}


def record(inquiry: Inquiry) -> dict[str, Any]:
    """Every field that a sample may ask for."""
    home, loan, brought = inquiry.property, inquiry.loan, inquiry.attribution
    application, meeting, call = inquiry.application, inquiry.meeting, inquiry.call
    return {
        **_party(inquiry.borrower),
        **_amount("loan_amount", loan.amount),
        **_amount("property_value", home.value),
        **_amount("down_payment", loan.down_payment),
        "source": inquiry.source,
        "external_id": inquiry.external_id,
        "event_id": inquiry.event_id,
        "submitted_at": inquiry.submitted_at,
        "currency": loan.currency,
        "inquiry_type": str(inquiry.type),
        "property_street": home.street,
        "property_state": home.state,
        "property_city": home.city,
        "property_country": home.country,
        "property_postal_code": home.postal_code,
        "property_use": home.use,
        "occupancy": home.use,
        "property_type": home.kind,
        "timeframe": inquiry.timeframe,
        "timeframe_date": inquiry.timeframe_date and inquiry.timeframe_date.isoformat(),
        "credit_band": inquiry.credit_band,
        "preferred_contact": inquiry.preferred_contact,
        "preferred_time": inquiry.preferred_time,
        "message": inquiry.message,
        "language": inquiry.language,
        "employment": inquiry.employment,
        "assigned_to": inquiry.assigned_to,
        "attachments": list(inquiry.attachments),
        "flags": list(inquiry.flags),
        "consent": _fields(inquiry.consent),
        "co_borrower": _party(inquiry.co_borrower) if inquiry.co_borrower else None,
        "partner": _party(inquiry.partner) if inquiry.partner else None,
        "utm": brought.utm,
        "campaign": brought.campaign or brought.utm.get("campaign", ""),
        "landing_page": brought.landing_page,
        "referrer": brought.referrer,
        **brought.click_ids,
        "application_status": application.status if application else None,
        "application_status_raw": application.status_raw if application else None,
        "application_ref": application.reference if application else None,
        "application_id": application.id if application else None,
        "application_link_id": application.link if application else None,
        "meeting": _fields(meeting) if meeting else None,
        "call": _fields(call) if call else None,
        "other_answers": "\n".join(f"{question}: {answer}" for question, answer in inquiry.unmapped),
    }


def _party(party: Party) -> dict[str, Any]:
    return {**_fields(party), "full_name": party.full_name}


def _fields(part: object) -> dict[str, Any]:
    return {name: getattr(part, name) for name in part.__dataclass_fields__}  # type: ignore[attr-defined]


def _amount(name: str, amount: Amount) -> dict[str, Decimal | None]:
    return {name: amount.value, f"{name}_min": amount.low, f"{name}_max": amount.high}
