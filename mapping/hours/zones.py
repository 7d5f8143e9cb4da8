"""Which time zone data counts: the newest at hand, because places change their clocks at short notice.

Python reads the host's data first, and a host's may be years older than what Firstpath is released with.
Calling hours by such data are wrong by an hour: British Columbia, Alberta and Manitoba stopped changing
clocks in 2026.
"""

from __future__ import annotations

import zoneinfo
from functools import cache
from pathlib import Path

import tzdata

_UNKNOWN = ""


@cache
def zone(name: str) -> zoneinfo.ZoneInfo:
    """An IANA zone, read once: Python itself remembers eight, and a call to anywhere in the US looks at nine.

    Raises zoneinfo.ZoneInfoNotFoundError for an unknown name.
    """
    return zoneinfo.ZoneInfo(name)


def prefer_newest() -> None:
    """Read zones from our own data in this process, unless the host's is newer. Repeatable."""
    if host_version(zoneinfo.TZPATH) < tzdata.IANA_VERSION:
        zoneinfo.reset_tzpath(())
        zoneinfo.ZoneInfo.clear_cache()


def host_version(folders: tuple[str, ...]) -> str:
    """The release of the data in the first of these folders that has any: "2026f"; "" when unknown."""
    for folder in folders:
        try:
            with Path(folder, "tzdata.zi").open(encoding="ascii") as file:
                return file.readline().partition("# version ")[2].strip()
        except (OSError, UnicodeDecodeError):
            continue
    return _UNKNOWN
