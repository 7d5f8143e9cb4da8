"""Reviews of who is who: pairs, verdicts, aliases of the merged-away, and merges that can be undone."""

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"


def _borrower(name: str, **more: object) -> sa.Column[str]:
    return sa.Column(name, sa.String(26), sa.ForeignKey("borrower.id"), **more)  # type: ignore[arg-type]


def upgrade() -> None:
    op.create_table(
        "review",
        sa.Column("id", sa.String(26), primary_key=True),
        sa.Column("inquiry_id", sa.String(26), sa.ForeignKey("inquiry.id"), nullable=False, index=True),
        _borrower("borrower_id", nullable=False),
        _borrower("candidate_id", nullable=False, index=True),
        sa.Column("score", sa.Float, nullable=False),
        sa.Column("reasons", sa.Text, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("decided_by", sa.String(64)),
        sa.UniqueConstraint("borrower_id", "candidate_id"),
    )
    op.create_index("ix_review_state", "review", ["state", "id"])
    op.create_table(
        "verdict",
        _borrower("one", primary_key=True),
        _borrower("other", primary_key=True, index=True),
        sa.Column("says", sa.String(16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
    )
    op.create_table(
        "borrower_alias",
        _borrower("borrower_id", primary_key=True),
        _borrower("survivor_id", nullable=False, index=True),
        sa.Column("merge_id", sa.String(26), nullable=False),
    )
    op.create_table(
        "borrower_merge",
        sa.Column("id", sa.String(26), primary_key=True),
        _borrower("survivor_id", nullable=False, index=True),
        _borrower("absorbed_id", nullable=False, index=True),
        sa.Column("review_id", sa.String(26)),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("before", sa.LargeBinary, nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True)),
        sa.Column("undone_by", sa.String(64)),
    )
