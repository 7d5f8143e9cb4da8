"""The tables of a playbook about how what arrives is read: [categories] and [paths.<name>]."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from mapping.canonical import CANONICAL_FIELDS, IGNORE, KEEP
from mapping.facts import SOURCES
from mapping.inquiry import InquiryType
from mapping.normalize.text import fold
from mapping.playbook import values as read
from mapping.playbook.faults import Checked, Fault, fault, nearest
from mapping.playbook.reading import PathReading, Reading
from mapping.playbook.table import Table, told
from mapping.playbook.team_checks import Finding, table, words
from mapping.reading.classify import Categories
from mapping.reading.understand import NEVER_DEFAULTED

_field = read.word("field", list(CANONICAL_FIELDS))


def category_word(value: Any) -> str:
    """A word or phrase, whole; capitals, accents and punctuation do not matter."""
    word = read.text(value)
    if not fold(word):
        raise fault("there is no word in it", "Write letters or digits.")
    return word


def categories_field() -> fields.Dict:
    """[categories]"""
    return fields.Dict(
        keys=Checked(read.word("inquiry type", list(InquiryType))),
        values=fields.List(Checked(category_word)),
        load_default=dict,
        metadata=told(
            "Words of your own for inquiry types. They are asked before Firstpath's, first in the answer "
            "about the need, then in the message: keep them to what means nothing else.",
            {"commercial": ["DSCR", "bridge loan"], "refinance": ["IRRRL", "VA streamline"]},
            usual="Firstpath's own words alone",
        ),
    )


class PathReadingSchema(Table):
    """[paths.<path>]"""

    fields_ = fields.Dict(
        keys=Checked(read.text),
        values=Checked(read.word("field", [*CANONICAL_FIELDS, IGNORE, KEEP])),
        load_default=dict,
        data_key="fields",
        metadata=told(
            "The sender's name or label of a question, and the field it fills; ignore leaves the answer out, "
            "keep shows it to the owner as it was asked. What the settings or the desk say wins.",
            {"How much would you like?": "loan_amount", "Newsletter": "ignore"},
            usual="Firstpath's own words decide",
        ),
    )
    values = fields.Dict(
        keys=Checked(_field),
        values=fields.Dict(keys=Checked(read.text), values=Checked(read.text)),
        load_default=dict,
        metadata=told(
            "What an answer means, by the field it fills; capitals do not matter.",
            {"inquiry_type": {"Option 1": "purchase", "Option 2": "refinance"}},
            usual="answers mean what they say",
        ),
    )
    defaults = fields.Dict(
        keys=Checked(_field),
        values=Checked(read.text),
        load_default=dict,
        metadata=told(
            "What a field is when nothing was answered; consent is never assumed.",
            {"inquiry_type": "purchase"},
            usual="nothing is assumed",
        ),
    )

    @validates_schema(skip_on_field_errors=False)
    def meanings_exist(self, data: Mapping[str, Any], **_: Any) -> None:
        """Refuse meanings that a field does not have, and assumed consent. Raises ValidationError."""
        faults: dict[str, Any] = {}
        for name, meanings in data.get("values", {}).items():
            for said, meant in meanings.items():
                if fault := _no_option(name, meant):
                    faults.setdefault("values", {}).setdefault(name, {})[said] = [fault]
        for name, assumed in data.get("defaults", {}).items():
            fault = _assumed(name) or _no_option(name, assumed)
            if fault:
                faults.setdefault("defaults", {})[name] = [fault]
        if faults:
            raise ValidationError(faults)


def _no_option(name: str, meant: str) -> Fault | None:
    options = SOURCES[name].options if name in SOURCES else ()
    if not options or meant in options:
        return None
    return Fault("the field has no such value", nearest(meant, options))


def _assumed(name: str) -> Fault | None:
    if name not in NEVER_DEFAULTED:
        return None
    return Fault("consent cannot be assumed", "Remove this line: only the person can say it.")


def paths_field() -> fields.Dict:
    """[paths.<path>]"""
    return fields.Dict(
        keys=Checked(read.text),
        values=fields.Nested(PathReadingSchema),
        load_default=dict,
        metadata=told(
            "What the answers of one intake path mean, by the path's name in the settings.",
            usual="no path has its own",
            one="path",
            key=("path", "purchase-form"),
        ),
    )


def reading_check(data: Mapping[str, Any]) -> Iterator[Finding]:
    """A word may stand for one inquiry type only."""
    seen: dict[str, str] = {}
    for kind, listed in table(data.get("categories")).items():
        for index, word in enumerate(words(listed)):
            first = seen.setdefault(fold(word), kind)
            if fold(word) and first != kind:
                fault = Fault(f"this word stands for {first} already", "Keep it in one of the two lists.")
                yield ("categories", kind, index), fault


def build_reading(data: Mapping[str, Any]) -> Reading:
    """From checked data."""
    return Reading(
        categories=_categories(data["categories"]),
        paths={
            name: PathReading(row["fields_"], row["values"], row["defaults"])
            for name, row in data["paths"].items()
        },
    )


def _categories(rows: Mapping[str, list[str]]) -> Categories:
    """One pattern for each type, over folded text."""
    return tuple(
        (InquiryType(kind), re.compile(rf"\b(?:{'|'.join(re.escape(fold(word)) for word in listed)})\b"))
        for kind, listed in rows.items()
        if listed
    )
