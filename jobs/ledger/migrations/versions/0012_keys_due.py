"""Borrowers who were stored before a kind of key existed get theirs in the background."""

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"


def upgrade() -> None:
    op.create_table(
        "keys_due",
        sa.Column("borrower_id", sa.String(length=26), nullable=False),
        sa.PrimaryKeyConstraint("borrower_id", name=op.f("pk_keys_due")),
    )
    op.execute("INSERT INTO keys_due (borrower_id) SELECT id FROM borrower")
