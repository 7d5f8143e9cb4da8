"""Reviews of who is who: the pairs people are asked about, what they said, and the merges that came of it."""

from __future__ import annotations

from sqlalchemy import Column, Float, ForeignKey, Index, LargeBinary, String, Table, Text, UniqueConstraint

from jobs.ledger.columns import Instant, id_column, metadata

review = Table(
    "review",
    metadata,
    id_column(),
    Column("inquiry_id", String(26), ForeignKey("inquiry.id"), nullable=False, index=True),
    Column("borrower_id", String(26), ForeignKey("borrower.id"), nullable=False),  # mostly opened as new
    Column("candidate_id", String(26), ForeignKey("borrower.id"), nullable=False, index=True),
    Column("score", Float, nullable=False),  # bits of evidence for their being one
    Column("reasons", Text, nullable=False),  # JSON [sentence, ...]; no personal data
    # open, merged, household, different, unknown, unanswered
    Column("state", String(16), nullable=False, default="open"),
    Column("opened_at", Instant, nullable=False),
    Column("decided_at", Instant),
    Column("decided_by", String(64)),  # user id, "system", or "command line"
    UniqueConstraint("borrower_id", "candidate_id"),
)
Index("ix_review_state", review.c.state, review.c.id)

verdict = Table(
    "verdict",
    metadata,
    Column("one", String(26), ForeignKey("borrower.id"), primary_key=True),  # the lower id of the two
    Column("other", String(26), ForeignKey("borrower.id"), primary_key=True, index=True),
    Column("says", String(16), nullable=False),  # different, household: never one person
    Column("at", Instant, nullable=False),
    Column("by", String(64), nullable=False),
)

borrower_alias = Table(
    "borrower_alias",
    metadata,
    Column("borrower_id", String(26), ForeignKey("borrower.id"), primary_key=True),  # merged away
    Column("survivor_id", String(26), ForeignKey("borrower.id"), nullable=False, index=True),
    Column("merge_id", String(26), nullable=False),
)

borrower_merge = Table(
    "borrower_merge",
    metadata,
    id_column(),
    Column("survivor_id", String(26), ForeignKey("borrower.id"), nullable=False, index=True),
    Column("absorbed_id", String(26), ForeignKey("borrower.id"), nullable=False, index=True),
    Column("review_id", String(26)),
    Column("at", Instant, nullable=False),
    Column("by", String(64), nullable=False),
    Column("before", LargeBinary, nullable=False),  # sealed JSON: every row it changed, as it stood before
    Column("undone_at", Instant),
    Column("undone_by", String(64)),
)
