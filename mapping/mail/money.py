"""Amounts of money in sentences, told apart by the words around them: a price, a loan, a down payment."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mapping.normalize.money import read_amount
from mapping.normalize.text import fold

_NUMBER = (
    r"(?:\$\s?)?\d(?:[\d.,’']|[ \u00a0\u202f](?=\d{3}(?!\d)))*"
    r"(?:\s?(?:k|mm?|mil|mille|million(?:s|es)?|millón|thousand)\b)?"
    r"(?:\s?(?:\$|usd|cad|dollars?|dólares)(?!\w))?"
)
_QUALIFIER = (
    r"(?:(?:around|about|approx(?:imately)?\.?|roughly|up to|under|below|at least|over|more than"
    r"|less than|max(?:imum)?"
    r"|environ|jusqu['’]à|moins de|plus de|au moins|hasta|unos|aproximadamente|menos de|más de"
    r"|alrededor de)\s+)?"
)
_AMOUNT = re.compile(
    rf"(?<![\w.,@#/-]){_QUALIFIER}(?P<first>{_NUMBER})(?:\s?(?:-|–|to|and|à|a|et"
    rf"|y)\s?(?P<second>{_NUMBER}))?(?P<plus>\s?\+)?(?![\w@%/]|-\d)",
    re.IGNORECASE,
)
_IS_MONEY = re.compile(
    r"[$]|\d\s?(?:k|mm?|mil|mille|million|millones|millón|thousand)\b|usd|cad|dollars?"
    r"|dólares",
    re.IGNORECASE,
)
_GROUPED = re.compile(r"\d{1,3}(?:[,.\u00a0\u202f ]\d{3})+")
# The words for each, nearest wins; before the amount unless only "down" or "equity" follow it.
_CUES = (
    (
        "down_payment",
        r"down ?payment|mise de fonds|enganche|pago inicial|cuota inicial|entrada de|putting down"
        r"|cash down|apport",
    ),
    (
        "loan_amount",
        r"loan (?:amount|of|for)|mortgage (?:of|balance|amount)|\bborrow\w*|\bowes?\b|owing|balance"
        r"|refinanc\w*|cash out"
        r"|amount requested|wants? to take out|montant|emprunter|pret (?:de|d)|hypotheque de|doit|solde"
        r"|prestamo (?:de|por)"
        r"|pedir prestado|\bdebe\b|\bdeben\b|saldo|heloc|line of credit|marge",
    ),
    (
        "property_value",
        r"budget|price|priced|worth|valued?|appraised|purchas\w*|\bbuy\w*|offer\w*|listed|listing|asking"
        r"|spend|range|home|house|condo"
        r"|up to|looking|prix|valeur|vaut|budget|acheter|achat|maison|propriete|presupuesto|precio|valor"
        r"|vale|compra\w*|casa",
    ),
)
_COMPILED = tuple((field, re.compile(rf"\b(?:{words})")) for field, words in _CUES)
_AFTER = re.compile(r"^\W*(?:as |as a |for |for the |de |en |para )?(?:down\b|mise de fonds|enganche)")
_AFTER_LOAN = re.compile(
    r"^\W*(?:\w+\W+){0,1}?(?:loan|mortgage|refi\w*|balance|heloc|pret|hypotheque|prestamo)\b"
)
_AFTER_VALUE = re.compile(
    r"^\W*(?:\w+\W+){0,1}?(?:price|range|budget|home|house|condo|purchase|townhouse|duplex)\b"
)
_NOT_THEIRS = re.compile(
    r"\b(?:income|salary|earn\w*|makes?|per (?:month|year)|monthly|credit cards?|debts?|saved|savings"
    r"|bonus|commission|rent"
    r"|revenu|salaire|gagne\w*|par (?:mois|an)|dettes?|ingresos?|gana\w*|sueldo|al (?:mes|ano)|deudas?"
    r"|sold|sell\w*|fees?|taxes?)\b"
)
_PER = re.compile(
    r"^\s?(?:/|per|a (?:month|year)|par|al|monthly|por)\s?(?:mo|month|yr|year|mois|an|mes|año)?",
    re.IGNORECASE,
)
_BARE = re.compile(r"\d{5,7}")
_NEAR = 70


def amounts_in(sentences: list[str]) -> Iterator[tuple[str, str]]:
    """(canonical field, the words) of each amount whose meaning the words near it make certain."""
    for sentence in sentences:
        before_end = 0
        for match in _AMOUNT.finditer(sentence):
            phrase = match[0].strip()
            if not _is_money(sentence, match) or _PER.match(sentence[match.end() :]):
                continue
            field = _meaning(sentence, match.start(), match.end(), before_end)
            before_end = match.end()
            if field and read_amount(phrase):
                yield field, phrase


def _is_money(sentence: str, match: re.Match[str]) -> bool:
    """Written as money, or a bare number right behind a word that asks for one ("loan balance 315000")."""
    phrase = match[0].strip(" .,")
    if _IS_MONEY.search(phrase) or _GROUPED.search(phrase):
        return True
    before = fold(sentence[max(0, match.start() - 24) : match.start()])
    return bool(_BARE.fullmatch(phrase)) and any(_last(pattern, before) >= 0 for _, pattern in _COMPILED)


def _meaning(sentence: str, start: int, end: int, since: int) -> str:
    after = fold(sentence[end : end + 40].split(",")[0])
    if _AFTER.match(after):
        return "down_payment"
    own = sentence[max(since, start - _NEAR) : start]
    before = fold(own + " " + sentence[start:end].split("$")[0])
    places = {field: _last(pattern, before) for field, pattern in _COMPILED}
    refused = _last(_NOT_THEIRS, before)
    best = max(places, key=lambda field: places[field])
    if _NOT_THEIRS.match(after) or refused > places[best]:
        return ""
    if places[best] >= 0:
        return best
    if _AFTER_LOAN.match(after):
        return "loan_amount"
    return "property_value" if _AFTER_VALUE.match(after) else ""


def _last(pattern: re.Pattern[str], text: str) -> int:
    return max((match.end() for match in pattern.finditer(text)), default=-1)
