"""What a duplicate rule of Salesforce answers when it finds records like the one to be written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from connectors.crm.base import Rejected

_ID = re.compile(r"[A-Za-z0-9]{18}|[A-Za-z0-9]{15}")
_RULE_NAME = re.compile(r"\w{1,80}")


class Duplicates(Rejected):
    """A duplicate rule found similar records.

    records are (object, id) pairs, none when the user may not see them; rule is the rule's name, may_save
    whether its action is only an alert.
    """

    def __init__(self, records: tuple[tuple[str, str], ...], rule: str, *, may_save: bool) -> None:
        super().__init__(
            f"Salesforce's duplicate rule{f' {rule}' if rule else ''} refused the record.",
            remedy="Merge the records that the rule means, or let it alert instead of block for the "
            "integration user (Setup, Duplicate Rules), then press retry.",
        )
        self.records = records
        self.rule = rule
        self.may_save = may_save


def duplicates(detail: Mapping[str, Any]) -> Duplicates:
    """The rule's answer. Older API versions misspell the key as duplicateResut; collections leave it out."""
    result = detail.get("duplicateResult") or detail.get("duplicateResut")
    result = result if isinstance(result, dict) else {}
    rule = str(result.get("duplicateRule") or "")
    return Duplicates(
        tuple(dict.fromkeys(_records(result))),
        rule if _RULE_NAME.fullmatch(rule) else "",
        may_save=result.get("allowSave") is not False,
    )


def _records(result: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for match in _dicts(result.get("matchResults")):
        for found in _dicts(match.get("matchRecords")):
            record = found.get("record")
            record = record if isinstance(record, dict) else {}
            remote_id = str(record.get("Id") or "")
            attributes = record.get("attributes")
            kind = attributes.get("type") if isinstance(attributes, dict) else match.get("entityType")
            if _ID.fullmatch(remote_id):
                yield str(kind or ""), remote_id


def _dicts(value: object) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
