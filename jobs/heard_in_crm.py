"""Opt-outs that stand in a CRM: what a person ticked there counts everywhere, as soon as we see it."""

from __future__ import annotations

from collections.abc import Sequence

from connectors.crm.base import Receipt
from jobs.closing import Closing, close_channels, record
from jobs.ledger import borrowers, consents, inquiries, suppressions
from jobs.services import Services
from mapping.consent import without
from mapping.inquiry import Consent, Inquiry, Party


def heed_opt_outs(services: Services, crm: str, receipts: Sequence[Receipt]) -> None:
    """Close what contacts have left, as these receipts say; what was known already changes nothing."""
    seen = {
        outcome.key: outcome.opted_out
        for receipt in receipts
        for outcome in receipt.outcomes
        if outcome.kind == "contact" and outcome.opted_out
    }
    if not seen:
        return
    with services.ledger.read() as connection:
        known = suppressions.of_people(connection, list(seen))
    for who, channels in seen.items():
        news = tuple(channel for channel in channels if (who, channel) not in known)
        if news:
            _heed(services, crm, who, news)


def _heed(services: Services, crm: str, borrower_id: str, channels: tuple[str, ...]) -> None:
    """In one transaction. A crash before it changes nothing: the CRM says so again next time."""
    with services.ledger.write() as connection:
        keys = borrowers.keys_of(connection, borrower_id)
        services.ledger.lock(connection, *(f"person:{kind}:{hash_}" for kind, hash_ in keys))
        ids = inquiries.of_borrower(connection, borrower_id)
        who = borrowers.get(connection, services.sealer, borrower_id).profile.party
        now = services.now()
        heard = Inquiry(crm, "", now, Party(), consent=without(Consent(), channels))
        closing = Closing(channels, crm, consents.evidence_of(who, None), heard)
        suppressions.suppress(connection, suppressions.reachable(keys), channels, "", now)
        record(services, connection, closing, ids[:1], now)
        owed = close_channels(services, connection, borrower_id, closing)
    for delivery_id in owed:
        services.bell.ring("deliver", delivery_id)
