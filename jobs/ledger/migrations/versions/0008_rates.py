"""When rates fell: a moment that follow-up may be counted from."""

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"


def upgrade() -> None:
    op.add_column("follow_up_plan", sa.Column("rates_at", sa.DateTime(timezone=True)))
