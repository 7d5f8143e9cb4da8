"""Changing the playbook: a draft is stored, published, and taken back; each step is in the audit trail."""

from __future__ import annotations

from sqlalchemy import Connection

from jobs.ledger import notices, playbooks
from jobs.ledger.playbooks import Revision
from jobs.playbooks.current import configured_name
from jobs.playbooks.revisions import PlaybookProblem, called, existing, of_revision, settings_text
from jobs.services import Services
from mapping.playbook import Playbook, load_playbook
from mapping.playbook.load import fingerprint

_LOCK = "playbook"
_LONGEST_MESSAGE = 500


def push(services: Services, text: str, actor: str, *, on: int | None = None, source: str = "") -> Revision:
    """Store a text as the draft, in place of the draft before.

    on is the revision that it was begun from (0 = the settings' file), None = the active one. Raises
    PlaybookInvalid with every mistake, PlaybookProblem when something else was published since.
    """
    name = configured_name(services.settings)
    playbook = load_playbook(text, name=name, source=source)
    ensure_fits(services, playbook)
    _ensure_paths_exist(services, playbook)
    with services.ledger.write() as connection:
        services.ledger.lock(connection, _LOCK)
        active = playbooks.published_number(connection)
        _ensure_current(connection, active if on is None else on)
        now = playbooks.get(connection, active)
        if now is not None and now.text == text:
            raise PlaybookProblem(f"This text is published already, as revision {active}. Nothing to do.")
        new = Revision(
            number=playbooks.next_number(connection),
            state="draft",
            parent=active,
            name=name,
            hash=fingerprint(text),
            text=text,
            saved_at=services.now(),
            saved_by=actor,
        )
        playbooks.add(connection, new)
        _record(services, connection, actor, "playbook.draft", new.number, f"on {called(active)}")
    return new


def publish(services: Services, actor: str, *, message: str = "", number: int | None = None) -> Revision:
    """Make the draft the active playbook, everywhere in a second. number says which draft is meant.

    Raises PlaybookInvalid with every mistake, PlaybookProblem when there is no such draft, or when another
    revision was published since it was begun.
    """
    with services.ledger.write() as connection:
        services.ledger.lock(connection, _LOCK)
        new = _meant(connection, number)
        _ensure_current(connection, new.parent)
        ensure_fits(services, load_playbook(new.text, name=new.name, source=f"revision {new.number}"))
        said = _message(message)
        playbooks.publish(connection, new.number, at=services.now(), by=actor, message=said)
        detail = f"after {called(new.parent)}, text {new.hash[:12]}{f': {said}' if said else ''}"
        _record(services, connection, actor, "playbook.published", new.number, detail)
        published = existing(connection, new.number)
    _tell(services)
    return published


def roll_back(services: Services, number: int, actor: str, *, message: str = "") -> Revision:
    """Publish the text of an earlier revision again, as a new one (0 = the settings' file).

    Raises PlaybookInvalid, PlaybookProblem, OSError.
    """
    with services.ledger.write() as connection:
        services.ledger.lock(connection, _LOCK)
        old = of_revision(_published(connection, number)) if number else settings_text(services)
        active = playbooks.published_number(connection)
        if active == number:
            raise PlaybookProblem(f"{called(number).capitalize()} is active already. Nothing to do.")
        ensure_fits(services, load_playbook(old.text, name=old.name, source=old.source))
        said, now = _message(message), services.now()
        new = Revision(
            number=playbooks.next_number(connection),
            state="published",
            parent=active,
            name=old.name,
            hash=fingerprint(old.text),
            text=old.text,
            saved_at=now,
            saved_by=actor,
            published_at=now,
            published_by=actor,
            message=said or f"back to {called(number)}",
        )
        playbooks.add(connection, new)
        detail = f"to {called(number)}, from {called(active)}{f': {said}' if said else ''}"
        _record(services, connection, actor, "playbook.rolled_back", new.number, detail)
    _tell(services)
    return new


def ensure_fits(services: Services, playbook: Playbook) -> None:
    """A playbook must speak of every CRM that the settings connect: inquiries for it would be stopped.

    Raises PlaybookProblem.
    """
    absent = sorted(
        {crm.mapping for crm in services.settings.crms.values() if crm.mapping not in playbook.crm}
    )
    if absent:
        raise PlaybookProblem(
            f"The playbook has no table [crm.{absent[0]}], and the settings connect such a CRM. "
            "Add the table; the shipped playbooks show one."
        )


def _ensure_paths_exist(services: Services, playbook: Playbook) -> None:
    """Only of a new text: an old one may speak of paths that are gone."""
    known = services.settings.paths
    named = {path for rule in playbook.owner_rules for path in rule.paths}
    absent = sorted((named | playbook.reading.paths.keys()) - known.keys())
    if absent:
        raise PlaybookProblem(
            f"The playbook speaks of a path {absent[0]}, which the settings do not have. "
            f"Correct the name: {', '.join(sorted(known))}."
        )


def _ensure_current(connection: Connection, parent: int) -> None:
    active = playbooks.published_number(connection)
    if parent == active:
        return
    now = playbooks.get(connection, active)
    who = f" by {now.published_by} at {now.published_at:%Y-%m-%d %H:%M} UTC" if now else ""
    raise PlaybookProblem(
        f"This text was begun from {called(parent)}, and {called(active)} was published since{who}. "
        f"See what it changed with `firstpath playbook diff {parent} {active}`, bring that into your text, "
        f"and push it with --on {active}."
    )


def _meant(connection: Connection, number: int | None) -> Revision:
    """The draft, which must be the one that is meant."""
    new = playbooks.draft(connection)
    if new is None:
        raise PlaybookProblem("There is no draft. Store one first: firstpath playbook push FILE.")
    if number is not None and number != new.number:
        existing(connection, number)
        raise PlaybookProblem(
            f"Revision {number} is not the draft: that is revision {new.number}, by {new.saved_by}. Look at "
            f"`firstpath playbook diff {number} {new.number}` first."
        )
    return new


def _published(connection: Connection, number: int) -> Revision:
    found = existing(connection, number)
    if found.state != "published":
        raise PlaybookProblem(
            f"Revision {number} was never published. Push its text as a draft instead: firstpath playbook "
            f"pull FILE --revision {number}, then push."
        )
    return found


def _message(message: str) -> str:
    said = " ".join(message.split())
    if len(said) > _LONGEST_MESSAGE:
        raise PlaybookProblem(f"The message is longer than {_LONGEST_MESSAGE} characters. Say it shorter.")
    return said


def _record(
    services: Services, connection: Connection, actor: str, action: str, number: int, detail: str
) -> None:
    notices.record(
        connection,
        id=services.new_id(),
        at=services.now(),
        actor=actor,
        action=action,
        object_kind="playbook",
        object_id=str(number),
        detail=detail,
    )


def _tell(services: Services) -> None:
    """In force here at once; other processes look again within a second."""
    services.playbooks.forget()
