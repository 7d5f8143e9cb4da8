"""At which revision of the schema a database is: asked at every start, and answered without Alembic.

Alembic takes 10 MB and is needed only to change a schema.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

MIGRATIONS = Path(__file__).parent / "migrations"
_CURRENT = text("SELECT version_num FROM alembic_version")


def newest_revision() -> str:
    """The revision of this version: the number its last migration's file begins with."""
    return max(file.name.partition("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def current_revision(connection: Connection) -> str | None:
    """The database's revision; None when it has no tables yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(_CURRENT).scalar()
