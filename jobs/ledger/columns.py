"""What every table is made of: one metadata, moments with a zone, opaque ids."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Column, DateTime, MetaData, String
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """An aware moment, stored in UTC; SQLite has no zones, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any] | None:
        # The same text as SQLAlchemy's own, which puts it together from seven numbers.
        return _text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else _in_utc(value)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


_WITHOUT_ZONE = len("2026-11-17 17:30:00.000000")


@lru_cache(maxsize=32)
def _text(value: datetime | None) -> str | None:
    """A moment as SQLite has it: 2026-11-17 17:30:00.000000. That of a decision is in most of its rows."""
    return None if value is None else _in_utc(value).isoformat(" ", "microseconds")[:_WITHOUT_ZONE]


def _in_utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("a moment without a time zone cannot be stored")
    return value.astimezone(UTC)


def id_column(name: str = "id", **more: Any) -> Column[str]:
    """A ULID: sortable by time, says nothing about how many there are."""
    return Column(name, String(26), primary_key=name == "id", **more)
