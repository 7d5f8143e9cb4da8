"""Seeded numbers that may be kept nowhere, words that may be kept only under seal, and the search."""

from __future__ import annotations

import re

#: Valid by their own rules (SSN area and group, SIN and card check digit); they are nobody's.
SSN, SIN, CARD = "536228713", "046454286", "4111111111111111"
SPELLED = {
    SSN: ("536-22-8713", "536 22 8713", "536.22.8713", "536228713", "536–22–8713"),
    SIN: ("046 454 286", "046-454-286", "046454286", "046.454.286"),
    CARD: ("4111 1111 1111 1111", "4111-1111-1111-1111", "4111111111111111"),
}
BORN = ("1984-03-07", "03/07/1984", "3/7/1984", "March 7, 1984", "7 March 1984")
FIRST, LAST = "Zebulon", "Quatermain"
EMAIL = "zebulon.quatermain@example.com"
PHONE = "(415) 555-0187"
WORDS = "violet curtains"
#: What identifies a borrower: at home in the CRM, sealed in the ledger, never in a log.
PERSONAL = (FIRST, LAST, EMAIL, PHONE, "4155550187", "415-555-0187", WORDS, "violet")


def _spaced(number: str) -> str:
    """The digits of a number, however they are set apart."""
    return "[^0-9A-Za-z]{0,3}".join(number)


_FORBIDDEN = re.compile(
    "|".join((*(rf"(?<!\d){_spaced(one)}(?!\d)" for one in SPELLED), *(re.escape(one) for one in BORN)))
)


def forbidden_in(kept: bytes) -> list[str]:
    """Numbers and dates that may be nowhere."""
    return sorted(set(_FORBIDDEN.findall(kept.decode("utf-8", errors="replace"))))


def personal_in(kept: bytes) -> list[str]:
    """Words of a borrower that can be read, letter case aside."""
    lowered = kept.lower()
    return [word for word in PERSONAL if word.lower().encode() in lowered]


def others(place: int) -> tuple[str, str, str]:
    """A SIN, a card and a birth date in one of their spellings."""
    sin, card = SPELLED[SIN], SPELLED[CARD]
    return sin[place % len(sin)], card[place % len(card)], BORN[place % len(BORN)]


def tell(ssn: str, sin: str, card: str, born: str) -> str:
    """A message that says everything nobody should write."""
    return f"My SSN is {ssn}, my wife's SIN {sin}, born {born}, card {card}. We like {WORDS}."
