"""Lines of "label: value" in a mail, and tables with bars: answers in the sender's own words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mapping.answers import UNMAPPED, Answer
from mapping.labels.vocabulary import field_for
from mapping.mail.reach import emails_in, phones_in
from mapping.normalize.text import fold

_LINE = re.compile(
    r"^[ \t>*•·–-]*(?P<label>[^\W\d_][^:\n\t|]{0,79}?)\s*\*?(?::|：|\t|\s=\s)\s*\*?(?P<value>\S[^\n]*)?$"
)
_FIRST = re.compile(
    r"\b(?:borrower|client|applicant|buyer|emprunteur|demandeur|prestatario|cliente"
    r"|acheteur)\s*(?:#\s*)?1\b",
    re.IGNORECASE,
)
_SECOND = re.compile(
    r"\b(?:borrower|client|applicant|buyer|emprunteur|demandeur|prestatario|cliente"
    r"|acheteur)\s*(?:#\s*)?2\b|\b(?:second|2nd) (?:borrower|applicant|client)\b",
    re.IGNORECASE,
)
_WHO_SENT = re.compile(
    r"(?:referr(?:ed|ing)(?: by)?(?: agent| partner)?|referral (?:source|partner|agent)|referrer|advisor"
    r"|adviser|planner|realtor|agent"
    r"|submitted by|sent by|refere par|reference par|courtier|conseill\w+|agente|asesora?|referido por"
    r"|partner)"
)
_PART = (
    ("partner_name", ("name", "nom", "nombre")),
    ("partner_email", ("email", "e mail", "courriel", "correo")),
    ("partner_phone", ("phone", "cell", "tel", "telephone", "telefono", "mobile")),
    ("partner_company", ("company", "brokerage", "firm", "office", "compagnie", "empresa")),
)
_RELATION = re.compile(r"(?:relationship(?: to .*)?|lien|relation|parentesco|relacion)")
_PROPERTY = re.compile(r"(?:property|subject property|home|propriete|propiedad|address of property)")
_PLACE = re.compile(
    r"(?:target |desired |preferred )?(?:location|area|city and state|city state|where|lieu|secteur"
    r"|ubicacion|zona|lugar)"
)
_REQUESTED = re.compile(
    r"(?:amount|loan amount|loan) (?:requested|needed|wanted|sought)|requested (?:loan )?amount"
    r"|montant (?:demande|souhaite)|monto solicitado"
)
_OWED = re.compile(
    r"(?:existing|current|remaining|outstanding) (?:mortgage|loan|balance)(?: balance)?|owing"
    r"|hypotheque actuelle|hipoteca actual|solde"
)
_NUMBER = re.compile(r"(?:referral|lead|case|file|reference|dossier|caso) ?(?:id|no|number|num|numero|#)?")
_DOC_LABELS = re.compile(
    r"^(?:https?|mailto|tel|re|fwd?|fw|tr|rv|ps|p s|note|nb|from|to|sent|date|subject|cc|de|objet|asunto"
    r"|para|envoye|enviado)$"
)
_GREETING = re.compile(
    r"^(?:hi|hello|dear|hey|bonjour|hola|estimad[oa]s?|buen[oa]s|good (?:morning"
    r"|afternoon))\b",
    re.IGNORECASE,
)
_BAR = re.compile(r"\s*\|\s*")


@dataclass(frozen=True, slots=True)
class Block:
    """answers are the labelled lines; rest is the text without them; known counts those we understand."""

    answers: tuple[Answer, ...]
    rest: str
    known: int


def block_of(text: str) -> Block:
    """The labelled lines of a text. A label that says nothing to us counts only among two that do."""
    found: list[Answer] = []
    rest: list[str] = []
    unsure: list[tuple[int, Answer, str]] = []
    lines = text.split("\n")
    place = 0
    while place < len(lines):
        line = lines[place]
        pair, used = _pair(lines, place)
        answer = _answer(*pair) if pair else None
        if answer is not None and answer.field:
            found.append(answer)
        elif answer is not None:
            unsure.append((len(found), answer, line))
            found.append(answer)
        else:
            rest.append(line)
        place += used
    known = sum(bool(answer.field) for answer in found)
    if known < 2:
        strangers = {id(answer) for _, answer, _ in unsure}
        rest += [line for _, _, line in unsure]
        found = [answer for answer in found if id(answer) not in strangers]
    return Block(tuple(_settled(found)), "\n".join(rest).strip(), known)


def table_rows(text: str) -> list[tuple[Answer, ...]]:
    """The rows of a table whose first line names its columns: "Name | Email | Phone"; () without one."""
    lines = [line.strip().strip("|").strip() for line in text.split("\n")]
    for place, line in enumerate(lines):
        names = _BAR.split(line)
        if len(names) >= 3 and sum(bool(field_for(name, name)) for name in names) >= 2:
            rows = []
            for row in lines[place + 1 :]:
                cells = _BAR.split(row)
                if len(cells) < 2 or set(row) <= set("-|: +="):
                    continue
                pairs = zip(names, cells, strict=False)
                answers = (_answer(name, cell) for name, cell in pairs if cell)
                rows.append(tuple(answer for answer in answers if answer is not None))
            return [row for row in rows if len(row) > 1]
    return []


def _pair(lines: list[str], place: int) -> tuple[tuple[str, str] | None, int]:
    """(label, value) on this line, or a label whose value is the next line; and how many lines it took."""
    line = lines[place]
    match = _LINE.match(line)
    following = lines[place + 1].strip() if place + 1 < len(lines) else ""
    if match and match["value"]:
        label = match["label"].strip(" *_")
        return ((label, match["value"].strip(" *")), 1) if _is_label(label) else (None, 1)
    label = (match["label"] if match else line).strip(" *:_")
    if (
        not following
        or _LINE.match(following)
        or len(label) > 60
        or not _stands_alone(label, match is not None)
    ):
        return None, 1
    return (label, following), 2


def _is_label(label: str) -> bool:
    words = fold(label)
    return (
        bool(words)
        and not _DOC_LABELS.match(words)
        and not _GREETING.match(label)
        and len(words.split()) <= 10
    )


def _stands_alone(label: str, colon: bool) -> bool:
    """A line that is nothing but a label that we know: forms send the value below it."""
    if not label or not _is_label(label):
        return False
    field = field_for("", label)
    return bool(field) and (colon or (len(label.split()) <= 4 and label[:1].isupper() and field in _ALONE))


_ALONE = frozenset(
    {
        "full_name",
        "first_name",
        "last_name",
        "email",
        "phone",
        "message",
        "city",
        "state",
        "postal_code",
        "loan_amount",
    }
    | {"property_value", "inquiry_type", "timeframe", "credit_band", "down_payment", "preferred_contact"}
)


def _answer(label: str, value: str) -> Answer | None:
    plain = _FIRST.sub("Borrower", label)
    second = bool(_SECOND.search(plain))
    if second:
        plain = "Co-borrower " + _SECOND.sub("", plain).strip()
    words = fold(plain)
    field = "" if second else _special(words, value)
    return Answer(label, label, (value,), field or field_for(plain, plain))


def _special(words: str, value: str) -> str:
    """What a label means in a referral, where it would mean something else on a form."""
    if words in (
        "borrower",
        "client",
        "applicant",
        "buyer",
        "cliente",
        "emprunteur",
        "acheteur",
        "comprador",
        "prospect",
    ):
        return "full_name"
    if _RELATION.fullmatch(words):
        return "co_relationship"
    if _NUMBER.fullmatch(words) and any(char.isdigit() for char in value):
        return "ignore" if len(value) > 60 else ""
    if _PROPERTY.fullmatch(words) and value[:1].isdigit():
        return "property_street"
    if _PROPERTY.fullmatch(words) or _PLACE.fullmatch(words):
        return "property_city"
    if _REQUESTED.fullmatch(words):
        return "loan_amount"
    match = _WHO_SENT.match(words)
    if match:
        tail = words[match.end() :].strip()
        return next((field for field, names in _PART if tail in names), "" if tail else "partner_name")
    return ""


def _settled(answers: list[Answer]) -> list[Answer]:
    """Advisors taken apart; what is owed counts as the loan only when nothing else was asked for."""
    asked = any(
        answer.field == "loan_amount" and _REQUESTED.fullmatch(fold(answer.label)) for answer in answers
    )
    settled: list[Answer] = []
    for answer in answers:
        if answer.field == "partner_name":
            settled += _advisor(answer)
        elif _OWED.fullmatch(fold(answer.label)):
            field = (
                UNMAPPED
                if asked or any(one.field == "loan_amount" for one in answers if one is not answer)
                else "loan_amount"
            )
            settled.append(Answer(answer.key, answer.label, answer.values, field))
        else:
            settled.append(answer)
    return settled


def _advisor(answer: Answer) -> list[Answer]:
    """ "Matthias Krol, matthias@example.org, 905-555-0170" as three answers."""
    text = answer.text
    emails, phones = emails_in(text), phones_in(text, "US")
    name = re.split(r"[,;<(|/]|\s-\s", text)[0].strip()
    parts = [Answer(answer.key, answer.label, (name,), "partner_name")] if name and "@" not in name else []
    if emails:
        parts.append(Answer(f"{answer.key} email", "", (emails[0],), "partner_email"))
    if phones:
        parts.append(Answer(f"{answer.key} phone", "", (phones[0][1],), "partner_phone"))
    return parts or [answer]
