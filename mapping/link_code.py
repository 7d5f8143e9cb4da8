"""The codes of application links: short, without look-alikes, and signed, so that guessing is useless."""

from __future__ import annotations

import hmac
from collections.abc import Callable

#: Digits and lower-case letters that nobody takes for one another on paper.
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
FREE, SIGNED = 5, 3  # characters chosen at random, and characters that prove them
CODE_SHAPE = rf"[2-9a-hjkmnp-z]{{{FREE + SIGNED}}}"

KeyedHash = Callable[[str], str]  # text → hexadecimal digits that only the holder of the key can work out


def new_code(randomness: bytes, keyed_hash: KeyedHash) -> str:
    """A code from at least 8 random bytes."""
    number = int.from_bytes(randomness)
    free = _written(number, FREE)
    return free + _proof(free, keyed_hash)


def checked_code(text: str, keyed_hash: KeyedHash) -> str:
    """The code as it is stored, from what somebody typed; "" when we never made such a code."""
    code = text.strip().lower()
    if len(code) != FREE + SIGNED or not set(code) <= set(ALPHABET):
        return ""
    free, proof = code[:FREE], code[FREE:]
    return code if hmac.compare_digest(proof, _proof(free, keyed_hash)) else ""


def _proof(free: str, keyed_hash: KeyedHash) -> str:
    return _written(int(keyed_hash(free), 16), SIGNED)


def _written(number: int, count: int) -> str:
    digits = []
    for _ in range(count):
        number, digit = divmod(number, len(ALPHABET))
        digits.append(ALPHABET[digit])
    return "".join(digits)
