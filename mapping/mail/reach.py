"""Phone numbers and addresses in free text, and whose they are."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mapping.normalize.emails import read_email
from mapping.normalize.names import read_name
from mapping.normalize.phones import read_phone
from mapping.normalize.text import fold

_EMAIL = re.compile(r"[\w.+'’-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")
_PHONE = re.compile(
    r"(?<![\w@#/$.,-])(?:\+?\d{1,2}[ .–-]{0,2})?\(?\d{3}\)?[ .–/-]{0,3}\d{3}[ .–-]{0,3}\d{4}(?![\w@]|-\d"
    r"|[.,]\d)"
    r"(?:\s*(?:,\s*)?(?:x|ext\.?|extension|poste)\s*\.?\s*\d{1,6})?",
    re.IGNORECASE,
)
_MINE = re.compile(
    r"\b(?:me|my|i|mine|i'm|mi|mí|mio|yo|llámame|llámeme|mon|ma|moi|je|m'appeler|appelez-moi|our office"
    r"|my office|notre bureau)\b",
    re.IGNORECASE,
)
_THEIRS = re.compile(
    r"\b(?:his|her|their|client'?s?|cliente|su|sus|son|sa|leur|le|la|lui|him|them|buyer'?s?"
    r"|borrower'?s?)\b|['’]s\b",
    re.IGNORECASE,
)
_OF_A_PROFESSIONAL = re.compile(
    r"\b(?:my|our|mon|ma|notre|mi|nuestr[oa]) (?:\w+ ){0,2}?(?:realtor|agent|lender|broker|banker"
    r"|attorney|lawyer"
    r"|accountant|cpa|planner|boss|employer|landlord|courtière?|notaire|comptable|agente|abogad[oa]"
    r"|contador)\b",
    re.IGNORECASE,
)
_FAX = re.compile(r"\b(?:fax|télécopieur)\b[^\d]{0,12}$", re.IGNORECASE)
_CLAUSE = 60  # characters before a number in which its owner is named
_STOPS = re.compile(r"[.!?;\n](?=\s|$)")


@dataclass(frozen=True, slots=True)
class Reach:
    """The ways to reach one person, as written; ext stays in the phone's text."""

    email: str = ""
    phone: str = ""


def emails_in(text: str) -> list[str]:
    """Every valid address, in lower case, each once, in order."""
    found = (read_email(match[0].strip("'’.-")) for match in _EMAIL.finditer(text))
    return list(dict.fromkeys(address for address in found if address))


def phones_in(text: str, country: str) -> list[tuple[int, str]]:
    """(place, number as written) of every phone number that is no fax."""
    return [
        (match.start(), match[0].strip())
        for match in _PHONE.finditer(text)
        if read_phone(match[0], country) and not _FAX.search(text[max(0, match.start() - 20) : match.start()])
    ]


def reach_in(
    text: str, who: str, *, country: str, not_theirs: frozenset[str], by_other: bool
) -> tuple[Reach, Reach]:
    """How to reach the one or two people that who names.

    not_theirs are addresses of writers and readers. by_other says that somebody else wrote it: then what
    they call their own ("call me at ...") is not the borrower's.
    """
    first, second = read_name(who)
    emails = [address for address in emails_in(text) if address not in not_theirs]
    phones = [
        (place, number)
        for place, number in phones_in(text, country)
        if not (_is_mine(text, place) if by_other else _is_a_professionals(text, place))
    ]
    if second is None:
        return Reach(emails[0] if emails else "", phones[0][1] if phones else ""), Reach()
    names = (fold(first.first), fold(second.first))
    mails = _dealt(
        [(text.find(address.split("@")[0]), address) for address in emails], text, names, by_name=True
    )
    numbers = _dealt(phones, text, names, by_name=False)
    return Reach(mails[0], numbers[0]), Reach(mails[1], numbers[1])


def _is_mine(text: str, place: int) -> bool:
    """The nearest word about a person before the number speaks of the writer."""
    before = text[max(0, place - _CLAUSE) : place]
    stops = list(_STOPS.finditer(before))
    clause = before[stops[-1].end() :] if stops else before
    mine = max((match.start() for match in _MINE.finditer(clause)), default=-1)
    theirs = max((match.start() for match in _THEIRS.finditer(clause)), default=-1)
    return mine > theirs


def _is_a_professionals(text: str, place: int) -> bool:
    """ "My realtor is Jane Whitfield (208-555-0111)": hers, though the borrower wrote it."""
    before = text[max(0, place - 2 * _CLAUSE) : place]
    stops = list(_STOPS.finditer(before))
    return bool(_OF_A_PROFESSIONAL.search(before[stops[-1].end() :] if stops else before))


def _dealt(
    found: list[tuple[int, str]], text: str, names: tuple[str, str], *, by_name: bool
) -> tuple[str, str]:
    """The first value of each of two people: by the name in or before it, else in their order."""
    values = ["", ""]
    left: list[str] = []
    for place, value in found:
        owner = _owner(value, place, text, names, by_name=by_name)
        if owner is None:
            left.append(value)
        elif not values[owner]:
            values[owner] = value
    for value in left:
        if not values[0]:
            values[0] = value
        elif not values[1] and len(found) > 1:
            values[1] = value
    return values[0], values[1]


def _owner(value: str, place: int, text: str, names: tuple[str, str], *, by_name: bool) -> int | None:
    if by_name:
        local = fold(value.partition("@")[0]).replace(" ", "")
        inside = [bool(name) and name in local for name in names]
        if inside.count(True) == 1:
            return inside.index(True)
    before = fold(text[max(0, place - _CLAUSE) : place])
    last = [before.rfind(name) if name else -1 for name in names]
    if last[0] == last[1] or (abs(last[0] - last[1]) < 8 and min(last) >= 0):
        return None
    return 0 if last[0] > last[1] else 1
