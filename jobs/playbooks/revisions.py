"""The texts of the playbook: the one that holds, the draft, each revision, and what the settings name."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from jobs.ledger import playbooks
from jobs.ledger.playbooks import Revision
from jobs.playbooks.current import configured_text
from jobs.services import Services
from mapping.playbook.load import fingerprint

_TOO_MANY = 2**31  # more than a database counts


class PlaybookProblem(ValueError):
    """The playbook cannot be changed so; the sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text of the playbook and where it comes from; number is 0 for the settings' own."""

    number: int
    name: str
    text: str
    source: str  # "revision 4", "playbook.toml", "the shipped mortgage_us"
    revision: Revision | None = None

    @property
    def fingerprint(self) -> str:
        """How decisions name it, after the @."""
        return fingerprint(self.text)[:12]


def active_text(services: Services) -> Text:
    """The text that holds now. Raises SettingsInvalid, OSError when the settings' file cannot be read."""
    with services.ledger.read() as connection:
        revision = playbooks.get(connection, playbooks.published_number(connection))
    return of_revision(revision) if revision else settings_text(services)


def settings_text(services: Services) -> Text:
    """The text that the settings name, whether it holds or not. Raises SettingsInvalid, OSError."""
    chosen = services.settings.playbook
    name, text = configured_text(services.settings)
    return Text(0, name, text, chosen.file.name if chosen.file else f"the shipped {chosen.shipped}")


def of_revision(revision: Revision) -> Text:
    """A stored text."""
    return Text(revision.number, revision.name, revision.text, f"revision {revision.number}", revision)


def draft(services: Services) -> Revision | None:
    """The draft, if there is one."""
    with services.ledger.read() as connection:
        return playbooks.draft(connection)


def revision(services: Services, number: int) -> Revision:
    """One revision. Raises PlaybookProblem."""
    with services.ledger.read() as connection:
        return existing(connection, number)


def revisions(services: Services) -> tuple[Revision, ...]:
    """All of them, the newest first."""
    with services.ledger.read() as connection:
        return tuple(playbooks.listed(connection))


def existing(connection: Connection, number: int) -> Revision:
    """One revision. Raises PlaybookProblem."""
    found = playbooks.get(connection, number) if abs(number) < _TOO_MANY else None
    if found is None:
        raise PlaybookProblem(f"There is no revision {number}. See firstpath playbook show --list.")
    return found


def called(number: int) -> str:
    """A revision in a sentence; 0 is what the settings name."""
    return f"revision {number}" if number else "the settings' playbook"
