"""The playbook's texts as the command line names them: a revision, active, draft, settings, or a file."""

from __future__ import annotations

import getpass
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING

import click

from webapp.cli.options import read_settings

if TYPE_CHECKING:
    from jobs.playbooks.revisions import Text
    from jobs.services import Services

_LONGEST_ACTOR = 64

json_option = click.option("--json", "as_json", is_flag=True, help="For machines.")


def open_any(config: Path) -> Services:
    """The services, also while the playbook that holds has mistakes: here it can be replaced."""
    from jobs.services import open_services

    return open_services(read_settings(config), any_playbook=True)


def actor() -> str:
    """Who acts: the login at this machine."""
    try:
        login = getpass.getuser()
    except (OSError, KeyError):  # a user id without a name, as in many containers
        login = ""
    return f"command line{f': {login}' if login else ''}"[:_LONGEST_ACTOR]


def text_of(services: Services, named: str) -> Text:
    """The text that is meant.

    Raises click.UsageError, PlaybookProblem, PlaybookInvalid, SettingsInvalid, OSError.
    """
    from jobs.playbooks import revisions

    if named in ("active", "published"):
        return revisions.active_text(services)
    if named in ("settings", "0"):
        return revisions.settings_text(services)
    if named == "draft":
        draft = revisions.draft(services)
        if draft is None:
            raise revisions.PlaybookProblem(
                "There is no draft. Store one first: firstpath playbook push FILE."
            )
        return revisions.of_revision(draft)
    if named.isdecimal():
        return revisions.of_revision(revisions.revision(services, int(named)))
    return file_text(services, Path(named))


def file_text(services: Services, file: Path) -> Text:
    """A file's text, checked. Raises click.UsageError, PlaybookInvalid, OSError."""
    from jobs.playbooks.current import configured_name
    from jobs.playbooks.revisions import Text
    from mapping.playbook import load_playbook

    text, name = read_text(file), configured_name(services.settings)
    load_playbook(text, name=name, source=str(file))
    return Text(0, name, text, str(file))


def read_text(file: Path) -> str:
    """The text of a file. Raises click.UsageError, PlaybookInvalid, OSError."""
    from mapping.playbook import decoded

    if not file.is_file():
        raise click.UsageError(
            f"There is no file {file}. Name a revision's number, active, draft, settings, or a file."
        )
    return decoded(file.read_bytes(), str(file))


def difference(old: Text, new: Text) -> tuple[list[str], list[str]]:
    """What differs, in words and as the lines of a unified diff."""
    from mapping.playbook.changes import changes

    lines = unified_diff(
        old.text.splitlines(), new.text.splitlines(), old.source, new.source, lineterm="", n=2
    )
    return list(changes(old.text, new.text)), list(lines)
