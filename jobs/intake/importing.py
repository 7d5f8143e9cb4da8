"""A spreadsheet brought over: what each column means, what would become of each row, and storing the rows.

A row is a submission of its own in the backfill lane. It is known by the sender's id, else by its content, so
that the same file again, or one that was stopped half-way, adds nothing twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import cast

from sqlalchemy import func, select

from connectors.intake.base import Document, JsonValue
from connectors.intake.csv_rows import row_answers
from connectors.intake.spreadsheet import Row
from jobs.intake.accepting import content_of, external_key
from jobs.intake.reading import PART, write_part
from jobs.intake.scrubber import Scrubber
from jobs.ledger import submissions
from jobs.ledger.submissions import Arrival, RequestFacts, Submission
from jobs.ledger.tables import delivery, submission
from jobs.paths.current import rules
from jobs.services import Services
from jobs.settings.model import PathSettings
from mapping.answers import Answer, Answers
from mapping.canonical import CANONICAL_FIELDS
from mapping.labels.suggesting import Suggestion, suggest_mapping
from mapping.reading.understand import understand

#: Rows stored in one transaction: a moment for every other writer.
CHUNK = 200
_EXAMPLES = 3
_CAPTURING = ("draft", "paused")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the canonical field it fills ("" = kept as a remark, "ignore" = dropped), and why."""

    name: str
    field: str
    why: str
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that cannot become an inquiry, and why."""

    row: Row
    reason: str


@dataclass(slots=True)
class Trial:
    """What would become of a file's rows."""

    rows: int = 0
    ready: int = 0
    twice: int = 0  # rows that say the same as an earlier one of the file
    known: int = 0  # rows that were brought over before
    types: Counter[str] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)
    rejected: list[Rejected] = field(default_factory=list)


def columns_of(path: PathSettings, rows: Sequence[Row], asked: Mapping[str, str]) -> list[Column]:
    """The columns of the first rows: as asked for, else as the path maps them, else as suggested."""
    examples: dict[str, list[str]] = {}
    for row in rows:
        for name, cell in row.cells.items():
            seen = examples.setdefault(name, [])
            if len(seen) < _EXAMPLES and str(cell) not in seen:
                seen.append(str(cell))
    suggested = {one.key: one for one in suggest_mapping([_every_cell(row) for row in rows])}
    known = {name.casefold(): field for name, field in path.fields.items()}
    return [_column(name, tuple(some), asked, known, suggested) for name, some in examples.items()]


def _every_cell(row: Row) -> Answers:
    return Answers("csv", tuple(Answer(name, name, (str(cell),)) for name, cell in row.cells.items()))


def _column(
    name: str,
    examples: tuple[str, ...],
    asked: Mapping[str, str],
    known: Mapping[str, str],
    suggested: Mapping[str, Suggestion],
) -> Column:
    if name in asked:
        return Column(name, asked[name], "as you said", examples)
    if name.casefold() in known:
        return Column(name, known[name.casefold()], "confirmed before", examples)
    if name in suggested:
        one = suggested[name]
        return Column(name, one.field, f"{one.reason} ({one.confidence:.0%})", examples)
    return Column(name, "", "not recognised: kept as a remark", examples)


def unknown_fields(asked: Mapping[str, str]) -> list[str]:
    """The fields asked for that do not exist."""
    return sorted(set(asked.values()) - set(CANONICAL_FIELDS) - {""})


def try_rows(services: Services, path: PathSettings, rows: Iterable[Row]) -> Iterator[Trial]:
    """What would become of the rows; the same Trial again after each chunk, for showing progress."""
    trial, seen = Trial(), set[str]()
    for chunk in _chunks(rows):
        arrivals = []
        for row in chunk:
            trial.rows += 1
            reason = _judge(services, path, row, trial)
            if reason:
                trial.rejected.append(Rejected(row, reason))
                continue
            arrival = _arrival(services, path, row)
            if arrival.external_key in seen:
                trial.twice += 1
                continue
            seen.add(arrival.external_key)
            arrivals.append(arrival)
        with services.ledger.read() as connection:
            known = submissions.known_keys(connection, path.name, [one.external_key for one in arrivals])
        trial.known += len(known)
        trial.ready += len(arrivals) - len(known)
        yield trial


def store_rows(
    services: Services, path: PathSettings, rows: Iterable[Row], rejected: Sequence[Rejected]
) -> Iterator[int]:
    """Store the rows but for those rejected; how many were new, chunk by chunk. Safe to stop and repeat."""
    left_out = {one.row.number for one in rejected}
    for chunk in _chunks(rows):
        arrivals = [_arrival(services, path, row) for row in chunk if row.number not in left_out]
        with services.ledger.write() as connection:
            services.ledger.lock(connection, f"import:{path.name}")
            new = submissions.add_new(connection, arrivals)
        if new:
            services.bell.ring("process", "")
        yield new


def _judge(services: Services, path: PathSettings, row: Row, trial: Trial) -> str:
    """Why the row cannot become an inquiry, "" when it can; what it says is counted."""
    answers = row_answers(row.cells, path.fields)
    inquiry = understand(answers, rules(services, path), services.locale, received_at=services.now())
    if not inquiry.borrower.reachable:
        flags = ", ".join(flag.replace("_", " ") for flag in inquiry.flags)
        return "no usable email address or phone number" + (f" ({flags})" if flags else "")
    trial.types[inquiry.type] += 1
    trial.flags.update(inquiry.flags)
    return ""


def clean_cells(services: Services, row: Row) -> Mapping[str, JsonValue]:
    """The row's cells without what may not be written down."""
    return _clean(services, row)[0]


def _clean(services: Services, row: Row) -> tuple[Mapping[str, JsonValue], int]:
    clean, redactions = Scrubber(services).clean(Document("json", json=cast(JsonValue, row.cells)))
    return cast(Mapping[str, JsonValue], clean.json), redactions


def left_to_do(services: Services) -> int:
    """How many imported rows are not decided, and how many of their deliveries not made."""
    waiting = (
        select(func.count())
        .select_from(submission)
        .where(submission.c.state == "received", submission.c.lane == "backfill")
    )
    owed = (
        select(func.count())
        .select_from(delivery)
        .where(delivery.c.lane == "backfill", delivery.c.state.in_(("due", "leased")))
    )
    with services.ledger.read() as connection:
        return int(connection.execute(waiting).scalar_one() + connection.execute(owed).scalar_one())


def _arrival(services: Services, path: PathSettings, row: Row) -> Arrival:
    cells, redactions = _clean(services, row)
    answers = row_answers(cells, path.fields)
    content = content_of([answers])
    name = external_key(path.name, [answers]) or f"{path.name}\x00row\x00{content}"
    return submissions.sealed(
        services.sealer,
        Submission(
            id=services.new_id(),
            path=path.name,
            received_at=services.now(),
            content_type=PART,
            body=write_part(answers),
            request=RequestFacts(),
            state="captured" if path.state in _CAPTURING else "received",
            redactions=redactions,
            lane="backfill",
        ),
        external_key=services.sealer.lookup("part", name),
        content_hash=services.sealer.lookup("content", content),
    )


def _chunks(rows: Iterable[Row]) -> Iterator[Sequence[Row]]:
    going = iter(rows)
    while chunk := list(islice(going, CHUNK)):
        yield chunk


def with_columns(path: PathSettings, columns: Sequence[Column]) -> PathSettings:
    """The path as it reads the file when these columns are confirmed."""
    return replace(path, fields={**path.fields, **mapping_of(columns)})


def mapping_of(columns: Sequence[Column]) -> dict[str, str]:
    """The field mapping that these columns say; what is kept as a remark has none."""
    return {column.name: column.field for column in columns if column.field}
