"""Passwords: argon2id, a bounded number at a time, and the rules for choosing one."""

from __future__ import annotations

import threading
from functools import cache
from importlib.resources import files

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

#: OWASP ASVS 6.2.1 and 6.2.9: at least 12, room for a passphrase, and an end to the hashing cost.
SHORTEST, LONGEST = 12, 256
#: Each hash takes 64 MiB: a flood of log-ins must wait its turn instead of eating the memory.
_AT_ONCE = threading.BoundedSemaphore(2)
_hasher = PasswordHasher()


class PasswordRefused(ValueError):
    """This password cannot be used; the sentence says why and what to choose."""


@cache
def _refused() -> frozenset[str]:
    text = (files("webapp.accounts") / "refused_passwords.txt").read_text("utf-8")
    return frozenset(text.split())


def check_choice(password: str, *, email: str = "") -> None:
    """Raise PasswordRefused unless this may become a password."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise PasswordRefused(
            f"Choose a password of {SHORTEST} to {LONGEST} characters; several words are easy to remember."
        )
    plain = password.casefold()
    name = email.partition("@")[0].casefold()
    if plain in _refused() or len(set(plain)) < 5 or (len(name) > 3 and name in plain):
        raise PasswordRefused("This password is easy to guess. Choose another, e.g. four unrelated words.")


def hash_password(password: str) -> str:
    """The argon2id hash to store (argon2-cffi's defaults: RFC 9106 low-memory profile)."""
    with _AT_ONCE:
        return _hasher.hash(password)


@cache
def _nobodys_hash() -> str:
    return hash_password("nobody has this password")


def verify(password_hash: str, password: str) -> bool:
    """True when the password fits; takes as long when there is no account or no password ("")."""
    stored = password_hash or _nobodys_hash()
    if len(password) > LONGEST:
        password = ""
    try:
        with _AT_ONCE:
            fits = _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False
    return fits and bool(password_hash)


def needs_rehash(password_hash: str) -> bool:
    """True when the hash was made with older parameters."""
    return _hasher.check_needs_rehash(password_hash)
