"""Borrowers list the keys they are known by: an index less is written, and who is known is read at once.

known_by has no default: what a process of the version before would still store without it is refused.
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0014"
down_revision: str | None = "0013"

_IN_SQLITE = """
SELECT coalesce(group_concat(kind || ':' || hash, ' ' ORDER BY kind || ':' || hash), '')
FROM borrower_key WHERE borrower_id = borrower.id
"""
_IN_POSTGRESQL = """
SELECT coalesce(string_agg(kind || ':' || hash, ' ' ORDER BY kind || ':' || hash COLLATE "C"), '')
FROM borrower_key WHERE borrower_id = borrower.id
"""


def upgrade() -> None:
    if op.get_context().dialect.name == "sqlite":
        _anew()
    else:
        op.add_column("borrower", sa.Column("known_by", sa.Text(), nullable=True))
        op.execute(f"UPDATE borrower SET known_by = ({_IN_POSTGRESQL})")  # noqa: S608
        op.alter_column("borrower", "known_by", nullable=False)
    op.drop_index("ix_borrower_key_borrower_id", "borrower_key")


def _anew() -> None:
    """SQLite adds no column that must be given to a table with rows."""
    op.create_table(
        "borrower_with_keys",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("profile", sa.LargeBinary(), nullable=False),
        sa.Column("household_id", sa.String(length=26), nullable=True),
        sa.Column("owner", sa.String(length=254), nullable=False),
        sa.Column("inquiries", sa.Integer(), nullable=False),
        sa.Column("known_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_borrower_household_id_household")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_borrower")),
    )
    op.execute(
        "INSERT INTO borrower_with_keys SELECT id, created_at, updated_at, profile, household_id, owner,"  # noqa: S608
        f" inquiries, ({_IN_SQLITE}) FROM borrower ORDER BY id"
    )
    op.drop_table("borrower")
    op.rename_table("borrower_with_keys", "borrower")
