"""Deliveries: what each CRM is owed, and what came of every try."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from jobs.ledger.columns import Instant, id_column, metadata

delivery = Table(
    "delivery",
    metadata,
    id_column(),
    Column("inquiry_id", String(26), ForeignKey("inquiry.id"), nullable=False),
    Column("borrower_id", String(26), ForeignKey("borrower.id"), nullable=False),
    Column("crm", String(64), nullable=False),
    Column("step", Integer, nullable=False, default=0),  # 0 = the inquiry itself, then what happened later
    Column("lane", String(16), nullable=False, default="live"),  # live, or backfill: goes after all live ones
    Column("created_at", Instant, nullable=False),
    Column("bundle", LargeBinary, nullable=False),  # sealed JSON: what is to be written, fixed when decided
    Column("state", String(16), nullable=False),  # due, leased, delivered, dead, shadow
    Column("attempts", Integer, nullable=False, default=0),  # tries that count towards giving up
    Column(
        "claims", Integer, nullable=False, default=0
    ),  # times taken up; more than 0 = look before creating
    Column("crashes", Integer, nullable=False, default=0),  # leases that ran out
    Column("next_attempt_at", Instant, nullable=False),
    Column("lease_token", String(26)),
    Column("lease_until", Instant),
    Column("delivered_at", Instant),
    Column("error_code", String(64), nullable=False, default=""),
    Column("error", Text, nullable=False, default=""),
    Column("remedy", Text, nullable=False, default=""),
    UniqueConstraint("inquiry_id", "crm", "step", name="uq_delivery_step"),
)
Index(
    "ix_delivery_due",
    delivery.c.crm,
    delivery.c.lane,
    delivery.c.state,
    delivery.c.next_attempt_at,
    delivery.c.id,
)
Index("ix_delivery_desk", delivery.c.state, delivery.c.inquiry_id)
Index("ix_delivery_borrower", delivery.c.borrower_id, delivery.c.crm, delivery.c.state)

delivery_attempt = Table(
    "delivery_attempt",
    metadata,
    id_column(),
    Column("delivery_id", String(26), ForeignKey("delivery.id"), nullable=False, index=True),
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant, nullable=False),
    Column("outcome", String(32), nullable=False),  # delivered, an error code, or late
    Column(
        "detail", Text, nullable=False, default=""
    ),  # JSON [{kind, action, remote_id, error, note, review}]
    Column("calls", Float, nullable=False, default=0.0),  # this delivery's share of the calls made
)
