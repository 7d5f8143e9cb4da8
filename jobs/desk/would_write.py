"""Exactly what would be written to a CRM: the stored bundles of a path's last inquiries, field by field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from jobs.ledger.codec import from_json
from jobs.ledger.tables import delivery, inquiry
from jobs.services import Services
from mapping.crm.bundle import Bundle, ContactRecord, DealRecord, TaskRecord
from mapping.crm.fields import humanised

_SHOWN = 5
Rows = tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class WrittenRecord:
    """One record: its kind and the name it goes by; rows are (label, property in the CRM, value)."""

    kind: str
    title: str
    rows: Rows


@dataclass(frozen=True, slots=True)
class WrittenBundle:
    """What one inquiry becomes in one CRM."""

    inquiry_id: str
    crm: str
    state: str
    created_at: datetime
    records: tuple[WrittenRecord, ...]
    tags: tuple[str, ...]


def would_write(services: Services, path: str, state: str = "shadow") -> tuple[WrittenBundle, ...]:
    """The newest bundles of a path in this state (shadow: kept for showing, never sent)."""
    query = (
        select(delivery)
        .join(inquiry, inquiry.c.id == delivery.c.inquiry_id)
        .where(delivery.c.state == state, inquiry.c.path == path)
        .order_by(delivery.c.inquiry_id.desc(), delivery.c.id)
        .limit(_SHOWN)
    )
    with services.ledger.read() as connection:
        rows = connection.execute(query).all()
    return tuple(_shown(services, row) for row in rows)


def _shown(services: Services, row: Any) -> WrittenBundle:
    sealed = services.sealer.open_json(row.bundle, f"delivery.bundle:{row.id}")
    bundle = from_json(sealed, Bundle)
    labels = _labels(services, row.crm)
    records = [_contact(contact, labels["contact"]) for contact in bundle.contacts]
    records += [_deal(bundle.deal, labels["deal"])] if bundle.deal else []
    records += [_task(task) for task in bundle.tasks]
    return WrittenBundle(row.inquiry_id, row.crm, row.state, row.created_at, tuple(records), bundle.tags)


def _labels(services: Services, crm: str) -> Mapping[str, Mapping[str, str]]:
    """Property → label, by kind of record, as far as the playbook still has them."""
    settings = services.settings.crms.get(crm)
    mapping = services.playbook.crm.get(settings.mapping) if settings else None
    if mapping is None:
        return {"contact": {}, "deal": {}}
    return {
        "contact": {rule.property: rule.label for rule in mapping.contact},
        "deal": {rule.property: rule.label for rule in mapping.deal},
    }


def _contact(contact: ContactRecord, labels: Mapping[str, str]) -> WrittenRecord:
    own = [("Owner", "", contact.owner_email)]
    title = " ".join(filter(None, (*contact.names[:1], contact.last_name))) or "Contact"
    return WrittenRecord("contact", title, _rows(contact.fields, labels, own))


def _deal(deal: DealRecord, labels: Mapping[str, str]) -> WrittenRecord:
    own = [("Pipeline", "", deal.pipeline), ("Stage", "", deal.stage), ("Owner", "", deal.owner_email)]
    return WrittenRecord("deal", deal.name, _rows(deal.fields, labels, own))


def _task(task: TaskRecord) -> WrittenRecord:
    own = [
        ("Due", "", task.due_at.isoformat(timespec="minutes")),
        ("Channel", "", humanised(task.channel)),
        ("Priority", "", task.priority.capitalize()),
        ("Owner", "", task.owner_email),
        ("Text", "", task.body),
    ]
    return WrittenRecord("task", task.subject, _rows({}, {}, own))


def _rows(fields: Mapping[str, str], labels: Mapping[str, str], own: Iterable[tuple[str, str, str]]) -> Rows:
    said = [(labels.get(name, name), name, value) for name, value in fields.items()]
    return tuple(row for row in (*own, *said) if row[2])
