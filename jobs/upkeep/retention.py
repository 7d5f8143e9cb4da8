"""Forgetting: raw bodies after some days, evidence of consent when the law lets go."""

from __future__ import annotations

from datetime import timedelta

from jobs.ledger import consents, submission_states
from jobs.services import Services

_BATCH = 200


def expire_raw(services: Services) -> int:
    """Empty the raw bodies older than the settings allow, a few at a time; how many were emptied.

    What still waits for processing is never emptied. Inquiries and decisions stay; the evidence of consent
    goes when its own time has come.
    """
    expire_consent(services)
    now = services.now()
    before = now - timedelta(days=services.settings.retention.raw_days)
    total = 0
    while True:
        with services.ledger.write() as connection:
            count = submission_states.expire(
                connection, services.sealer, before=before, now=now, limit=_BATCH
            )
        total += count
        if count < _BATCH:
            return total


def expire_consent(services: Services) -> int:
    """Delete evidence of consent that is older than the settings ask for; how many lines.

    Opt-outs themselves never expire: the addresses and numbers stay suppressed.
    """
    before = services.now() - timedelta(days=services.settings.retention.consent_days)
    total = 0
    while True:
        with services.ledger.write() as connection:
            count = consents.expire(connection, before=before, limit=_BATCH)
        total += count
        if count < _BATCH:
            return total
