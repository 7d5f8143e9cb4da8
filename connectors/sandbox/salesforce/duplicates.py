"""Duplicate rules of leads and contacts: alert or block, and who looks like whom."""

from __future__ import annotations

import re
from collections.abc import Iterator

from connectors.sandbox.answers import JsonObject
from connectors.sandbox.salesforce.callers import TYPO_BELOW, Caller
from connectors.sandbox.salesforce.errors import ApiError
from connectors.sandbox.salesforce.objects import SObject
from connectors.sandbox.salesforce.records import Row
from connectors.sandbox.salesforce.state import OrgState

MESSAGE = "Use one of these records?"
_PHONES = ("Phone", "MobilePhone", "HomePhone", "OtherPhone")
_LIKE = {"Lead": ("Lead", "Contact"), "Contact": ("Contact", "Lead")}
_MATCHED_ON = frozenset({"FirstName", "LastName", "Email", *_PHONES})


def check_duplicates(org: OrgState, caller: Caller, kind: SObject, row: Row, before: Row | None) -> None:
    """Refuse a record that looks like one that is there. before is its earlier state, None when new.

    Raises: ApiError (400 DUPLICATES_DETECTED).
    """
    rule = org.options.duplicate_rule(kind.name)
    if rule == "off" or caller.by_hand or (rule == "allow" and caller.save_duplicates):
        return
    if before is not None:
        edited = any(row.get(name) != before.get(name) for name in _MATCHED_ON)
        if not (org.options.duplicates_on_edit and edited):
            return
    kinds = _LIKE[kind.name] if org.options.duplicates_across else (kind.name,)
    matches = {name: found for name in kinds if (found := list(_matches(org, name, row)))}
    if matches:
        raise _detected(org, caller, kind, matches, rule)


def _matches(org: OrgState, name: str, row: Row) -> Iterator[str]:
    """Ids of the records that the matching rule takes for the same person."""
    table = org.tables[name]
    by_email = list(table.holders("Email", row["Email"])) if row.get("Email") else []
    numbers = {_digits(row[one]) for one in _PHONES if row.get(one)}
    namesakes = [
        one for one in table.holders("LastName", row.get("LastName", "")) if _alike(table.live[one], row)
    ]
    by_name_and_number = [
        one
        for one in namesakes
        if numbers & {_digits(table.live[one][p]) for p in _PHONES if table.live[one].get(p)}
    ]
    if org.options.duplicate_matching == "name":
        by_email = [one for one in by_email if one in namesakes]
    for record_id in dict.fromkeys([*by_email, *by_name_and_number]):
        if record_id != row["Id"] and not table.live[record_id].get("IsConverted"):
            yield record_id


def _alike(one: Row, other: Row) -> bool:
    """Last names are equal already: are the first names, or one an initial or a short form of the other?"""
    first, second = ((row.get("FirstName") or "").lower().strip(". ") for row in (one, other))
    return first.startswith(second) or second.startswith(first)


def _digits(phone: str) -> str:
    return re.sub(r"\D", "", phone)[-10:]


def _detected(
    org: OrgState, caller: Caller, kind: SObject, matches: dict[str, list[str]], rule: str
) -> ApiError:
    hidden = org.options.matches_hidden
    results = [_result(caller, name, [] if hidden else found) for name, found in matches.items()]
    result = {
        "allowSave": rule == "allow",
        "duplicateRule": f"Standard_{kind.name}_Duplicate_Rule",
        "duplicateRuleEntityType": kind.name,
        "errorMessage": MESSAGE,
        "matchResults": results,
    }
    key = "duplicateResut" if caller.version < TYPO_BELOW else "duplicateResult"
    return ApiError(400, "DUPLICATES_DETECTED", MESSAGE, details={key: result})


def _result(caller: Caller, name: str, found: list[str]) -> JsonObject:
    records = [
        {
            "additionalInformation": [],
            "fieldDiffs": [],
            "matchConfidence": 100.0,
            "record": {
                "attributes": {"type": name, "url": f"{caller.base}/sobjects/{name}/{record_id}"},
                "Id": record_id,
            },
        }
        for record_id in found
    ]
    return {
        "entityType": name,
        "errors": [],
        "matchEngine": "FuzzyMatchEngine",
        "matchRecords": records,
        "rule": f"Standard_{name}_Match_Rule_v1_1",
        "size": len(records),
        "success": True,
    }
