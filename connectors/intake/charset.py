"""Turns bytes into text: by the declared charset, else UTF-8, else (old pages) Windows-1252."""

from __future__ import annotations

import codecs

from connectors.intake.base import Unreadable

_BYTE_ORDER_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

# Python names of the charsets senders really use; Python's other codecs (zip, idna) write no body.
_KNOWN = frozenset(
    {"utf-8", "utf-16", "utf-16-le", "utf-16-be", "cp1250", "cp1251", "cp1252", "iso8859-15", "mac-roman"}
)
# Browsers read these two labels as Windows-1252 (WHATWG Encoding Standard, section 4.2).
_LATIN = frozenset({"ascii", "iso8859-1"})


def codec_named(charset: str) -> str:
    """The Python codec of a declared charset, "" for none. Raises Unreadable: wrong_charset."""
    if not charset:
        return ""
    try:
        codec = codecs.lookup(charset).name
    except (LookupError, ValueError):
        codec = ""
    if codec in _LATIN:
        return "cp1252"
    if codec not in _KNOWN:
        raise Unreadable(
            "wrong_charset", "The declared charset is not known here; send UTF-8 and declare it.", keep=True
        )
    return codec


def decode_json(body: bytes, charset: str) -> str:
    """A JSON body as text; a byte order mark is accepted. Raises Unreadable: wrong_charset."""
    codec = "utf-16" if body.startswith(_BYTE_ORDER_MARKS) else codec_named(charset) or "utf-8"
    try:
        return body.decode(codec).removeprefix("\ufeff")
    except UnicodeError:
        raise Unreadable(
            "wrong_charset",
            f"The body is not {codec.upper()} text; send UTF-8, or declare the charset that is used.",
            keep=True,
        ) from None


def decode_fields(raw: list[tuple[bytes, bytes]], charset: str) -> tuple[tuple[str, str], ...]:
    """Form fields as text, all of them by the first charset that fits.

    A form may name its charset in a field _charset_ (HTML Living Standard, 4.10.18.1).
    Raises Unreadable: wrong_charset, nul_byte.
    """
    named = charset or next((value.decode("latin-1") for name, value in raw if name == b"_charset_"), "")
    for codec in dict.fromkeys((codec_named(named), "utf-8", "cp1252")):
        if not codec:
            continue
        try:
            fields = tuple((name.decode(codec), value.decode(codec)) for name, value in raw)
        except UnicodeError:
            continue
        if any("\x00" in name or "\x00" in value for name, value in fields):
            raise Unreadable("nul_byte", "The form holds a NUL character; no text may hold one.", keep=True)
        return fields
    raise Unreadable("wrong_charset", "The form's text is in no charset known here; send UTF-8.", keep=True)
