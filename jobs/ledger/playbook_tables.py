"""The table of the playbook's revisions.

The text is not sealed: it holds what a brokerage writes about its own staff, and nothing of a borrower.
"""

from __future__ import annotations

from sqlalchemy import Column, Integer, String, Table, Text

from jobs.ledger.columns import Instant, metadata

playbook_revision = Table(
    "playbook_revision",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),  # 1, 2, 3 ...
    Column("state", String(16), nullable=False, index=True),  # draft, replaced (by another draft), published
    Column("parent", Integer, nullable=False),  # what was published when it was begun; 0 = nothing yet
    Column("name", String(64), nullable=False),  # as decisions name it, before the @
    Column("hash", String(64), nullable=False),  # SHA-256 of the text
    Column("text", Text, nullable=False),
    Column("saved_at", Instant, nullable=False),
    Column("saved_by", String(64), nullable=False),  # user id, or "command line: login"
    Column("published_at", Instant),
    Column("published_by", String(64)),
    Column("message", Text, nullable=False, default=""),  # why, as its publisher says
    Column("asked_to", String(26), nullable=False, default=""),  # inquiries whose plans were asked for since
    Column("asked_at", Instant),  # when all of them were
)
