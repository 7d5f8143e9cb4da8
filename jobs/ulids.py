"""Sortable, opaque ids (github.com/ulid/spec): 48 bits of milliseconds and 80 of chance as 26 letters."""

from __future__ import annotations

import os
import threading
import time

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: none that is mistaken for another
_PAIRS = [first + second for first in _LETTERS for second in _LETTERS]
_CHANCE_LETTERS = 16
_SHIFTS = range(120, -1, -10)  # a pair of letters stands for ten bits
_SHIFTS_OF_MOMENT = _SHIFTS[-5:]
_OF_ANY_BYTE = (_LETTERS * 8).encode()  # each letter for as many of the 256 as any other
_DIGITS = str.maketrans(_LETTERS, "0123456789abcdefghijklmnopqrstuv")  # those of int(text, 32)


def encoded(number: int) -> str:
    """A number of 128 bits as 26 letters, which sort as the numbers do."""
    return _in_letters(number, _SHIFTS)


def _in_letters(number: int, shifts: range) -> str:
    return "".join([_PAIRS[number >> shift & 1023] for shift in shifts])


class _Ids:
    """Those made one after the other in this process sort in that order, also within one millisecond, so that
    the parts of a submission stay in their order."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = ""

    def __call__(self) -> str:
        moment = _in_letters(time.time_ns() // 1_000_000, _SHIFTS_OF_MOMENT)
        drawn = moment + os.urandom(_CHANCE_LETTERS).translate(_OF_ANY_BYTE).decode()
        with self._lock:
            self._last = drawn if drawn > self._last else _next(self._last)
            return self._last


def _next(ulid: str) -> str:
    """The one that sorts right behind it."""
    return encoded(int(ulid.translate(_DIGITS), 32) + 1)


#: A new sortable, opaque id.
new_ulid = _Ids()
