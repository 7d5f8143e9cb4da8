"""New secrets and path keys, made of the randomness that is handed in."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Callable, Mapping

from jobs.settings.secrets import ENCRYPTION_KEYS, LOOKUP_KEY, SECRET_KEY

Randomness = Callable[[int], bytes]  # number of bytes → that many random bytes

_PYTHON = 'python3 -c "import base64, os; print({prefix}base64.urlsafe_b64encode(os.urandom(32)).decode())"'
HOW_TO_MAKE: Mapping[str, str] = {
    SECRET_KEY: _PYTHON.format(prefix=""),
    ENCRYPTION_KEYS: _PYTHON.format(prefix="'k1:' + "),
    LOOKUP_KEY: _PYTHON.format(prefix=""),
}


def generate_secrets(randomness: Randomness = secrets.token_bytes) -> Mapping[str, str]:
    """A fresh value for each secret of an installation, by the name of its variable."""
    return {
        SECRET_KEY: _base64url(randomness(32)),
        ENCRYPTION_KEYS: f"k1:{_base64url(randomness(32))}",
        LOOKUP_KEY: _base64url(randomness(32)),
    }


def new_path_key(randomness: Randomness = secrets.token_bytes) -> tuple[str, str]:
    """A path key of 192 bits, safe in an address and shown once, and its hash for the settings file."""
    key = _base64url(randomness(24))
    return key, path_key_digest(key)


def path_key_digest(key: str) -> str:
    """sha256:<hex> of a path key. A plain hash is enough: the key is random, so it cannot be guessed."""
    return f"sha256:{hashlib.sha256(key.encode()).hexdigest()}"


def _base64url(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode()
