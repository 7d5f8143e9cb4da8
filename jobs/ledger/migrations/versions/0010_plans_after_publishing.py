"""How far the open plans were asked to be looked at again after a revision of the playbook was published."""

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"


def upgrade() -> None:
    op.add_column(
        "playbook_revision", sa.Column("asked_to", sa.String(26), nullable=False, server_default="")
    )
    op.add_column("playbook_revision", sa.Column("asked_at", sa.DateTime(timezone=True)))
    # What was published before is long in force: its plans came to be looked at by themselves.
    op.execute("UPDATE playbook_revision SET asked_at = published_at")
