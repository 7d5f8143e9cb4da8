"""Answers chosen from a list: when, how good the credit, how to reach, what kind of property."""

from __future__ import annotations

import re
from datetime import date
from typing import TypeVar

from mapping.inquiry import Contact, CreditBand, Timeframe
from mapping.normalize.text import fold, tidy_line, word_set

Choice = TypeVar("Choice")

_YES = word_set("1 true yes y on checked agree accept accepted ok x oui vrai si verdadero acepto") | {
    "i agree",
    "i accept",
    "i consent",
    "j accepte",
    "yes i agree",
    "opted in",
}
_NO = word_set("0 false no n off none unchecked non faux falso declined") | {
    "i do not agree",
    "opted out",
}

_DAYS = {
    **dict.fromkeys(("day", "days", "jour", "jours", "dia", "dias"), 1),
    **dict.fromkeys(("week", "weeks", "wk", "wks", "semaine", "semaines", "semana", "semanas"), 7),
    **dict.fromkeys(("month", "months", "mo", "mos", "mth", "mths", "mois", "mes", "meses"), 30),
    **dict.fromkeys(("year", "years", "yr", "yrs", "an", "ans", "annee", "annees", "ano", "anos"), 365),
}
_SPAN = re.compile(rf"(\d{{1,3}})(?: (?:to |a |and |et |y )?(\d{{1,3}}))? ({'|'.join(_DAYS)})\b")
_BEYOND = re.compile(
    r"\b(?:more than|over|after|beyond|plus de|apres|mas de|despues)\b"
    r"|\d{1,3} \w+ (?:or more|ou plus|o mas)\b"
)
_WITHIN = re.compile(r"\b(?:less than|under|moins de|menos de)\b")
_ONE = re.compile(rf"\b(?:a|an|one|un|une|una)\b(?= (?:{'|'.join(_DAYS)})\b)")
_TIMEFRAME_WORDS = (
    (
        Timeframe.ASAP,
        r"asap|as soon as|immediate|right (away|now)|\bnow\b|urgent|today|this week|des que"
        r"|maintenant|tout de suite|lo antes posible|inmediat|ahora|cuanto antes",
    ),
    (
        Timeframe.RESEARCHING,
        r"research|just (looking|browsing|curious|exploring)|not sure|no rush|unsure|undecided"
        r"|someday|je m informe|pas presse|solo (mirando|informacion)|investigando"
        r"|no estoy segur",
    ),
    (Timeframe.WITHIN_30_DAYS, r"this month|ce mois|este mes"),
    (Timeframe.MONTHS_6_12, r"this year|within the year|cette annee|este ano"),
    (Timeframe.OVER_12_MONTHS, r"next year|l an prochain|annee prochaine|proximo ano"),
)
_LIMITS = (
    (30, Timeframe.WITHIN_30_DAYS),
    (90, Timeframe.MONTHS_1_3),
    (180, Timeframe.MONTHS_3_6),
    (365, Timeframe.MONTHS_6_12),
)

_SCORE = re.compile(r"(?<!\d)([3-8]\d\d)(?!\d)")
_SCORE_UNDER = re.compile(r"under|below|less|lower|moins|menos|sous|bajo|debajo")
_CREDIT_WORDS = (
    (
        CreditBand.UNKNOWN,
        r"unknown|not sure|don t know|dont know|no idea|unsure|no credit|sais pas|inconnu"
        r"|aucun|no se|desconocid|sin credito",
    ),
    (
        CreditBand.POOR,
        r"poor|bad|needs work|challenged|rebuilding|damaged|mauvais|faible|malo|mala|pobre|\bbajo",
    ),
    (CreditBand.EXCELLENT, r"excel|very good|exceptional|tres bon|muy buen"),
    (CreditBand.FAIR, r"fair|average|okay|\bok\b|moyen|passable|regular|promedio"),
    (CreditBand.GOOD, r"good|\bbon|buen"),
)

_REACH = (
    (
        Contact.ANY,
        r"\b(?:any|either|all|both|no preference|whichever|n importe|peu importe"
        r"|aucune preference|tous|cualquier|ambos|sin preferencia)",
    ),
    (Contact.SMS, r"\b(?:text|texts|texting|sms|texto|message texte|mensaje)\b"),
    (Contact.EMAIL, r"\be ?mail|courriel|correo"),
    (Contact.PHONE, r"phone|\bcall|\btel\b|mobile|\bcell|appel|telefono|llamada|llamar|cellulaire"),
)

_USES = (
    (
        "second_home",
        r"second(ary)? ?(home|residence)?\b|vacation|cottage|holiday|residence secondaire"
        r"|chalet|vacaciones|segunda",
    ),
    ("investment", r"invest|rental|rent (it )?out|tenant|locati[fo]|revenu|inversion|alquil|renta"),
    (
        "primary",
        r"primary|principal|owner occ|live in|main (home|residence)|residence principale"
        r"|proprietaire occupant|vivienda habitual",
    ),
)
_KINDS = (
    ("commercial", r"commercial|office|retail|industrial|warehouse|comercial|bureau"),
    (
        "multi_family",
        r"multi ?family|duplex|triplex|fourplex|quad|2 4 unit|plex\b|multilogement"
        r"|multifamiliar|apartment building",
    ),
    ("townhouse", r"town ?(house|home)|row ?house|maison de ville|casa adosada"),
    ("condo", r"condo|apartment|appartement|departamento|apartamento|co ?op\b"),
    ("manufactured", r"manufactured|mobile|modular|trailer|maison mobile|prefabricad"),
    ("land", r"\bland\b|\blot\b|acreage|terrain|terreno"),
    ("single_family", r"single|detached|house|maison|unifamili|bungalow|\bhome\b|\bcasa\b"),
)
_EMPLOYMENT = (
    (
        "unemployed",
        r"unemployed|not (?:currently )?(?:employed|working)|sans emploi|chomage|desemplead|no trabaj",
    ),
    (
        "self_employed",
        r"self ?employ|business owner|own (?:my |a )?business|freelanc|independent contractor|1099"
        r"|travailleur autonome|a mon compte|independante?$|autonome"
        r"|por cuenta propia|autonom[oa]|independiente",
    ),
    ("retired", r"retired|pension|retraite|jubilad|retirad"),
    ("student", r"student|etudiant|estudiante"),
    ("military", r"active duty|military|militaire|militar"),
    (
        "employed",
        r"^employed|\b(?:full|part) time|\bw ?2\b|salaried|employee?$|temps (?:plein|partiel)|salarie"
        r"|asalariad|emplead[oa]|tiempo (?:completo|parcial)",
    ),
)


def _compiled(table: tuple[tuple[Choice, str], ...]) -> tuple[tuple[Choice, re.Pattern[str]], ...]:
    return tuple((value, re.compile(pattern)) for value, pattern in table)


_WHEN = _compiled(_TIMEFRAME_WORDS)
_CREDIT = _compiled(_CREDIT_WORDS)
_CONTACT = _compiled(_REACH)
_USE = _compiled(_USES)
_KIND = _compiled(_KINDS)
_WORK = _compiled(_EMPLOYMENT)


def _first(table: tuple[tuple[Choice, re.Pattern[str]], ...], words: str) -> Choice | None:
    return next((value for value, pattern in table if pattern.search(words)), None)


def read_yes_no(text: str) -> bool | None:
    """True for a ticked box or a yes in three languages, False for a no, None for anything else."""
    words = fold(text[:200])
    if words in _YES:
        return True
    return False if words in _NO else None


def read_timeframe(text: str) -> Timeframe | None:
    """When the borrower wants to act; a span counts by its middle ("30-60 days" is one to three months)."""
    words = _ONE.sub("1", fold(text[:200]))
    span = _SPAN.search(words)
    if not span:
        return _first(_WHEN, words)
    low, high, unit = span[1], span[2], _DAYS[span[3]]
    days = (int(low) + int(high or low)) / 2 * unit
    beyond = _BEYOND.search(words) or re.search(r"\d\s*\+", text)
    within = _WITHIN.search(words) and not high
    return timeframe_of_days(days + unit / 2 if beyond else days - unit / 2 if within else days)


def timeframe_of_days(days: float) -> Timeframe | None:
    """The timeframe a number of days from now falls in; None for the past."""
    if days < 0:
        return None
    return next((frame for limit, frame in _LIMITS if days <= limit), Timeframe.OVER_12_MONTHS)


def timeframe_until(day: date, today: date) -> Timeframe | None:
    """As timeframe_of_days, from two dates."""
    return timeframe_of_days((day - today).days)


def read_credit_band(text: str) -> CreditBand | None:
    """The band of a score or range, by its middle, else of the words used."""
    words = fold(text[:200])
    scores = [int(score) for score in _SCORE.findall(words)]
    if not scores or len(scores) > 2:
        return _first(_CREDIT, words)
    middle = sum(scores) / len(scores)
    if len(scores) == 1 and (_SCORE_UNDER.search(words) or "<" in text):
        middle -= 1
    limits = ((740, CreditBand.EXCELLENT), (680, CreditBand.GOOD), (620, CreditBand.FAIR))
    return next((band for limit, band in limits if middle >= limit), CreditBand.POOR)


def read_preferred_contact(text: str) -> Contact | None:
    """Phone, text or email; any when several are named."""
    words = fold(text[:200])
    found = {way for way, pattern in _CONTACT if pattern.search(words)}
    # "text message to my cell" and "phone call or text" differ: a call must be named for a call.
    if found == {Contact.SMS, Contact.PHONE} and not re.search(
        r"call|appel|llam|\bor\b|\bou\b|\bo\b|,", text.lower()
    ):
        return Contact.SMS
    return Contact.ANY if len(found) > 1 else next(iter(found), None)


def read_property_use(text: str) -> str | None:
    """primary, second_home or investment."""
    return _first(_USE, fold(text[:200]))


def read_property_type(text: str) -> str | None:
    """single_family, condo, townhouse, multi_family, manufactured, land or commercial."""
    return _first(_KIND, fold(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text[:200])))


def read_employment(text: str) -> str | None:
    """self_employed, employed, retired, unemployed, student or military; else the words as they are."""
    return _first(_WORK, fold(text[:200])) or tidy_line(text[:200]) or None
