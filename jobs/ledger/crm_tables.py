"""CRM accounts: which record there is which of ours, how each account is, its allowance and its tokens."""

from __future__ import annotations

from sqlalchemy import Column, Double, Index, Integer, LargeBinary, String, Table, Text

from jobs.ledger.columns import Instant, metadata

crm_link = Table(
    "crm_link",
    metadata,
    Column("crm", String(64), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("key", String(26), primary_key=True),
    Column("remote_id", String(64), nullable=False),
    Column("created_at", Instant, nullable=False),
)
Index("ix_crm_link_remote", crm_link.c.crm, crm_link.c.kind, crm_link.c.remote_id)

crm_state = Table(
    "crm_state",
    metadata,
    Column("crm", String(64), primary_key=True),
    Column("state", String(16), nullable=False),  # ok, limited, paused, down
    Column("since", Instant, nullable=False),
    Column("until", Instant),  # when it is tried again
    Column("reason", Text, nullable=False, default=""),
    Column("remedy", Text, nullable=False, default=""),
    Column("silent", Integer, nullable=False, default=0),  # batches in a row that nothing of it answered
    Column("calls_left", Integer),  # of the day's, as its vendor said at calls_at; None = it never said
    Column("calls_limit", Integer),
    Column("calls_at", Instant),
)

crm_allowance = Table(
    "crm_allowance",
    metadata,
    Column("crm", String(64), primary_key=True),
    Column("kind", String(16), primary_key=True),  # call, search
    Column("free_at", Double, nullable=False),  # seconds since 1970: up to here turns are taken
)

crm_token = Table(
    "crm_token",
    metadata,
    Column("crm", String(64), primary_key=True),
    Column("tokens", LargeBinary, nullable=False),  # sealed JSON: access and refresh token, expiry, address
    Column("origin", String(64), nullable=False),  # hash of the secret that the first of them came from
    Column("renewed_by", String(26), nullable=False, default=""),  # who is fetching new ones, until when
    Column("renewed_until", Instant),
)
