"""Consent taken back: remembered for good, told to every CRM, and what was planned on that channel stops."""

from __future__ import annotations

from jobs.consent.closing import Closing, close_channels, record
from jobs.ledger import consents, holders, inquiries, submission_states
from jobs.ledger.submissions import Submission
from jobs.ledger.suppressions import reachable, sharing, suppress
from jobs.services import Services
from mapping.consent.agreed import refused
from mapping.identity import identity_keys
from mapping.inquiry import Inquiry


def withdraw(services: Services, submission: Submission, heard: Inquiry) -> None:
    """Store a withdrawal with everything that follows from it, in one transaction, once.

    heard.consent says which channels are closed, heard.borrower by which address or number it came.
    """
    keys = holders.hashed(services.sealer, identity_keys(heard.borrower))
    closing = Closing(
        channels=refused(heard.consent),
        way=submission.path,
        evidence=consents.evidence_of(heard.borrower, heard.consent, words=heard.message),
        heard=heard,
        submission_id=submission.id,
    )
    with services.ledger.write() as connection:
        services.ledger.lock(connection, *(f"person:{kind}:{hash_}" for kind, hash_ in keys))
        if not submission_states.settle_processed(connection, [submission.id]):
            return
        now = services.now()
        suppress(connection, reachable(keys), closing.channels, submission.id, now)
        who = sharing(connection, reachable(keys))
        about = [ids[0] for one in who if (ids := inquiries.of_borrower(connection, one))]
        record(services, connection, closing, about, now)
        owed = [id_ for one in who for id_ in close_channels(services, connection, one, closing)]
    for delivery_id in owed:
        services.bell.ring("deliver", delivery_id)
