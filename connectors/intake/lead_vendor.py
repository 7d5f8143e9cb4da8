"""Lead vendors that post a tree or a flat list of fields: a table of their names is all that differs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from connectors.intake.base import (
    Adapter,
    Document,
    DocumentKind,
    Options,
    RawRequest,
    Unreadable,
)
from connectors.intake.envelope import aware_time, usable_id
from connectors.intake.flatten import flatten
from connectors.intake.json_shape import in_words
from connectors.intake.proof import require_token
from mapping.answers import UNMAPPED, Answer, Answers
from mapping.canonical import IGNORE

_NOT_WORD = re.compile(r"[^a-z0-9@#]+")
_MASKED = re.compile(r"\*|(?<![a-z])x{3,}|#{3,}", re.IGNORECASE)
_REACH = ("email", "phone")
_MARKS = ("@ismasked", "@istest", "@id", "@type")  # attributes about a value; any other is one itself
_YES = ("y", "yes", "true", "1")


@dataclass(frozen=True, slots=True)
class Dialect:
    """What one vendor calls things.

    fields, ids, times and tests are the ends of a field's dotted name in small letters without punctuation
    ("sender.firstname"); the longest that fits decides. guesses leaves other names to the vocabulary, else
    they are only kept. together makes one answer of several ("agentfirstname agentlastname" → one name).
    reads turns a value that means more than it says into words.
    """

    vendor: str
    fields: Mapping[str, str]
    ids: tuple[str, ...] = ()
    times: tuple[str, ...] = ()
    tests: tuple[str, ...] = ("istest", "@istest", "test")
    guesses: bool = True
    together: Mapping[str, tuple[tuple[str, ...], str]] = field(default_factory=dict)
    reads: Mapping[str, Callable[[str], str]] = field(default_factory=dict)
    needs: tuple[str, ...] = ()  # one of these must be there, or it is another vendor's shape


@dataclass(frozen=True, slots=True)
class _Named:
    """An answer by the dotted name of its field."""

    name: tuple[str, ...]
    shown: str
    answer: Answer


class LeadVendor(Adapter):
    """Flat or nested, JSON, form or XML. Whoever posts shows the path's token, if one is set."""

    takes: frozenset[DocumentKind] = frozenset({"json", "form", "xml"})

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.vendor = dialect.vendor

    def verify(self, request: RawRequest, secret: str) -> None:
        """The token in the address, in a header or as the password."""
        require_token(request, secret)

    def read(self, document: Document, request: RawRequest, options: Options) -> Sequence[Answers]:
        """One inquiry. Raises Unreadable: wrong_shape, too_many_fields."""
        return [self.lead(document)]

    def lead(self, document: Document) -> Answers:
        """The inquiry in a document of this vendor's."""
        dialect = self.dialect
        if document.kind != "form" and not isinstance(document.json, dict | list):
            raise Unreadable("wrong_shape", "The body is a bare value, not a lead.", keep=True)
        tree = document if document.kind == "form" else Document("json", json=document.json)
        named = [_named(each) for each in flatten(tree)]
        if dialect.needs and not any(_fits(each, dialect.needs) for each in named):
            raise Unreadable("wrong_shape", f"This does not look like a lead of {self.vendor}.", keep=True)
        if any(_fits(each, dialect.tests) and each.answer.text.lower() in _YES for each in named):
            return Answers(self.vendor, (), ignored="A test lead.", ignored_code="test_lead")
        return Answers(
            self.vendor,
            tuple(self._items(named)),
            external_id=usable_id(_first(named, dialect.ids)),
            submitted_at=aware_time(_first(named, dialect.times)),
        )

    def _items(self, named: Sequence[_Named]) -> Iterator[Answer]:
        masked = {each.name[:-1] for each in named if each.name[-1] == "@ismasked" and _is_yes(each)}
        parts: dict[str, list[str]] = {}
        for each in named:
            ending = _longest_fit(each, self.dialect.fields)
            combined = next(
                (name for name, (ends, _) in self.dialect.together.items() if _fits(each, ends)), ""
            )
            if combined:
                parts.setdefault(combined, []).append(each.answer.text)
            elif not _fits(each, (*self.dialect.ids, *self.dialect.tests)):
                yield from self._item(each, ending, hidden=each.name in masked)
        for name, values in parts.items():
            read = self.dialect.reads.get(name)
            text = read(" ".join(values)) if read else " ".join(values)
            yield Answer(name, "", (text,), self.dialect.together[name][1])

    def _item(self, each: _Named, ending: str, *, hidden: bool) -> Iterator[Answer]:
        known = self.dialect.fields.get(ending, "")
        if known == IGNORE or (not known and each.name[-1].startswith("@")):
            return
        if not known and not self.dialect.guesses:
            known = UNMAPPED
        values = each.answer.values
        if known in _REACH and (hidden or any(map(_MASKED.search, values))):
            # Several people may share what a vendor puts in place of an address: it names nobody.
            known = UNMAPPED
        read = self.dialect.reads.get(ending)
        if read:
            values = tuple(map(read, values))
        label = each.answer.label or ("" if known == "" else in_words(each.shown))
        yield replace(each.answer, values=values, field=known, label=label)


def _named(answer: Answer) -> _Named:
    """The name without list numbers and without the mark of an XML element's own text."""
    parts = [part for part in answer.key.split(".") if not part.isdigit() and part != "#text"] or [answer.key]
    shown = [part if part.lower() in _MARKS else part.removeprefix("@") for part in parts]
    name = tuple(_NOT_WORD.sub("", part.lower()) for part in shown)
    key = ".".join(shown)
    return _Named(name, shown[-1], replace(answer, key=key))


def _longest_fit(each: _Named, table: Mapping[str, object]) -> str:
    endings = (".".join(each.name[start:]) for start in range(len(each.name)))
    return next((ending for ending in endings if ending in table), "")


def _fits(each: _Named, endings: Sequence[str]) -> bool:
    return bool(endings) and bool(_longest_fit(each, dict.fromkeys(endings)))


def _first(named: Sequence[_Named], endings: Sequence[str]) -> str:
    """The value of the first name that fits, of those the one that is nested least."""
    for ending in endings:
        found = [each for each in named if _fits(each, (ending,))]
        if found:
            return min(found, key=lambda each: len(each.name)).answer.text
    return ""


def _is_yes(each: _Named) -> bool:
    return each.answer.text.lower() in _YES
