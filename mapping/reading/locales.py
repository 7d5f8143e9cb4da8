"""Where a brokerage or intake path is at home: what an unmarked phone number, date or place means."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Locale:
    """country is "US" or "CA" (phone region, currency, the property's country), date_order MDY, DMY or YMD.

    timezone is an IANA name.
    """

    country: str
    timezone: str
    date_order: str
