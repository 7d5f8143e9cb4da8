"""Holding the table against the CRM's own records: what must be there once is there once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import select

from connectors.sandbox.standing import Standing
from jobs.ledger.tables import follow_up, inquiry
from webapp.demo.report import Row
from webapp.demo.stage import Stage

_PEOPLE = 7
#: (who, what the door made of it, CRM state)
_EXPECTED = (
    ("Renata asks about buying", "purchase", "in_crm"),
    ("the same delivery again", "purchase", "in_crm"),
    ("Leopold, a warehouse", "commercial", "in_crm"),
    ("Renata comes back", "refinance", "in_crm"),
    ("Jonas, on Renata's phone", "pre_approval", "in_crm"),
    ("a bot", "", ""),
    ("Penelope refers a couple", "purchase", "in_crm"),
    ("somebody pretends to be Penelope", "", ""),
    ("Ingrid, whose owner left", "construction", "failed"),
    ("Bram fills in the hosted form", "purchase", "in_crm"),
    ("Wren follows an apply-now link", "general_advice", "shadow"),
)


def differences(stage: Stage, found: Sequence[Row]) -> list[str]:
    """Everything that is not as it should be, one sentence each; empty when all is well."""
    wrong = [
        f"{who}: became {_type(row)!r} and is {_state(row)!r} in the CRM, not {kind!r} and {state!r}."
        for (who, kind, state), row in zip(_EXPECTED, found, strict=True)
        if (row.sent.who, _type(row), _state(row)) != (who, kind, state)
    ]
    for kind, crm in stage.crms.items():
        wrong += [f"{kind}: {sentence}" for sentence in _crm_differences(stage, crm.standing(), found)]
    known = [row.sent.who for row in found if row.details and row.details.known_borrower]
    if known != ["Renata comes back"]:
        wrong.append(f"Recognised as known: {known}, not Renata alone.")
    return wrong


def _crm_differences(stage: Stage, there: Standing, found: Sequence[Row]) -> list[str]:
    """One contact for each person, and for each inquiry what it should have become."""
    wrong = []
    for row in found:
        if row.details and not row.repeated:
            wrong += _deal_differences(stage, row, there)
    emails = Counter(contact.email.lower() for contact in there.contacts if contact.email)
    wrong += [f"{count} contacts share one email." for count in emails.values() if count > 1]
    delivered = {_borrower(stage, row) for row in found if _state(row) == "in_crm"}
    keys = Counter(contact.key for contact in there.contacts)
    wrong += [f"{keys[key]} contacts for one borrower." for key in delivered if keys[key] != 1]
    if len(there.contacts) > _PEOPLE:
        wrong.append(f"{len(there.contacts)} contacts, more than {_PEOPLE} people.")
    return wrong


def _deal_differences(stage: Stage, row: Row, there: Standing) -> list[str]:
    """An inquiry in the CRM has one deal, with its owner, a contact and one task; a refused one has none."""
    assert row.details is not None  # noqa: S101 - the caller picked rows with details
    deals = [deal for deal in there.deals if deal.key == row.details.id]
    if _state(row) in ("failed", "shadow"):
        return [f"{row.sent.who}: has a deal although it is {_state(row)}."] if deals else []
    if len(deals) != 1:
        return [f"{row.sent.who}: {len(deals)} deals, not one."]
    with stage.services.ledger.read() as connection:
        query = select(follow_up.c.id).where(follow_up.c.inquiry_id == row.details.id)
        tasks = set(connection.execute(query).scalars())
    standing = [task for task in there.tasks if task.key in tasks]
    wrong = []
    if len(standing) != len(tasks):
        wrong.append(f"{row.sent.who}: {len(standing)} tasks, not {len(tasks)}.")
    people = 2 if row.details.understood.co_borrower else 1
    if len(deals[0].contacts) != people:
        wrong.append(f"{row.sent.who}: the deal has {len(deals[0].contacts)} contacts, not {people}.")
    if not deals[0].owner:
        wrong.append(f"{row.sent.who}: the deal has no owner.")
    return wrong


def _borrower(stage: Stage, row: Row) -> str:
    assert row.details is not None  # noqa: S101 - the caller picked rows with details
    with stage.services.ledger.read() as connection:
        query = select(inquiry.c.borrower_id).where(inquiry.c.id == row.details.id)
        return str(connection.execute(query).scalar_one())


def _type(row: Row) -> str:
    return row.details.type if row.details else ""


def _state(row: Row) -> str:
    return row.details.crm_state if row.details else ""
