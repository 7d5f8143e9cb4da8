"""The vocabulary of form fields: which canonical field a sender's key or label means, in three languages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Literal

from mapping.canonical import CANONICAL_FIELDS, CLICK_IDS, IGNORE, UTM
from mapping.labels.form_labels import CO_BORROWER, PARTNER, REAL_LABELS, SOMEBODY_ELSE
from mapping.labels.opt_out import OPT_OUT_LABELS
from mapping.labels.words import PHRASES, QUESTIONS
from mapping.normalize.text import fold

Witness = Literal["label", "key", "question", ""]

_EXACT = {text: field for field, texts in REAL_LABELS.items() for text in texts.split("|")}
_EXACT.update((text, field) for field, texts in PHRASES.items() for text in texts.split("|"))
_EXACT.update(dict.fromkeys(OPT_OUT_LABELS, "consent"))
_EXACT.update((name.replace("_", " "), name) for name in CANONICAL_FIELDS)
_EXACT.update((fold(name), name) for name in (*UTM, *CLICK_IDS))

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_PREFIX = re.compile(
    r"^(?:q\d+|field \d+|input \d+|fields?|answers?|form|user|the|your|my|our"
    r"|please (?:enter|provide|select|choose)"
    r"|enter|what is|what s|whats|what(?= your| the)"
    r"|votre|vos|mon|ma|quel est|quelle est|su|sus|tu|mi|cual es|el|la|le"
    r"|borrower|primary borrower|applicant|primary applicant|client|customer|lead|contact"
    r"|emprunteur|demandeur) (?=.)"
)
_YOUR = re.compile(r"\b(?:your|the|votre|su) ")
_POSSESSIVE = re.compile(r"(?<=\w{3}) s ")
_TAIL = re.compile(r" (?:required|optional|obligatoire|facultatif|obligatorio|opcional|field|\d)$")
_CO = re.compile(rf"^(?:{CO_BORROWER}|co)(?: s)? (?=.)")
# "Email of your spouse", "prénom du co-emprunteur", "nombre del cónyuge"
_OF_CO = re.compile(
    rf"^(.+?) (?:(?:of|for|de|du|del|la|le|l|el|your|the|my|votre|su|mon|mi) )*{CO_BORROWER}$"
)
_ANY_CO = re.compile(rf"\b{CO_BORROWER}\b")
_ELSE, _PARTNER = re.compile(SOMEBODY_ELSE), re.compile(PARTNER)
# Of another loan, of long ago, or of every month.
_OTHER_AMOUNT = re.compile(
    r"\b(?:2nd|second|original|initial|monthly|2e|deuxieme|mensuel\w*|segund[oa]|mensual\w*|originale?)\b"
)
_THEIRS = frozenset(("email", "phone", "date_of_birth", "full_name", "first_name", "last_name"))
_ANYBODYS = frozenset(("consent", "message", "inquiry_type"))
_CO_FIELDS = frozenset(("full_name", "first_name", "last_name", "email", "phone", "date_of_birth"))
_LOOKS_TECHNICAL = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}|^[0-9.]+$", re.IGNORECASE)
_LONGEST = 1000


def field_for(key: str, label: str) -> str:
    """The canonical field that a key or label certainly means, "" when neither does.

    What the visitor saw decides before what the form's author called it: builders keep the key of the
    field an author copied.
    """
    return _recognised(key[:_LONGEST], label[:_LONGEST])[0]


def recognised(key: str, label: str) -> tuple[str, Witness]:
    """As field_for, with what decided it: the whole label, the key, or words of a question."""
    return _recognised(key[:_LONGEST], label[:_LONGEST])


@lru_cache(maxsize=1)
def known_phrases() -> Mapping[str, str]:
    """Every phrase that means a field by itself, with that field."""
    return {words: field for words, field in _EXACT.items() if field != IGNORE}


@lru_cache(maxsize=8192)
def _recognised(key: str, label: str) -> tuple[str, Witness]:
    asked, named = phrase(label), "" if _LOOKS_TECHNICAL.search(key) else phrase(key)
    if field := _exact(asked):
        return field, "label"
    if field := _exact(named):
        return field, "key"
    field = _question(fold(label)) or _question(fold(named))
    return field, "question" if field else ""


def phrase(text: str) -> str:
    """A key or label as a plain phrase: "q3_yourName" -> "name", "Votre prénom" -> "prenom"."""
    words = _POSSESSIVE.sub(" ", fold(_CAMEL.sub(" ", text)))
    shorter = _TAIL.sub("", words)
    while shorter != words and shorter:
        words, shorter = shorter, _TAIL.sub("", shorter)
    stripped = _PREFIX.sub("", words)
    while stripped != words and words not in _EXACT:
        words, stripped = stripped, _PREFIX.sub("", stripped)
    return words


def _exact(words: str) -> str:
    if not words:
        return ""
    if _EXACT.get(words, "").startswith("co_"):
        return _EXACT[words]
    if co := _CO.match(words):
        return _co(words[co.end() :])
    if co := _OF_CO.match(words):
        return _co(co[1])
    return _EXACT.get(words) or _EXACT.get(_YOUR.sub("", words)) or _property_part(words)


def _property_part(words: str) -> str:
    """ "property address city" and "subject property state" name a part of the property's address."""
    match = re.fullmatch(r"(?:subject )?property (?:address |info )?(.+)", words)
    field = _EXACT.get(match[1], "") if match else ""
    return f"property_{field}" if f"property_{field}" in CANONICAL_FIELDS else ""


def _co(words: str) -> str:
    """What is asked of the co-borrower, when an inquiry has a place for it."""
    field = _EXACT.get(_PREFIX.sub("", words), "")
    return f"co_{field}" if field in _CO_FIELDS else ""


def _question(words: str) -> str:
    if len(words) < 6:
        return ""
    field = next((field for field, pattern in QUESTIONS if pattern.search(words)), "")
    if field in _ANYBODYS:
        return "" if _CO.match(words) else field
    if _ANY_CO.search(words):
        return ""
    if field in ("loan_amount", "property_value") and _OTHER_AMOUNT.search(words):
        return ""
    if field in ("email", "phone") and _PARTNER.search(words):
        return f"partner_{field}"
    return "" if field in _THEIRS and _ELSE.search(words) else field
