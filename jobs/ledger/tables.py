"""The tables. Personal columns hold sealed bytes (seal.py); look-ups go by keyed hash."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """An aware moment, stored in UTC; SQLite has no zones, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


def _id(name: str = "id", **more: Any) -> Column[str]:
    """A ULID: sortable by time, says nothing about how many there are."""
    return Column(name, String(26), primary_key=name == "id", **more)


submission = Table(
    "submission",
    metadata,
    _id(),
    Column("path", String(64), nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("dedupe_key", String(64), nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("content_type", String(255), nullable=False),
    Column("body", LargeBinary, nullable=False),  # sealed; what arrived, sensitive numbers taken out
    Column("request", LargeBinary, nullable=False),  # sealed JSON: headers we need, query, address, signals
    Column("redactions", Integer, nullable=False, default=0),
    Column(
        "state", String(16), nullable=False
    ),  # received, captured, processed, quarantined, discarded, ignored
    Column("reason_code", String(64), nullable=False, default=""),
    Column("reason", Text, nullable=False, default=""),
    Column("attempts", Integer, nullable=False, default=0),
    Column("lease_until", Instant),
    Column("repeats", Integer, nullable=False, default=0),
    Column("expired_at", Instant),  # when body and request were emptied, by the retention rule
    UniqueConstraint("path", "dedupe_key"),
)
Index("ix_submission_state", submission.c.state, submission.c.id)
Index("ix_submission_path", submission.c.path, submission.c.received_at)
Index("ix_submission_content", submission.c.path, submission.c.content_hash, submission.c.received_at)

household = Table("household", metadata, _id(), Column("created_at", Instant, nullable=False))

borrower = Table(
    "borrower",
    metadata,
    _id(),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("profile", LargeBinary, nullable=False),  # sealed JSON: names, emails, phones as known so far
    Column("household_id", String(26), ForeignKey("household.id")),
    Column("owner", String(254), nullable=False, default=""),  # sticky: who had the last inquiry
    Column("inquiries", Integer, nullable=False, default=0),
)

borrower_key = Table(
    "borrower_key",
    metadata,
    Column("hash", String(64), primary_key=True),  # the kind is hashed with the value
    Column("borrower_id", String(26), ForeignKey("borrower.id"), primary_key=True, index=True),
    Column("kind", String(16), nullable=False),
)

partner = Table(
    "partner",
    metadata,
    _id(),
    Column("created_at", Instant, nullable=False),
    Column("key_hash", String(64), nullable=False, unique=True),
    Column("profile", LargeBinary, nullable=False),  # sealed JSON
)

inquiry = Table(
    "inquiry",
    metadata,
    _id(),
    Column("submission_id", String(26), ForeignKey("submission.id"), nullable=False, unique=True),
    Column("borrower_id", String(26), ForeignKey("borrower.id"), nullable=False, index=True),
    Column("co_borrower_id", String(26), ForeignKey("borrower.id")),
    Column("partner_id", String(26), ForeignKey("partner.id")),
    Column("path", String(64), nullable=False),
    Column("received_at", Instant, nullable=False, index=True),
    Column("type", String(32), nullable=False),
    Column("stage", String(32), nullable=False),
    Column("owner", String(254), nullable=False, default=""),
    Column("owner_name", String(200), nullable=False, default=""),
    Column("known_borrower", Boolean, nullable=False, default=False),
    Column("shadow", Boolean, nullable=False, default=False),
    Column("playbook", String(80), nullable=False),  # name@revision that decided
    Column("details", LargeBinary, nullable=False),  # sealed JSON: the canonical inquiry
    Column("decisions", Text, nullable=False),  # JSON [[about, reason], ...]; no personal data
    Column("missing", Text, nullable=False, default="[]"),
    Column("next_follow_up_at", Instant),
)
Index("ix_inquiry_owner", inquiry.c.owner, inquiry.c.id)

follow_up = Table(
    "follow_up",
    metadata,
    _id(),
    Column("inquiry_id", String(26), ForeignKey("inquiry.id"), nullable=False, index=True),
    Column("purpose", String(64), nullable=False),
    Column("channel", String(32), nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("owner", String(254), nullable=False, default=""),
    Column("state", String(16), nullable=False),  # planned, in_crm, done, cancelled
    Column("content", LargeBinary, nullable=False),  # sealed JSON: subject, body
    Column("reason", Text, nullable=False, default=""),
)

delivery = Table(
    "delivery",
    metadata,
    _id(),
    Column("inquiry_id", String(26), ForeignKey("inquiry.id"), nullable=False),
    Column("borrower_id", String(26), ForeignKey("borrower.id"), nullable=False),
    Column("crm", String(64), nullable=False),
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
    UniqueConstraint("inquiry_id", "crm"),
)
Index("ix_delivery_due", delivery.c.crm, delivery.c.state, delivery.c.next_attempt_at)
Index("ix_delivery_desk", delivery.c.state, delivery.c.inquiry_id)
Index("ix_delivery_borrower", delivery.c.borrower_id, delivery.c.crm, delivery.c.state)

delivery_attempt = Table(
    "delivery_attempt",
    metadata,
    _id(),
    Column("delivery_id", String(26), ForeignKey("delivery.id"), nullable=False, index=True),
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant, nullable=False),
    Column("outcome", String(32), nullable=False),  # delivered, an error code, or late
    Column("detail", Text, nullable=False, default=""),  # JSON [{kind, action, remote_id, error, note}]
    Column("calls", Float, nullable=False, default=0.0),  # this delivery's share of the calls made
)

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
    Column("state", String(16), nullable=False),  # ok, limited, paused
    Column("since", Instant, nullable=False),
    Column("until", Instant),  # when it is tried again
    Column("reason", Text, nullable=False, default=""),
    Column("remedy", Text, nullable=False, default=""),
)

owner_turn = Table(
    "owner_turn",
    metadata,
    Column("member", String(254), primary_key=True),
    Column("pointer", Float, nullable=False),
)

alert = Table(
    "alert",
    metadata,
    _id(),
    Column("at", Instant, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("object_id", String(64), nullable=False),
    Column("message", Text, nullable=False),
    Column("acknowledged_at", Instant),
    Column("acknowledged_by", String(26)),
)

Index("ix_alert_object", alert.c.kind, alert.c.object_id)

audit_event = Table(
    "audit_event",
    metadata,
    _id(),
    Column("at", Instant, nullable=False),
    Column("actor", String(64), nullable=False),  # user id, or "system"
    Column("action", String(64), nullable=False),
    Column("object_kind", String(32), nullable=False),
    Column("object_id", String(64), nullable=False),
    Column("detail", Text, nullable=False, default=""),  # no personal data
)
Index("ix_audit_event_object", audit_event.c.object_kind, audit_event.c.object_id)

app_user = Table(
    "app_user",
    metadata,
    _id(),
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

#: Every sealed column: (table, column, the column whose value is bound into the seal).
SEALED: tuple[tuple[Table, str, str], ...] = (
    (submission, "body", "id"),
    (submission, "request", "id"),
    (borrower, "profile", "id"),
    (partner, "profile", "id"),
    (inquiry, "details", "id"),
    (follow_up, "content", "id"),
    (delivery, "bundle", "id"),
    (web_session, "data", "id_hash"),
)
