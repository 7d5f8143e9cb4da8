"""Converting a lead: an account, a contact and perhaps an opportunity; the lead is closed for good."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.sandbox.salesforce.callers import Caller
from connectors.sandbox.salesforce.derived import derive
from connectors.sandbox.salesforce.errors import ApiError, converted_lead
from connectors.sandbox.salesforce.records import Row
from connectors.sandbox.salesforce.state import OrgState
from connectors.sandbox.salesforce.writes import create, live_row

_CONTACT = (
    "FirstName",
    "LastName",
    "Salutation",
    "Title",
    "Email",
    "Phone",
    "MobilePhone",
    "Fax",
    "LeadSource",
    "Description",
    "HasOptedOutOfEmail",
    "HasOptedOutOfFax",
    "DoNotCall",
)
_ADDRESS = ("Street", "City", "State", "PostalCode", "Country")
_CLOSES_IN_DAYS = 90
_STATUS = "Closed - Converted"


@dataclass(frozen=True, slots=True)
class Converted:
    """Ids of what a lead became; opportunity is None when none was wanted."""

    account: str
    contact: str
    opportunity: str | None


def convert(
    org: OrgState, caller: Caller, lead_id: str, *, opportunity: str | None = "", account_id: str = ""
) -> Converted:
    """Convert a lead for its owner; custom fields of the same name go along. Call it in a transaction.

    Raises: ApiError (400, 404).
    """
    lead = live_row(org, org.schema.objects["Lead"], lead_id)
    if lead.get("IsConverted"):
        raise converted_lead()
    if lead["OwnerId"].startswith("00G"):
        raise ApiError(400, "INVALID_OPERATION", "A lead that a queue owns cannot be converted", [])
    by_hand = replace(caller, by_hand=True)
    account = account_id or create(org, by_hand, org.schema.objects["Account"], _account(lead))
    contact = create(org, by_hand, org.schema.objects["Contact"], _contact(org, lead, account))
    deal = None
    if opportunity is not None:
        fields = _opportunity(org, lead, account, opportunity)
        deal = create(org, by_hand, org.schema.objects["Opportunity"], {**fields, "ContactId": contact})
    _move_tasks(org, lead_id, contact, deal)
    _close(org, caller.user_id, lead, Converted(account, contact, deal))
    return Converted(account, contact, deal)


def _account(lead: Row) -> dict[str, Any]:
    address = {f"Billing{part}": lead[part] for part in _ADDRESS if part in lead}
    return {"Name": lead["Company"], "OwnerId": lead["OwnerId"], **address}


def _contact(org: OrgState, lead: Row, account: str) -> dict[str, Any]:
    fields = {name: lead[name] for name in _CONTACT if name in lead}
    fields.update({f"Mailing{part}": lead[part] for part in _ADDRESS if part in lead})
    return {**fields, **_custom(org, lead, "Contact"), "AccountId": account, "OwnerId": lead["OwnerId"]}


def _opportunity(org: OrgState, lead: Row, account: str, name: str) -> dict[str, Any]:
    closes = datetime.fromtimestamp(org.clock(), UTC).date() + timedelta(days=_CLOSES_IN_DAYS)
    source = {"LeadSource": lead["LeadSource"]} if "LeadSource" in lead else {}
    return {
        "Name": name or f"{lead['Company']}-",
        "StageName": org.options.stages[0].name,
        "CloseDate": closes.isoformat(),
        "AccountId": account,
        "OwnerId": lead["OwnerId"],
        **source,
        **_custom(org, lead, "Opportunity"),
    }


def _custom(org: OrgState, lead: Row, object_name: str) -> dict[str, Any]:
    """Custom fields that exist on both sides under one name; keys stay behind, they are the lead's own."""
    target = org.schema.objects[object_name].fields
    return {
        name: value
        for name, value in lead.items()
        if name in target and target[name].custom and not target[name].unique
    }


def _move_tasks(org: OrgState, lead_id: str, contact: str, opportunity: str | None) -> None:
    tasks = org.tables["Task"]
    kind = org.schema.objects["Task"]
    for task_id in list(tasks.holders("WhoId", lead_id)):
        before = tasks.live[task_id]
        row = {**before, "WhoId": contact, "SystemModstamp": org.now}
        if opportunity:
            row["WhatId"] = opportunity
        derive(org, kind, row, before)
        org.put("Task", {name: value for name, value in row.items() if value is not None})


def _close(org: OrgState, user_id: str, lead: Row, done: Converted) -> None:
    row = {
        **lead,
        "IsConverted": True,
        "Status": _STATUS,
        "ConvertedDate": org.now[:10],
        "ConvertedAccountId": done.account,
        "ConvertedContactId": done.contact,
        "ConvertedOpportunityId": done.opportunity,
        "LastModifiedDate": org.now,
        "SystemModstamp": org.now,
        "LastModifiedById": user_id,
    }
    org.put("Lead", {name: value for name, value in row.items() if value is not None})
