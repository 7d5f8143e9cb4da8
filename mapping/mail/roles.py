"""Who is who in a mail: the borrower, the partner who refers, and what is ours."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mapping.mail.layers import Layer
from mapping.mail.letter import Letter, Person
from mapping.mail.names import introduced, introduced_in_subject, strongly_introduced
from mapping.mail.signature import Signed, signed
from mapping.mail.trust import aligned
from mapping.normalize.text import fold
from mapping.people.inboxes import FREE_MAIL

_FIRST_PERSON = re.compile(
    r"\b(?:i|we)(?:['’](?:m|re|d|ve|ll))?,? (?:am |are |have |would |really |also |just |currently |both )*"
    r"(?:looking|want|need|like to|hoping|interested|trying|buying|planning|own|owe|bought|found|thinking"
    r"|refinanc\w+|selling|renew\w*)\b"
    r"|\b(?:my|our) (?:home|house|mortgage|loan|condo|property|credit|budget|application|rate|renewal"
    r"|lender|statements?|documents?|w-?2s?|pay ?stubs?)\b"
    r"|\bje (?:cherche|veux|voudrais|souhaite|suis à la recherche|pense)|\bj['’]aimerais"
    r"|\bnous (?:cherchons|voulons|souhaitons|aimerions)"
    r"|\b(?:mon|notre) (?:hypothèque|prêt|maison|condo|renouvellement|dossier)|\b(?:quiero|queremos"
    r"|quisiera|quisiéramos|busco|buscamos|necesito|necesitamos"
    r"|estoy buscando|estamos buscando|me gustaría|nos gustaría)\b|\b(?:mi|nuestra|nuestro) (?:casa"
    r"|hipoteca|préstamo|crédito)\b",
    re.IGNORECASE,
)
_THIRD_PERSON = re.compile(
    r"\b(?:he|she|they|his|her|their|client|clients|cliente|clientes|clientas?|buyers?|borrowers?|elle"
    r"|ils|elles|ella|ellos|acheteurs?)\b",
    re.IGNORECASE,
)
_REFERS = re.compile(
    r"\b(?:referrals?|referred|referring|refiero|referid[oa]|recomiendo|réfère|référence|référé"
    r"|new (?:client|buyer|lead)|nouve(?:au|lle) cliente?|nuev[oa] client[ea])\b",
    re.IGNORECASE,
)
_NO_PERSON = re.compile(
    r"\b(?:desk|team|office|referrals?|leads?|info|support|notifications?|no-?reply|sales|admin|inbox"
    r"|service|équipe|equipo|via)\b",
    re.IGNORECASE,
)


_LONGEST = 12_000  # characters of one writer
_INBOUND = frozenset(
    {"in", "inbound", "mail", "mg", "parse", "leads", "inbox", "reply", "intake", "email", "mx"}
)


@dataclass(frozen=True, slots=True)
class Ours:
    """Which addresses are the brokerage's own."""

    domains: frozenset[str]
    addresses: frozenset[str]

    def has(self, person: Person) -> bool:
        """The person writes from one of our domains or addresses."""
        return person.address in self.addresses or any(aligned(person.domain, one) for one in self.domains)


@dataclass(frozen=True, slots=True)
class Roles:
    """who is the borrower's name ("" = not said), email their address if they wrote themselves; text is
    what they or somebody else wrote about them; by_other: somebody else did."""

    who: str
    email: str
    by_other: bool
    text: str
    aside: str = ""
    signed: Signed | None = None
    strongly: bool = False


def ours_of(letter: Letter, own_domains: tuple[str, ...]) -> Ours:
    """The configured domains, else the one it was sent to; a free provider's domain is nobody's own."""
    to = [person for person in letter.to if person.address]
    guessed = {person.domain for person in to[:1] if person.domain != letter.sender.domain}
    domains = frozenset(own_domains or guessed) - FREE_MAIL
    domains |= {_without_inbound(domain) for domain in domains}
    return Ours(domains, frozenset(person.address for person in to[:1]))


def _without_inbound(domain: str) -> str:
    """Mail services ask for a sub-domain of its own to receive on: in.example.com is example.com's."""
    first, _, rest = domain.partition(".")
    return rest if first in _INBOUND and rest.count(".") else domain


def others_of(letter: Letter, layers: list[Layer], ours: Ours) -> frozenset[str]:
    """Folded names of writers and of us: nobody introduces them."""
    people = [letter.sender, *(layer.writer for layer in layers[:-1])]
    people += [person for person in letter.to if ours.has(person)]
    return frozenset(folded for person in people if (folded := fold(person.name)))


def direct_or_referred(
    letter: Letter, layer: Layer, others: frozenset[str], country: str, ours: Ours
) -> Roles:
    """The roles in a mail with nothing forwarded in it."""
    parted = signed(layer.body, letter.sender.name, country)
    strong = strongly_introduced(parted.words, others)
    subject = introduced_in_subject(letter.subject, others)
    about_self = bool(_FIRST_PERSON.search(parted.words))
    who = strong or subject or ("" if about_self else introduced(parted.words, others))
    copied = [
        person
        for person in letter.to[1:]
        if person.address and not ours.has(person) and person != letter.sender
    ]
    refers = bool(_REFERS.search(f"{letter.subject}\n{parted.words[:400]}"))
    third = (refers or bool(_THIRD_PERSON.search(parted.words))) and not about_self
    if who or (third and not letter.in_reply_to):
        who = _fuller(who, [person.name for person in copied]) if who else ""
        email = _copied(copied, who) if who else ""
        return Roles(who, email, True, parted.words, signed=parted, strongly=bool(strong or subject))
    if third:
        return Roles("", "", True, parted.words, signed=parted)
    name = letter.sender.name or parted.name
    return Roles(
        "" if _NO_PERSON.search(name) else name,
        letter.sender.address,
        False,
        layer.body[:_LONGEST],
        signed=parted,
    )


def forwarded(letter: Letter, layers: list[Layer], others: frozenset[str], country: str) -> Roles:
    """The roles where a mail is inside: its writer is the borrower unless others are named."""
    inner, outer = layers[-1], signed(layers[0].body, letter.sender.name, country)
    notes = "\n\n".join(
        [outer.words, *(signed(layer.body, layer.writer.name, country).words for layer in layers[1:-1])]
    )
    original = signed(inner.body, inner.writer.name, country)
    writer = inner.writer.name or original.name
    named = strongly_introduced(original.words, others | {fold(writer)})
    if named and not _FIRST_PERSON.search(original.words):
        return Roles(named, "", True, original.words, notes, outer, strongly=True)
    named = strongly_introduced(notes, others)
    first = fold(writer).split()[:1]
    if named and (not first or first[0] not in fold(named).split()):
        if not inner.writer.address or not _FIRST_PERSON.search(original.words):
            return Roles(named, "", True, f"{notes}\n\n{original.words}", "", outer, strongly=True)
    elif named and len(fold(named).split()) > len(fold(writer).split()):
        writer = named
    return Roles(
        writer, inner.writer.address, False, inner.body[:_LONGEST], notes[:_LONGEST], outer, strongly=True
    )


def partner_name(person: Person, parted: Signed | None) -> tuple[str, str]:
    """(name, company) of who refers: a desk or a team is no person."""
    name = person.name or (parted.name if parted else "")
    company = parted.company if parted else ""
    if _NO_PERSON.search(name) or "@" in name:
        return "", company or ("" if "@" in name else name.rpartition(",")[2].strip() or name)
    return name, company


def _fuller(who: str, names: list[str]) -> str:
    """The whole name of somebody who is introduced by the first name and copied."""
    return (
        next((name for name in names if fold(name).split()[:1] == fold(who).split()[:1]), who)
        if " " not in who
        else who
    )


def _copied(copied: list[Person], who: str) -> str:
    """The address of the one copied person who is introduced."""
    words = set(fold(who).split())
    named = [person for person in copied if words & set(fold(f"{person.name} {person.address}").split())]
    return (
        named[0].address
        if len(named) == 1
        else copied[0].address
        if len(copied) == 1 and not copied[0].name
        else ""
    )
