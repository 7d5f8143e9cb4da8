"""Encryption at rest and look-up hashes: AES-256-GCM with a key id, HMAC-SHA256 with a separate key."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec.json import Decoder, Encoder

_NONCE_BYTES = 12


def _plain(value: Any) -> str:
    """A text of a kind of its own, as SQLAlchemy's names are. Raises TypeError for what JSON has not."""
    if isinstance(value, str):
        return str(value)
    raise TypeError(f"{type(value).__name__} is not JSON")


# Every decision seals and opens several values, and these take a tenth of the time of Python's own.
_as_json = Encoder(enc_hook=_plain).encode
_from_json = Decoder().decode


class SealBroken(Exception):
    """A sealed value cannot be opened: its key is missing, or it was changed or moved."""


class Sealer:
    """Seals with the first key, opens with any; the place of a value is part of its seal.

    keys are (id, 32 bytes); lookup_key is 32 bytes. Layout: id length (1 byte), id, nonce, ciphertext.
    """

    def __init__(self, keys: Sequence[tuple[str, bytes]], lookup_key: bytes) -> None:
        self._primary = keys[0][0].encode()
        self._ciphers = {name.encode(): AESGCM(key) for name, key in keys}
        # HMAC is two hashes that each begin with the key (RFC 2104, section 4): begun here once and copied,
        # they take half as long as copies of hmac's own object, and every decision makes some.
        block = lookup_key.ljust(hashlib.sha256().block_size, b"\0")
        self._inner = hashlib.sha256(bytes([byte ^ 0x36 for byte in block]))
        self._outer = hashlib.sha256(bytes([byte ^ 0x5C for byte in block]))

    def seal(self, value: bytes, place: str) -> bytes:
        """value encrypted for one place, e.g. "submission.body:01J..."."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._ciphers[self._primary].encrypt(nonce, value, place.encode())
        return bytes([len(self._primary)]) + self._primary + nonce + sealed

    def open(self, sealed: bytes, place: str) -> bytes:
        """What was sealed for this place. Raises SealBroken."""
        key_id = bytes(sealed[1 : 1 + sealed[0]])
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise SealBroken(f"{place} was sealed with key {key_id!r}, which is not configured")
        start = 1 + len(key_id)
        try:
            return cipher.decrypt(
                bytes(sealed[start : start + _NONCE_BYTES]),
                bytes(sealed[start + _NONCE_BYTES :]),
                place.encode(),
            )
        except InvalidTag as error:
            raise SealBroken(f"{place} was changed, or moved from another place") from error

    def seal_json(self, value: Any, place: str) -> bytes:
        """A JSON value sealed."""
        return self.seal(_as_json(value), place)

    def open_json(self, sealed: bytes, place: str) -> Any:
        """The JSON value that was sealed for this place. Raises SealBroken."""
        return _from_json(self.open(sealed, place))

    def is_current(self, sealed: bytes) -> bool:
        """True when sealed with the first key."""
        return bytes(sealed[1 : 1 + sealed[0]]) == self._primary

    def lookup(self, kind: str, value: str) -> str:
        """A keyed hash for equality look-ups; kinds never meet each other."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(f"{kind}\x00{value}".encode())
        outer.update(inner.digest())
        return outer.hexdigest()
