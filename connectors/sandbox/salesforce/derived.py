"""What follows from other fields: names, the state of an opportunity or a task, defaults of a new record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from connectors.sandbox.salesforce.fields import Field
from connectors.sandbox.salesforce.objects import SObject
from connectors.sandbox.salesforce.records import Row
from connectors.sandbox.salesforce.stages import CATEGORIES
from connectors.sandbox.salesforce.state import OrgState

Values = dict[str, Any]
_DONE = "Completed"


def defaults(kind: SObject, user_id: str) -> Values:
    """What a new record holds before the caller says anything: checkboxes, default choices, its owner."""
    found: Values = dict(kind.starting)
    if "OwnerId" in kind.fields:
        found["OwnerId"] = user_id
    return found


def derive(org: OrgState, kind: SObject, row: Values, before: Row | None) -> None:
    """Set the fields that nobody writes, in place. before is the record's earlier state, None when new."""
    follow = _FOLLOW.get(kind.name)
    if follow is not None:
        follow(org, row, before)


def full_name(row: Row) -> str:
    """First and last name, as Name shows them."""
    return f"{row.get('FirstName') or ''} {row.get('LastName') or ''}".strip()


def _person(_org: OrgState, row: Values, _before: Row | None) -> None:
    row["Name"] = full_name(row)
    row["IsEmailBounced"] = row.get("EmailBouncedDate") is not None


def _lead(_org: OrgState, row: Values, _before: Row | None) -> None:
    row["Name"] = full_name(row)


def _account(_org: OrgState, row: Values, _before: Row | None) -> None:
    if row.get("IsPersonAccount"):
        row["Name"] = full_name(row)


def _opportunity(org: OrgState, row: Values, before: Row | None) -> None:
    stage = next((one for one in org.options.stages if one.name == row.get("StageName")), None)
    moved = before is None or before.get("StageName") != row.get("StageName")
    row["IsClosed"], row["IsWon"] = bool(stage and stage.closed), bool(stage and stage.won)
    if moved:
        if before is None or before.get("Probability") == row.get("Probability"):
            keep = before is None and row.get("Probability") is not None
            row["Probability"] = row["Probability"] if keep else float(stage.probability if stage else 0)
        if before is None or before.get("ForecastCategoryName") == row.get("ForecastCategoryName"):
            keep = before is None and row.get("ForecastCategoryName") is not None
            if not keep:
                row["ForecastCategoryName"] = stage.forecast if stage else "Pipeline"
    if moved and before is not None:
        row["LastStageChangeDate"] = org.now
    row["ForecastCategory"] = CATEGORIES.get(row.get("ForecastCategoryName") or "", "Pipeline")
    if row.get("Amount") is not None:
        row["ExpectedRevenue"] = round(row["Amount"] * (row.get("Probability") or 0) / 100, 2)
    else:
        row.pop("ExpectedRevenue", None)
    closes = date.fromisoformat(row["CloseDate"])
    row["FiscalYear"], row["FiscalQuarter"] = closes.year, (closes.month + 2) // 3


def _task(org: OrgState, row: Values, before: Row | None) -> None:
    row["IsClosed"] = row.get("Status") == _DONE
    row["IsHighPriority"] = row.get("Priority") == "High"
    if row["IsClosed"] and not (before and before.get("IsClosed")):
        row["CompletedDateTime"] = org.now
    elif not row["IsClosed"]:
        row.pop("CompletedDateTime", None)
    account = _account_of(org, row)
    if account:
        row["AccountId"] = account
    else:
        row.pop("AccountId", None)


def _account_of(org: OrgState, task: Row) -> str | None:
    """The account a task belongs to: WhatId decides, else the contact it is about."""
    what = task.get("WhatId", "")
    if what.startswith("001"):
        return str(what)
    holder = org.tables["Opportunity"].find(what) if what.startswith("006") else None
    if holder is None and (not what or not what.startswith("006")):
        holder = org.tables["Contact"].find(task.get("WhoId", ""))
    return holder.get("AccountId") if holder else None


_FOLLOW: dict[str, Callable[[OrgState, Values, Row | None], None]] = {
    "Contact": _person,
    "Lead": _lead,
    "Account": _account,
    "Opportunity": _opportunity,
    "Task": _task,
}


def address(row: Row, field: Field) -> dict[str, Any] | None:
    """The value of a compound address field: its parts in one object, None when all are empty."""
    prefix = field.name.removesuffix("Address")
    parts = {
        "city": "City",
        "country": "Country",
        "geocodeAccuracy": "GeocodeAccuracy",
        "latitude": "Latitude",
        "longitude": "Longitude",
        "postalCode": "PostalCode",
        "state": "State",
        "street": "Street",
    }
    found = {key: row.get(prefix + part) for key, part in parts.items()}
    return found if any(value is not None for value in found.values()) else None


def read(row: Row, field: Field) -> Any:
    """The value of a field as answers show it."""
    if field.type == "address":
        return address(row, field)
    return row.get(field.name)
