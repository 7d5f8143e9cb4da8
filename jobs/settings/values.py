"""Checks of single values in the settings that are no addresses."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from jobs.settings.mistake import nearest, refusal
from mapping.canonical import CANONICAL_FIELDS

LANGUAGES = ("en", "fr", "es")

_NAME = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*")
_KEY_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_PARAMETER = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}")
_LICENCE = re.compile(r"[A-Za-z0-9#-]{0,20}")


def known_zone(value: str) -> None:
    """Refuse a name that is not in the IANA time zone database."""
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        remedy = nearest(value, sorted(available_timezones())) or "Write it like this: America/New_York"
        raise refusal("is not an IANA time zone.", remedy) from None


def short_name(value: str) -> None:
    """Names stand in addresses and in names of variables, so they are plain."""
    if not _NAME.fullmatch(value) or len(value) > 40:
        raise refusal(
            "is not a usable name.",
            "Use up to 40 small letters, digits, - and _, starting with a letter: purchase-form.",
        )


def key_digest(value: str) -> None:
    """A path key is kept as its hash, so that reading the file opens no door."""
    if not _KEY_DIGEST.fullmatch(value):
        raise refusal(
            "is not the hash of a path key.",
            "Write sha256: and 64 hexadecimal digits, as printed with the key when it was made.",
        )


def canonical_field(value: str) -> None:
    """A field that an inquiry has."""
    if value not in CANONICAL_FIELDS:
        raise refusal(
            f'"{value}" is not a field of an inquiry.',
            nearest(value, CANONICAL_FIELDS) or "See the list of canonical fields in the documentation.",
        )


def mapped_field(value: str) -> None:
    """A field that an inquiry has, or the wish to drop the answer."""
    if value not in ("", "ignore"):
        canonical_field(value)


def colour(value: str) -> None:
    """#rrggbb"""
    if not _COLOUR.fullmatch(value):
        raise refusal("is not a colour.", "Write # and six hexadecimal digits: #1f5fa8")


def licence_number(value: str) -> None:
    """An NMLS id, or a Canadian licence number."""
    if not _LICENCE.fullmatch(value):
        raise refusal("is not a licence number.", "Write the digits of the NMLS id: 123456")


def parameter_name(value: str) -> None:
    """A name that may stand in the query of an address."""
    if not _PARAMETER.fullmatch(value):
        raise refusal(
            "cannot be the name of a parameter.", "Use letters, digits, - and _, starting with a letter: fp"
        )


def language(value: str) -> None:
    """A language that hosted forms are translated into."""
    if value not in LANGUAGES:
        raise refusal(f'"{value}" is not available.', f"Possible: {', '.join(LANGUAGES)}.")
