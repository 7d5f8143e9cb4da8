"""Taking in one mail of an inbox: stored before the inbox counts it as read, whatever it holds."""

from __future__ import annotations

from datetime import datetime

import structlog

from connectors.intake.base import IntakeError, RawRequest, Unreadable
from connectors.intake.imap import MAX_MAIL, Listed, Mailbox
from jobs.intake.accepting import MAIL, NotAccepted, accept, keep_unreadable
from jobs.ledger.engine import LedgerUnavailable
from jobs.paths.current import paths
from jobs.services import Services
from jobs.settings.model import PathSettings

#: Of a mail that cannot be read, so much is kept: enough for a person to find it in the mailbox.
_MOST_KEPT = 262_144
_log = structlog.get_logger()


def take_in(services: Services, path_name: str, mailbox: Mailbox, listed: Listed) -> None:
    """Store a mail of the mailbox, or why it could not be read.

    Raises InboxError and LedgerUnavailable: then nothing was stored, and it is to be taken in again.
    """
    path = paths(services)[path_name]
    if listed.size > MAX_MAIL:
        note_headers(services, path_name, mailbox, listed, _too_large(listed.size))
        return
    body = mailbox.whole(listed.uid)
    if not body.strip():
        return  # deleted since it was listed
    request = _request(services, body, listed.arrived_at)
    try:
        accept(services, path, request, trusted=True)
    except (NotAccepted, LedgerUnavailable) as error:
        if isinstance(error, LedgerUnavailable):
            raise
    except IntakeError as error:
        if error.status == 403:
            # May not be had, so not a word of it is kept; it stays in the mailbox.
            _log.warning("mail_refused", path=path_name, reason=error.code)
            return
        _keep(services, path, request, error)
    except Exception as error:
        # A mail that we have no words for must not keep all others waiting.
        _log.error("mail_failed", path=path_name, error=type(error).__name__)
        _keep(services, path, request, _failed(error))


def note_headers(
    services: Services, path_name: str, mailbox: Mailbox, listed: Listed, why: IntakeError
) -> None:
    """Keep only a mail's headers, for a person to look at it in the mailbox. Raises as take_in()."""
    headers = mailbox.headers(listed.uid)
    if headers.strip():
        path = paths(services)[path_name]
        _keep(services, path, _request(services, headers, listed.arrived_at), why)


def unfetchable() -> IntakeError:
    """Why only the headers are there of a mail that the server does not hand over."""
    reason = "The mail server did not hand this mail over, several times. Look at it in the mailbox."
    return Unreadable("not_fetched", reason)


def _too_large(size: int) -> IntakeError:
    reason = (
        f"The mail is larger than {MAX_MAIL // 1_048_576} MB ({size / 1_048_576:.0f} MB). "
        "Only its headers are kept; look at it in the mailbox."
    )
    return Unreadable("too_large", reason)


def _failed(error: Exception) -> IntakeError:
    reason = (
        f"Firstpath could not read this mail ({type(error).__name__}). "
        "Report this, and replay the mail after the update."
    )
    return Unreadable("internal_error", reason)


def _request(services: Services, body: bytes, arrived_at: datetime | None) -> RawRequest:
    """When it arrived is the mail server's word, as far as it can be true."""
    now = services.now()
    return RawRequest(MAIL, {}, body, received_at=min(arrived_at or now, now))


def _keep(services: Services, path: PathSettings, request: RawRequest, why: IntakeError) -> None:
    kept = RawRequest(MAIL, {}, request.body[:_MOST_KEPT], received_at=request.received_at)
    keep_unreadable(services, path, kept, why)
