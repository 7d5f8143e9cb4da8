"""Amounts of money as people write them: values, ranges and bounds in English, French and Spanish."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from mapping.inquiry import Amount
from mapping.normalize.text import tidy_line

LARGEST = Decimal(1_000_000_000)
# "350" for a house may be dollars or thousands: below this a bare number says nothing.
SMALLEST = Decimal(1_000)

_THOUSAND, _MILLION = Decimal(1_000), Decimal(1_000_000)
_SCALES = {
    **dict.fromkeys(("k", "thousand", "grand", "mil", "mille"), _THOUSAND),
    **dict.fromkeys(("m", "mm", "mn", "million", "millions", "millon", "millones"), _MILLION),
}
_NUMBER = re.compile(
    r"(?P<digits>\d(?:[\d.,'’]|\s(?=\d{3}(?!\d)))*)" + rf"(?:\s?(?P<scale>{'|'.join(_SCALES)})\b)?"
)
_CURRENCY = re.compile(
    r"(?:\b(?:us|ca|c|usd|cad)(?=\s*\$))?\$|\b(?:us|usd|cad|can|dollars?|dolares|piastres|bucks)\b"
)
_HIGH = re.compile(
    r"\b(?:under|less than|below|up to|at most|max(?:imum)?|no more than|jusqu'?a|moins de"
    r"|sous|hasta|menos de|maximo)\b|[<≤]|\bor less\b|\bou moins\b"
)
_LOW = re.compile(
    r"\b(?:over|more than|above|at least|min(?:imum)?|starting at|plus de|au moins"
    r"|a partir de|mas de|al menos|minimo)\b"
    r"|[>≥+]|\b(?:or more|and up|and above|or above|ou plus|et plus|o mas|y mas)\b"
)
_RANGE = re.compile(
    r"^\s*(?:between|from|entre|de|desde)?\s*(?:N)\s*(?:-|–|—|to|and|a|et|y|hasta|jusqu'?a)\s*(?:N)\s*$"
)
_FILLER = re.compile(
    r"\b(?:about|around|approx(?:imately)?|roughly|circa|only|environ|aprox(?:imadamente)?"
    r"|unos|alrededor de|total)\b|[~≈.:;,=]"
)
_THREES = re.compile(r"\d{1,3}(?:[.,']\d{3})+")


def read_amount(text: str) -> Amount | None:
    """What text says in dollars: a value, a range (low and high) or one bound; a range never gives a value.

    None when it says nothing certain: no number, several numbers, percentages, "350" that may mean
    thousands, negative amounts, a billion or more.
    """
    plain = _plain(text)
    found = list(_NUMBER.finditer(plain))
    if not 1 <= len(found) <= 2 or "%" in plain:
        return None
    skeleton = _NUMBER.sub("N", plain)
    if len(found) == 2:
        return _range(found, skeleton)
    value = _number(found[0]["digits"], found[0]["scale"] or "")
    return _single(value, skeleton) if value is not None else None


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", tidy_line(text)[:200].replace("_", " ").lower())
    without_accents = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(_CURRENCY.sub(" ", without_accents.replace("’", "'")).split())


def _single(value: Decimal, skeleton: str) -> Amount | None:
    high, low = bool(_HIGH.search(skeleton)), bool(_LOW.search(skeleton))
    rest = _FILLER.sub(" ", _LOW.sub(" ", _HIGH.sub(" ", skeleton))).split()
    if rest != ["N"] or (high and low) or not _plausible(value):
        return None
    if high:
        return Amount(high=value)
    return Amount(low=value) if low else Amount(value=value)


def _range(found: list[re.Match[str]], skeleton: str) -> Amount | None:
    if not _RANGE.match(_FILLER.sub(" ", skeleton)):
        return None
    first, second = found
    # "350-400k": the unit is said once, for both.
    low = _number(first["digits"], first["scale"] or second["scale"] or "")
    high = _number(second["digits"], second["scale"] or "")
    if low is not None and low > LARGEST / 1000 and first["scale"] is None:
        low = _number(first["digits"], "")
    if low is None or high is None or not (_plausible(low) and _plausible(high)) or low > high:
        return None
    return Amount(low=low, high=high)


def _number(digits: str, scale: str) -> Decimal | None:
    """digits with its separators read; None when they are ambiguous."""
    bare = re.sub(r"\s", "", digits).replace("’", "'").rstrip(".,'")
    factor = _SCALES.get(scale, Decimal(1))
    if bare.isdigit() and bare.isascii():
        return Decimal(bare) * factor
    decimal = _with_decimals(bare, scale)
    if decimal is None:
        return None
    amount = decimal * factor
    whole = amount.to_integral_value()
    return whole if whole == amount else amount


def _with_decimals(bare: str, scale: str) -> Decimal | None:
    marks = [char for char in bare if not char.isdigit()]
    last = marks[-1] if marks else ""
    whole, _, tail = bare.rpartition(last) if last else ("", "", "")
    only_groups = len(set(marks)) == 1 and _THREES.fullmatch(bare)
    if only_groups and not (len(marks) == 1 and scale and _SCALES[scale] == _MILLION):
        # "1.250k" may be 1,250 or 1,250,000.
        return None if last == "." and len(marks) == 1 and scale else Decimal(re.sub(r"\D", "", bare))
    if marks.count(last) != 1 or last == "'" or not tail.isascii():
        return None
    if whole.isdigit() or _THREES.fullmatch(whole):
        decimals_allowed = 3 if scale else 2
        if 1 <= len(tail) <= decimals_allowed:
            return Decimal(re.sub(r"\D", "", whole) + "." + tail)
    return None


def _plausible(value: Decimal) -> bool:
    return value == 0 or SMALLEST <= value < LARGEST
