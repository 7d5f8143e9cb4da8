"""Which field names and labels, in English, French and Spanish, ask for what must never be kept."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from mapping.normalize.text import fold
from mapping.scrubbing.monitoring import MONITORING, asks_for_monitoring

BIRTHDATE = "birthdate"

_LONGEST = 300
_PROSE_WORDS = 8
_ANY_LENGTH = 1 << 30
_AN_IDENTIFIER = 40

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=\d)")

_NUMBER = r"(?: (?:number|numbers|no|num|nbr|nr|digits|code|n))"
_KINDS: tuple[tuple[str, str], ...] = (
    (
        BIRTHDATE,
        r"\bdob\b|\bd o b\b|birth ?da(?:te|y)|\bbday\b|\bdate of birth\b|\bbirth (?:dt|year|month)\b|\bborn\b"
        r"|\b(?:year|month|day) of birth\b|\bnaissance\b|\bnee? le\b|\bnacimiento\b|\bcumpleanos\b",
    ),
    (
        "ssn",
        rf"\bssns?\b|\bs s n\b|\bss{_NUMBER}\b|\bsocial ?(?:security|sec)|\bsocial{_NUMBER}\b|\bsoc sec\b"
        r"|\bseguro social\b|\bseguridad social\b|^(?:\w+ )?social(?: \d)?$",
    ),
    # "sin" is also Spanish for "without": alone it counts only where a name ends.
    ("sin", rf"\bsocial ?insurance|\bassurance sociale\b|\bnas\b|\bsin{_NUMBER}\b|\bsin(?: \d)?$"),
    ("tax id", rf"\bitin\b|\btaxpayer|\btax ?id(?:entif\w*)?\b|^tin\b|\btin{_NUMBER}\b|\bnational id\b"),
    ("passport", r"\bpass ?port|\bpasseport|\bpasaporte"),
    (
        "driver licence",
        rf"\bdriv\w* ?s? licen[cs]e|\bdrivers? lic\b|\bdl{_NUMBER}\b|^dl$|\bpermis de conduire\b"
        r"|\blicencia de (?:conducir|manejo)\b",
    ),
    (
        "bank account",
        rf"\b(?:account|acct){_NUMBER}\b|\bbank (?:account|acct)\b|\b(?:routing|aba|transit){_NUMBER}\b"
        r"|^routing$|\biban\b|\b(?:numero|no) (?:de |du )?(?:compte|cuenta)\b|\b(?:compte|cuenta) banc\w+\b",
    ),
    (
        "card number",
        rf"\b(?:card|cc){_NUMBER}\b|^(?:cc|pan)$|\b(?:numero|no) (?:de |de la )?(?:carte|tarjeta)\b",
    ),
    ("card code", r"\bcvv\b|\bcvc\b|\bcsc\b|\bcard (?:security|verification)\b"),
)
_SENSITIVE = tuple((kind, re.compile(pattern)) for kind, pattern in _KINDS)
_ANY_SENSITIVE = re.compile("|".join(pattern for _kind, pattern in _KINDS))
_ABOUT_MONEY = re.compile(r"\b(?:balance|amount|solde|saldo|monto|montant|type)\b")
_FORBIDS = re.compile(
    r"\b(?:do not|don ?t|never|omit|not (?:share|send|include|enter)|ne (?:pas|jamais)|nunca)\b"
    r"|\bno (?:incluya|escriba|envie|ponga|comparta)\b"
)
_SENDERS_ID = re.compile(
    r"(?:^| )(?:u?u?ids?|guid|token|hash|signature|cookie|hutk|fbp|fbc|[a-z]*clid|[gw]braid)$"
)


@dataclass(frozen=True, slots=True)
class FieldSense:
    """What a field's name says about its value.

    kind is what is asked for ("" = nothing sensitive). A value of up to longest characters is the thing
    itself, a longer one is prose that may hold it. senders_id says that the value is a machine's own id.
    """

    kind: str = ""
    longest: int = 0
    senders_id: bool = False

    @property
    def certain(self) -> bool:
        """The field asks for this alone."""
        return self.longest == _ANY_LENGTH


PLAIN = FieldSense()
_SENDERS_OWN = FieldSense(senders_id=True)


@lru_cache(maxsize=8192)
def field_sense(name: str) -> FieldSense:
    """The sense of a field name (camelCase, snake_case) or of a label as a visitor saw it."""
    if len(name) > _LONGEST:
        return PLAIN
    words = fold(_CAMEL.sub(" ", name))
    if asks_for_monitoring(name):
        return FieldSense(MONITORING, _ANY_LENGTH)
    if not _ANY_SENSITIVE.search(words):
        return _SENDERS_OWN if _SENDERS_ID.search(words) else PLAIN
    kind = next(kind for kind, pattern in _SENSITIVE if pattern.search(words))
    if kind == "bank account" and _ABOUT_MONEY.search(words):
        return PLAIN
    return FieldSense(kind, _longest(kind, words))


def _longest(kind: str, words: str) -> int:
    """A long label is a sentence that may ask for more than the one thing, or tell not to write it."""
    if _FORBIDS.search(words):
        return 0
    if words.count(" ") < _PROSE_WORDS:
        return _ANY_LENGTH
    # Shapes and checksums find these three in prose; the others have none.
    return 0 if kind in ("ssn", "sin", "tax id") else _AN_IDENTIFIER
