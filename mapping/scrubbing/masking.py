"""Answers shown as examples: their kind stays visible, the person behind them does not."""

from __future__ import annotations

import re

_EMAIL = re.compile(r"([^\s@])[^\s@]*@([^\s@]+)")
_DIGITS = re.compile(r"\+?\d(?:[\s().-]{0,2}\d){6,}")
_WORD = re.compile(r"([^\W\d_])[^\W\d_]+")
#: Fields whose values are somebody's own, beyond email addresses and phone numbers.
_PERSONAL = re.compile(r"name|street|date_of_birth|^suffix$|^company$|partner_company")
_LONGEST = 48


def masked(value: str, field: str) -> str:
    """One example of an answer to a field ("" = not known which), masked and cut short."""
    text = _EMAIL.sub(r"\1•••@\2", value)
    text = _DIGITS.sub(lambda found: f"•••{found[0][-2:]}", text) if field != "" or len(text) < 40 else text
    if _PERSONAL.search(field) and "@" not in text:
        text = _WORD.sub(lambda found: f"{found[1]}•••", text)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…"
