"""Salesforce's record ids: 15 characters that mind case, and 18 with a checksum that does not need it."""

from __future__ import annotations

import re
from functools import lru_cache

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_CHECK = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
_SHAPE = re.compile(r"[0-9A-Za-z]{15}(?:[A-Z0-5]{3})?")
_INSTANCE = "5j000"  # where real ids name their pod
_COUNTER_LENGTH = 7


def checksum(id15: str) -> str:
    """The three characters that tell which of the fifteen are capitals."""
    return _capitals(id15[:5]) + _capitals(id15[5:10]) + _capitals(id15[10:])


@lru_cache(maxsize=4096)
def _capitals(five: str) -> str:
    return _CHECK[sum(1 << place for place, char in enumerate(five) if "A" <= char <= "Z")]


def full_id(text: str) -> str | None:
    """The 18-character form of a well-formed id, None for anything else (wrong checksum included)."""
    if _SHAPE.fullmatch(text) is None:
        return None
    suffix = checksum(text[:15])
    return text[:15] + suffix if text[15:] in ("", suffix) else None


class IdMint:
    """Makes ids: one counter per key prefix, so that ids of one kind sort by age."""

    def __init__(self) -> None:
        self._last: dict[str, int] = {}

    def next(self, prefix: str) -> str:
        """A fresh 18-character id for this three-character key prefix."""
        number = self._last[prefix] = self._last.get(prefix, 0) + 1
        digits = ""
        for _ in range(_COUNTER_LENGTH):
            number, digit = divmod(number, 62)
            digits = _DIGITS[digit] + digits
        id15 = prefix + _INSTANCE + digits
        return id15 + checksum(id15)


def neighbour(id18: str) -> str:
    """The id that follows in order, "" for none."""
    if not id18:
        return ""
    digits = [_DIGITS.index(char) for char in id18[8:15]]
    for place in range(len(digits) - 1, -1, -1):
        digits[place] = (digits[place] + 1) % 62
        if digits[place]:
            break
    id15 = id18[:8] + "".join(_DIGITS[digit] for digit in digits)
    return id15 + checksum(id15)
