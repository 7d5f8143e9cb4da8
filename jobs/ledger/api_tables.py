"""The table of the JSON API's tokens."""

from __future__ import annotations

from sqlalchemy import Column, String, Table

from jobs.ledger.columns import Instant, id_column, metadata

api_token = Table(
    "api_token",
    metadata,
    id_column(),
    Column("hash", String(64), nullable=False, unique=True),  # of 192 random bits: it cannot be guessed
    Column("path", String(64), nullable=False),
    Column("name", String(200), nullable=False),  # what a person calls it
    Column("created_at", Instant, nullable=False),
    Column("revoked_at", Instant),
)
