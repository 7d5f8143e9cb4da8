"""Holding the table against the CRM's own records: what must be there once is there once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from webapp.demo.report import Row
from webapp.demo.stage import Stage

#: (who, what the door made of it, CRM state)
_EXPECTED = (
    ("Renata asks about buying", "purchase", "in_crm"),
    ("the same delivery again", "purchase", "in_crm"),
    ("Leopold, a warehouse", "commercial", "in_crm"),
    ("Renata comes back", "refinance", "in_crm"),
    ("Jonas, on Renata's phone", "pre_approval", "in_crm"),
    ("a bot", "", ""),
    ("Ingrid, a loan the CRM refuses", "construction", "failed"),
    ("Bram fills in the hosted form", "purchase", "in_crm"),
)


def differences(stage: Stage, found: Sequence[Row]) -> list[str]:
    """Everything that is not as it should be, one sentence each; empty when all is well."""
    wrong = [
        f"{who}: became {_type(row)!r} and is {_state(row)!r} in the CRM, not {kind!r} and {state!r}."
        for (who, kind, state), row in zip(_EXPECTED, found, strict=True)
        if (row.sent.who, _type(row), _state(row)) != (who, kind, state)
    ]
    records = stage.sandbox.state.snapshot()
    for row in found:
        if row.details and not row.repeated:
            wrong += _deal_differences(row, records)
    emails = [contact["properties"].get("email") for contact in records["contacts"]]
    wrong += [
        f"{emails.count(email)} contacts share one email."
        for email in {*emails} - {None}
        if emails.count(email) > 1
    ]
    known = [row.sent.who for row in found if row.details and row.details.known_borrower]
    if known != ["Renata comes back"]:
        wrong.append(f"Recognised as known: {known}, not Renata alone.")
    if len(records["contacts"]) != 5:
        wrong.append(f"{len(records['contacts'])} contacts in the CRM, not 5 people.")
    return wrong


def _deal_differences(row: Row, records: dict[str, list[dict[str, Any]]]) -> list[str]:
    """An inquiry in the CRM has one deal, with its owner, a contact and one task; a refused one has none."""
    assert row.details is not None  # noqa: S101 - the caller picked rows with details
    deals = [deal for deal in records["deals"] if deal["properties"].get("firstpath_key") == row.details.id]
    if _state(row) == "failed":
        return [f"{row.sent.who}: has a deal although it was refused."] if deals else []
    if len(deals) != 1:
        return [f"{row.sent.who}: {len(deals)} deals, not one."]
    linked = deals[0]["associations"]
    return [
        f"{row.sent.who}: the deal has {len(linked.get(kind, []))} {kind}, not one."
        for kind in ("contacts", "tasks")
        if len(linked.get(kind, [])) != 1
    ] + (
        [] if deals[0]["properties"].get("hubspot_owner_id") else [f"{row.sent.who}: the deal has no owner."]
    )


def _type(row: Row) -> str:
    return row.details.type if row.details else ""


def _state(row: Row) -> str:
    return row.details.crm_state if row.details else ""
