"""Bringing a database to the schema of this version, and refusing one from the future."""

from __future__ import annotations

from jobs.ledger.engine import Ledger
from jobs.ledger.revision import MIGRATIONS, current_revision, newest_revision


class SchemaUnknown(Exception):
    """The database was made by a newer Firstpath: this one must not touch it."""


def migrate(ledger: Ledger) -> None:
    """Create or upgrade the tables. Repeatable; two processes may call it at once. Raises SchemaUnknown."""
    with ledger.read() as connection:
        if current_revision(connection) == newest_revision():
            return
    _upgrade(ledger)


def _upgrade(ledger: Ledger, to: str = "head") -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    script = ScriptDirectory.from_config(config)
    with ledger.reshape() as connection:
        ledger.lock(connection, "migrate")
        current = current_revision(connection)
        if current == script.get_current_head():
            return
        known = {revision.revision for revision in script.walk_revisions()}
        if current is not None and current not in known:
            raise SchemaUnknown(
                f"the database is at revision {current}, which this version does not know: "
                "start the newer Firstpath, or restore the backup made before the upgrade"
            )
        config.attributes["connection"] = connection
        command.upgrade(config, to)
