"""The desk's word on consent: the record that is shown, opt-outs taken and lifted there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection, select

from jobs.consent.closing import CHANNEL_NAMES, Closing, leave_alone, record
from jobs.desk.viewer import Viewer
from jobs.known import load
from jobs.ledger import accounts, borrowers, consents, events, identity_keys, inquiries, notices, suppressions
from jobs.ledger.codec import to_json
from jobs.ledger.consents import Line
from jobs.ledger.tables import inquiry as inquiry_table
from jobs.services import Services
from mapping.consent.agreed import CHANNELS, without
from mapping.consent.record import Said, after_lifting, standing
from mapping.follow_up.news import OUTCOMES
from mapping.inquiry import Consent, Inquiry, Party


@dataclass(frozen=True, slots=True)
class ShownRecord:
    """What a borrower said about being contacted: line by line, the newest first, and what is closed."""

    lines: tuple[Line, ...] = ()
    who: Mapping[str, str] = field(default_factory=dict)  # account → name, for lines made at the desk
    closed: Mapping[str, str] = field(default_factory=dict)  # channel → refused or opted_out


def shown_record(services: Services, connection: Connection, borrower_id: str) -> ShownRecord:
    """For the inquiry's page."""
    lines = consents.lines_of(connection, services.sealer, borrower_id)
    left = [channel for _, channel in sorted(suppressions.of_people(connection, [borrower_id]))]
    closed = {**standing(line.said for line in lines), **dict.fromkeys(left, "opted_out")}
    names = accounts.names(connection) if any(line.evidence.actor for line in lines) else {}
    return ShownRecord(lines[::-1], names, closed)


def stop(services: Services, viewer: Viewer, inquiry_id: str, channels: Sequence[str], words: str) -> bool:
    """The borrower told somebody at the desk; False when this inquiry is not theirs to see."""
    wanted = tuple(one for one in CHANNELS if one in channels)
    with services.ledger.write() as connection:
        borrower_id = _borrower(connection, viewer, inquiry_id)
        if not borrower_id or not wanted:
            return False
        keys = _locked(services, connection, borrower_id)
        who = borrowers.get(connection, services.sealer, borrower_id).profile.party
        now = services.now()
        closing = Closing(
            channels=wanted,
            way="desk",
            evidence=consents.evidence_of(who, None, words=words, actor=viewer.id),
            heard=_heard(now, wanted),
            actor=viewer.id,
        )
        record(services, connection, closing, [inquiry_id], now)
        owed = leave_alone(services, connection, borrower_id, suppressions.reachable(keys), closing)
    for delivery_id in owed:
        services.bell.ring("deliver", delivery_id)
    return True


def lift(services: Services, viewer: Viewer, inquiry_id: str, channel: str, reason: str) -> bool:
    """A person decides that a channel may be used again; False when it is not closed or not theirs to see.

    It stands open as far as something was agreed to since: an opt-out that is gone is no consent. The CRMs'
    own marks stay: a person takes them off there first, else they close it again when they are seen.
    """
    with services.ledger.write() as connection:
        borrower_id = _borrower(connection, viewer, inquiry_id)
        if not borrower_id or not reason.strip():
            return False
        _locked(services, connection, borrower_id)
        before = shown_record(services, connection, borrower_id)
        if channel not in before.closed:
            return False
        suppressions.lift(connection, borrower_id, channel)
        _write_down(services, connection, viewer, inquiry_id, channel, reason)
        for one in inquiries.of_borrower(connection, borrower_id):
            _open(services, connection, one, channel, before.lines)
        now = services.now()
        notices.acknowledge(connection, kind="consent", object_id=inquiry_id, by=viewer.id, at=now)
    return True


def _borrower(connection: Connection, viewer: Viewer, inquiry_id: str) -> str:
    """Whose inquiry it is, "" when this viewer may not see it."""
    table = inquiry_table.c
    query = select(table.borrower_id).where(table.id == inquiry_id, viewer.may_open())
    return connection.execute(query).scalar() or ""


def _locked(services: Services, connection: Connection, borrower_id: str) -> tuple[tuple[str, str], ...]:
    """The borrower's keys, held until the transaction ends."""
    keys = identity_keys.of(connection, borrower_id)
    services.ledger.lock(connection, *(f"person:{kind}:{hash_}" for kind, hash_ in keys))
    return keys


def _open(
    services: Services, connection: Connection, inquiry_id: str, channel: str, lines: Sequence[Line]
) -> None:
    """What an open inquiry says about a channel, now that nothing closes it any more."""
    services.ledger.lock(connection, f"inquiry:{inquiry_id}")
    known = load(connection, services, inquiry_id)
    if known.stage in OUTCOMES:
        return
    own = [line.said for line in lines if line.inquiry_id == inquiry_id or line.said.kind == "withdrawn"]
    consent = known.details.consent
    left = tuple(one for one in consent.opted_out if one != channel)
    said = {channel: after_lifting(own, channel)}
    after = replace(known.details, consent=replace(consent, opted_out=left, **said))  # type: ignore[arg-type]
    events.change_inquiry(
        connection, services.sealer, inquiry_id, after, known.stage, known.next_follow_up_at
    )


def _write_down(
    services: Services, connection: Connection, viewer: Viewer, inquiry_id: str, channel: str, reason: str
) -> None:
    now = services.now()
    line = consents.row(
        services.sealer,
        id=services.new_id(),
        said=Said(now, "lifted", {channel: True}),
        way="desk",
        inquiry_id=inquiry_id,
        submission_id="",
        evidence=consents.evidence_of(Party(), None, words=reason.strip(), actor=viewer.id),
    )
    consents.add(connection, [line])
    heard = to_json(_heard(now, ()))
    words = f"A person opened {CHANNEL_NAMES[channel]} again after an opt-out."
    told = {"kind": "consent", "summary": words, "details": heard, "submission_id": ""}
    events.add(connection, services.sealer, id=services.new_id(), inquiry_id=inquiry_id, at=now, **told)
    notices.record(
        connection,
        id=services.new_id(),
        at=now,
        actor=viewer.id,
        action="consent.lifted",
        object_kind="inquiry",
        object_id=inquiry_id,
        detail=CHANNEL_NAMES[channel],
    )


def _heard(at: datetime, closed: Sequence[str]) -> Inquiry:
    """What was said at the desk, as an event keeps it."""
    return Inquiry("desk", "", at, Party(), consent=without(Consent(), closed))
