"""The tables of mail: how far each inbox was read and how it is, and the files that came with mails."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from jobs.ledger.columns import Instant, id_column, metadata

inbox_cursor = Table(
    "inbox_cursor",
    metadata,
    Column("path", String(64), primary_key=True),
    Column("mailbox", String(64), nullable=False, default=""),  # keyed hash of server, user and folder
    Column("uid_validity", BigInteger),  # None = never opened
    Column("last_uid", BigInteger, nullable=False, default=0),  # every mail up to it was taken in
    Column("watched_since", Instant),  # what arrived earlier was never asked for
    Column("old_until", BigInteger, nullable=False, default=0),  # up to this UID some may be of earlier
    Column("rescan_since", Instant),  # somebody wants everything read again that arrived since
    Column("lease_token", String(26)),
    Column("lease_until", Instant),
    Column("state", String(16), nullable=False),  # new, ok, away, refused, paused
    Column("since", Instant, nullable=False),
    Column("until", Instant),  # when it is tried again
    Column("reason", Text, nullable=False, default=""),
    Column("remedy", Text, nullable=False, default=""),
    Column("last_mail_at", Instant),
)

attachment = Table(
    "attachment",
    metadata,
    id_column(),
    Column("submission_id", String(26), ForeignKey("submission.id"), nullable=False),
    Column("facts", LargeBinary, nullable=False),  # sealed JSON: name, content type
    Column("size", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),  # sealed
)
Index("ix_attachment_submission", attachment.c.submission_id)
