"""Phone numbers: E.164 with the extension kept apart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, ValidationResult

from mapping.normalize.text import tidy_line

# phonenumbers knows "ext", "x" and "#", not the French and Spanish words.
_EXTENSION = re.compile(
    r"[\s,;]*\b(?:poste|p\.|interno|anexo|extensi[oó]n)\s*[:.#]?\s*(\d{1,7})\s*$", re.IGNORECASE
)
_SEVERAL = re.compile(
    r"\s*(?:[/|;\n]|,(?=\s*[+(]?\d{3})|\b(?:or|ou|o|and|et|y|cell|mobile|work)\b)\s*", re.IGNORECASE
)
# Area codes and exchanges begin with 2 to 9 (North American Numbering Plan).
_NANP = re.compile(r"\+1[2-9]\d\d[2-9]\d{6}")


@dataclass(frozen=True, slots=True)
class Phone:
    """number is E.164, ext digits or "". alone is False when the text held more than this number."""

    number: str
    ext: str = ""
    alone: bool = True


@lru_cache(maxsize=1024)
def read_phone(text: str, country: str) -> Phone | None:
    """The phone number in text, dialled from country ("US" or "CA"); the first when there are several.

    None when no possible number is there. Possible, not valid: 555-01xx and new area codes must pass.
    """
    line = _EXTENSION.sub(r" x\1", tidy_line(text)[:200])
    phone = _parse(line, country)
    if phone:
        return phone
    for part in _SEVERAL.split(line):
        phone = _parse(part, country)
        if phone:
            return Phone(phone.number, phone.ext, alone=False)
    return None


def _parse(text: str, country: str) -> Phone | None:
    try:
        parsed = phonenumbers.parse(text, country)
    except NumberParseException:
        return None
    if phonenumbers.is_possible_number_with_reason(parsed) != ValidationResult.IS_POSSIBLE:
        return None
    number = phonenumbers.format_number(parsed, PhoneNumberFormat.E164)
    if parsed.country_code == 1 and not _NANP.fullmatch(number):
        return None
    return Phone(number, parsed.extension or "")
