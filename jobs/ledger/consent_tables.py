"""The record of consent: what was said, taken back and lifted, with its evidence."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, LargeBinary, String, Table

from jobs.ledger.columns import Instant, id_column, metadata

#: Evidence outlives what it came with, so nothing here refers to rows that may be gone by then.
consent_record = Table(
    "consent_record",
    metadata,
    id_column(),
    Column("at", Instant, nullable=False, index=True),
    Column("kind", String(16), nullable=False),  # said, withdrawn, lifted
    Column("way", String(64), nullable=False),  # the intake path, "desk", or the name of the CRM
    Column("inquiry_id", String(26), index=True),  # None: nobody that we knew
    Column("submission_id", String(26)),
    Column("email", Boolean),  # None: not about this channel
    Column("phone", Boolean),
    Column("sms", Boolean),
    Column("evidence", LargeBinary, nullable=False),  # sealed JSON: who, which words, where, certificates
)
