"""Email addresses as inboxes: which spellings reach the same one, and whose name is in the address."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from mapping.nicknames import are_forms_of_one_name, is_given_name
from mapping.normalize.text import fold, word_set

_MISTYPED = {
    "gmail.com": "gmial.com gmai.com gmail.co gmail.cm gmail.om gmal.com gnail.com gamil.com gmaill.com"
    " gmali.com gmil.com ggmail.com gmail.comm gmaik.com gmsil.com gmeil.com gmail.net",
    "yahoo.com": "yaho.com yahooo.com yhoo.com yahoo.co yahoo.cm yaoo.com yhaoo.com yahho.com",
    "hotmail.com": "hotmial.com hotmal.com hotmai.com hotmil.com hotmail.co hotmail.cm hotamil.com",
    "outlook.com": "outlok.com outloo.com outlook.co outlook.cm outloook.com otlook.com",
    "icloud.com": "iclod.com icoud.com icloud.co icloud.cm iclould.com icluod.com",
    "comcast.net": "comcast.com comcast.ner comacst.net comcas.net",
    "aol.com": "aol.co aol.cm aoll.com",
}
_MEANT = {typo: domain for domain, typos in _MISTYPED.items() for typo in typos.split()}
_GOOGLE = frozenset(("gmail.com", "googlemail.com"))
_MISTYPED_END = re.compile(r"\.(?:con|cmo|ocm|comm|vom|xom|coom)$")
_SHORTEST_NAME = 3
_WORD = re.compile(r"[a-z]+")
# Words in an address that are no person's name although they are one elsewhere.
_NO_NAMES = word_set("will may art sales rich june april summer grace hope joy faith home rob")


@dataclass(frozen=True, slots=True)
class Inbox:
    """address reaches it in its shortest form; tag is what stood behind a plus sign."""

    address: str
    tag: str = ""
    mistyped: bool = False


@lru_cache(maxsize=8192)
def inbox(email: str) -> Inbox:
    """What an address reaches: case, Gmail's dots and a plus tag do not count, typing slips are mended."""
    local, _, written = email.lower().rpartition("@")
    domain = _MISTYPED_END.sub(".com", _MEANT.get(written, written))
    mistyped = domain != written
    local, _, tag = local.partition("+")
    if domain in _GOOGLE:
        domain, local = "gmail.com", local.replace(".", "")
    return Inbox(f"{local}@{domain}", tag, mistyped)


@lru_cache(maxsize=8192)
def names_in(email: str) -> tuple[str, ...]:
    """Given names before the @, as words or at the beginning of one: jorge in "jorge.h" and "jorgehruiz"."""
    words = _WORD.findall(email.lower().partition("@")[0].partition("+")[0])
    return tuple(name for word in words if (name := _leading_name(word)))


def _leading_name(word: str) -> str:
    for end in range(len(word), _SHORTEST_NAME, -1):
        if word[:end] not in _NO_NAMES and is_given_name(word[:end]):
            return word[:end]
    return ""


@lru_cache(maxsize=8192)
def is_named_for(email: str, first_name: str, last_name: str) -> bool | None:
    """True when the address bears this person's name, False when it bears another's, None when nobody's."""
    local = re.sub(r"[^a-z]", "", email.lower().partition("@")[0].partition("+")[0])
    first, last = fold(first_name).replace(" ", ""), fold(last_name).replace(" ", "")
    if len(first) >= _SHORTEST_NAME and first in local:
        return True
    others = names_in(email)
    if any(are_forms_of_one_name(name, first) for name in others):
        return True
    if last and first and local.startswith((first[0] + last, last + first[0])):
        return True
    return False if others and first else None
