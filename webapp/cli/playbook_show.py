"""firstpath playbook show: which playbook holds, where it comes from, and every revision there was."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from webapp.cli.options import config_option
from webapp.cli.playbook_texts import difference, json_option, open_any, text_of

if TYPE_CHECKING:
    from jobs.ledger.playbooks import Revision
    from jobs.playbooks.revisions import Text
    from jobs.services import Services


@click.command()
@click.option("--revision", type=int, help="One revision: who, when, why, and what it changed.")
@click.option("--list", "as_list", is_flag=True, help="Every revision, the newest first.")
@config_option
@json_option
def show(revision: int | None, as_list: bool, config: Path, as_json: bool) -> None:
    """Which playbook holds, where it comes from, and whether there is a draft."""
    from jobs.playbooks import revisions

    services = open_any(config)
    if as_list:
        found = revisions.revisions(services)
        _tell([plain(one) for one in found], _listed(found), as_json)
    elif revision is not None:
        one = revisions.revision(services, revision)
        said = _changed(services, one)
        _tell({**plain(one), "changes": said}, [*_described(one), *(f"    {line}" for line in said)], as_json)
    else:
        _show_active(services, as_json)
    services.ledger.close()


def plain(one: Revision) -> dict[str, Any]:
    """A revision for machines, without its text."""
    return {
        "revision": one.number,
        "state": one.state,
        "parent": one.parent,
        "fingerprint": one.hash[:12],
        "saved_at": one.saved_at.isoformat(),
        "saved_by": one.saved_by,
        "published_at": one.published_at.isoformat() if one.published_at else None,
        "published_by": one.published_by,
        "message": one.message,
    }


def _show_active(services: Services, as_json: bool) -> None:
    from jobs.playbooks import revisions

    active, draft = revisions.active_text(services), revisions.draft(services)
    facts = {
        "source": active.source,
        "name": f"{active.name}@{active.fingerprint}",
        "active": plain(active.revision) if active.revision else None,
        "draft": plain(draft) if draft else None,
    }
    _tell(facts, [*_active(services, active), *_draft(active, draft)], as_json)


def _active(services: Services, active: Text) -> list[str]:
    from jobs.playbooks import revisions
    from jobs.playbooks.current import absent_file

    named = f"{active.name}@{active.fingerprint}"
    if active.revision is None:
        return [f"Active: {active.source}, which the settings name ({named}). No revision is published yet."]
    lines = [f"Active: {active.source} ({named}), published {_when(active.revision)}"]
    if absent := absent_file(services.settings):
        return [*lines, f"        The settings name {absent}, which is not there: correct [playbook] file."]
    try:
        settings = revisions.settings_text(services)
    except OSError:
        return lines
    same = "the same text" if settings.text == active.text else "another text, and not used"
    return [*lines, f"        The settings name {settings.source}: {same}."]


def _draft(active: Text, draft: Revision | None) -> list[str]:
    from jobs.playbooks.revisions import of_revision

    if draft is None:
        return ["Draft:  none"]
    said, _ = difference(active, of_revision(draft))
    late = "" if draft.parent == active.number else f", begun from {draft.parent or 'the settings'}: outdated"
    changes = f"{len(said)} change{'' if len(said) == 1 else 's'}, see firstpath playbook diff"
    saved = f"saved {_moment(draft.saved_at)} by {draft.saved_by}"
    return [f"Draft:  revision {draft.number}, {saved}{late}; {changes}"]


def _changed(services: Services, one: Revision) -> list[str]:
    """What a revision says otherwise than the one it was begun from."""
    from jobs.playbooks.revisions import of_revision

    before = text_of(services, str(one.parent) if one.parent else "settings")
    return difference(before, of_revision(one))[0]


def _listed(found: tuple[Revision, ...]) -> list[str]:
    rows = [f"{one.number:>4}  {one.state:<9}  {one.hash[:12]}  {_when(one)}" for one in found]
    return rows or ["No revision yet: the settings' playbook holds. Store one with firstpath playbook push."]


def _described(one: Revision) -> list[str]:
    begun = f"revision {one.parent}" if one.parent else "the settings' playbook"
    return [
        f"Revision {one.number}: {one.state} ({one.name}@{one.hash[:12]}), {_when(one)}",
        f"What it says otherwise than {begun}:",
    ]


def _when(one: Revision) -> str:
    if one.published_at is None:
        return f"{_moment(one.saved_at)} by {one.saved_by}"
    why = f": {one.message}" if one.message else ""
    return f"{_moment(one.published_at)} by {one.published_by}{why}"


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def _tell(facts: Any, lines: list[str], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(facts))
        return
    for line in lines:
        click.echo(line)
