"""Text messages: what the GSM alphabet holds, how much fits into one message, what can be written simpler."""

from __future__ import annotations

import unicodedata

ONE_MESSAGE = 160  # characters of the GSM alphabet
ONE_WIDE_MESSAGE = 70  # UTF-16 units, once any character is outside of that alphabet

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_DOUBLE = frozenset("\f^{}\\[~]|€")  # an escape and a character
_SIMPLER = str.maketrans(
    {
        **dict.fromkeys("‘’‚′`´", "'"),
        **dict.fromkeys("“”„«»″", '"'),
        **dict.fromkeys("–—−‐‑", "-"),
        **dict.fromkeys("\u00a0\u202f\u2009\t", " "),
        "…": "...",
        "œ": "oe",
        "Œ": "OE",
    }
)


def length(text: str) -> tuple[int, int]:
    """How long a text is and how much one message holds: GSM characters of 160, else UTF-16 units of 70."""
    if all(char in _BASIC or char in _DOUBLE for char in text):
        return sum(2 if char in _DOUBLE else 1 for char in text), ONE_MESSAGE
    return len(text.encode("utf-16-le")) // 2, ONE_WIDE_MESSAGE


def fits(text: str) -> bool:
    """Whether it is one message."""
    used, room = length(text)
    return used <= room


def simpler(text: str) -> str:
    """The same words in the GSM alphabet: an accent that it lacks goes, curly quotes and long dashes turn
    plain. What has no plain form, such as an emoji, stays."""
    text = text.translate(_SIMPLER)
    return text if text.isascii() else "".join(map(_simpler_char, text))


def _simpler_char(char: str) -> str:
    if char in _BASIC or char in _DOUBLE:
        return char
    plain = "".join(one for one in unicodedata.normalize("NFKD", char) if not unicodedata.combining(one))
    return plain if plain and all(one in _BASIC for one in plain) else char
