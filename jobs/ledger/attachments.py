"""The files that came with submissions, sealed; they go when the raw submission goes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select

from connectors.intake.mail_files import MailFile
from jobs.ledger.seal import Sealer
from jobs.ledger.tables import attachment


@dataclass(frozen=True, slots=True)
class Kept:
    """One file that was kept; its content is asked for alone."""

    id: str
    name: str
    content_type: str
    size: int


def add(
    connection: Connection,
    sealer: Sealer,
    submission_id: str,
    files: Sequence[MailFile],
    new_id: Callable[[], str],
) -> None:
    """Keep these files."""
    for file in files:
        id_ = new_id()
        facts = {"name": file.name, "content_type": file.content_type}
        row = {
            "id": id_,
            "submission_id": submission_id,
            "facts": sealer.seal_json(facts, f"attachment.facts:{id_}"),
            "size": len(file.content),
            "content": sealer.seal(file.content, f"attachment.content:{id_}"),
        }
        connection.execute(attachment.insert(), row)


def of(connection: Connection, sealer: Sealer, submission_ids: Sequence[str]) -> tuple[Kept, ...]:
    """What was kept of these submissions, in the order it came."""
    table = attachment.c
    query = select(table.id, table.facts, table.size).where(table.submission_id.in_(list(submission_ids)))
    rows = connection.execute(query.order_by(table.id)).all()
    opened = ((row, sealer.open_json(row.facts, f"attachment.facts:{row.id}")) for row in rows)
    return tuple(Kept(row.id, facts["name"], facts["content_type"], row.size) for row, facts in opened)


def content(connection: Connection, sealer: Sealer, id_: str) -> tuple[str, bytes] | None:
    """Name and bytes of one file; None when there is none (any more)."""
    row = connection.execute(select(attachment).where(attachment.c.id == id_)).first()
    if row is None:
        return None
    facts = sealer.open_json(row.facts, f"attachment.facts:{id_}")
    return facts["name"], sealer.open(row.content, f"attachment.content:{id_}")


def forget(connection: Connection, submission_ids: Sequence[str]) -> None:
    """Delete the files of these submissions."""
    connection.execute(delete(attachment).where(attachment.c.submission_id.in_(list(submission_ids))))
