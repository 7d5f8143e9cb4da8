"""Names of people: written properly, split into parts, couples told apart."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from mapping.normalize.text import without_markup

LONGEST = 120  # characters; longer is no name

_SUFFIX = re.compile(r"[\s,]+(jr|sr|ii|iii|iv)\.?$", re.IGNORECASE)
_TITLE = re.compile(r"^(?:(?:mr|mrs|ms|miss|mx|dr|mme|mlle|sra|srta)\b\.?|(?:m|sr|prof)\.)\s+", re.IGNORECASE)
_TITLES_ONLY = re.compile(r"(?:(?:mr|mrs|ms|miss|dr|m|mme|sr|sra)\b\.?\s*)+", re.IGNORECASE)
_COMPANY = re.compile(
    r"\b(?:llc|inc|corp|ltd|ltee|lp|llp|pllc|company|realty|mortgages?|holdings|properties"
    r"|associates|trust|s\.a\.)(?!\w)|&\s*(?:sons?|co)\b",
    re.IGNORECASE,
)
_JOINT = re.compile(r"\s*(?:[&+/]|\b(?:and|et|y)\b)\s*", re.IGNORECASE)
_SPANISH_AND = re.compile(r"\by\b", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")
_ST = re.compile(r"\bst(?=\. )")
_PLAIN = re.compile(r"[A-Z][a-z]{2,} [A-Z][a-z]{2,}")
_SUFFIXES = {"jr": "Jr", "sr": "Sr", "ii": "II", "iii": "III", "iv": "IV"}


@dataclass(frozen=True, slots=True)
class Name:
    """One person's name; company is set instead when the text names a firm."""

    first: str = ""
    middle: str = ""
    last: str = ""
    suffix: str = ""
    company: str = ""


def read_name(text: str) -> tuple[Name, Name | None]:
    """The person a full name names, and the second when it names a couple ("John & Mary Smith").

    Titles are dropped; "Last, First" is turned round; a name all in capitals or all in small letters gets
    proper case. Text without a letter or longer than LONGEST gives an empty Name.
    """
    line = without_markup(text)
    if len(line) > LONGEST or not _LETTER.search(line):
        return Name(), None
    if _COMPANY.search(line):
        return Name(company=line), None
    couple = _couple(line)
    if couple:
        return _split(couple[0]), _split(couple[1])
    return _split(line), None


def read_name_parts(first: str, last: str) -> tuple[Name, Name | None]:
    """As read_name, from a first and a last name asked apart; either may be ""."""
    first_line, last_line = without_markup(first)[:LONGEST], without_markup(last)[:LONGEST]
    given, family = _TITLE.sub("", first_line), last_line
    suffix = _SUFFIX.search(family)
    if suffix:
        family = family[: suffix.start()]
    given, family = proper_case(given, family)
    name = Name(first=given, last=family, suffix=_SUFFIXES[suffix[1].lower()] if suffix else "")
    both = _JOINT.split(given)
    if len(both) == 2 and all(both):
        return replace(name, first=both[0]), Name(first=both[1], last=family)
    return name, None


def read_suffix(text: str) -> str | None:
    """Jr, Sr, II, III or IV as written in a field of its own."""
    return _SUFFIXES.get(text.strip().rstrip(".").lower())


def proper_case(first: str, last: str) -> tuple[str, str]:
    """Both parts with capitals where they belong; a part that already mixes cases is kept as written."""
    return _cased(first, alone=not last), _cased(last, alone=False)


def _cased(part: str, *, alone: bool) -> str:
    mixed = part != part.upper() and part != part.lower()
    # "JP" and "AJ" are how these people write themselves.
    initials = len(part) <= 2 and part == part.upper() and not alone
    return part if mixed or initials or not part else _capitalised(part)


@lru_cache(maxsize=1024)
def _capitalised(part: str) -> str:
    from nameparser import parse  # a tenth of a second to import, and most names do not need it

    # A given name before it makes the library read the part as a family name, never as a title.
    cased = str(parse(f"Pat {part}").capitalized(force=True)).removeprefix("Pat ")
    return _ST.sub("St", cased)


def _couple(line: str) -> tuple[str, str] | None:
    """The two full names of a joint name, the shared last name given to both."""
    family, comma, given = line.partition(",")
    if comma and len(_JOINT.split(given)) == 2:
        one, two = _JOINT.split(given.strip())
        return (f"{one} {family}", f"{two} {family}") if one and two else None
    halves = _JOINT.split(line)
    if len(halves) != 2 or not all(halves) or _TITLES_ONLY.fullmatch(halves[0]):
        return None
    one, two = halves
    one_words, two_words = _SUFFIX.sub("", one).split(), _SUFFIX.sub("", two).split()
    if len(one_words) == 1 and len(two_words) > 1:
        return f"{one} {two_words[-1] if len(two_words) == 2 else ' '.join(two_words[1:])}", two
    if len(one_words) > 1 and len(two_words) == 1:
        # "Ortega y Gasset" is one man's two surnames.
        return None if _SPANISH_AND.search(line) else (one, f"{two} {one_words[-1]}")
    return one, two


@lru_cache(maxsize=1024)
def _split(line: str) -> Name:
    if _PLAIN.fullmatch(line) and not _TITLE.match(line) and not _SUFFIX.search(line):
        first, last = line.split()
        return Name(first=first, last=last)
    from nameparser import parse  # as above

    parsed = parse(line)
    if line in (line.upper(), line.lower()):
        parsed = parsed.capitalized(force=True)
    suffix = _SUFFIXES.get(parsed.suffix.lower().strip(". "), "")
    return Name(parsed.given, parsed.middle, _ST.sub("St", parsed.family), suffix)
