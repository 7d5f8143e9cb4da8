"""What an inquiry says about being contacted: its line in the record of consent, and what it closes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from jobs.consent.closing import CHANNEL_NAMES, Closing, close_channels, leave_alone
from jobs.known import KnownInquiry
from jobs.ledger import consents, identity_keys
from jobs.ledger.suppressions import reachable
from jobs.services import Services
from mapping.consent.agreed import CHANNELS, refused
from mapping.consent.record import Said
from mapping.inquiry import Inquiry


def said_in(
    services: Services, inquiry: Inquiry, inquiry_id: str, submission_id: str
) -> tuple[Mapping[str, object], ...]:
    """The line of the record that this inquiry's form makes, none where it did not ask."""
    consent = inquiry.consent
    channels = {name: answer for name in CHANNELS if (answer := getattr(consent, name)) is not None}
    if not (channels or consent.certificate_url or consent.lead_id_token):
        return ()
    line = consents.row(
        services.sealer,
        id=services.new_id(),
        # The order in which we heard it: a form's own clock may be wrong, and is in the evidence.
        said=Said(inquiry.received_at, "said", channels),
        way=inquiry.path,
        inquiry_id=inquiry_id,
        submission_id=submission_id,
        evidence=consents.evidence_of(inquiry.borrower, consent),
    )
    return (line,)


def closings_of(
    inquiry: Inquiry, closed: Mapping[str, str], inquiry_id: str, submission_id: str
) -> tuple[Closing, ...]:
    """What this inquiry closes that was open so far: its opt-outs, and what it merely says no to."""
    consent = inquiry.consent
    left = tuple(name for name in consent.opted_out if closed.get(name) != "opted_out")
    no = tuple(name for name in refused(consent) if name not in closed and name not in left)
    return tuple(
        Closing(
            channels=channels,
            way=inquiry.path,
            evidence=consents.evidence_of(inquiry.borrower, consent),
            heard=inquiry,
            opted_out=opted_out,
            submission_id=submission_id,
            besides=inquiry_id,
        )
        for channels, opted_out in ((left, True), (no, False))
        if channels
    )


def heed(
    services: Services, connection: Connection, known: KnownInquiry, heard: Inquiry, submission_id: str
) -> list[str]:
    """What news of an inquiry say about being contacted; the ids of the deliveries that are due."""
    consents.add(connection, said_in(services, heard, known.id, submission_id))
    owed: list[str] = []
    for closing in closings_of(heard, {}, "", submission_id):
        if closing.opted_out:
            hashes = reachable(identity_keys.of(connection, known.borrower.id))
            owed += leave_alone(services, connection, known.borrower.id, hashes, closing)
        else:
            owed += close_channels(services, connection, known.borrower.id, closing)
    return owed


def new_consent_words(channels: Sequence[str]) -> str:
    """What the desk is told when somebody agrees to what they asked us to stop."""
    named = " and ".join(CHANNEL_NAMES[name] for name in channels)
    return f"Agreed to {named} after saying no before: it stays closed until a person looks and lifts it."
