"""The tables of the desk's accounts: who may come in, and who is in."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, String, Table

from jobs.ledger.columns import Instant, id_column, metadata

app_user = Table(
    "app_user",
    metadata,
    id_column(),
    Column("email", String(254), nullable=False, unique=True),
    Column("name", String(200), nullable=False, default=""),
    Column("role", String(16), nullable=False),  # admin, consultant, broker
    Column("password_hash", String(255), nullable=False, default=""),
    Column("created_at", Instant, nullable=False),
    Column("disabled_at", Instant),
)

web_session = Table(
    "web_session",
    metadata,
    Column("id_hash", String(64), primary_key=True),
    Column("user_id", String(26), ForeignKey("app_user.id"), index=True),
    Column("data", LargeBinary, nullable=False),  # sealed JSON
    Column("created_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
)

login_token = Table(
    "login_token",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("user_id", String(26), ForeignKey("app_user.id"), nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
)

login_throttle = Table(
    "login_throttle",
    metadata,
    Column("subject_hash", String(64), primary_key=True),  # an account or an address
    Column("failures", Integer, nullable=False),
    Column("last_at", Instant, nullable=False),
    Column("locked_until", Instant),
)
