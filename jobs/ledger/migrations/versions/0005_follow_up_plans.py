"""Follow-up plans: when an inquiry is looked at next, and which touches of its cadences were planned."""

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"


def upgrade() -> None:
    op.create_table(
        "follow_up_plan",
        sa.Column("inquiry_id", sa.String(26), sa.ForeignKey("inquiry.id"), primary_key=True),
        sa.Column("look_at", sa.DateTime(timezone=True), index=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("paused_until", sa.DateTime(timezone=True)),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("carried_by", sa.String(26), index=True),
        sa.Column("stage_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("engaged_at", sa.DateTime(timezone=True)),
        sa.Column("application_at", sa.DateTime(timezone=True)),
        sa.Column("funded_at", sa.DateTime(timezone=True)),
    )
    op.add_column("follow_up", sa.Column("touch", sa.String(160)))
    op.create_index("ix_follow_up_touch", "follow_up", ["inquiry_id", "touch"], unique=True)
    op.create_index("ix_inquiry_next", "inquiry", ["stage", "next_follow_up_at"])
