"""A forwarded mail taken apart: what each writer added, from the outermost note to the original."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from mapping.mail.letter import Letter, Person
from mapping.mail.quoting import ATTRIBUTION, without_quotes

_FORWARD_SUBJECT = re.compile(
    r"^\s*(?:\[[^\]]{1,30}\]\s*)?(?:fwd?|tr|rv|wg|i|enc|reenv|transf\w*)\s*:", re.IGNORECASE
)
_REPLY_SUBJECT = re.compile(r"^\s*(?:\[[^\]]{1,30}\]\s*)?(?:re|aw|rép|rep|res|ref)\s*:", re.IGNORECASE)
_SAYS_FORWARDED = re.compile(
    r"^[\s>*]*(?:-{2,}\s*(?:forwarded (?:message|by)|message transf[ée]r[ée]|message r[ée]exp[ée]di[ée]"
    r"|mensaje reenviado|weitergeleitete nachricht).*"
    r"|(?:begin forwarded message|d[ée]but du message (?:r[ée]exp[ée]di[ée]|transf[ée]r[ée])"
    r"|inicio del mensaje reenviado)\s*:?\s*)$",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(
    r"^[\s>*]*(?:_{10,}|-{3,}\s*(?:original message|message d['’]origine|message original"
    r"|mensaje original)\s*-{3,})\s*$",
    re.IGNORECASE,
)
_HEADER = re.compile(
    r"^(?P<quote>[\s>]*)\*?(?P<label>from|de|von|sent|date|envoy[ée](?: le)?|enviado(?: el)?|fecha|to"
    r"|[àa]|para|pour"
    r"|cc|subject|objet|sujet|asunto|reply-to|r[ée]pondre [àa]|responder a)\s?\*?\s*:\*?\s*(?P<value>.*)$",
    re.IGNORECASE,
)
_KINDS = {
    **dict.fromkeys(("from", "de", "von"), "from"),
    **dict.fromkeys(
        ("sent", "date", "envoyé", "envoye", "envoyé le", "envoye le", "enviado", "enviado el"), "date"
    ),
    **dict.fromkeys(("fecha",), "date"),
    **dict.fromkeys(("to", "à", "a", "para", "pour"), "to"),
    **dict.fromkeys(("subject", "objet", "sujet", "asunto"), "subject"),
}
_LONGEST_BLOCK = 14  # lines: long lists of recipients are broken
_MOST_LAYERS = 12
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"']+@[^\s<>()\[\],;:\"']+\.[^\s<>()\[\],;:\"']+")


@dataclass(frozen=True, slots=True)
class Layer:
    """What one writer wrote; subject is "" where it is not said."""

    writer: Person
    body: str
    subject: str = ""


@dataclass(slots=True)
class _Block:
    """A block of quoted headers: lines first to after, said to be forwarded or not."""

    first: int
    after: int
    quote: str
    found: dict[str, str] = field(default_factory=dict)
    forwarded: bool = False


def layers_of(letter: Letter, ours: Callable[[Person], bool]) -> list[Layer]:
    """The note first, the original last; one layer when nothing is forwarded. Quoted replies are cut off.

    ours says who is one of us: what we wrote ourselves and somebody sends back is no original.
    """
    forwards = bool(_FORWARD_SUBJECT.match(letter.subject))
    replies = bool(_REPLY_SUBJECT.match(letter.subject)) or (bool(letter.in_reply_to) and not forwards)
    found = _unfold(Layer(letter.sender, letter.text, letter.subject), forwards, replies, ours)
    for inner in letter.messages[:3]:
        if not ours(inner.sender):
            found += layers_of(inner, ours)
    return _to_the_original(found[:_MOST_LAYERS], letter.sender, ours)


def _to_the_original(found: list[Layer], sender: Person, ours: Callable[[Person], bool]) -> list[Layer]:
    """Without what the sender or we wrote before: the borrower had answered to it.

    When nothing else is inside, it is the sender's own text, sent once more.
    """
    kept = list(found)
    while len(kept) > 1 and (kept[-1].writer.address == sender.address or ours(kept[-1].writer)):
        kept.pop()
    if len(kept) == 1 and len(found) > 1 and found[1].writer.address == sender.address:
        return [Layer(kept[0].writer, f"{found[1].body}\n\n{kept[0].body}".strip(), kept[0].subject)]
    return kept


def _unfold(
    outer: Layer, forwards: bool, replies: bool, ours: Callable[[Person], bool], depth: int = 0
) -> list[Layer]:
    lines = outer.body.split("\n")
    block = _first_block(lines) if depth < _MOST_LAYERS else None
    if block is None:
        return _by_attribution(outer, forwards, ours)
    writer = _person(block.found["from"])
    by_us = ours(writer)
    if not block.forwarded and (replies or by_us) and not forwards:
        note = without_quotes("\n".join(lines[: block.first]))
        return [Layer(outer.writer, note, outer.subject)]
    note = without_quotes("\n".join(lines[: block.first]))
    rest = "\n".join(_unquoted(line, block.quote) for line in lines[block.after :])
    subject = block.found.get("subject", "")
    inner = Layer(writer, rest.strip("\n"), subject)
    deeper = _unfold(
        inner,
        bool(_FORWARD_SUBJECT.match(subject)),
        bool(_REPLY_SUBJECT.match(subject)),
        ours,
        depth + 1,
    )
    if by_us and len(deeper) == 1:
        return [Layer(outer.writer, note, outer.subject)]  # our own mail came back with a note
    return [Layer(outer.writer, note, outer.subject), *deeper]


def _by_attribution(outer: Layer, forwards: bool, ours: Callable[[Person], bool]) -> list[Layer]:
    """Programs that forward as they reply: "On Monday Ann Lee <ann@example.com> wrote:" and the text."""
    match = ATTRIBUTION.search(outer.body) if forwards else None
    writer = _person(match[0]) if match else Person()
    if match is None or not writer.address or ours(writer):
        return [Layer(outer.writer, without_quotes(outer.body), outer.subject)]
    rest = "\n".join(re.sub(r"^\s*> ?", "", line) for line in outer.body[match.end() :].split("\n"))
    note = Layer(outer.writer, outer.body[: match.start()].strip(), outer.subject)
    name = re.sub(r"^.*(?:,|\d|\b[AP]M\b)\s+", "", match[0][: match[0].find(writer.address)].strip(" <("))
    return [note, Layer(Person(name.strip(" ,<\n>"), writer.address), without_quotes(rest.strip()))]


def _first_block(lines: list[str]) -> _Block | None:
    """The first block of headers; looked for only where a From line is near."""
    matches = [_HEADER.match(line) for line in lines]
    kinds = [_KINDS.get(match["label"].lower(), "other") if match else "" for match in matches]
    tried = -1
    for sender in (place for place, kind in enumerate(kinds) if kind == "from"):
        for place in range(max(tried + 1, sender - _LONGEST_BLOCK), sender + 1):
            match, tried = matches[place], max(tried, place)
            block = _block_at(lines, place, match["quote"]) if match else None
            if block:
                return block
    return None


def _block_at(lines: list[str], place: int, quote: str) -> _Block | None:
    """The header block that begins here, if it is one: a From line alone is a line of a form."""
    found: dict[str, str] = {}
    after, last, first = place, "", place
    while after < len(lines) and after - place < _LONGEST_BLOCK:
        match = _HEADER.match(lines[after])
        if match:
            last = _KINDS.get(match["label"].lower(), "other")
            found.setdefault(last, match["value"].strip().strip("*"))
        elif last and lines[after].strip(" >"):
            if last not in ("to", "other", "from") or not _continues(lines[after]):
                break
            found[last] = f"{found[last]} {lines[after].strip(' >')}"
        elif not found.get(last, "x"):
            pass  # the value stands on the next line
        else:
            break
        after += 1
    if "from" not in found or not ({"date", "subject"} & found.keys()) or len(found) < 3:
        return None
    above = place - 1
    while above >= 0 and not lines[above].strip(" >"):
        above -= 1
    forwarded = above >= 0 and bool(_SAYS_FORWARDED.match(lines[above]))
    if forwarded or (above >= 0 and _SEPARATOR.match(lines[above])):
        first = above
    return _Block(first, after, quote.strip(" "), found, forwarded)


def _continues(line: str) -> bool:
    return "@" in line or line.strip().endswith(";")


def _unquoted(line: str, quote: str) -> str:
    for _ in range(quote.count(">")):
        line = re.sub(r"^\s*> ?", "", line)
    return line


def _person(text: str) -> Person:
    """ "Ann Lee <ann@example.com>", "Ann Lee [mailto:ann@example.com]", "ann@example.com" or a name alone."""
    address = _ADDRESS.search(text.replace("mailto:", " "))
    name = re.split(r"[<\[(]", text)[0]
    name = _ADDRESS.sub("", name).strip(" \t\"'*,;")
    return Person(name, address[0].lower().strip(".") if address else "")
