"""Email addresses as inboxes: which spellings reach the same one, and whose name is in the address."""

from __future__ import annotations

import re
from functools import lru_cache

from msgspec import Struct

from mapping.normalize.text import fold, word_set
from mapping.people.common_names import is_common_given_name
from mapping.people.family_names import family_words
from mapping.people.nicknames import are_forms_of_one_name, is_given_name, root

#: Where anybody has an address: such a domain is nobody's in particular.
FREE_MAIL = word_set(
    "gmail.com googlemail.com yahoo.com yahoo.ca yahoo.fr yahoo.es ymail.com outlook.com hotmail.com"
    " hotmail.fr hotmail.es live.com live.ca msn.com icloud.com me.com mac.com aol.com proton.me"
    " protonmail.com gmx.com zoho.com videotron.ca bell.net rogers.com sympatico.ca shaw.ca telus.net"
    " comcast.net verizon.net att.net sbcglobal.net"
)
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
_NO_NAMES = word_set(
    "will may art rich june april summer grace hope joy faith rob rose ruby lily daisy amber crystal"
    " angel star max lucky hunter dean ray gene bill sandy dale glen jade jewel mercy destiny happy sunny"
)

# What stands around the last name in a family's address: "thelewises@", "ruizhome@".
_FRONTS = ("", "the", "casa", "team")
_ENDS = frozenset(
    plural + of
    for plural in ("", "s", "e", "es")
    for of in ("", "family", "fam", "household", "home", "house")
)


class Inbox(Struct, frozen=True):
    """address reaches it in its shortest form; tag is what stood behind a plus sign."""

    address: str
    tag: str = ""
    mistyped: bool = False


@lru_cache(maxsize=1024)
def inbox(email: str) -> Inbox:
    """What an address reaches: case, Gmail's dots and a plus tag do not count, typing slips are mended."""
    local, _, written = email.lower().rpartition("@")
    domain = _MISTYPED_END.sub(".com", _MEANT.get(written, written))
    mistyped = domain != written
    local, _, tag = local.partition("+")
    if domain in _GOOGLE:
        domain, local = "gmail.com", local.replace(".", "")
    return Inbox(f"{local}@{domain}", tag, mistyped)


@lru_cache(maxsize=1024)
def is_family_inbox(email: str, first_name: str, last_name: str) -> bool:
    """ "lewisfamily@", "thelewises@", "casa.ruiz@", "ana.luis@", "anaandluis@": not one person's."""
    if _is_couples(email, first_name, last_name):
        return True
    local = re.sub(r"[^a-z]", "", email.lower().partition("@")[0].partition("+")[0])
    name = "".join(family_words(last_name)[:1])
    if not name or local == name:
        return False
    return any(
        local.removeprefix(one).removeprefix(name) in _ENDS for one in _FRONTS if local.startswith(one + name)
    )


@lru_cache(maxsize=1024)
def is_named_for(email: str, first_name: str, last_name: str) -> bool | None:
    """True when the address bears this person's name, False when it bears another's, None when nobody's.

    A tag that is a given name counts alone: "john+mary@" is Mary's.
    """
    local, _, tag = email.lower().partition("@")[0].partition("+")
    first, last = fold(first_name).split(), "".join(family_words(last_name)[:1])
    if not first:
        return None
    if tag in first or is_given_name(tag):
        return any(are_forms_of_one_name(tag, name) for name in first)
    words = _WORD.findall(local)
    together = "".join(words)
    if any(len(name) >= _SHORTEST_NAME and name in together for name in first):
        return True
    given = {name for word in words if (name := _given_name(word, last))}
    if any(name.startswith(own) or are_forms_of_one_name(name, own) for name in given for own in first):
        return True
    initial = _initial_beside(together, last)
    if initial:
        return any(initial in (name[0], root(name)[0]) for name in first)
    return False if given else None


def _is_couples(email: str, first_name: str, last_name: str) -> bool:
    """Two given names that are no forms of one, as words or with "and" between them; one's own is one."""
    own, last = fold(first_name).partition(" ")[0], "".join(family_words(last_name)[:1])
    local = email.lower().partition("@")[0].partition("+")[0]
    words = _WORD.findall(local)
    if any(_joins_two(word, own) for word in words):
        return True
    given = [own if word == own else _given_name(word, last) for word in words if word != last]
    names = [name for name in given if name]
    return len(names) > 1 and not are_forms_of_one_name(names[0], names[1])


def _joins_two(word: str, own: str) -> bool:
    """ "anaandluis": both are given names, or one is who writes."""
    for joint in ("and", "et", "y", "n"):
        one, _, other = word.partition(joint)
        if len(other) < _SHORTEST_NAME or len(one) < _SHORTEST_NAME:
            continue
        known = [half == own or _is_given(half) for half in (one, other)]
        if all(known) or (joint == "and" and own in (one, other)):
            return not are_forms_of_one_name(one, other)
    return False


def _is_given(word: str) -> bool:
    return is_given_name(word) or is_common_given_name(word)


def _given_name(word: str, last_name: str) -> str:
    """The given name that a word is, alone or grown together with the last name ("xiomarahernandez")."""
    alone = word.removesuffix(last_name) or word
    if alone == word:
        alone = word.removeprefix(last_name) or word
    return alone if len(alone) >= _SHORTEST_NAME and alone not in _NO_NAMES and _is_given(alone) else ""


def _initial_beside(local: str, last_name: str) -> str:
    """The initial in "jruiz" and "ruizj", "" when the address is made otherwise."""
    rest = local.replace(last_name, "", 1) if last_name and last_name in local else ""
    return rest if len(rest) == 1 else ""
