"""The words of a follow-up task: what a loan officer reads before picking up the phone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from mapping.crm.fields import humanised, written
from mapping.facts import SOURCES, Facts
from mapping.hours.calling import CallingHours, most_contacts_per_day
from mapping.hours.windows import span_around
from mapping.hours.zones import zone as zone_named
from mapping.inquiry import Amount, Inquiry
from mapping.ownership.owner import OwnerDecision

_VERBS = {
    "call": "Call",
    "text": "Text",
    "email": "Email",
    "document_request": "Send documents to",
    "review": "Review the inquiry of",
}
_KNOWN = (
    "full_name",
    "phone",
    "phone_ext",
    "email",
    "co_full_name",
    "partner_name",
    "partner_company",
    "property_city",
    "property_type",
    "property_use",
    "timeframe",
    "timeframe_date",
    "credit_band",
    "preferred_contact",
    "preferred_time",
    "language",
    "message",
    "other_answers",
)


def task_subject(inquiry: Inquiry, channel: str, *, held: bool, returning: bool) -> str:
    """For example "Call Renata Okafor: purchase in CA"."""
    person = inquiry.borrower.full_name or "the borrower"
    verb = "Find a licensed owner for" if held else _VERBS[channel]
    again = " (returning)" if returning else ""
    return f"{verb} {person}{again}: {need(inquiry)}"


def need(inquiry: Inquiry) -> str:
    """The need in a few words: "purchase in CA"."""
    state = inquiry.property.state
    return inquiry.type.replace("_", " ") + (f" in {state}" if state else "")


def task_body(
    inquiry: Inquiry,
    decision: OwnerDecision,
    missing: Sequence[str],
    legal: tuple[CallingHours, ...],
    due: datetime,
    zone: str,
    reason: str,
    message: Sequence[str] = (),
) -> str:
    """What is known, what is missing, the message to send, when calling is allowed, and why this task."""
    lines = [
        f"Need: {need(inquiry)}",
        *_known(inquiry),
        f"Missing: {', '.join(missing) if missing else 'nothing'}",
        *message,
        *_calling(inquiry, legal, due, zone),
        f"Why then: {reason}",
        f"Why {decision.name or 'no owner'}: {decision.because}",
    ]
    if decision.alert:
        lines.append(f"Attention: {decision.alert}")
    return "\n".join(lines)


def news_body(summary: str, heard: Inquiry, reason: str, message: Sequence[str] = ()) -> str:
    """What happened to an inquiry since, and why this task."""
    lines = [summary]
    if heard.application:
        application = heard.application
        lines += [f"Application: {application.reference}"] if application.reference else []
        lines += [f"Status there: {application.status_raw}"] if application.status_raw else []
    if heard.attachments:
        lines.append(f"Files: {', '.join(heard.attachments)}")
    if heard.meeting and heard.meeting.title:
        lines.append(f"Meeting: {heard.meeting.title}")
    if heard.message:
        lines.append(heard.message)
    return "\n".join((*lines, *message, f"Why then: {reason}"))


def wall_clock(moment: datetime, zone: str) -> str:
    """For example "Mon 23 Nov 09:00 EST"."""
    return f"{moment.astimezone(zone_named(zone)):%a %d %b %H:%M %Z}"


def _known(inquiry: Inquiry) -> list[str]:
    facts = Facts(inquiry, inquiry.borrower)
    amounts = (
        ("Property value", inquiry.property.value),
        ("Loan amount", inquiry.loan.amount),
        ("Down payment", inquiry.loan.down_payment),
    )
    lines = [f"{label}: {_money(amount, inquiry.loan.currency)}" for label, amount in amounts if amount.known]
    for name in _KNOWN:
        source = SOURCES[name]
        text = written(source.read(facts))
        if text:
            lines.append(f"{source.label}: {humanised(text) if source.options else text}")
    return lines


def _money(amount: Amount, currency: str) -> str:
    if amount.value is not None:
        said = f"{amount.value:,.0f}"
    elif amount.low is not None and amount.high is not None:
        said = f"{amount.low:,.0f} to {amount.high:,.0f}"
    elif amount.low is not None:
        said = f"from {amount.low:,.0f}"
    else:
        said = f"up to {amount.high:,.0f}"
    return f"{said} {currency}".strip()


def _calling(inquiry: Inquiry, legal: tuple[CallingHours, ...], due: datetime, zone: str) -> list[str]:
    span = span_around(legal, due)
    if span is None:
        return []
    places = ", ".join(dict.fromkeys(window.place or window.zone for window in legal))
    local = zone_named(zone)
    until = f"{span[1].astimezone(local):%H:%M}"
    lines = [f"Calling is allowed: {wall_clock(span[0], zone)} to {until} your time ({places})"]
    most = most_contacts_per_day(legal, due.astimezone(local).date())
    if most:
        lines.append(f"At most {most} calls or texts in 24 hours.")
    if inquiry.consent.phone is None:
        lines.append("Dial by hand: no consent to automated calls is on record.")
    return lines
