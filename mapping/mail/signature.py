"""Where a writer's own words end and the signature begins; what the signature says about the writer."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mapping.normalize.emails import read_email
from mapping.normalize.phones import read_phone
from mapping.normalize.text import fold

_DASHES = re.compile(r"^\s*(?:--|—|––|__+|\*\*+)\s*$")
_SENT_FROM = re.compile(
    r"^\s*(?:sent from|sent via|get outlook for|envoy[ée] (?:de|depuis|à partir)|enviado desde"
    r"|obtenir outlook"
    r"|obtener outlook)\b",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"^\s*(?:(?:many |kind |best |warm |warmest |kindest )?(?:thanks|thank you|regards|wishes|best|cheers"
    r"|sincerely"
    r"|yours(?: truly| sincerely)?|respectfully|talk soon|take care|warmly|cordially)"
    r"(?: (?:so much|a lot|again|in advance|very much|everyone|all|and regards|y'all))?"
    r"|merci(?: (?:beaucoup|d'avance|à l'avance|et bonne journée))?|cordialement|bien (?:à vous"
    r"|cordialement)"
    r"|salutations|amicalement|sincères salutations|bonne journée|meilleures salutations|au plaisir"
    r"|(?:muchas )?gracias(?: (?:de antemano|por todo))?|saludos(?: cordiales)?|atentamente|un saludo"
    r"|cordialmente"
    r"|un abrazo|abrazos|quedo (?:al pendiente|atent[oa]))\s*[,.!–-]*\s*$",
    re.IGNORECASE,
)
_PHONE = re.compile(r"(?:\+?\d[\d ().–-]{7,18}\d)(?:\s*(?:x|ext\.?|poste)\s*\d{1,6})?", re.IGNORECASE)
_FAX = re.compile(r"^[^\d+]*\b(?:f|fax|télécopieur|téléc)\b[.: ]", re.IGNORECASE)
_COMPANY = re.compile(
    r"\b(?:realty|realtors?|real estate|insurance|mortgages?|group|llc|llp|inc|ltd|ltée|corp|partners"
    r"|planners|planning|advisors?"
    r"|wealth|financial|properties|homes|cpas?|accounting|law|legal|brokerage|immobili\w+|assurances?"
    r"|courtiers?"
    r"|bienes raíces|inmobiliaria|seguros|agence|groupe|grupo|associates|associés|asociados|title"
    r"|builders?)\b"
    r"|&\s*co\b",
    re.IGNORECASE,
)
_JOB = re.compile(
    r"\b(?:realtor|agent|broker|advisor|planner|manager|director|president|owner|partner|consultant"
    r"|associate"
    r"|coordinator|assistant|licen[cs]e|dre|nmls|cpa|courtier|courtière|conseill\w+|directeur|directrice"
    r"|agente|asesor|asesora"
    r"|gerente)\b",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*[|•·]\s*|\s{3,}|,\s+")
_MOST_LINES = 12
_LAST_LINES = 60  # in which a signature begins
_LONGEST_WORDS = 12_000  # characters: more than anybody writes about one matter
_LONGEST_LINE = 120


@dataclass(frozen=True, slots=True)
class Signed:
    """The words, and what stands below them: lines, phone as written, company, the name as signed."""

    words: str
    lines: tuple[str, ...] = ()
    phone: str = ""
    company: str = ""
    name: str = ""


def signed(text: str, writer: str, country: str) -> Signed:
    """Text parted from its signature. writer is the display name of who wrote it, "" when unknown."""
    lines = text.rstrip().split("\n")
    cut = _cut(lines, writer)
    below = tuple(line.strip() for line in lines[cut:] if line.strip())
    return Signed(
        words="\n".join(lines[:cut]).strip()[:_LONGEST_WORDS],
        lines=below,
        phone=_phone(below, country),
        company=_company(below, writer),
        name=_signed_name(below, writer),
    )


def _cut(lines: list[str], writer: str) -> int:
    """The first line of the signature; the number of lines when there is none."""
    for place in range(max(0, len(lines) - _LAST_LINES), len(lines)):
        line = lines[place]
        rest = [other for other in lines[place + 1 :] if other.strip()]
        if _DASHES.match(line) and len(rest) <= _MOST_LINES + 8:
            return _with_closing(lines, place)
        if _SENT_FROM.match(line) and len(rest) <= 4:
            return _with_closing(lines, place)
        if _CLOSING.match(line) and _is_tail(rest):
            return place
        if (
            place
            and _is_name(line, writer)
            and _is_tail(rest)
            and not lines[place - 1].rstrip().endswith(",")
        ):
            return _with_closing(lines, place)
    return len(lines)


def _with_closing(lines: list[str], place: int) -> int:
    """A closing and a name that stand just above belong to it."""
    above = place
    for back in range(place - 1, max(-1, place - 5), -1):
        if _CLOSING.match(lines[back]):
            return back
        words = lines[back].split()
        if words and (len(words) > 4 or "@" in lines[back] or any(char.isdigit() for char in lines[back])):
            break
        if (
            len(words) in (1, 2, 3)
            and lines[back].strip().istitle()
            and not lines[back].rstrip().endswith((".", "?"))
            and ":" not in lines[back]
        ):
            above = back
    return above


def _is_tail(rest: list[str]) -> bool:
    """Few short lines: no paragraph follows."""
    return (
        len(rest) <= _MOST_LINES
        and all(len(line) <= _LONGEST_LINE for line in rest[:6])
        and not any(line.rstrip().endswith(("?",)) for line in rest)
    )


def _is_name(line: str, writer: str) -> bool:
    """The line begins with the writer's name, or is their first name alone."""
    own, said = fold(writer).split(), fold(line[:80]).split()
    if not own or not said or len(said) > 12:
        return False
    if line.rstrip().endswith((".", "?", ":")) and len(said) > 4:
        return False
    return said == own[:1] or (len(own) > 1 and said[: len(own)] == own)


def _phone(lines: tuple[str, ...], country: str) -> str:
    for line in lines:
        for part in re.split(r"[|•·]", line):
            match = None if _FAX.match(part.strip()) else _PHONE.search(part)
            if match and read_phone(match[0], country):
                return match[0]
    return ""


def _company(lines: tuple[str, ...], writer: str) -> str:
    own = fold(writer)
    for line in lines:
        if _CLOSING.match(line) or _SENT_FROM.match(line):
            continue
        for part in _BETWEEN.split(line):
            words = part.strip(" ,.-")
            if (
                _COMPANY.search(words)
                and len(words) <= 80
                and 1 < len(words.split()) < 9
                and fold(words) != own
                and not read_email(words)
                and not any(char.isdigit() for char in words)
                and not (_JOB.fullmatch(words.split()[0]) and len(words.split()) < 3)
            ):
                return words
    return ""


def _signed_name(lines: tuple[str, ...], writer: str) -> str:
    """The name as signed, when the address had none: the first line of two to four capitalised words."""
    if writer:
        return ""
    for line in lines:
        first = _BETWEEN.split(line)[0].strip(" ,")
        words = first.split()
        if _CLOSING.match(line) or not 1 < len(words) < 5 or _COMPANY.search(first):
            continue
        if all(word[:1].isupper() for word in words) and not any(char.isdigit() for char in first):
            return first
    return ""
