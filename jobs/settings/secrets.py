"""Where secrets are read from, and which ones are too weak to start with."""

from __future__ import annotations

import base64
import binascii
import re
import time
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization

from connectors.crm.base import AuthFailed

SECRET_KEY = "FIRSTPATH_SECRET_KEY"  # noqa: S105 (the names of variables, not what they hold)
ENCRYPTION_KEYS = "FIRSTPATH_ENCRYPTION_KEYS"
LOOKUP_KEY = "FIRSTPATH_LOOKUP_KEY"
REREAD_SECONDS = 5.0

_APART = re.compile(r"[\s,]+")
_APP_PASSWORD = re.compile(r"[a-z]{4}(?: [a-z]{4}){3}")
_KEY_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,15}")
_FROM_A_MANUAL = re.compile(
    r"change[-_ ]?me|example|password|placeholder|replace|insert|your[-_ ]|xxxxxx|<|>", re.IGNORECASE
)


class SecretRefused(Exception):
    """A secret that must not be used; str(error) says why and repeats nothing of it."""


class SecretSource:
    """The environment and the folder of secret files."""

    def __init__(self, environ: Mapping[str, str], folder: Path) -> None:
        self._environ = environ
        self._folder = folder

    def place(self, name: str) -> str:
        """The file that may hold the secret, for people to read."""
        return f"{self._folder.name}/{name}"

    def read(self, name: str) -> str:
        """The variable, else the content of the file named by NAME_FILE, else the folder's file; "" if none.

        Raises SecretRefused when a file is there but cannot be read.
        """
        if value := self._environ.get(name, "").strip():
            return value
        named = self._environ.get(f"{name}_FILE", "").strip()
        file = Path(named) if named else self._folder / name
        try:
            return file.read_text(encoding="utf-8").strip()
        except (FileNotFoundError, NotADirectoryError):
            if named:
                raise SecretRefused(f"comes from a file that is not there ({name}_FILE).") from None
            return ""
        except (OSError, UnicodeDecodeError):
            raise SecretRefused("comes from a file that cannot be read as text.") from None


class ReloadingSecret:
    """The present value of a secret: a repaired file is noticed within seconds, without a restart."""

    def __init__(
        self,
        source: SecretSource,
        name: str,
        check: Callable[[str], str],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._source = source
        self._name = name
        self._check = check
        self._clock = clock
        self._value = ""
        self._read_again_at = clock()

    def __call__(self) -> str:
        """The value; raises AuthFailed while there is none. A bad new value never replaces a good one."""
        now = self._clock()
        if now >= self._read_again_at:
            self._read_again_at = now + REREAD_SECONDS
            with suppress(SecretRefused):
                self._value = self._check(self._source.read(self._name))
        if not self._value:
            raise AuthFailed(f"{self._name} is missing or unusable.", remedy=f"Set {self._name}.")
        return self._value

    def __repr__(self) -> str:
        return f"ReloadingSecret({self._name})"


def signing_keys(text: str) -> tuple[str, ...]:
    """Keys apart by commas or spaces, each worth 32 random bytes (43 base64 characters, 64 hex digits)."""
    keys = tuple(part for part in _APART.split(text) if part)
    for key in keys:
        _refuse_known(key)
        # Words and repetitions shrink when packed; random text does not.
        if len(key) < 43 or len(zlib.compress(key.encode(), 9)) < 40:
            raise SecretRefused("is too weak: it must be worth 32 random bytes.")
    return _present(keys)


def encryption_keys(text: str) -> tuple[tuple[str, bytes], ...]:
    """id:key pairs apart by commas, each key 32 bytes in base64url."""
    pairs = []
    for part in _present(tuple(part for part in _APART.split(text) if part)):
        key_id, _, key = part.partition(":")
        if not key or not _KEY_ID.fullmatch(key_id):
            raise SecretRefused("is not a list of id:key pairs with short ids such as k1.")
        pairs.append((key_id, _random_bytes(key)))
    if len({key_id for key_id, _ in pairs}) < len(pairs):
        raise SecretRefused("uses one key id twice.")
    return tuple(pairs)


def lookup_key(text: str) -> bytes:
    """32 bytes in base64url."""
    (key,) = _present((text,) if text else ())
    return _random_bytes(key)


def access_token(text: str) -> str:
    """A CRM's token as its settings page shows it."""
    (token,) = _present((text,) if text else ())
    _refuse_known(token)
    if len(token) < 12 or not token.isascii() or not token.isprintable() or " " in token:
        raise SecretRefused("is not a token: it is too short or was not copied whole.")
    return token


def mail_password(text: str) -> str:
    """A mailbox's password; Google shows app passwords in four groups, which are one word."""
    (password,) = _present((text,) if text else ())
    if not password.isprintable():
        raise SecretRefused("holds characters that no password has.")
    return password.replace(" ", "") if _APP_PASSWORD.fullmatch(password) else password


def private_key(text: str) -> str:
    """A private key in PEM, not protected by a password."""
    (key,) = _present((text,) if text else ())
    try:
        serialization.load_pem_private_key(key.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise SecretRefused("is not a private key in PEM without a password.") from None
    return key


def sender_secret(text: str) -> str:
    """What a sender signs with, or several apart by commas or spaces: at least 16 characters each."""
    for secret in _present(tuple(part for part in _APART.split(text) if part)):
        _refuse_known(secret)
        if len(secret) < 16 or len(set(secret)) < 8:
            raise SecretRefused("is too weak: it must have at least 16 characters, chosen at random.")
    return text


def _present(parts: tuple[str, ...]) -> tuple[str, ...]:
    if not parts:
        raise SecretRefused("is missing.")
    return parts


def _refuse_known(value: str) -> None:
    if _FROM_A_MANUAL.search(value):
        raise SecretRefused("is an example, known to everybody.")


def _random_bytes(key: str) -> bytes:
    try:
        value = base64.b64decode(key + "=" * (-len(key) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise SecretRefused("holds a key that is not base64url.") from None
    if len(value) != 32:
        raise SecretRefused("holds a key that is not 32 bytes long.")
    # 32 random bytes have fewer than 16 different ones about never.
    if len(set(value)) < 16 or value == bytes(range(32)):
        raise SecretRefused("holds a key that is not random.")
    return value
