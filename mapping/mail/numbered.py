"""Several people in one mail: a numbered list, or one block of labelled lines after the other."""

from __future__ import annotations

import re

from mapping.mail.reach import emails_in, phones_in

_ITEM = re.compile(
    r"^[ \t>]*(?:(?:client|referral|lead|borrower|buyer|cliente|référence|acheteur)\s*)?(?:#"
    r"|n[o°]\.?\s*)?(?P<number>\d{1,2})\s*(?:[.):]|[-–]\s)\s*",
    re.IGNORECASE | re.MULTILINE,
)
_NAME_LINE = re.compile(
    r"^[ \t>*]*(?:client |borrower |buyer |full )?(?:name|nom|nombre|first name|prénom"
    r"|cliente?)(?: complet[oe]?)?\s*\*?:",
    re.IGNORECASE,
)
_MOST = 50


def items_of(text: str, country: str) -> tuple[str, list[str]]:
    """What stands before the list, and its items; none unless two or more can be reached."""
    for before, items in (_numbered(text), _repeated(text)):
        reachable = [item for item in items if emails_in(item) or phones_in(item, country)]
        if len(items) >= 2 and len(reachable) == len(items):
            return before, items[:_MOST]
    return text, []


def _numbered(text: str) -> tuple[str, list[str]]:
    """Items numbered 1, 2, 3; the last one ends at the first empty line."""
    marks = list(_ITEM.finditer(text))
    wanted, chosen = 1, []
    for mark in marks:
        if int(mark["number"]) == wanted:
            chosen.append(mark)
            wanted += 1
    if len(chosen) < 2:
        return text, []
    ends = [mark.start() for mark in chosen[1:]]
    last = re.search(r"\n[ \t]*\n", text[chosen[-1].end() :])
    ends.append(chosen[-1].end() + last.start() if last else len(text))
    items = [text[mark.end() : end].strip() for mark, end in zip(chosen, ends, strict=True)]
    rest = text[: chosen[0].start()] + text[ends[-1] :]
    return rest.strip(), items


def _repeated(text: str) -> tuple[str, list[str]]:
    """Blocks that each begin with a line for the name."""
    lines = text.split("\n")
    starts = [place for place, line in enumerate(lines) if _NAME_LINE.match(line)]
    if len(starts) < 2:
        return text, []
    label = lines[starts[0]].split(":")[0].strip(" *>\t").lower()
    starts = [place for place in starts if lines[place].split(":")[0].strip(" *>\t").lower() == label]
    if len(starts) < 2:
        return text, []
    ends = [*starts[1:], len(lines)]
    items = ["\n".join(lines[start:end]).strip() for start, end in zip(starts, ends, strict=True)]
    return "\n".join(lines[: starts[0]]).strip(), items
