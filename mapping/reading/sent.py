"""When something was sent: by the sender's own clock where it tells, else by what an answer says."""

from __future__ import annotations

import re
from datetime import datetime, time
from zoneinfo import ZoneInfo

from mapping.normalize.dates import read_date
from mapping.reading.locales import Locale
from mapping.reading.sheet import Sheet

_TIME_OF_DAY = re.compile(r"[ ,T]+\d{1,2}:\d{2}.*$", re.ASCII | re.DOTALL)
_NOON = time(12)


def read_sent(
    sheet: Sheet, locale: Locale, *, known: datetime | None, received_at: datetime
) -> datetime | None:
    """The moment, None when nobody says it. known is the sender's; nothing is sent after it was received."""
    said = sheet.read("submitted_at", lambda text: _moment(text, locale))
    moment = known or said
    return moment if moment is None or known or moment <= received_at else None


def _moment(text: str, locale: Locale) -> datetime | None:
    """A time without an offset is the office's, and of a day alone it is noon."""
    zone = ZoneInfo(locale.timezone)
    line = text.strip()
    try:
        moment = datetime.fromisoformat(line)
    except ValueError:
        moment = None
    if moment is not None and len(line) > len("2026-11-20"):
        return moment if moment.tzinfo else moment.replace(tzinfo=zone)
    day = read_date(_TIME_OF_DAY.sub("", line), locale.date_order)
    return datetime.combine(day, _NOON, zone) if day else None
