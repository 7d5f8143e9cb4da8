"""Which value of a borrower is shown when different ones were said. All are kept; the shown one is computed.

What is shown depends on what was said, by whom and when, never on the order in which we learnt of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from operator import attrgetter, itemgetter
from types import MappingProxyType

from msgspec import Struct

from mapping.inquiry import Inquiry, Party
from mapping.people.lookup_keys import email_key, phone_key

#: Who may have said something. A person is somebody who typed it into the CRM.
PERSON = "person"
SOURCES = ("application", "partner", "form")
#: How competing values are compared: the first of a field's rules that tells two apart decides.
PREFERENCES = ("typed_by_person", "most_trusted", "most_complete", "not_shared", "newest", "first")
#: Rules that keep several values instead of choosing one; each stands alone.
COLLECTING = ("append", "union")
#: What one value may be long; a note is cut, not lost: its inquiry has all of it.
_LONGEST = 300
#: So many inquiries of a borrower are told apart; of older ones only what is still shown is kept.
MOST_HEARD = 24
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_FACTS = tuple(Party.__dataclass_fields__)
_values_of = attrgetter(*_FACTS)
_is_said = itemgetter(1)

#: What a rule is about → the fields it decides. Those of a block are always taken from one inquiry together.
TOPICS: Mapping[str, tuple[tuple[str, ...], ...]] = MappingProxyType(
    {
        "name": (("first_name",), ("middle_name",), ("last_name",), ("suffix",)),
        "email": (("email",),),
        "phone": (("phone", "phone_ext"),),
        "address": (("street", "city", "state", "postal_code"),),
        "company": (("company",),),
        "birth_date": (("birth_hash",),),
        "relationship": (("relationship",),),
        "tags": (("tags",),),
        "notes": (("notes",),),
    }
)
#: Only these may collect values.
MAY_COLLECT = ("company", "tags", "notes")
_Block = tuple[str, tuple[str, ...]]  # its topic, its fields
_BLOCKS: tuple[_Block, ...] = tuple((topic, block) for topic, blocks in TOPICS.items() for block in blocks)
_BLOCK_OF = {name: each for each in _BLOCKS for name in each[1]}
_OF_SEVERAL = tuple(each for each in _BLOCKS if len(each[1]) > 1)
_MAY_COLLECT = tuple(each for each in _BLOCKS if each[0] in MAY_COLLECT)
USUAL_RULES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "name": ("typed_by_person", "most_trusted", "most_complete", "newest"),
        "email": ("typed_by_person", "not_shared", "newest"),
        "phone": ("typed_by_person", "not_shared", "newest"),
        "address": ("typed_by_person", "most_complete", "newest"),
        "company": ("typed_by_person", "newest"),
        "birth_date": ("typed_by_person", "most_trusted", "first"),
        "relationship": ("newest",),
        "tags": ("union",),
        "notes": ("append",),
    }
)


@dataclass(frozen=True, slots=True)
class Survivorship:
    """The rules in force: by topic, and whom to trust, the most trusted first."""

    trusted: tuple[str, ...] = SOURCES
    rules: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: USUAL_RULES)


class Heard(Struct, frozen=True, omit_defaults=True):
    """What one inquiry said about a borrower: facts by name, blanks left out.

    source is one of SOURCES or PERSON, "" when it is not known; at is None for what was kept before values
    were told apart. shared names the facts that other borrowers use too.
    """

    inquiry_id: str
    at: datetime | None
    source: str
    facts: dict[str, str]
    shared: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact with the value that is shown, and what else was said, each with the inquiry that said it."""

    name: str
    value: str
    said_by: Heard
    others: tuple[tuple[str, Heard], ...]


def hear(party: Party, inquiry: Inquiry, inquiry_id: str, *, borrower: bool = True) -> Heard:
    """What an inquiry says about one of its parties; of the borrower also what was asked for and said."""
    facts = stated(party)
    if borrower:
        facts["tags"] = str(inquiry.type)
        facts |= {"notes": _cut(inquiry.message)} if inquiry.message else {}
    source = "application" if inquiry.application else "partner" if inquiry.partner else "form"
    return Heard(inquiry_id, inquiry.received_at, source, facts)


def as_before(party: Party) -> Heard:
    """What was known of a borrower before values were told apart."""
    return Heard("", None, "", stated(party))


def stated(party: Party) -> dict[str, str]:
    """The party's facts by name, blanks left out."""
    return dict(filter(_is_said, zip(_FACTS, _values_of(party), strict=True)))


def shown(heard: Sequence[Heard], rules: Survivorship) -> dict[str, str]:
    """The value of each fact that is shown; facts that nobody stated are left out."""
    if len(heard) == 1:
        return dict(heard[0].facts)
    found: dict[str, str] = {}
    for one in heard:
        found |= one.facts
    judged = _to_judge(heard, found, rules)
    ordered = _ordered(heard) if judged else ()
    for topic, block in judged:
        for name in block:
            found.pop(name, None)
        found |= _shown(block, ordered, rules.rules[topic], rules.trusted)
    return found


def _to_judge(heard: Sequence[Heard], said: Mapping[str, str], rules: Survivorship) -> list[_Block]:
    """Of what was said: what differs, what not everybody said all of, and lists to be made one."""
    pairs = set[tuple[str, str]]().union(*[one.facts.items() for one in heard])
    contested = {name for name, value in pairs if said[name] != value} if len(pairs) > len(said) else ()
    found = {_BLOCK_OF[name]: None for name in contested}
    for topic, block in _OF_SEVERAL:
        names = said.keys() & block
        if len(names) > 1 and any(0 < len(names & one.facts.keys()) < len(names) for one in heard):
            found[topic, block] = None
    for topic, block in _MAY_COLLECT:
        if "," in said.get(block[0], "") and rules.rules[topic][0] in COLLECTING:
            found[topic, block] = None
    return list(found)


def _shown(
    block: tuple[str, ...], ordered: Sequence[Heard], asked: tuple[str, ...], trusted: tuple[str, ...]
) -> dict[str, str]:
    saying = [one for one in ordered if not one.facts.keys().isdisjoint(block)]
    if asked[0] in COLLECTING:
        (name,) = block
        return {name: _collected(asked[0], name, saying)}
    values = [{name: one.facts[name] for name in block if name in one.facts} for one in saying]
    if values.count(values[0]) == len(values):
        return values[0]
    best = max(range(len(saying)), key=lambda place: (*_merits(saying[place], block, asked, trusted), place))
    return values[best]


def facts_of(heard: Sequence[Heard], rules: Survivorship) -> tuple[Fact, ...]:
    """Every fact with its competing values, for a person to see."""
    values = shown(heard, rules)
    newest_first = _ordered(heard)[::-1]
    found = []
    # In the order of TOPICS, whoever said what first.
    for name, value in [(name, values[name]) for name in _BLOCK_OF if name in values]:
        saying = [one for one in newest_first if name in one.facts]
        agreeing = [one for one in saying if one.facts[name] == value]
        others = {one.facts[name]: one for one in reversed(saying) if one.facts[name] != value}
        collected = not agreeing
        competing = () if collected else tuple(reversed(others.items()))
        found.append(Fact(name, value, (agreeing or saying)[0], competing))
    return tuple(found)


def bounded(heard: Iterable[Heard], rules: Survivorship) -> tuple[Heard, ...]:
    """The same, each once, the oldest first; beyond MOST_HEARD the oldest go that show nothing.

    The very first stays: it is what brought the borrower here.
    """
    ordered = _ordered(heard)
    kept = [one for place, one in enumerate(ordered) if not place or one != ordered[place - 1]]
    while len(kept) > MOST_HEARD:
        values = _but_notes(shown(kept, rules))
        places = range(1, len(kept))
        needless = (at for at in places if _but_notes(shown(kept[:at] + kept[at + 1 :], rules)) == values)
        del kept[next(needless, 1)]
    return tuple(kept)


def _but_notes(values: Mapping[str, str]) -> dict[str, str]:
    """Notes are many; each inquiry has its own, so that those of the oldest may go."""
    return {name: value for name, value in values.items() if name != "notes"}


def _ordered(heard: Iterable[Heard]) -> list[Heard]:
    """A total order of what may be heard, the oldest first, so that nothing is left to chance."""
    everything = list(heard)
    told_apart = len(set(map(_inquiry_of, everything))) == len(everything)
    return sorted(everything, key=_inquiry_of if told_apart else _order)


def _inquiry_of(one: Heard) -> tuple[datetime, str, str]:
    return one.at or _LONG_AGO, one.inquiry_id, one.source


def _order(one: Heard) -> tuple[object, ...]:
    return *_inquiry_of(one), sorted(one.facts.items()), one.shared


def _collected(rule: str, name: str, saying: Sequence[Heard]) -> str:
    values = (one.facts[name] for one in saying)
    if rule == "append":
        return "\n".join(dict.fromkeys(values))
    parts = {part.strip() for value in values for part in value.split(",")}
    return ", ".join(sorted(parts - {""}))


def _merits(
    one: Heard, block: tuple[str, ...], asked: tuple[str, ...], trusted: tuple[str, ...]
) -> tuple[object, ...]:
    """To be compared with the merits of others: the higher is shown. Dummies are worth less than anything."""
    ranks = tuple(_merit(rule, one, block, trusted) for rule in asked)
    return (not _is_dummy(one, block), *ranks)


def _merit(rule: str, one: Heard, block: tuple[str, ...], trusted: tuple[str, ...]) -> object:
    if rule == "typed_by_person":
        return one.source == PERSON
    if rule == "most_trusted":
        return -trusted.index(one.source) if one.source in trusted else -len(trusted)
    if rule == "most_complete":
        return _completeness(one, block)
    if rule == "not_shared":
        return not any(name in one.shared for name in block)
    moment = (one.at or _LONG_AGO).timestamp()
    return -moment if rule == "first" else moment


def _is_dummy(one: Heard, block: tuple[str, ...]) -> bool:
    value = one.facts.get(block[0], "")
    return (block[0] == "email" and not email_key(value)) or (block[0] == "phone" and not phone_key(value))


def _completeness(one: Heard, block: tuple[str, ...]) -> tuple[int, bool, int, int, int]:
    """Fuller beats shorter: more of a block, proper case, more words, accents over none, more letters."""
    values = [one.facts[name] for name in block if name in one.facts]
    text = " ".join(values)
    proper = text != text.upper() and text != text.lower()
    accents = sum(1 for letter in text if ord(letter) > 127)
    return len(values), proper, len(text.split()), _letters(text), accents


def _letters(text: str) -> int:
    return sum(1 for letter in text if letter.isalpha())


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
