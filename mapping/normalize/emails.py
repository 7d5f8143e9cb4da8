"""Email addresses: one written form, or a clear no."""

from __future__ import annotations

import re
from functools import lru_cache

from email_validator import EmailNotValidError, validate_email

from mapping.normalize.text import tidy_line

_BETWEEN = re.compile(r"[,;/<>()\[\]\"|]+")
# Words that may stand beside an address; any other makes it doubtful ("john smith@example.com").
_BESIDE = frozenset(("or", "and", "ou", "et", "o", "y", "email:", "e-mail:", "courriel:", "correo:"))


def read_email(text: str) -> str | None:
    """The first valid address in text, in lower case as every CRM keeps it.

    None when there is none. Takes "mailto:" links and "Name <address>". Deliverability is not asked of the
    network; reserved test domains (RFC 2606) pass.
    """
    for chunk in _BETWEEN.split(tidy_line(text)[:1000]):
        words = [word for word in chunk.split() if word.lower() not in _BESIDE]
        if words and all("@" in word for word in words):
            address = _valid(words[0].removeprefix("mailto:").strip(".:'"))
            if address:
                return address
    return None


def is_sole_email(text: str) -> bool:
    """True when text holds one address and no other."""
    return text.count("@") == 1


@lru_cache(maxsize=1024)
def _valid(address: str) -> str | None:
    try:
        return validate_email(address, check_deliverability=False, test_environment=True).normalized.lower()
    except EmailNotValidError:
        return None
