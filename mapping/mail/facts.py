"""What free text says about the need: money, place, time, credit, how to reach; only what is certain."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mapping.answers import Answer
from mapping.mail.money import amounts_in
from mapping.mail.places import places_in
from mapping.reading.choices import read_credit_band, read_preferred_contact, read_timeframe

_I = re.IGNORECASE
_SENTENCES = re.compile(r"(?<=[.!?])\s+(?=[^a-z])|\n{2,}|\n(?=[-•*]\s)")
_CREDIT = re.compile(
    r"\b(?:credit(?! (?:cards?|unions?|lines?|report|check))|fico|crédit[o]?s?(?! (?:cards?|de))"
    r"|cote de crédit|beacon)\b",
    _I,
)
_SCORE_OR_WORD = re.compile(
    r"\b[3-8]\d\d\b|\b(?:excellent\w*|great|good|fair|poor|bad|bon(?:ne)?|mauvais\w*|moyen\w*|buen[oa]?"
    r"|mal[oa]?|regular|excelente)\b",
    _I,
)
_TIMEFRAME = re.compile(
    r"\basap\b|as soon as possible|\bright away\b|\burgent\w*|\bno rush\b|just (?:looking|browsing"
    r"|exploring)"
    r"|lo antes posible|cuanto antes|dès que possible|tout de suite|\bimmediately\b"
    r"|\b(?:within|in(?: the)?(?: next)?|over the next|next|dans(?: les)?(?: prochains)?|d['’]ici"
    r"|en(?: los)?(?: próximos)?"
    r"|dentro de)\s+(?:about |the next |environ |unos |next |a )?(?:(?:\d{1,2}|two|three|six)(?:\s?(?:-|–"
    r"|to|à|a)\s?\d{1,2})?|one|un|une|una)?\s?"
    r"(?:days?|weeks?|months?|years?|jours?|semaines?|mois|ans?|d[ií]as?|semanas?|mes(?:es)?|años?)\b",
    _I,
)
_WORD_NUMBERS = {"two": "2", "three": "3", "six": "6"}
_AGO = re.compile(r"^\s*(?:ago|now\b.{0,12}\bhave)|\b(?:lived|owned|been|working|worked)\b", _I)
_PREFERS = re.compile(
    r"\bprefer\w*|\bbest (?:way|reached|time)|\bpr[ée]f[èée]r\w*|\bprefiere\w*|\b(?:call|text|email"
    r"|reach) (?:him|her|them|me|us)\b"
    r"|\b(?:llamar|llam[ae]r?l[oea]s?|appele[rz])\b",
    _I,
)
_TIME = re.compile(
    r"\b(?:after|before|between|around|anytime|any time|from|weekdays?|weekends?|(?:in the )?(?:mornings?"
    r"|afternoons?|evenings?)"
    r"|after work|après|avant|entre|le soir|en soirée|le matin|la semaine|después de(?: las)?"
    r"|antes de(?: las)?"
    r"|por la (?:tarde|mañana|noche)|a partir de las)\b[^.!?\n]{0,40}",
    _I,
)
_CLOCK = re.compile(
    r"\d|noon|midi|mediod|morning|afternoon|evening|weekday|weekend|soir|matin|tarde|mañana|noche|work", _I
)
_LANGUAGE = (
    (
        "es",
        re.compile(
            r"habla(?:n)? (?:solo )?español|speaks? (?:only )?spanish|spanish[- ]speaking"
            r"|prefers? spanish|parle espagnol",
            _I,
        ),
    ),
    (
        "fr",
        re.compile(
            r"parle(?:nt)? (?:seulement )?français|speaks? (?:only )?french|french[- ]speaking"
            r"|francophone|habla francés",
            _I,
        ),
    ),
    ("en", re.compile(r"parle(?:nt)? anglais|habla(?:n)? inglés|speaks? english only|anglophone", _I)),
)
_REFERENCE = re.compile(
    r"\b(?:application|loan|file|dossier|demande|solicitud|préstamo|pr[êe]t)\s*(?:number|no\.?|numéro"
    r"|número|n°|#|id)?\s*[:#]?\s*"
    r"([A-Z]{1,6}-?\d{3,12}|\d{5,12})\b",
    _I,
)
# Phone numbers and addresses are no amounts and no scores.
_NUMBERS = re.compile(r"\(?\d{3}\)?[ .–/-]{0,2}\d{3}[ .–-]\d{4}(?!\d)|[\w.+-]{1,64}@[\w.-]{1,255}")
_LONGEST = 12_000


def facts_in(text: str, *, subject: str = "", reference: bool = False) -> list[Answer]:
    """Answers with their canonical fields, each said in the words of the text; never two for one field.

    reference also looks for the number of an application, which only mail about a known one quotes.
    """
    flat = "\n\n".join(
        " ".join(part.split()) for part in re.split(r"\n\s*\n|\n(?=[^\n]{0,60}:)", text[:_LONGEST])
    )
    flat = _NUMBERS.sub(lambda match: "#" * len(match[0]), flat)
    sentences = [sentence for sentence in _SENTENCES.split(flat) if sentence.strip()]
    found: dict[str, Answer] = {}
    sources = (
        amounts_in(sentences),
        places_in(flat),
        _credit(sentences),
        _timeframe(sentences),
        _preferred(sentences),
        _languages(flat),
        _reference(f"{subject}\n{flat}") if reference else (),
    )
    for source in sources:
        for field, value in source:
            found.setdefault(field, Answer(f"mail {field.replace('_', ' ')}", "", (value,), field))
    return list(found.values())


def _credit(sentences: list[str]) -> Iterator[tuple[str, str]]:
    for sentence in sentences:
        match = _CREDIT.search(sentence)
        if match:
            around = sentence[max(0, match.start() - 40) : match.end() + 60]
            if _SCORE_OR_WORD.search(around) and read_credit_band(around):
                yield "credit_band", around.strip()
                return


def _timeframe(sentences: list[str]) -> Iterator[tuple[str, str]]:
    for sentence in sentences:
        match = _TIMEFRAME.search(sentence)
        if match and not _AGO.search(
            sentence[match.end() : match.end() + 30] + sentence[: match.start()][-30:]
        ):
            phrase = re.sub(
                r"\b(two|three|six)\b", lambda word: _WORD_NUMBERS[word[1].lower()], match[0], flags=_I
            )
            if read_timeframe(phrase):
                yield "timeframe", phrase
                return


def _preferred(sentences: list[str]) -> Iterator[tuple[str, str]]:
    for sentence in sentences:
        match = _PREFERS.search(sentence)
        if not match:
            continue
        clause = sentence[match.start() : match.start() + 120]
        way = re.split(r"[,;]|\b(?:but|mais|pero)\b", clause)[0]
        if re.match(r"prefer|pr[ée]f|prefiere|best", match[0], _I) and read_preferred_contact(way):
            yield "preferred_contact", way
        time = _TIME.search(clause)
        if time and _CLOCK.search(time[0]):
            yield "preferred_time", time[0].strip(" ,")


def _languages(text: str) -> Iterator[tuple[str, str]]:
    yield from (("language", code) for code, pattern in _LANGUAGE if pattern.search(text))


def _reference(text: str) -> Iterator[tuple[str, str]]:
    match = _REFERENCE.search(text)
    if match:
        yield "application_ref", match[1]
