"""Fannie Mae 3.2 files: fixed-width lines that are refused, and how a copy of one is made fit to keep.

Its applicants' numbers stand in columns without a word beside them, so that no pattern finds them: of the
lines about applicants only names, addresses and email addresses are kept.
"""

from __future__ import annotations

import re

MARK = "[redacted number]"

_BEGINS = re.compile(r"\A\s*(?:EH |TH |TPI|000|00A)[^\n]*\n(?:TH |TPI|000|00A|\d\d[A-Z]|\d{3})")
_LINE = re.compile(r"(?m)^(\d\d[A-Z])([^\n]*)$")
#: Government monitoring (10A, 10R and their kin).
_MONITORING = re.compile(r"10[A-Z]")
#: The applicant: BW or QZ, nine digits, then first, middle and last name of 35 characters and a suffix of 4.
_APPLICANT, _NAMES_END = "03A", 123 - 3
_BEFORE_EMAIL = re.compile(r"^.*\d{8}(?=[A-Za-z])")  # telephone, age, marital status, birth date
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LONG_NUMBER = re.compile(r"\d(?:[ -]?\d){6,}")


def is_fnm(text: str) -> bool:
    """Whether a text is such a file."""
    return _BEGINS.match(text[:4000]) is not None


def redact_fnm(text: str) -> tuple[str, int]:
    """The text without long numbers, monitoring lines and what follows an applicant's name; and how many
    things went."""
    count = 0

    def line(match: re.Match[str]) -> str:
        nonlocal count
        kind, rest = match[1], match[2]
        if _MONITORING.fullmatch(kind):
            count += 1
            return f"{kind}[redacted monitoring]"
        if kind == _APPLICANT:
            count += 1
            tail = _BEFORE_EMAIL.sub("", rest[_NAMES_END:])
            rest = " ".join((rest[:_NAMES_END], *_EMAIL.findall(tail)))
        return kind + rest

    text = _LINE.sub(line, text.replace("\r\n", "\n"))
    text, numbers = _LONG_NUMBER.subn(MARK, text)
    return text, count + numbers
