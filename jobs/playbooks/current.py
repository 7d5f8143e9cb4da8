"""The playbook that holds now: the settings' file, until a revision is published in the ledger."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Thread
from typing import TYPE_CHECKING, Protocol

import structlog

from jobs.ledger import playbooks
from jobs.ledger.engine import Ledger, LedgerUnavailable
from jobs.ledger.playbooks import Revision
from jobs.settings.model import Settings
from jobs.settings.problem import Problem, SettingsInvalid
from mapping.playbook import Playbook, PlaybookInvalid, decoded, load_playbook, shipped

if TYPE_CHECKING:
    from jobs.services import Services

#: How long another process may go on with the revision before.
_FRESH = timedelta(seconds=1)
_log = structlog.get_logger()


class Playbooks(Protocol):
    """Where the playbook comes from."""

    def active(self, ledger: Ledger, now: datetime) -> Playbook:
        """The playbook that holds at this moment."""

    def forget(self) -> None:
        """Look again the next time."""


@dataclass(frozen=True, slots=True)
class FixedPlaybook:
    """One playbook, whatever is published meanwhile: of a decision under way, of a simulation."""

    playbook: Playbook

    def active(self, ledger: Ledger, now: datetime) -> Playbook:
        """This one."""
        return self.playbook

    def forget(self) -> None:
        """Nothing to forget."""


class PublishedPlaybook:
    """The last revision published in the ledger, else the settings' file. Safe to share between threads.

    The ledger is asked for a number once a second at most. A text whose number is new is read beside, so that
    no visitor waits for it.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._looked_at: datetime | None = None
        self._known: tuple[int, Playbook] | None = None  # the revision's number, 0 for the file
        self._coming = -1  # the number of the one that is being read
        self._at_once = False

    def active(self, ledger: Ledger, now: datetime) -> Playbook:
        """The playbook that holds now. While the ledger cannot be read it stays as it was.

        The first time: raises PlaybookInvalid with every mistake, SettingsInvalid, OSError,
        LedgerUnavailable.
        """
        if self._known is None:
            number, revision = _published(ledger)
            if revision is not None and (absent := absent_file(self._settings)):
                # It would be missed the day somebody goes back to it.
                _log.warning("playbook_file_missing", file=absent, used=f"revision {number}")
            self._known = (number, read_revision(revision) if revision else read_playbook(self._settings))
            self._looked_at = now
        elif self._looked_at is None or not timedelta(0) <= now - self._looked_at < _FRESH:
            with suppress(LedgerUnavailable):
                self._look(ledger, now, self._known[0])
        return self._known[1]

    def forget(self) -> None:
        """Look again the next time, and wait for what is new."""
        self._looked_at, self._at_once = None, True

    def _look(self, ledger: Ledger, now: datetime, known: int) -> None:
        number, revision = _published(ledger, known)
        self._looked_at = now
        at_once, self._at_once = self._at_once, False
        if revision is None or (number == self._coming and not at_once):
            return
        self._coming = number
        if at_once:
            self._take(revision)
        else:
            Thread(target=self._take, args=(revision,), name="playbook", daemon=True).start()

    def _take(self, revision: Revision) -> None:
        try:
            self._known = (revision.number, read_revision(revision))
        except PlaybookInvalid:
            # Published by a newer Firstpath on another host, with keys that this one does not know.
            _log.error("playbook_not_understood", revision=revision.number)


def _published(ledger: Ledger, known: int = -1) -> tuple[int, Revision | None]:
    """The number of the active revision, 0 for none, and the revision itself unless its number is known."""
    with ledger.read() as connection:
        number = playbooks.published_number(connection)
        return number, playbooks.get(connection, number) if number not in (0, known) else None


def holding(services: Services, playbook: Playbook | None = None) -> Services:
    """The same services with one playbook throughout: this one, else the one that holds now."""
    return replace(services, playbooks=FixedPlaybook(playbook or services.playbook))


def read_revision(revision: Revision) -> Playbook:
    """The playbook of a stored text. Raises PlaybookInvalid."""
    return load_playbook(revision.text, name=revision.name, source=f"revision {revision.number}")


def read_playbook(settings: Settings) -> Playbook:
    """The playbook the settings name.

    Raises PlaybookInvalid with every mistake, SettingsInvalid when it is not there, OSError when unreadable.
    """
    name, text = configured_text(settings)
    file = settings.playbook.file
    return load_playbook(text, name=name, source=file.name if file else "")


def configured_text(settings: Settings) -> tuple[str, str]:
    """Name and text of the playbook that the settings name.

    Raises SettingsInvalid when it is not there, OSError, PlaybookInvalid.
    """
    chosen, name = settings.playbook, configured_name(settings)
    if chosen.file is None:
        return name, shipped(chosen.shipped)
    if absent_file(settings):
        remedy = "Correct the name; it counts from this file's folder."
        missing = Problem("playbook.file", 0, f"names {chosen.file.name}, which is not there.", remedy)
        raise SettingsInvalid(settings.file.name, [missing])
    return name, decoded(chosen.file.read_bytes(), chosen.file.name)


def configured_name(settings: Settings) -> str:
    """What decisions call the playbook that the settings name, whether it is there or not."""
    chosen = settings.playbook
    return chosen.file.stem if chosen.file is not None else chosen.shipped


def absent_file(settings: Settings) -> str:
    """The name of the playbook's file where the settings name one that is not there, else ""."""
    file = settings.playbook.file
    return file.name if file is not None and not file.is_file() else ""
