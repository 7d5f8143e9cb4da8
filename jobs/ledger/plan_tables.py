"""Follow-up plans: from which moments an inquiry's plan counts, and when it is looked at next.

The plan itself is no rows: it is worked out from these moments, the playbook and the touches planned before.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, String, Table, Text

from jobs.ledger.columns import Instant, metadata

follow_up_plan = Table(
    "follow_up_plan",
    metadata,
    Column("inquiry_id", String(26), ForeignKey("inquiry.id"), primary_key=True),
    Column("look_at", Instant, index=True),  # when something may have to be planned; NULL = never again
    Column("since", Instant, nullable=False),  # what was wished for before belongs to another plan
    Column("state", String(16), nullable=False),  # running, stopped: by a person's word
    Column("paused_until", Instant),
    Column("why", Text, nullable=False, default=""),  # who stopped or paused it, in words
    Column("carried_by", String(26), index=True),  # the borrower's newer inquiry, which is pursued instead
    Column("stage_at", Instant, nullable=False),
    Column("engaged_at", Instant),  # when the borrower was last heard of
    Column("application_at", Instant),
    Column("funded_at", Instant),
    Column("rates_at", Instant),  # when a person last said that rates fell
)
