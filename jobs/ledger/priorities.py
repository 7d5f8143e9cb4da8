"""What priority is worked out from and where it is kept: outcomes, engagement, scores, trained models."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from jobs.ledger.engine import Ledger
from jobs.ledger.tables import inquiry, inquiry_event, priority_model
from mapping.follow_up.news import OUTCOMES
from mapping.inquiry import Stage
from mapping.priority.score import Engagement, Model, Outcomes, Priority
from mapping.priority.training import Figures, Trained

_ENDED = (str(Stage.FUNDED), str(Stage.LOST))
_REMEMBERED = timedelta(minutes=5)
_ANSWERS = ("message", "reply", "call", "documents")
#: What keeps an inquiry fresh; that a task was late or somebody was reminded is no deed of the borrower's.
_DEEDS = (*_ANSWERS, "meeting", "application")


@dataclass(frozen=True, slots=True)
class KeptModel:
    """A model as it was trained; used says whether it was better than the rules."""

    at: datetime
    used: bool
    model: Model
    learned: Figures
    rules: Figures
    held_back: int


@dataclass(frozen=True, slots=True)
class Learned:
    """How inquiries ended so far, and the newest model (None: none was trained)."""

    outcomes: Outcomes = field(default_factory=Outcomes)
    kept: KeptModel | None = None

    @property
    def model(self) -> Model | None:
        """The model in use; None: the playbook's rules are."""
        return self.kept.model if self.kept and self.kept.used else None


class RememberedOutcomes:
    """What was learned as last read: outcomes come slowly, and not every decision counts them."""

    def __init__(self) -> None:
        self._read_at: datetime | None = None
        self._learned = Learned()

    def forget(self) -> None:
        """Read it again the next time."""
        self._read_at = None

    def known(self, ledger: Ledger, now: datetime) -> Learned:
        """As it was a few minutes ago at most. Raises LedgerUnavailable when it was never read."""
        if self._read_at is None or not now - _REMEMBERED < self._read_at <= now:
            with ledger.read() as connection:
                self._learned = Learned(outcomes(connection), newest_model(connection))
            self._read_at = now
        return self._learned


def outcomes(connection: Connection) -> Outcomes:
    """How inquiries have ended so far, by path."""
    table = inquiry.c
    counted = select(table.path, table.stage, func.count().label("many"))
    found: dict[str, tuple[int, int]] = {}
    for row in connection.execute(counted.where(table.stage.in_(_ENDED)).group_by(table.path, table.stage)):
        won, lost = found.get(row.path, (0, 0))
        funded = row.stage == _ENDED[0]
        found[row.path] = (won + row.many, lost) if funded else (won, lost + row.many)
    return Outcomes(found)


def engagement(connection: Connection, inquiry_id: str, *, until: datetime | None = None) -> Engagement:
    """What the borrower did since the inquiry came, until that moment (None: until now)."""
    table = inquiry_event.c
    query = select(table.kind, func.count().label("many"), func.max(table.at).label("last"))
    query = query.where(table.inquiry_id == inquiry_id).group_by(table.kind)
    if until is not None:
        query = query.where(table.at <= until)
    rows = {row.kind: row for row in connection.execute(query)}
    done = [row for kind, row in rows.items() if kind in _DEEDS]
    return Engagement(
        replies=sum(row.many for kind, row in rows.items() if kind in _ANSWERS),
        met="meeting" in rows,
        applied="application" in rows,
        opened="opening" in rows,
        last_at=max((row.last for row in done), default=None),
    )


def kinds_of_news(connection: Connection, inquiry_id: str, *, after: datetime) -> set[str]:
    """What kinds of news of an inquiry came after that moment."""
    table = inquiry_event.c
    query = select(table.kind).where(table.inquiry_id == inquiry_id, table.at > after).distinct()
    return set(connection.execute(query).scalars())


def store(connection: Connection, inquiry_id: str, priority: Priority | None) -> None:
    """Keep the score with the inquiry; None: it is over, and nobody is to call."""
    values = {
        "priority": priority.score if priority else None,
        "priority_reasons": json.dumps(priority.reasons if priority else ()),
    }
    connection.execute(update(inquiry).where(inquiry.c.id == inquiry_id).values(values))


def in_batches(connection: Connection, after: str, limit: int, *, ended: bool) -> Sequence[Row[Any]]:
    """Inquiries that have ended (in the order they came), or that are open, after this id."""
    stages = _ENDED if ended else [str(stage) for stage in Stage if stage not in OUTCOMES]
    query = select(inquiry).where(inquiry.c.id > after, inquiry.c.stage.in_(stages))
    return connection.execute(query.order_by(inquiry.c.id).limit(limit)).all()


def add_model(connection: Connection, id_: str, at: datetime, trained: Trained) -> None:
    """Keep a model; the newest one counts."""
    figures = {"learned": asdict(trained.learned), "rules": asdict(trained.rules), "held": trained.held_back}
    row = {
        "id": id_,
        "at": at,
        "outcomes": trained.model.outcomes,
        "used": trained.better,
        "figures": json.dumps(figures),
        "weights": json.dumps({"best": trained.model.best, "weights": dict(trained.model.weights)}),
    }
    connection.execute(priority_model.insert(), row)


def newest_model(connection: Connection) -> KeptModel | None:
    """The model that was trained last, used or not."""
    row = connection.execute(select(priority_model).order_by(priority_model.c.id.desc()).limit(1)).first()
    if row is None:
        return None
    learned: Mapping[str, Any] = json.loads(row.weights)
    told: Mapping[str, Any] = json.loads(row.figures)
    return KeptModel(
        at=row.at,
        used=row.used,
        model=Model(learned["weights"], learned["best"], row.outcomes),
        learned=Figures(**told["learned"]),
        rules=Figures(**told["rules"]),
        held_back=told["held"],
    )


def walk(connection: Connection, *, ended: bool, size: int = 500) -> Iterator[Row[Any]]:
    """Every such inquiry, a few rows at a time."""
    last = ""
    while rows := in_batches(connection, last, size, ended=ended):
        yield from rows
        last = rows[-1].id
