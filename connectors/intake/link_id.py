"""Our own id of an application link, wherever a portal gives it back."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

from mapping.answers import Answer
from mapping.link_code import CODE_SHAPE

#: The id of one opening, as it was passed to the portal.
_OPENING = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")
_CODE_PATH = re.compile(rf"/a/({CODE_SHAPE})/?", re.IGNORECASE)
_CODE = re.compile(CODE_SHAPE, re.IGNORECASE)
_LONGEST = 4000


def link_in(text: str) -> str:
    """The id of an opening or the code of a link in what a portal gave back; "" when there is neither.

    It may stand alone, in an address that we led to (…?fp=<id>), or be the link's own address (…/a/<code>).
    """
    text = text.strip()[:_LONGEST]
    if _OPENING.fullmatch(text.upper()):
        return text.upper()
    if _CODE.fullmatch(text):
        return text.lower()
    try:
        parts = urlsplit(text)
        pairs = parse_qsl(parts.query, max_num_fields=100)
    except ValueError:
        return ""
    opened = next((value.upper() for _, value in pairs if _OPENING.fullmatch(value.upper())), "")
    code = _CODE_PATH.search(parts.path)
    return opened or (code[1].lower() if code else "")


def link_refs(found: str) -> tuple[str, ...]:
    """The name under which an inquiry is known that came through this opening."""
    return (f"link:{found}",) if _OPENING.fullmatch(found) else ()


def link_answer(found: str) -> list[Answer]:
    """The link as an answer."""
    return [Answer("application_link", "", (found,), "application_link")] if found else []
