"""Alembic's entry: always run from jobs.ledger.migrate, inside its transaction."""

from alembic import context

from jobs.ledger.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=False,
)
context.run_migrations()
