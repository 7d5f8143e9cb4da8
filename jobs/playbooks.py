"""The playbook that holds now: the settings' file, until a revision is published in the ledger."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

import structlog

from jobs.ledger import playbooks
from jobs.ledger.engine import Ledger, LedgerUnavailable
from jobs.ledger.playbooks import Revision
from jobs.settings.model import Settings
from mapping.playbook import Playbook, PlaybookInvalid, load_playbook, shipped

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

    def active(self, ledger: Ledger, now: datetime) -> Playbook:  # noqa: ARG002
        """This one."""
        return self.playbook

    def forget(self) -> None:
        """Nothing to forget."""


class PublishedPlaybook:
    """The last revision published in the ledger, else the settings' file. Safe to share between threads.

    The ledger is asked for a number once a second at most; a text is read only when the number is new.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._looked_at: datetime | None = None
        self._known: tuple[int, Playbook] | None = None  # the revision's number, 0 for the file

    def active(self, ledger: Ledger, now: datetime) -> Playbook:
        """The playbook that holds now. While the ledger cannot be read it stays as it was.

        The first time: raises PlaybookInvalid with every mistake, OSError, LedgerUnavailable.
        """
        known = self._known
        if known is None:
            return self._look(ledger, now)
        if self._looked_at is None or not timedelta(0) <= now - self._looked_at < _FRESH:
            with suppress(LedgerUnavailable):
                return self._look(ledger, now)
        return known[1]

    def forget(self) -> None:
        """Look again the next time."""
        self._looked_at = None

    def _look(self, ledger: Ledger, now: datetime) -> Playbook:
        known = self._known
        with ledger.read() as connection:
            number = playbooks.published_number(connection)
            new = known is None or number != known[0]
            revision = playbooks.get(connection, number) if new else None
        self._looked_at = now
        if known is not None and number == known[0]:
            return known[1]
        try:
            found = read_revision(revision) if revision else read_playbook(self._settings)
        except PlaybookInvalid:
            if known is None:
                raise
            # Published by a newer Firstpath on another host, with keys that this one does not know.
            _log.error("playbook_not_understood", revision=number)
            found = known[1]
        self._known = (number, found)
        return found


def holding(services: Services, playbook: Playbook | None = None) -> Services:
    """The same services with one playbook throughout: this one, else the one that holds now."""
    return replace(services, playbooks=FixedPlaybook(playbook or services.playbook))


def read_revision(revision: Revision) -> Playbook:
    """The playbook of a stored text. Raises PlaybookInvalid."""
    return load_playbook(revision.text, name=revision.name, source=f"revision {revision.number}")


def read_playbook(settings: Settings) -> Playbook:
    """The playbook the settings name. Raises PlaybookInvalid with every mistake, OSError when unreadable."""
    name, text = configured_text(settings)
    file = settings.playbook.file
    return load_playbook(text, name=name, source=file.name if file else "")


def configured_text(settings: Settings) -> tuple[str, str]:
    """Name and text of the playbook that the settings name. Raises OSError."""
    chosen = settings.playbook
    if chosen.file is not None:
        return chosen.file.stem, chosen.file.read_text("utf-8")
    return chosen.shipped, shipped(chosen.shipped)
