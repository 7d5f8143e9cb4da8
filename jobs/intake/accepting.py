"""Taking a submission in: verified, scrubbed, stored and durable before anybody gets a 2xx."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from sqlalchemy import Connection

from connectors.intake.base import Document, IntakeError, NotTrusted, RawRequest, Unreadable
from connectors.intake.compressed import unpacked
from connectors.intake.document import read_document, readable_text
from connectors.intake.mail_files import MailFile, mail_files
from connectors.intake.proof import secrets_in
from connectors.intake.registry import ADAPTERS
from jobs.intake.mail_identity import mail_content, mail_name
from jobs.intake.scrubber import Scrubber
from jobs.ledger import attachments, proofs, submissions
from jobs.ledger.submissions import Arrival, Submission
from jobs.paths.current import options
from jobs.services import Services
from jobs.settings.model import PathSettings
from mapping.answers import Answers, Part
from mapping.reading.trigger_leads import REFUSAL, is_trigger_lead

#: These accept and keep, but decide nothing until the path goes on.
_CAPTURING = ("draft", "paused")
#: The content type of a mail.
MAIL = "message/rfc822"
#: Only what we stored ourselves is read as such: it would be taken for checked and clean.
_OUR_OWN = "application/vnd.firstpath."


@dataclass(frozen=True, slots=True)
class Accepted:
    """The submission's id; repeated is True when the same had arrived before."""

    id: str
    repeated: bool
    differs: bool = False  # the sender's id or proof is known, but with other content, which was not kept


class NotAccepted(IntakeError):
    """Refused, but kept for a person: id is the quarantined submission's."""

    def __init__(self, cause: IntakeError, submission_id: str) -> None:
        super().__init__(cause.code, str(cause), status=cause.status, keep=True)
        self.id = submission_id


def accept(
    services: Services,
    path: PathSettings,
    request: RawRequest,
    signals: tuple[str, ...] = (),
    *,
    name: str = "",
    trusted: bool = False,
) -> Accepted:
    """Store one submission and ring for its processing; the same one again changes nothing.

    name identifies it where the sender has no id of its own for it. trusted: it did not come over the network
    (a file of our own disk), so that nobody has to show who it is.

    Raises IntakeError (NotAccepted when the raw text was kept), LedgerUnavailable.
    """
    adapter = ADAPTERS[path.kind]
    if request.content_type.startswith(_OUR_OWN):
        raise Unreadable("unsupported_content_type", "This Content-Type is not taken here.", status=415)
    request = unpacked(request, adapter.max_body)
    if not trusted:
        adapter.verify(request, path.secret)
    try:
        document = adapter.unpack(request) or read_document(
            request.content_type, request.body, takes=adapter.takes, max_body=adapter.max_body
        )
        parts = adapter.read(document, request, options(services.settings, path))
    except IntakeError as error:
        if not error.keep:
            raise
        raise NotAccepted(error, keep_unreadable(services, path, request, error, name=name)) from error
    _refuse_trigger_leads(path, parts)
    arrival = _arrival(services, path, request, document, parts, signals, name)
    files = mail_files(request.body) if path.attachments == "keep" and _is_mail(request) else ()
    once = "" if trusted else adapter.used_once(request)
    proof = services.sealer.lookup("proof", f"{path.name}\0{once}") if once else ""
    store = partial(_store, services, arrival, files, revisions=adapter.revisions, proof=proof)
    accepted = services.ledger.store(store)
    if accepted.differs and proof:
        raise NotTrusted("used_signature", "This signature was used before, for another mail.", status=406)
    if accepted.differs:
        raise IntakeError("id_used_before", "This id was used before, for other content.", status=422)
    # What a path only captures is not due: waking a worker for each would cost as much as taking it in.
    if not accepted.repeated and arrival.submission.state == "received":
        services.bell.ring("process", accepted.id)
    return accepted


def _refuse_trigger_leads(path: PathSettings, parts: Sequence[Part]) -> None:
    """What may not be had is not stored either; one among others is set aside when its turn comes."""
    if path.trigger_leads_attested:
        return
    if all(isinstance(part, Answers) and is_trigger_lead(part) for part in parts):
        raise IntakeError("trigger_lead", REFUSAL, status=403)


def _arrival(
    services: Services,
    path: PathSettings,
    request: RawRequest,
    document: Document,
    parts: Sequence[Part],
    signals: tuple[str, ...],
    name: str,
) -> Arrival:
    scrubber = Scrubber(services)
    content_type, body, redactions = scrubber.document(request, document, ADAPTERS[path.kind].hides)
    external, content = _identity(path.name, request, parts, name)
    urgent = any(takes_back(part) for part in parts)
    return submissions.sealed(
        services.sealer,
        Submission(
            id=services.new_id(),
            path=path.name,
            received_at=request.received_at or services.now(),
            content_type=content_type,
            body=body,
            request=scrubber.facts(request, signals, ADAPTERS[path.kind].keeps),
            # Whoever asks to be left alone is heard on every path, and ahead of everybody else.
            state="captured" if path.state in _CAPTURING and not urgent else "received",
            redactions=redactions,
            lane="urgent" if urgent else "live",
        ),
        external_key=services.sealer.lookup("submission", external) if external else "",
        content_hash=services.sealer.lookup("content", content),
    )


def _identity(path: str, request: RawRequest, parts: Sequence[Part], name: str) -> tuple[str, str]:
    """What a submission is called ("" when nobody has a name for it), and a hash of what it says."""
    if _is_mail(request):
        name = mail_name(parts) or name
        return f"{path}\x00{name}" if name else "", mail_content(request.body)
    return external_key(path, parts) or (f"{path}\x00{name}" if name else ""), content_of(parts)


def external_key(path: str, parts: Sequence[Part]) -> str:
    """What the sender calls this submission on this path, "" when it has no name for every part of it."""
    ids = [part.key for part in parts]
    return "\x00".join((path, *ids)) if all(ids) else ""


def content_of(parts: Sequence[Part]) -> str:
    """A hash of what was said."""
    said = [
        _said(part)
        if isinstance(part, Answers)
        else [part.resource, part.id, part.notice.event_id, *_said(part.notice)]
        for part in parts
    ]
    # One part alone is hashed as it always was: what was stored before is found again.
    return hashlib.sha256(json.dumps(said[0] if len(said) == 1 else said).encode()).hexdigest()


def _said(answers: Answers) -> list[object]:
    return [[item.key, item.values] for item in answers.items]


def takes_back(part: Part) -> bool:
    """Whether it asks us to leave somebody alone."""
    return isinstance(part, Answers) and part.kind == "withdrawal" and not part.ignored


def _is_mail(request: RawRequest) -> bool:
    return request.content_type.partition(";")[0].strip().lower() == MAIL


def _store(
    services: Services,
    arrival: Arrival,
    files: Sequence[MailFile],
    connection: Connection,
    *,
    revisions: bool = True,
    proof: str = "",
) -> Accepted:
    """The submission that was there already, or this one, new.

    proof is the hash of what proves its sender with this content only ("" = the signature covers it).
    """
    repeat = submissions.find_repeat(services.ledger, connection, arrival)
    if repeat is not None and not repeat.same_content:
        if not revisions:
            return Accepted(repeat.id, repeated=True, differs=True)
        arrival = _as_revision(services, arrival)
        repeat = submissions.find_repeat(services.ledger, connection, arrival)
    if repeat is not None:
        return Accepted(repeat.id, repeated=True)
    if proof:
        services.ledger.lock(connection, f"proof:{proof}")
        if not proofs.use(connection, proof, services.now()):
            return Accepted("", repeated=True, differs=True)
    submissions.add(connection, arrival)
    attachments.add(connection, services.sealer, arrival.submission.id, files, services.new_id)
    return Accepted(arrival.submission.id, repeated=False)


def _as_revision(services: Services, arrival: Arrival) -> Arrival:
    """The sender's id is known but the content is new: kept for a person, the first one stands."""
    return replace(
        arrival,
        submission=replace(
            arrival.submission,
            state="quarantined",
            reason_code="revision",
            reason="The sender sent the same id again with other answers; the first submission stands.",
        ),
        external_key=services.sealer.lookup("revision", f"{arrival.external_key}:{arrival.content_hash}"),
    )


def keep_unreadable(
    services: Services, path: PathSettings, request: RawRequest, error: IntakeError, *, name: str = ""
) -> str:
    """Quarantine what could not be read, as scrubbed text: a person may still rescue the inquiry.

    A mail, or what has a name, is the same one however much later it is found again. Returns the
    submission's id.
    """
    # Text in UTF-16 that nobody declared has a NUL in every digit's neighbourhood: it must hide no number.
    text = readable_text(request.body, request.content_type).replace("\ufffd", "")
    for secret in secrets_in(path.secret):
        text = text.replace(secret, "[redacted secret]")
    shown_secret = "[redacted secret]" in text
    scrubber = Scrubber(services)
    clean, redactions = scrubber.text(text)
    unchanged = redactions == 0 and not shown_secret
    digest = hashlib.sha256(request.body).hexdigest()
    # A mail may be found again much later, when its mailbox was numbered anew.
    lasting = f"{path.name}\0{digest}" if name or _is_mail(request) else ""
    arrival = submissions.sealed(
        services.sealer,
        Submission(
            id=services.new_id(),
            path=path.name,
            received_at=request.received_at or services.now(),
            content_type=request.content_type[:255] if unchanged else "text/plain; charset=utf-8",
            body=request.body if unchanged else clean.encode(),
            request=scrubber.facts(request),
            state="quarantined",
            reason_code=error.code,
            reason=str(error),
            redactions=redactions,
        ),
        external_key=services.sealer.lookup("unreadable", lasting) if lasting else "",
        content_hash=services.sealer.lookup("content", digest),
    )
    return services.ledger.store(partial(_store, services, arrival, ())).id
