"""Calls that are due are found by when they are due, however many inquiries there are."""

from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"


def upgrade() -> None:
    op.create_index("ix_follow_up_due", "follow_up", ["channel", "state", "due_at"])
