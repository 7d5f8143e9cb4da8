"""The record of consent: one line for each time that somebody said something about being contacted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select

from jobs.ledger.codec import from_json, to_json
from jobs.ledger.seal import Sealer
from jobs.ledger.tables import consent_record, inquiry
from mapping.consent.agreed import CHANNELS
from mapping.consent.record import Said
from mapping.inquiry import Consent, Party


@dataclass(frozen=True, slots=True)
class Evidence:
    """What proves a line: who it was, which words with which certificates, and a person's reason."""

    name: str = ""
    email: str = ""
    phone: str = ""
    consent: Consent | None = None
    words: str = ""  # of a withdrawal as it was written, or why a person lifted it
    actor: str = ""  # the account that pressed the button


@dataclass(frozen=True, slots=True)
class Line:
    """One line. way is the intake path, "desk" or a CRM's name; evidence is what is kept sealed."""

    id: str
    said: Said
    way: str
    inquiry_id: str
    submission_id: str
    evidence: Evidence


def evidence_of(who: Party, consent: Consent | None, *, words: str = "", actor: str = "") -> Evidence:
    """The evidence of what this person said."""
    return Evidence(who.full_name, who.email, who.phone, consent, words, actor)


def row(
    sealer: Sealer,
    *,
    id: str,
    said: Said,
    way: str,
    inquiry_id: str,
    submission_id: str,
    evidence: Evidence,
) -> dict[str, object]:
    """A line as it is stored: sealed already, so that storing is short."""
    return {
        "id": id,
        "at": said.at,
        "kind": said.kind,
        "way": way,
        "inquiry_id": inquiry_id or None,
        "submission_id": submission_id or None,
        **{channel: said.channels.get(channel) for channel in CHANNELS},
        "evidence": sealer.seal_json(to_json(evidence), f"consent_record.evidence:{id}"),
    }


def add(connection: Connection, rows: Sequence[Mapping[str, object]]) -> None:
    """Write lines down; none is ever changed."""
    if rows:
        connection.execute(consent_record.insert(), [dict(one) for one in rows])


_CLOSING = (
    select(inquiry.c.borrower_id, consent_record)
    .join(inquiry, inquiry.c.id == consent_record.c.inquiry_id)
    .where(inquiry.c.borrower_id.in_(bindparam("ids", expanding=True)))
    .order_by(consent_record.c.at, consent_record.c.id)
)
_WITHOUT_EVIDENCE = _CLOSING.with_only_columns(
    inquiry.c.borrower_id, *(consent_record.c[name] for name in ("at", "kind", *CHANNELS))
)


def said_by(connection: Connection, borrower_ids: Sequence[str]) -> dict[str, tuple[Said, ...]]:
    """Borrower → what was said in any of their inquiries, oldest first."""
    found: dict[str, tuple[Said, ...]] = {}
    if borrower_ids:
        for one in connection.execute(_WITHOUT_EVIDENCE, {"ids": list(borrower_ids)}):
            found[one.borrower_id] = (*found.get(one.borrower_id, ()), _said(one))
    return found


def lines_of(connection: Connection, sealer: Sealer, borrower_id: str) -> tuple[Line, ...]:
    """Everything about one borrower with its evidence, oldest first."""
    return tuple(_line(one, sealer) for one in connection.execute(_CLOSING, {"ids": [borrower_id]}))


def expire(connection: Connection, *, before: datetime, limit: int) -> int:
    """Delete up to limit lines older than that; how many. What is suppressed stays suppressed."""
    old = select(consent_record.c.id).where(consent_record.c.at < before).limit(limit)
    return connection.execute(delete(consent_record).where(consent_record.c.id.in_(old))).rowcount


def _said(one: Any) -> Said:
    channels = {name: answer for name in CHANNELS if (answer := getattr(one, name)) is not None}
    return Said(one.at, one.kind, channels)


def _line(one: Any, sealer: Sealer) -> Line:
    evidence = from_json(sealer.open_json(one.evidence, f"consent_record.evidence:{one.id}"), Evidence)
    return Line(one.id, _said(one), one.way, one.inquiry_id or "", one.submission_id or "", evidence)
