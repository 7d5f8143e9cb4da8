"""The models of priority that were trained on what became of inquiries."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, Table, Text

from jobs.ledger.columns import Instant, id_column, metadata

priority_model = Table(
    "priority_model",
    metadata,
    id_column(),
    Column("at", Instant, nullable=False),
    Column("outcomes", Integer, nullable=False),  # how many it learned from
    Column("used", Boolean, nullable=False),  # whether it was better than the rules on held-back outcomes
    Column("figures", Text, nullable=False),  # JSON: what both came to on the held-back outcomes
    Column("weights", Text, nullable=False),  # JSON: factor → weight, plain numbers
)
