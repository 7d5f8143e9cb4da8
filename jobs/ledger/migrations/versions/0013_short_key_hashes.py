"""Keys of borrowers, and what is suppressed, are known by half of their hash: less is read and written."""

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"

#: SQLite minds no length: a process of the version before that still runs shall fail, not store what is
#: never found again.
_LIMIT = "length(hash) <= 32"
_LONG, _SHORT = sa.String(length=64), sa.String(length=32)


def upgrade() -> None:
    if op.get_context().dialect.name == "sqlite":
        _anew()
        op.execute("UPDATE suppression SET hash = substr(hash, 1, 32)")
        with op.batch_alter_table("suppression") as suppression:
            suppression.alter_column("hash", existing_type=_LONG, type_=_SHORT, existing_nullable=False)
            suppression.create_check_constraint(op.f("ck_suppression_hash"), _LIMIT)
        return
    for table in ("borrower_key", "suppression"):
        half = "substr(hash, 1, 32)"
        op.alter_column(table, "hash", existing_type=_LONG, type_=_SHORT, postgresql_using=half)


def _anew() -> None:
    """In the order of the hashes: changed in place, its pages would stay as wide as they were."""
    op.drop_index("ix_borrower_key_borrower_id", "borrower_key")
    op.rename_table("borrower_key", "borrower_key_before")
    op.create_table(
        "borrower_key",
        sa.Column("hash", _SHORT, nullable=False),
        sa.Column("borrower_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["borrower_id"], ["borrower.id"], name=op.f("fk_borrower_key_borrower_id_borrower")
        ),
        sa.PrimaryKeyConstraint("hash", "borrower_id", name=op.f("pk_borrower_key")),
        sa.CheckConstraint(_LIMIT, name=op.f("ck_borrower_key_hash")),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO borrower_key (hash, borrower_id, kind)"
        " SELECT substr(hash, 1, 32), borrower_id, kind FROM borrower_key_before ORDER BY hash, borrower_id"
    )
    op.drop_table("borrower_key_before")
    op.create_index(op.f("ix_borrower_key_borrower_id"), "borrower_key", ["borrower_id"], unique=False)
