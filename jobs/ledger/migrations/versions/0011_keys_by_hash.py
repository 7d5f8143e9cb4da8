"""In SQLite the keys of borrowers are kept in the order of their hashes, without a row beside each entry."""

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"


def upgrade() -> None:
    if op.get_context().dialect.name != "sqlite":
        return  # an option that only SQLite has
    op.drop_index("ix_borrower_key_borrower_id", "borrower_key")
    op.rename_table("borrower_key", "borrower_key_before")
    op.create_table(
        "borrower_key",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("borrower_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["borrower_id"], ["borrower.id"], name=op.f("fk_borrower_key_borrower_id_borrower")
        ),
        sa.PrimaryKeyConstraint("hash", "borrower_id", name=op.f("pk_borrower_key")),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO borrower_key (hash, borrower_id, kind)"
        " SELECT hash, borrower_id, kind FROM borrower_key_before ORDER BY hash, borrower_id"
    )
    op.drop_table("borrower_key_before")
    op.create_index(op.f("ix_borrower_key_borrower_id"), "borrower_key", ["borrower_id"], unique=False)
