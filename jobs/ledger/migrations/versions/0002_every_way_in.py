"""Every way in: submissions in parts, paths that change at the desk, what happens to an inquiry later."""

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"


def upgrade() -> None:
    with op.batch_alter_table("submission") as table:
        table.add_column(sa.Column("parent_id", sa.String(26)))
        table.add_column(sa.Column("lane", sa.String(16), nullable=False, server_default="live"))
    op.create_index("ix_submission_parent", "submission", ["parent_id"])
    op.create_index("ix_submission_lane", "submission", ["state", "lane", "id"])
    with op.batch_alter_table("delivery") as table:
        table.add_column(sa.Column("step", sa.Integer, nullable=False, server_default="0"))
        table.drop_constraint("uq_delivery_inquiry_id", type_="unique")
        table.create_unique_constraint("uq_delivery_step", ["inquiry_id", "crm", "step"])
    op.create_table(
        "inquiry_ref",
        sa.Column("hash", sa.String(64), primary_key=True),
        sa.Column("inquiry_id", sa.String(26), sa.ForeignKey("inquiry.id"), nullable=False, index=True),
    )
    op.create_table(
        "inquiry_event",
        sa.Column("id", sa.String(26), primary_key=True),
        sa.Column("inquiry_id", sa.String(26), sa.ForeignKey("inquiry.id"), nullable=False, index=True),
        sa.Column("submission_id", sa.String(26), sa.ForeignKey("submission.id"), unique=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("summary", sa.Text, nullable=False),
        sa.Column("details", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "used_proof",
        sa.Column("hash", sa.String(64), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, index=True),
    )
    op.create_table(
        "path_change",
        sa.Column("path", sa.String(64), primary_key=True),
        sa.Column("configured_state", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("fields", sa.LargeBinary, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(26), nullable=False),
    )
    op.create_table(
        "suppression",
        sa.Column("hash", sa.String(64), primary_key=True),
        sa.Column("channel", sa.String(16), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submission_id", sa.String(26), sa.ForeignKey("submission.id")),
    )
    _mail()
    _links()
    op.create_table(
        "api_token",
        sa.Column("id", sa.String(26), primary_key=True),
        sa.Column("hash", sa.String(64), nullable=False, unique=True),
        sa.Column("path", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
    )


def _mail() -> None:
    """Inboxes, the files of mails, and the partners who write them."""
    with op.batch_alter_table("submission") as table:
        table.add_column(sa.Column("partner_id", sa.String(26)))
    op.create_index("ix_submission_partner_id", "submission", ["partner_id"])
    op.create_index("ix_inquiry_partner_id", "inquiry", ["partner_id"])
    with op.batch_alter_table("partner") as table:
        table.add_column(sa.Column("state", sa.String(16), nullable=False, server_default="new"))
        table.add_column(sa.Column("decided_at", sa.DateTime(timezone=True)))
        table.add_column(sa.Column("decided_by", sa.String(26)))
    op.create_table(
        "inbox_cursor",
        sa.Column("path", sa.String(64), primary_key=True),
        sa.Column("mailbox", sa.String(64), nullable=False),
        sa.Column("uid_validity", sa.BigInteger),
        sa.Column("last_uid", sa.BigInteger, nullable=False),
        sa.Column("watched_since", sa.DateTime(timezone=True)),
        sa.Column("old_until", sa.BigInteger, nullable=False),
        sa.Column("rescan_since", sa.DateTime(timezone=True)),
        sa.Column("lease_token", sa.String(26)),
        sa.Column("lease_until", sa.DateTime(timezone=True)),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True)),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("remedy", sa.Text, nullable=False),
        sa.Column("last_mail_at", sa.DateTime(timezone=True)),
    )
    op.create_table(
        "attachment",
        sa.Column("id", sa.String(26), primary_key=True),
        sa.Column("submission_id", sa.String(26), sa.ForeignKey("submission.id"), nullable=False),
        sa.Column("facts", sa.LargeBinary, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_attachment_submission", "attachment", ["submission_id"])


def _links() -> None:
    """Application links and their openings."""
    op.create_table(
        "application_link",
        sa.Column("code", sa.String(16), primary_key=True),
        sa.Column("path", sa.String(64), nullable=False),
        sa.Column("owner", sa.String(254), nullable=False, index=True),
        sa.Column("partner", sa.LargeBinary, nullable=False),
        sa.Column("campaign", sa.String(200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(26), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True)),
    )
    op.create_table(
        "link_opening",
        sa.Column("id", sa.String(26), primary_key=True),
        sa.Column("code", sa.String(16), sa.ForeignKey("application_link.code"), index=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ref_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminded", sa.String(16), nullable=False),
        sa.Column("facts", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_link_opening_state", "link_opening", ["state", "since"])
