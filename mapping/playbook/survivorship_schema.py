"""The table of a playbook about which value of a borrower is shown when different ones were said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from mapping.people.survivorship import (
    COLLECTING,
    MAY_COLLECT,
    PREFERENCES,
    SOURCES,
    USUAL_RULES,
    Survivorship,
)
from mapping.playbook import values as read
from mapping.playbook.faults import Checked, Fault
from mapping.playbook.table import Table, told


def _rules(topic: str, about: str, example: list[str]) -> fields.List[str]:
    known = (*PREFERENCES, *COLLECTING) if topic in MAY_COLLECT else PREFERENCES
    usual = ", ".join(USUAL_RULES[topic])
    return fields.List(
        Checked(read.word("survivorship rule", known)), metadata=told(about, example, usual=usual)
    )


class SurvivorshipSchema(Table):
    """[survivorship]"""

    trusted = fields.List(
        Checked(read.word("kind of source", SOURCES)),
        metadata=told(
            "Whom most_trusted believes, the most trusted first: a loan application, a referral partner, or "
            "a form the person filled in.",
            ["application", "partner", "form"],
            usual=", ".join(SOURCES),
        ),
    )
    name = _rules(
        "name",
        "First name, middle name, last name and suffix, each for itself.",
        ["typed_by_person", "most_trusted", "most_complete", "newest"],
    )
    email = _rules(
        "email",
        "The main email; the others are kept beside it. not_shared prefers an address that no other borrower "
        "uses.",
        ["typed_by_person", "not_shared", "newest"],
    )
    phone = _rules(
        "phone",
        "The main phone with its extension; the others are kept beside it.",
        ["typed_by_person", "not_shared", "newest"],
    )
    address = _rules(
        "address",
        "Street, city, state and postal code, always from one inquiry together.",
        ["typed_by_person", "most_complete", "newest"],
    )
    company = _rules("company", "The company.", ["typed_by_person", "newest"])
    birth_date = _rules(
        "birth_date",
        "The birth date, of which only a keyed hash is kept.",
        ["typed_by_person", "most_trusted", "first"],
    )
    relationship = _rules("relationship", "What a co-borrower is to the borrower.", ["newest"])
    tags = _rules("tags", "What was asked for: purchase, renewal. union keeps every one once.", ["union"])
    notes = _rules("notes", "What the person wrote. append keeps all, the oldest first.", ["append"])

    @validates_schema(skip_on_field_errors=False)
    def can_be_followed(self, data: Mapping[str, Any], **_: Any) -> None:
        """Refuse lists that say nothing or contradict themselves. Raises ValidationError."""
        faults = {key: found for key, rules in data.items() if (found := _fault(rules)) is not None}
        if faults:
            raise ValidationError({key: [found] for key, found in faults.items()})


def _fault(rules: list[str]) -> Fault | None:
    if not rules:
        return Fault("this list is empty", "Leave the key out to use the usual rules.")
    if len(set(rules)) < len(rules):
        return Fault("a word stands twice", "Remove one of the two.")
    if len(rules) > 1 and not set(rules).isdisjoint(COLLECTING):
        remedy = f'Write ["{next(one for one in rules if one in COLLECTING)}"] alone.'
        return Fault("a rule that keeps every value leaves nothing to choose", remedy)
    return None


def build_survivorship(row: Mapping[str, Any]) -> Survivorship:
    """The rules in force, from data that SurvivorshipSchema has loaded."""
    rules = {topic: tuple(row.get(topic, usual)) for topic, usual in USUAL_RULES.items()}
    return Survivorship(tuple(row.get("trusted", SOURCES)), rules)
