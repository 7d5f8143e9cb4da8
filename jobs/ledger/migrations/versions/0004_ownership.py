"""What members have on the table is counted; the clock of first touches."""

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"


def upgrade() -> None:
    op.create_index("ix_inquiry_load", "inquiry", ["owner", "shadow", "stage", "received_at"])
    # A partner's last borrower; it serves what the index on the partner alone did.
    op.create_index("ix_inquiry_partner_last", "inquiry", ["partner_id", "id"])
    op.drop_index("ix_inquiry_partner_id", "inquiry")
    op.create_table(
        "first_touch",
        sa.Column("inquiry_id", sa.String(26), sa.ForeignKey("inquiry.id"), primary_key=True),
        sa.Column("follow_up_id", sa.String(26), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True)),
        sa.Column("times", sa.Integer, nullable=False),
        sa.Column("missed", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
    )
    op.create_index("ix_first_touch_due", "first_touch", ["due_at"])
