"""Statements that leave alone what is there already, in the words of the database that is used."""

from __future__ import annotations

from functools import cache

from sqlalchemy import Executable, Table


@cache
def insert_missing(table: Table, dialect: str) -> Executable:
    """An insert that does nothing to a row which is there. dialect is SQLAlchemy's name for it."""
    # Only the one that is used: PostgreSQL's part of SQLAlchemy takes 3 MB.
    if dialect == "sqlite":
        from sqlalchemy.dialects import sqlite

        return sqlite.insert(table).on_conflict_do_nothing()
    from sqlalchemy.dialects import postgresql

    return postgresql.insert(table).on_conflict_do_nothing()
