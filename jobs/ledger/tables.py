"""The tables. Personal columns hold sealed bytes (seal.py); look-ups go by keyed hash."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
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

from jobs.ledger.account_tables import web_session
from jobs.ledger.api_tables import api_token as api_token
from jobs.ledger.columns import Instant as Instant
from jobs.ledger.columns import id_column
from jobs.ledger.columns import metadata as metadata
from jobs.ledger.consent_tables import consent_record as consent_record
from jobs.ledger.crm_tables import crm_allowance as crm_allowance
from jobs.ledger.crm_tables import crm_link as crm_link
from jobs.ledger.crm_tables import crm_state as crm_state
from jobs.ledger.crm_tables import crm_token as crm_token
from jobs.ledger.delivery_tables import delivery as delivery
from jobs.ledger.delivery_tables import delivery_attempt as delivery_attempt
from jobs.ledger.first_touch_tables import first_touch as first_touch
from jobs.ledger.inbox_tables import attachment as attachment
from jobs.ledger.inbox_tables import inbox_cursor as inbox_cursor
from jobs.ledger.link_tables import application_link, link_opening
from jobs.ledger.plan_tables import follow_up_plan as follow_up_plan
from jobs.ledger.playbook_tables import playbook_revision as playbook_revision
from jobs.ledger.priority_tables import priority_model as priority_model
from jobs.ledger.review_tables import borrower_alias as borrower_alias
from jobs.ledger.review_tables import borrower_merge as borrower_merge
from jobs.ledger.review_tables import review as review
from jobs.ledger.review_tables import verdict as verdict

submission = Table(
    "submission",
    metadata,
    id_column(),
    Column("path", String(64), nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("parent_id", String(26)),  # the submission that this one is a part of
    Column("lane", String(16), nullable=False, default="live"),  # live, or backfill: imports
    Column("dedupe_key", String(64), nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("content_type", String(255), nullable=False),
    Column("body", LargeBinary, nullable=False),  # sealed; what arrived, sensitive numbers taken out
    Column("request", LargeBinary, nullable=False),  # sealed JSON: headers we need, query, address, signals
    Column("redactions", Integer, nullable=False, default=0),
    Column(
        "state", String(16), nullable=False
    ),  # received, captured, fetching, split, processed, quarantined, discarded, ignored
    Column("reason_code", String(64), nullable=False, default=""),
    Column("reason", Text, nullable=False, default=""),
    Column("attempts", Integer, nullable=False, default=0),
    Column("lease_until", Instant),
    Column("repeats", Integer, nullable=False, default=0),
    Column("partner_id", String(26), index=True),  # whose approval it waits for
    Column("expired_at", Instant),  # when body and request were emptied, by the retention rule
    UniqueConstraint("path", "dedupe_key"),
)
Index("ix_submission_parent", submission.c.parent_id)
Index("ix_submission_state", submission.c.state, submission.c.id)
Index("ix_submission_lane", submission.c.state, submission.c.lane, submission.c.id)
Index("ix_submission_path", submission.c.path, submission.c.received_at)
Index("ix_submission_content", submission.c.path, submission.c.content_hash, submission.c.received_at)

household = Table("household", metadata, id_column(), Column("created_at", Instant, nullable=False))

borrower = Table(
    "borrower",
    metadata,
    id_column(),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("profile", LargeBinary, nullable=False),  # sealed JSON: names, emails, phones as known so far
    Column("household_id", String(26), ForeignKey("household.id")),
    Column("owner", String(254), nullable=False, default=""),  # sticky: who had the last inquiry
    Column("inquiries", Integer, nullable=False, default=0),
    Column("known_by", Text, nullable=False, default=""),  # identity keys: kind:hash kind:hash
)

#: Who has a key; the other way round it stands in the borrower's row.
borrower_key = Table(
    "borrower_key",
    metadata,
    Column("hash", String(32), primary_key=True),  # the kind is hashed with the value
    Column("borrower_id", String(26), ForeignKey("borrower.id"), primary_key=True),
    Column("kind", String(16), nullable=False),
    sqlite_with_rowid=False,  # every decision writes some: one page less for each of them
)

#: Whose keys are to be worked out again: with a new kind of key, a migration lists everybody.
keys_due = Table("keys_due", metadata, Column("borrower_id", String(26), primary_key=True))

partner = Table(
    "partner",
    metadata,
    id_column(),
    Column("created_at", Instant, nullable=False),
    Column("key_hash", String(64), nullable=False, unique=True),
    Column("profile", LargeBinary, nullable=False),  # sealed JSON: address, name, company, phone
    Column("state", String(16), nullable=False, default="new"),  # new, approved, blocked
    Column("decided_at", Instant),
    Column("decided_by", String(26)),
)

inquiry = Table(
    "inquiry",
    metadata,
    id_column(),
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
    Column("priority", Integer),  # 0 to 100; None when it is over
    Column("priority_reasons", Text, nullable=False, default="[]"),  # JSON; no personal data
)
Index("ix_inquiry_owner", inquiry.c.owner, inquiry.c.id)
Index("ix_inquiry_next", inquiry.c.stage, inquiry.c.next_follow_up_at)
Index("ix_inquiry_load", inquiry.c.owner, inquiry.c.shadow, inquiry.c.stage, inquiry.c.received_at)
Index("ix_inquiry_partner_last", inquiry.c.partner_id, inquiry.c.id)
Index("ix_inquiry_co_borrower", inquiry.c.co_borrower_id)
Index("ix_inquiry_priority", inquiry.c.priority, inquiry.c.id)

inquiry_ref = Table(
    "inquiry_ref",
    metadata,
    Column("hash", String(64), primary_key=True),  # keyed hash of a name the sender uses for it
    Column("inquiry_id", String(26), ForeignKey("inquiry.id"), nullable=False, index=True),
)

inquiry_event = Table(
    "inquiry_event",
    metadata,
    id_column(),
    Column("inquiry_id", String(26), ForeignKey("inquiry.id"), nullable=False, index=True),
    Column("submission_id", String(26), ForeignKey("submission.id"), unique=True),
    Column("at", Instant, nullable=False),
    Column("kind", String(32), nullable=False),  # application, booking, reply, documents, call, opening
    Column("summary", Text, nullable=False),  # in words, without personal data
    Column("details", LargeBinary, nullable=False),  # sealed JSON: the message and whatever else came
)

suppression = Table(
    "suppression",
    metadata,
    Column("hash", String(32), primary_key=True),  # as borrower_key has it, of an email or phone
    Column("channel", String(16), primary_key=True),  # email, phone, sms
    Column("at", Instant, nullable=False),
    Column("submission_id", String(26), ForeignKey("submission.id")),  # the evidence
)

used_proof = Table(
    "used_proof",
    metadata,
    Column("hash", String(64), primary_key=True),  # keyed hash of a signature that does not cover its body
    Column("at", Instant, nullable=False, index=True),
)

path_change = Table(
    "path_change",
    metadata,
    Column("path", String(64), primary_key=True),
    Column("configured_state", String(16), nullable=False),  # the file's, when it was changed at the desk
    Column("state", String(16), nullable=False),
    Column("fields", LargeBinary, nullable=False),  # sealed JSON: the sender's words → canonical field
    Column("changed_at", Instant, nullable=False),
    Column("changed_by", String(26), nullable=False),
)

follow_up = Table(
    "follow_up",
    metadata,
    id_column(),
    Column("inquiry_id", String(26), ForeignKey("inquiry.id"), nullable=False, index=True),
    Column("purpose", String(64), nullable=False),
    Column("channel", String(32), nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("owner", String(254), nullable=False, default=""),
    Column("state", String(16), nullable=False),  # planned, in_crm, done, cancelled
    Column("content", LargeBinary, nullable=False),  # sealed JSON: subject, body
    Column("reason", Text, nullable=False, default=""),
    Column("touch", String(160)),  # its key in a cadence; NULL = of no cadence, or free to be planned anew
)
Index("ix_follow_up_due", follow_up.c.channel, follow_up.c.state, follow_up.c.due_at)
Index("ix_follow_up_touch", follow_up.c.inquiry_id, follow_up.c.touch, unique=True)

owner_turn = Table(
    "owner_turn",
    metadata,
    Column("member", String(254), primary_key=True),
    Column("pointer", Float, nullable=False),
)

alert = Table(
    "alert",
    metadata,
    id_column(),
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
    id_column(),
    Column("at", Instant, nullable=False),
    Column("actor", String(64), nullable=False),  # user id, or "system"
    Column("action", String(64), nullable=False),
    Column("object_kind", String(32), nullable=False),
    Column("object_id", String(64), nullable=False),
    Column("detail", Text, nullable=False, default=""),  # no personal data
)
Index("ix_audit_event_object", audit_event.c.object_kind, audit_event.c.object_id)

#: Every sealed column: (table, column, the column whose value is bound into the seal).
SEALED: tuple[tuple[Table, str, str], ...] = (
    (submission, "body", "id"),
    (submission, "request", "id"),
    (attachment, "facts", "id"),
    (attachment, "content", "id"),
    (borrower, "profile", "id"),
    (borrower_merge, "before", "id"),
    (partner, "profile", "id"),
    (inquiry, "details", "id"),
    (inquiry_event, "details", "id"),
    (consent_record, "evidence", "id"),
    (path_change, "fields", "path"),
    (application_link, "partner", "code"),
    (link_opening, "facts", "id"),
    (follow_up, "content", "id"),
    (delivery, "bundle", "id"),
    (crm_token, "tokens", "crm"),
    (web_session, "data", "id_hash"),
)
