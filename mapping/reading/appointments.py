"""Meetings that were booked and calls that were made: what the answers say of them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from mapping.inquiry import Call, Meeting
from mapping.reading.choices import read_yes_no
from mapping.reading.locales import Locale
from mapping.reading.sheet import Sheet


def read_meeting(sheet: Sheet, locale: Locale) -> Meeting | None:
    """The booked meeting, if any; a time without an offset is the office's."""
    meeting = Meeting(
        start=sheet.read("meeting_start", lambda text: _instant(text, locale)),
        end=sheet.read("meeting_end", lambda text: _instant(text, locale)),
        status=sheet.text("meeting_status"),
        title=sheet.text("meeting_title"),
        url=sheet.text("meeting_url"),
    )
    return meeting if meeting != Meeting() else None


def read_call(sheet: Sheet) -> Call | None:
    """The telephone call, if any."""
    call = Call(
        direction=sheet.text("call_direction"),
        duration_seconds=sheet.read("call_duration", _seconds),
        answered=sheet.read("call_answered", read_yes_no),
        recording_url=sheet.text("call_recording"),
    )
    return call if call != Call() else None


def _instant(text: str, locale: Locale) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(locale.timezone))


def _seconds(text: str) -> int | None:
    digits = text.strip().partition(".")[0]
    return int(digits) if digits.isdecimal() and len(digits) < 7 else None
