"""Opt-outs that stand in a CRM: what a person ticked there counts everywhere, as soon as we see it."""

from __future__ import annotations

from collections.abc import Sequence

from connectors.crm.base import Receipt
from jobs.consent.closing import Closing, leave_alone, record
from jobs.ledger import borrowers, consents, identity_keys, inquiries, reviews, suppressions
from jobs.services import Services
from mapping.consent.agreed import CHANNELS, without
from mapping.inquiry import Consent, Inquiry, Party


def heed_opt_outs(services: Services, crm: str, receipts: Sequence[Receipt]) -> None:
    """Close what contacts have left, as these receipts say; what was known already changes nothing."""
    seen = [
        outcome
        for receipt in receipts
        for outcome in receipt.outcomes
        if outcome.kind == "contact" and outcome.opted_out
    ]
    if not seen:
        return
    with services.ledger.read() as connection:
        now = reviews.survivors(connection, {outcome.key for outcome in seen})
        known = suppressions.of_people(connection, list(now.values()))
    for who in sorted(set(now.values())):
        marked = {channel for outcome in seen if now[outcome.key] == who for channel in outcome.opted_out}
        news = tuple(channel for channel in CHANNELS if channel in marked and (who, channel) not in known)
        if news:
            _heed(services, crm, who, news)


def _heed(services: Services, crm: str, borrower_id: str, channels: tuple[str, ...]) -> None:
    """In one transaction. A crash before it changes nothing: the CRM says so again next time."""
    with services.ledger.write() as connection:
        keys = identity_keys.of(connection, borrower_id)
        services.ledger.lock(connection, *(f"person:{kind}:{hash_}" for kind, hash_ in keys))
        ids = inquiries.of_borrower(connection, borrower_id)
        who = borrowers.get(connection, services.sealer, borrower_id).profile.party
        now = services.now()
        heard = Inquiry(crm, "", now, Party(), consent=without(Consent(), channels))
        closing = Closing(channels, crm, consents.evidence_of(who, None), heard)
        record(services, connection, closing, ids[:1], now)
        owed = leave_alone(services, connection, borrower_id, suppressions.reachable(keys), closing)
    for delivery_id in owed:
        services.bell.ring("deliver", delivery_id)
