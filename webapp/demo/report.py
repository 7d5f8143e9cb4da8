"""What became of each thing that was sent, as a table a person can read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table
from sqlalchemy import func, select

from jobs.desk.inquiry_page import InquiryDetails, inquiry_details
from jobs.desk.viewer import Viewer
from jobs.ledger import submissions
from jobs.ledger.tables import delivery, delivery_attempt, inquiry
from jobs.services import Services
from webapp.demo.visitors import Sent

_EVERYBODYS = Viewer("demo")


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that was sent: as an inquiry, or set aside with a reason."""

    sent: Sent
    repeated: bool
    details: InquiryDetails | None
    set_aside: str
    calls: float


def rows(services: Services, sent: Sequence[Sent]) -> list[Row]:
    """One row for each thing sent, in order."""
    seen: set[str] = set()
    result = []
    for one in sent:
        result.append(_row(services, one, one.submission_id in seen))
        seen.add(one.submission_id)
    return result


def _row(services: Services, sent: Sent, repeated: bool) -> Row:
    with services.ledger.read() as connection:
        stored = submissions.get(connection, services.sealer, sent.submission_id)
        query = select(inquiry.c.id).where(inquiry.c.submission_id == sent.submission_id)
        inquiry_id = connection.execute(query).scalar()
        calls = connection.execute(
            select(func.sum(delivery_attempt.c.calls))
            .join(delivery, delivery.c.id == delivery_attempt.c.delivery_id)
            .where(delivery.c.inquiry_id == (inquiry_id or ""))
        ).scalar()
    details = inquiry_details(services, _EVERYBODYS, inquiry_id) if inquiry_id else None
    set_aside = f"{stored.state}: {stored.reason}" if stored and not details else ""
    return Row(sent, repeated, details, set_aside, calls or 0.0)


def show(console: Console, found: Sequence[Row], zone: str) -> None:
    """The table, and below it what the CRM refused."""
    table = Table(title="What became of it", show_lines=True, expand=True)
    for heading in ("Sent", "Inquiry", "Borrower", "Owner and why", "In the CRM", "Task due", "Calls"):
        table.add_column(heading, overflow="fold", justify="right" if heading == "Calls" else "left")
    for row in found:
        table.add_row(*_cells(row, ZoneInfo(zone)))
    console.print(table)
    for row in found:
        for one in row.details.deliveries if row.details and not row.repeated else ():
            if one.error:
                console.print(f"[yellow]Refused:[/] {row.sent.who}: {one.error} {one.remedy}")


def _cells(row: Row, zone: ZoneInfo) -> tuple[str, ...]:
    sent = f"{row.sent.who}\n[dim]{row.sent.through}[/]"
    details = row.details
    if details is None:
        return sent, row.set_aside, "", "", "nothing", "", ""
    if row.repeated:
        return sent, "the same submission: same answer, nothing new", "", "", "", "", ""
    return (
        sent,
        f"{details.type}\n[dim]{details.id}[/]",
        "known" if details.known_borrower else "new",
        f"{details.owner_name}\n[dim]{_why(details)}[/]",
        _records(details),
        _due(details, zone),
        f"{row.calls:g}",
    )


def _why(details: InquiryDetails) -> str:
    return " ".join(reason for about, reason in details.decisions if about == "owner")


def _records(details: InquiryDetails) -> str:
    lines = [f"{record.kind} {record.remote_id}" for one in details.deliveries for record in one.records]
    failed = [f"[yellow]{one.state}[/]" for one in details.deliveries if one.error]
    return "\n".join([*lines, *failed])


def _due(details: InquiryDetails, zone: ZoneInfo) -> str:
    due = min((task.due_at for task in details.follow_ups), default=None)
    return _local(due, zone) if due else ""


def _local(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%a %d %b %H:%M %Z}"
