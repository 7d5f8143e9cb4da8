"""By which values a person may be looked up, and which values say nothing about anybody."""

from __future__ import annotations

import re

from mapping.inquiry import Party
from mapping.normalize.text import fold, word_set

Key = tuple[str, str]  # kind (email, phone, birth) and normalised value

_ROLES = word_set(
    "info office admin contact sales support hello team mail help service reception accounts billing"
    " loans mortgage mortgages noreply donotreply webmaster postmaster enquiries"
    " inquiries leads marketing bureau oficina ventas"
)
_DUMMY_LOCALS = word_set(
    "test none na noemail no nomail noone nobody null fake asdf asdfasdf abc xxx declined refused unknown"
)
_DUMMY_DOMAINS = word_set(
    "test.com none.com noemail.com nomail.com fake.com na.com null.com email.com example"
)
_REPEATED = re.compile(r"\+\d*?(\d)\1{6,}")
_COUNTED = ("1234567", "2345678", "3456789", "4567890", "9876543", "0123456")
# 555-0100 to 555-0199 are kept for fiction (NANPA): nobody's number, or a form somebody tried out.
_FICTIONAL = re.compile(r"\+1\d{3}55501\d\d")


def identity_keys(party: Party) -> tuple[Key, ...]:
    """(kind, normalised value) pairs to look a person up by: email, phone, and birth date with the name.

    Emails are lower-cased, phones E.164. Role inboxes and dummy values ("none@", 555-5555) give none.
    """
    keys = [
        ("email", email_key(party.email)),
        ("phone", phone_key(party.phone)),
        ("birth", _birth_key(party)),
    ]
    return tuple((kind, value) for kind, value in keys if value)


def email_key(email: str) -> str:
    """The address for comparing, "" when it stands for nobody in particular."""
    local, _, domain = email.lower().rpartition("@")
    name = re.sub(r"[-_.]", "", local)
    if not local or name in _ROLES or name in _DUMMY_LOCALS or domain in _DUMMY_DOMAINS:
        return ""
    return f"{local}@{domain}"


def phone_key(phone: str) -> str:
    """The number for comparing, "" for a dummy."""
    if (
        not phone
        or _REPEATED.fullmatch(phone)
        or phone[-10:].startswith(_COUNTED)
        or phone.endswith(_COUNTED)
    ):
        return ""
    return phone


def is_fictional(phone: str) -> bool:
    """True for 555-01xx numbers: the same one proves little, so that full names must agree as well."""
    return bool(_FICTIONAL.fullmatch(phone))


def _birth_key(party: Party) -> str:
    first, last = fold(party.first_name), fold(party.last_name)
    return f"{party.birth_hash}|{first}|{last}" if party.birth_hash and first and last else ""
