"""Sortable, opaque ids (github.com/ulid/spec): 48 bits of milliseconds and 80 of chance as 26 letters."""

from __future__ import annotations

import os
import threading
import time

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: none that is mistaken for another
_PAIRS = [first + second for first in _LETTERS for second in _LETTERS]
_CHANCE_BITS = 80
_SHIFTS = range(120, -1, -10)  # a pair of letters stands for ten bits


def encoded(number: int) -> str:
    """A number of 128 bits as 26 letters, which sort as the numbers do."""
    return "".join([_PAIRS[number >> shift & 1023] for shift in _SHIFTS])


class _Ids:
    """Those made one after the other in this process sort in that order, also within one millisecond, so that
    the parts of a submission stay in their order."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0

    def __call__(self) -> str:
        moment = time.time_ns() // 1_000_000 << _CHANCE_BITS
        drawn = moment | int.from_bytes(os.urandom(_CHANCE_BITS // 8))
        with self._lock:
            self._last = max(drawn, self._last + 1)
            return encoded(self._last)


#: A new sortable, opaque id.
new_ulid = _Ids()
