"""The record of consent with its evidence; who is called first, and the models that say so."""

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"


def upgrade() -> None:
    op.create_table(
        "consent_record",
        sa.Column("id", sa.String(26), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, index=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("way", sa.String(64), nullable=False),
        sa.Column("inquiry_id", sa.String(26), index=True),
        sa.Column("submission_id", sa.String(26)),
        sa.Column("email", sa.Boolean),
        sa.Column("phone", sa.Boolean),
        sa.Column("sms", sa.Boolean),
        sa.Column("evidence", sa.LargeBinary, nullable=False),
    )
    with op.batch_alter_table("inquiry") as table:
        table.add_column(sa.Column("priority", sa.Integer))
        table.add_column(sa.Column("priority_reasons", sa.Text, nullable=False, server_default="[]"))
    op.create_index("ix_inquiry_co_borrower", "inquiry", ["co_borrower_id"])
    op.create_index("ix_inquiry_priority", "inquiry", ["priority", "id"])
    op.create_table(
        "priority_model",
        sa.Column("id", sa.String(26), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcomes", sa.Integer, nullable=False),
        sa.Column("used", sa.Boolean, nullable=False),
        sa.Column("figures", sa.Text, nullable=False),
        sa.Column("weights", sa.Text, nullable=False),
    )
