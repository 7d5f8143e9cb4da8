"""The table of first touches: whose clock runs until somebody got in touch with the borrower."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from jobs.ledger.columns import Instant, metadata

first_touch = Table(
    "first_touch",
    metadata,
    Column("inquiry_id", String(26), ForeignKey("inquiry.id"), primary_key=True),
    Column("follow_up_id", String(26), nullable=False),  # the task that is to be done
    Column("state", String(16), nullable=False),  # running, done, stopped, given_up
    Column("since", Instant, nullable=False),  # when the present owner got the inquiry
    Column("due_at", Instant),  # when it is looked at next; None = the clock stands
    Column("times", Integer, nullable=False, default=0),  # how often it was given on
    Column("missed", Text, nullable=False, default="[]"),  # JSON [email, ...]: who did not get in touch
    Column("reason", Text, nullable=False, default=""),  # why the clock stands, in words
    Column("ended_at", Instant),
)
Index("ix_first_touch_due", first_touch.c.due_at)
