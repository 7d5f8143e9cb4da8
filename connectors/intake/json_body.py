"""Reads JSON strictly: whatever a lenient reader would guess, drop or choke on is refused with a sentence."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NoReturn

from connectors.intake.base import JsonValue, Unreadable

MAX_DEPTH = 64
MAX_DIGITS = 100

# An unclosed string swallows the rest, so that the scan stays linear on hostile input.
_STRING_OR_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)


def parse_json(text: str) -> JsonValue:
    """The JSON value in text.

    Decimals that a float cannot hold exactly stay text, digit for digit. Raises Unreadable: malformed_json,
    too_deep, duplicate_keys, not_a_number, nul_byte, wrong_charset.
    """
    if "\x00" in text:
        raise _nul_byte()
    _check_depth(text)
    try:
        value: JsonValue = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_refuse_constant,
            parse_float=_exact_float,
            parse_int=_exact_int,
        )
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise Unreadable(
            "malformed_json",
            f"The body is not valid JSON: {error.msg.removesuffix(' at')} at {where}.",
            keep=True,
        ) from None
    if "\\u" in text:
        _check_characters(value)
    return value


def _check_depth(text: str) -> None:
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return
    depth = 0
    for token in _STRING_OR_BRACKET.finditer(text):
        first = token[0][0]
        if first in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise Unreadable(
                    "too_deep", f"The JSON is nested more than {MAX_DEPTH} levels deep.", keep=True
                )
        elif first in "]}":
            depth -= 1


def _object(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise Unreadable(
            "duplicate_keys", "The JSON has an object with one key twice; send each key once.", keep=True
        )
    return value


def _refuse_constant(_name: str) -> NoReturn:
    raise Unreadable(
        "not_a_number", "The JSON holds NaN or Infinity, which are not JSON numbers; send null.", keep=True
    )


def _exact_float(digits: str) -> float | str:
    value = float(digits)
    if math.isinf(value) or len(digits) > MAX_DIGITS:
        raise _number_too_large()
    return value if Decimal(repr(value)) == Decimal(digits) else digits


def _exact_int(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise _number_too_large()
    return int(digits)


def _check_characters(value: JsonValue) -> None:
    for text in _texts(value):
        if "\x00" in text:
            raise _nul_byte()
        if not text.isascii():
            try:
                text.encode()
            except UnicodeEncodeError:
                raise Unreadable(
                    "wrong_charset",
                    "The JSON holds half of a surrogate pair, which is no character; send UTF-8 text.",
                    keep=True,
                ) from None


def _texts(value: JsonValue) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from _texts(item)


def _nul_byte() -> Unreadable:
    return Unreadable("nul_byte", "The body holds a NUL character, which no text may contain.", keep=True)


def _number_too_large() -> Unreadable:
    return Unreadable("not_a_number", "The JSON holds a number too large to be one.", keep=True)
