"""Until when somebody may be written to who never said yes: an inquiry implies it, for a time set by law."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from mapping.follow_up.cadence_dates import months_after
from mapping.hours.calling_tables import ImpliedConsent, calling_tables
from mapping.inquiry import Consent, Inquiry

_LATE = timedelta(days=7)  # so much later than it is wished for a task may be due and done
_HEARD = ("received", "engaged", "application")  # moments at which the borrower asked, by anchor


def ended(
    inquiry: Inquiry, anchors: Mapping[str, datetime], country: str, zone: str, *, at: datetime
) -> frozenset[str]:
    """The channels (email, text) over which nothing may be written at that moment without a yes.

    country is the brokerage's (US or CA), zone its zone; the borrower's counts as well.
    """
    tables = calling_tables()
    places = (inquiry.property.state, inquiry.borrower.state)
    countries = {country, *(tables.country_of[one] for one in places if one in tables.country_of)}
    day = at.date()
    rules = (
        next((rule for rule in tables.implied.get(one, ()) if rule.effective <= day), None)
        for one in countries
    )
    return frozenset(
        channel
        for rule in rules
        if rule is not None and at + _LATE >= _until(rule, anchors, zone)
        for channel in rule.channels
        if not _said_yes(inquiry.consent, channel)
    )


def _until(rule: ImpliedConsent, anchors: Mapping[str, datetime], zone: str) -> datetime:
    asked = max(anchors[name] for name in _HEARD if name in anchors)
    until = months_after(asked, rule.inquiry_months, zone)
    funded = anchors.get("funded")
    return until if funded is None else max(until, months_after(funded, rule.client_months, zone))


def _said_yes(consent: Consent, channel: str) -> bool:
    return (consent.email if channel == "email" else consent.sms) is True
