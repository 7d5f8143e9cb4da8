"""Whom a text introduces: the names after "my client", "please meet", "je vous présente", "mi cliente"."""

from __future__ import annotations

import re

from mapping.normalize.text import fold, word_set

_LETTERS = r"[^\W\d_]"
_UPPER = r"[A-ZÀ-ÖØ-ÞŁŠŽĆĞİ]"
_WORD = rf"{_UPPER}(?:\.|(?:{_LETTERS}|['’](?={_LETTERS}{{2}})|-(?={_LETTERS}))+)"
_PARTICLE = r"(?:d[eu]|de l[ao]s?|del|da|dos|van|von|der|den|la|le|el|bin|al|st\.?)"
_PERSON = rf"{_WORD}(?:[ \n](?:{_PARTICLE}[ \n])?{_WORD}){{0,3}}"
_AND = r"[ \n](?i:and|&|y|e|et|und)[ \n]"
_TITLE = (
    r"(?:(?i:(?:la |el |a la |al )?(?:mr|mrs|ms|dr|mme|m|madame|monsieur|sra?|srta|señora?"
    r"|señorita))\.?[ \n])?"
)
_WHO = rf"(?P<who>{_PERSON}(?:{_AND}{_PERSON})?)"
_MINE = (
    r"(?:my|our|a|an|another|this|these|his|her|two|some|mon|ma|mes|notre|nos|une?|deux|ces|mis?"
    r"|nuestr[oa]s?|un[oa]s?|dos)"
)
_KIND = (
    r"(?:clients?|clientes?|clientas?|buyers?|borrowers?|customers?|friends?|couples?|neighbou?rs?"
    r"|cousins?|brother|sister"
    r"|colleagues?|co-?workers?|leads?|prospects?|patients?|daughter|son|parents|homeowners?|referrals?"
    r"|homebuyers?"
    r"|ami|amie|amis|amies|acheteurs?|acheteuses?|voisins?|voisine|collègues?|emprunteurs?|emprunteuses?"
    r"|amig[oa]s?|comprador(?:a|es|as)?|pareja|vecin[oa]s?|primo|prima|herman[oa]s?|colegas?)"
)
_INTRODUCED = (
    rf"(?i:\b{_MINE}[ \n](?:[a-zéèñ-]+[ \n]){{0,3}}?{_KIND}(?:[ \n](?:named|called|nommée?s?|llamad[oa]s?"
    rf"|is|are|est|sont|es|son))?"
    rf"[ \n,:(–-]{{1,3}}){_TITLE}{_WHO}",
    rf"(?i:\b(?:meet|introduc(?:e|ing)|intro(?:duction)?(?:[ \n](?:to|for))?|refer(?:ring)?"
    rf"|recommend(?:ing)?|reach[ \n]out[ \n]to"
    rf"|get[ \n]in[ \n]touch[ \n]with|touch[ \n]base[ \n]with|connect(?:ing)?(?:[ \n]you)?[ \n]with"
    rf"|follow[ \n]up[ \n]with|look[ \n]after"
    rf"|take[ \n]care[ \n]of|assist|referral(?:[ \n]for)?|new[ \n](?:client|lead|referral|buyer)|help"
    rf"|vous[ \n](?:présente|réfère|recommande|envoie|transmets)|voici|rejoindre|contacter|joindre"
    rf"|communiquer[ \n]avec|référence"
    rf"|(?:les?|te)[ \n](?:presento|refiero|recomiendo|env[ií]o|mando)(?:[ \n]a)?|comunicarse[ \n]con"
    rf"|contactar(?:[ \n]a)?"
    rf"|ponerse[ \n]en[ \n]contacto[ \n]con|referid[oa]|contact|call|llamar[ \n]a|appeler|speak[ \n](?:to"
    rf"|with)|talk[ \n](?:to|with))"
    rf"(?:[ \n]{_MINE}[ \n](?:[a-zéèñ-]+[ \n]){{0,2}}?{_KIND})?[ \n,:–-]{{1,3}})"
    rf"{_TITLE}{_WHO}",
    rf"{_WHO}[ \n]?[(<\[,–:-][ \n(<\[]*(?:mailto:)?[\w.+-]+@",
    rf"(?:^|[.!?\n][ \n]*)(?:(?i:yes|hi|so)[, ]+)?{_WHO}[ \n](?i:is|are|was|wants?|needs?|would[ \n]like"
    rf"|has|have|est|sont|veut|veulent"
    rf"|cherche(?:nt)?|souhaite(?:nt)?|aimerai(?:t|ent)|quieren?|busca[n]?|necesitan?|desean?|est[áa]n?)\b",
)
_OWN_LINE = rf"(?:^|\n)[ \t]*{_WHO}[ \t]*\n[ \t]*(?:[^\n]{{0,20}}?\d{{3}}[ .)-]|[\w.+-]+@)"
_PATTERNS = tuple(re.compile(pattern) for pattern in (*_INTRODUCED, _OWN_LINE))
_SUBJECT = re.compile(
    rf"(?i:\b(?:intro(?:duction)?|referral|referred|new (?:client|lead|buyer|borrower|referral)|client"
    rf"|lead|buyer|référence|référé"
    rf"|nouveau client|nouvelle cliente|présentation|referid[oa]|referencia|nuev[oa] client[ea]"
    rf"|presentación)"
    rf"(?: (?:for|to|de|du|a|pour|para))?\s?[:–—-]?\s+){_WHO}"
)
_PERSON_ONLY = re.compile(_PERSON)
# Words that begin with a capital and are no one's name.
_NO_NAMES = word_set(
    "i she he they we you it the this that these those please thanks thank hi hello dear hey good great "
    "yes no"
    " realty mortgage bank insurance group financial re fwd fw client clients borrower buyer buyers home "
    "house"
    " purchase refinance loan pre renewal both just also see below attached call phone email cell tel "
    "budget"
    " monday tuesday wednesday thursday friday saturday sunday january february march april may june july "
    "august"
    " september october november december je il elle nous vous ils elles on bonjour salut merci mon ma "
    "mes le la les"
    " un une des hola gracias mi mis el los las su sus yo usted ellos ellas presupuesto new my our his "
    "her their team"
    " referral lead intro me us them him your fha va heloc usda asap llc inc courriel telephone correo "
    "telefono"
    " habla prix achat compra casa maison hypotheque hipoteca lender broker agent realtor when if as so "
    "what who"
    " can could would will if do does did is are any anyone someone folks everybody monsieur madame"
)
_WITHOUT_GIVEN = 2


def introduced(text: str, others: frozenset[str]) -> str:
    """The name, or joint name, of whom the text introduces; "" when nobody. others are folded names that
    it cannot be: the writer, the readers."""
    candidates = (
        name for pattern in _PATTERNS for name in _found(pattern, text, others, pattern in _PATTERNS[3:])
    )
    return next(candidates, "")


def strongly_introduced(text: str, others: frozenset[str]) -> str:
    """As introduced, but only in the words of an introduction: "my client ...", "please meet ..."."""
    return next((name for pattern in _PATTERNS[:2] for name in _found(pattern, text, others, False)), "")


def introduced_in_subject(subject: str, others: frozenset[str]) -> str:
    """The name in "Intro: Simone Batiste - pre-approval" or "New referral: Dan Novak"; "" without one."""
    return next(_found(_SUBJECT, subject, others, True), "")


_COMPANION = re.compile(
    rf"\b(?i:my|his|her|their|mi|su|ma|mon|sa|son) (?P<relation>(?i:wife|husband|spouse|fianc[ée]e?"
    rf"|girlfriend|boyfriend"
    rf"|mother|father|mom|dad|brother|sister|daughter|son|conjointe?|femme|mari|épouse|époux|espos[oa]"
    rf"|marido|novi[oa]"
    rf"|mamá|papá|madre|padre|herman[oa]|hij[oa]))[ \n,(]{{1,2}}(?P<who>{_PERSON})"
)


def companion(text: str, others: frozenset[str]) -> tuple[str, str]:
    """(name, relation) of whom the text calls "
    ""my wife Anna" or "her husband Piotr"; ("", "") when nobody."""
    for match in _COMPANION.finditer(text):
        name = _checked(match["who"], others, False)
        if name:
            return name, match["relation"].lower()
    return "", ""


def names_in(text: str, others: frozenset[str]) -> list[str]:
    """Everything in a short text that looks like a person's name."""
    return [name for match in _PERSON_ONLY.finditer(text) if (name := _checked(match[0], others, True))]


def _found(pattern: re.Pattern[str], text: str, others: frozenset[str], whole: bool):  # type: ignore[no-untyped-def]
    for match in pattern.finditer(text):
        name = _checked(match["who"], others, whole)
        if name:
            yield name


def _checked(name: str, others: frozenset[str], whole: bool) -> str:
    """The name without words that are none; "" when nothing is left or it is somebody else's.

    whole asks for a first and a last name.
    """
    words = " ".join(name.split()).split(" ")
    while words and fold(words[0]) in _NO_NAMES:
        words.pop(0)
    for place, word in enumerate(words):
        if fold(word) in _NO_NAMES and not (word.islower() and place + 1 < len(words)):
            words = words[:place]
            break
    while words and words[-1].lower() in ("and", "y", "et", "e", "&"):
        words.pop()
    if whole and len(words) < _WITHOUT_GIVEN:
        return ""
    folded = fold(" ".join(words))
    if not folded or len(folded) < 2 or _is_one_of(folded, others):
        return ""
    return " ".join(words)


def _is_one_of(folded: str, others: frozenset[str]) -> bool:
    return any(folded == other or (" " not in folded and folded in other.split()) for other in others)
