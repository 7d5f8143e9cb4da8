"""When are two mails the same one? By what was sent, not by how we read it: settings change that."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from mapping.answers import Part

_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_TOLD_APART = re.compile(rb"^(?:from|subject):[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*", re.IGNORECASE | re.MULTILINE)


def mail_name(parts: Sequence[Part]) -> str:
    """The mail's own name (its Message-ID), however many inquiries were found in it; "" when it has none."""
    first = parts[0].key
    return first.removesuffix("#1")


def mail_content(mail: bytes) -> str:
    """A hash of who says what: not of the trace that servers left on the way."""
    apart = _BLANK_LINE.search(mail)
    head, body = (mail[: apart.start()], mail[apart.end() :]) if apart else (mail, b"")
    said = hashlib.sha256()
    for header in sorted(_TOLD_APART.findall(head)):
        said.update(b" ".join(header.split()) + b"\n")
    said.update(body.replace(b"\r\n", b"\n").strip())
    return said.hexdigest()
