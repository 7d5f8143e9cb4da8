"""By which values a person may be looked up, and which values say nothing about anybody."""

from __future__ import annotations

import re
from functools import lru_cache

from mapping.inquiry import Party
from mapping.normalize.text import fold, word_set
from mapping.people.common_names import is_rare
from mapping.people.family_names import family_words
from mapping.people.inboxes import inbox
from mapping.people.nicknames import meeting_name

Key = tuple[str, str]  # kind (email, phone, birth, name, ...) and normalised value

_ROLES = word_set(
    "info office admin contact sales support hello team mail help service reception accounts billing"
    " loans mortgage mortgages noreply donotreply webmaster postmaster enquiries"
    " inquiries leads marketing bureau oficina ventas agent agents realtor broker hr"
)
_DUMMY_LOCALS = word_set(
    "test none na noemail no nomail noone nobody null fake asdf asdfasdf abc xxx declined refused unknown"
)
_DUMMY_DOMAINS = word_set(
    "test.com none.com noemail.com nomail.com fake.com na.com null.com email.com example"
)
_DIRECTIONS = word_set("n s e w ne nw se sw north south east west")
_REPEATED = 7  # that many times the same digit at the end
_COUNTED = ("1234567", "2345678", "3456789", "4567890", "9876543", "0123456")
# Area codes and exchanges begin with 2 to 9; 555-1212 is directory assistance.
_UNASSIGNED = re.compile(r"\+1(?:[01]\d{9}|\d{3}[01]\d{6}|\d{3}5551212)")
# 555-0100 to 555-0199 are kept for fiction (NANPA): nobody's number, or a form somebody tried out.
_FICTIONAL = re.compile(r"\+1\d{3}55501\d\d")


def identity_keys(party: Party) -> tuple[Key, ...]:
    """(kind, normalised value) pairs that reach a person: email, phone, and birth date with the name.

    Emails are lower-cased, phones E.164. An address that reaches the same inbox as a shorter one gives both.
    Role inboxes and dummy values ("none@", 555-5555) give none.
    """
    keys: list[Key] = []
    if email := email_key(party.email):
        shortest = inbox(email).address
        keys += [("email", one) for one in ((email,) if shortest == email else (email, shortest))]
    if phone := phone_key(party.phone):
        keys.append(("phone", phone))
    if birth := _birth_key(party):
        keys.append(("birth", birth))
    return tuple(keys)


def search_keys(party: Party) -> tuple[Key, ...]:
    """identity_keys, and how to find somebody who shares none of them: name, place, birth date.

    A rare name is enough, of a common one too many are found: it needs the town or the postal code.
    Whoever has such a key lives or is called alike: for recognising people, never for reaching them.
    """
    postal, city = party.postal_code.partition("-")[0], fold(party.city)
    keys = [*identity_keys(party)]
    for name in name_keys(party):
        if is_rare(*name.split(" ", 1)):
            keys.append(("name", name))
            continue
        if city:
            keys.append(("name_city", f"{name}|{city}"))
        if postal:
            keys.append(("name_postal", f"{name}|{postal}"))
    if postal and (street := address_words(party.street)):
        keys.append(("address", f"{street} {postal}"))
    if party.birth_hash and (initial := fold(party.first_name)[:1]):
        keys.append(("birth_initial", f"{party.birth_hash}|{initial}"))
    return tuple(keys)


def name_keys(party: Party) -> tuple[str, ...]:
    """The full name in one spelling, whichever way round it was given, for each of two last names."""
    first = fold(party.first_name).split()
    if not first:
        return ()
    families = family_words(party.last_name)[:2]
    both = [sorted((meeting_name(first[0]), meeting_name(family))) for family in families]
    return tuple(dict.fromkeys([" ".join(words) for words in both]))


def address_words(street: str) -> str:
    """House number and first word of the street, "" when one of them is missing."""
    if not street:
        return ""
    words = fold(street).split()
    number = next((word for word in words if word[0].isdigit()), "")
    behind = words[words.index(number) + 1 :] if number else []
    word = next((word for word in behind if word not in _DIRECTIONS), "")
    return f"{number} {word}" if number and word else ""


@lru_cache(maxsize=1024)
def email_key(email: str) -> str:
    """The address for comparing, "" when it stands for nobody in particular."""
    local, _, domain = email.lower().rpartition("@")
    name = local.replace("-", "").replace("_", "").replace(".", "")
    if not local or name in _ROLES or name in _DUMMY_LOCALS or domain in _DUMMY_DOMAINS:
        return ""
    return f"{local}@{domain}"


@lru_cache(maxsize=1024)
def phone_key(phone: str) -> str:
    """The number for comparing, "" for a dummy."""
    if (
        not phone
        or phone.endswith(phone[-1] * _REPEATED)
        or phone[-10:].startswith(_COUNTED)
        or phone.endswith(_COUNTED)
        or _UNASSIGNED.fullmatch(phone)
    ):
        return ""
    return phone


def is_fictional(phone: str) -> bool:
    """True for 555-01xx numbers: the same one proves little, so that full names must agree as well."""
    return bool(_FICTIONAL.fullmatch(phone))


def _birth_key(party: Party) -> str:
    if not party.birth_hash:
        return ""
    first, last = fold(party.first_name), fold(party.last_name)
    return f"{party.birth_hash}|{first}|{last}" if first and last else ""
