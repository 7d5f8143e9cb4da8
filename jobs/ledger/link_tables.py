"""The tables of application links: who was given which link, and what became of each opening."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, String, Table

from jobs.ledger.columns import Instant, id_column, metadata

application_link = Table(
    "application_link",
    metadata,
    Column("code", String(16), primary_key=True),
    Column("path", String(64), nullable=False),
    Column("owner", String(254), nullable=False, index=True),  # email; "" = whose turn it is
    Column("partner", LargeBinary, nullable=False),  # sealed JSON: name, email
    Column("campaign", String(200), nullable=False, default=""),
    Column("created_at", Instant, nullable=False),
    Column("created_by", String(26), nullable=False),
    Column("disabled_at", Instant),
)

#: An opening of a link, or an application that began without one (code is None then).
link_opening = Table(
    "link_opening",
    metadata,
    id_column(),
    Column("code", String(16), ForeignKey("application_link.code"), index=True),
    Column("at", Instant, nullable=False),
    Column("ref_hash", String(64), nullable=False, unique=True),  # the name its inquiry is known under
    Column("state", String(16), nullable=False),  # opened, started, submitted
    Column("since", Instant, nullable=False),  # when it came to this state
    Column("reminded", String(16), nullable=False, default=""),  # the state that somebody was reminded of
    Column("facts", LargeBinary, nullable=False),  # sealed JSON: utm, click ids, hash of the address, agent
)
Index("ix_link_opening_state", link_opening.c.state, link_opening.c.since)
