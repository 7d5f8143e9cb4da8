"""Records as a query answers them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.crm.base import Uncertain
from connectors.crm.people import Person
from connectors.crm.salesforce.describe import ObjectInfo
from connectors.crm.salesforce.modes import KEY, PLACEHOLDER
from connectors.crm.salesforce.values import read

_ID = re.compile(r"[A-Za-z0-9]{18}|[A-Za-z0-9]{15}")
_NOT_A_PERSONS_PHONE = ("fax", "assistant")


@dataclass(frozen=True, slots=True)
class Row:
    """One record: its id and its values as texts; a field without a value is left out."""

    id: str
    texts: Mapping[str, str]

    def text(self, name: str) -> str:
        """A value, "" when there is none."""
        return self.texts.get(name, "")

    def flag(self, name: str) -> bool:
        """Whether a checkbox is ticked."""
        return self.text(name) == "true"

    def standing(self) -> dict[str, str]:
        """What a person may have put there: not a box that was never ticked, nor our placeholder."""
        return {n: v for n, v in self.texts.items() if v != "false" and v != PLACEHOLDER}


def rows_of(answer: Any) -> list[Row]:
    """The records of one page of a query. Raises Uncertain for anything that is not one."""
    records = answer.get("records") if isinstance(answer, dict) else None
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        raise Uncertain("Salesforce answered a query with something that is not a list of records.")
    return [_row(record) for record in records]


def is_id(value: object) -> bool:
    """Whether it is a record id of 15 or 18 characters."""
    return isinstance(value, str) and bool(_ID.fullmatch(value))


def same_id(a: str, b: str) -> bool:
    """Whether two ids are the same record's; the last three of 18 characters only repeat the others' case."""
    return a[:15] == b[:15]


def identity(info: ObjectInfo) -> tuple[str, ...]:
    """The fields of a person that tell people apart, as far as this org has them."""
    names = (KEY, "FirstName", "LastName", "IsDeleted", "MasterRecordId", *emails(info), *phones(info))
    return tuple(name for name in names if name in info.fields)


def emails(info: ObjectInfo) -> tuple[str, ...]:
    """Every field that holds an email address, also the org's own."""
    return info.of_type("email")


def phones(info: ObjectInfo) -> tuple[str, ...]:
    """Every field that holds a phone number of the person."""
    return tuple(
        name
        for name in info.of_type("phone")
        if not any(word in name.lower() for word in _NOT_A_PERSONS_PHONE)
    )


def person(row: Row, info: ObjectInfo) -> Person:
    """Who this record is."""
    last = row.text("LastName")
    return Person(
        id=row.id,
        key=row.text(KEY),
        emails=_filled(row, emails(info)),
        phones=_filled(row, phones(info)),
        first_name=row.text("FirstName"),
        last_name="" if last == PLACEHOLDER else last,
    )


def _filled(row: Row, names: Iterable[str]) -> tuple[str, ...]:
    return tuple(text for name in names if (text := row.text(name)))


def _row(record: Mapping[str, Any]) -> Row:
    remote_id = record.get("Id")
    if not isinstance(remote_id, str) or not is_id(remote_id):
        raise Uncertain("Salesforce answered a query with a record that has no id.")
    attributes = record.get("attributes")
    url = str(attributes.get("url") or "") if isinstance(attributes, dict) else ""
    if url and not same_id(url.rpartition("/")[2], remote_id):
        raise Uncertain("Salesforce answered a query with a record that has two ids.")
    values = {name: read(value) for name, value in record.items() if not isinstance(value, dict | list)}
    return Row(remote_id, {name: value for name, value in values.items() if value and name != "Id"})
