"""firstpath playbook: the consultant's document, checked, looked at and compared."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from webapp.cli.options import config_option
from webapp.cli.playbook_texts import difference, json_option, open_any, text_of
from webapp.cli.publish import publish, pull, push, rollback
from webapp.cli.simulate import simulate

if TYPE_CHECKING:
    from jobs.ledger.playbooks import Revision
    from jobs.revisions import Text
    from jobs.services import Services

_SHIPPED = ("mortgage_us", "mortgage_ca")


@click.group()
def playbook() -> None:
    """The consultant's document: team, owner rules, follow-ups, fields.

    The file that the settings name holds until a revision is published; from then on the last one published
    holds, in every process within a second. A change goes: pull, edit, check, push, simulate, publish;
    rollback brings an older one back.
    """


for command in (pull, push, publish, rollback, simulate):
    playbook.add_command(command)


@playbook.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True), default="playbook.toml")
@json_option
def check(file: Path, as_json: bool) -> None:
    """Read a playbook whole and list every mistake with its line and what to do."""
    from jobs.services import utc_now
    from mapping.playbook import PlaybookInvalid, load_playbook, look_at

    text = file.read_text("utf-8")
    try:
        found = load_playbook(text, name=file.stem, source=str(file))
    except PlaybookInvalid as invalid:
        if not as_json:
            raise
        click.echo(json.dumps({"ok": False, "mistakes": [asdict(one) for one in invalid.problems]}))
        raise click.exceptions.Exit(2) from None
    advice = look_at(text, utc_now().date())
    if as_json:
        plain_advice = [asdict(one) for one in advice]
        told = {"ok": True, "mistakes": [], "look_at": plain_advice, "revision": found.revision}
        click.echo(json.dumps(told))
        return
    states = sorted({state for member in found.team for state in member.licences})
    click.echo(
        f"{file}: fine. Revision {found.revision}, {len(found.team)} members, {len(found.owner_rules)} rules."
    )
    click.echo(f"Licensed in: {', '.join(states) or 'no state or province yet'}")
    for problem in advice:
        click.echo(f"Look at {problem.told(str(file))}")


@playbook.command()
@click.argument("name", type=click.Choice(_SHIPPED))
def shipped(name: str) -> None:
    """Print a playbook that comes with Firstpath, to begin with."""
    from mapping.playbook import shipped as text_of_shipped

    click.echo(text_of_shipped(name), nl=False)


@playbook.command()
@click.option("--revision", type=int, help="One revision: who, when, why, and what it changed.")
@click.option("--list", "as_list", is_flag=True, help="Every revision, the newest first.")
@config_option
@json_option
def show(revision: int | None, as_list: bool, config: Path, as_json: bool) -> None:
    """Which playbook holds, where it comes from, and whether there is a draft."""
    from jobs import revisions

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


@playbook.command()
@click.argument("first", metavar="[OLD]", required=False)
@click.argument("second", metavar="[NEW]", required=False)
@config_option
@json_option
def diff(first: str | None, second: str | None, config: Path, as_json: bool) -> None:
    """What differs between two playbooks, in words and line by line.

    OLD and NEW are revision numbers, active, draft, settings, or files. With one, it is compared with what is
    active; without any, the draft is.
    """
    services = open_any(config)
    old = text_of(services, first if first and second else "active")
    new = text_of(services, second or first or "draft")
    services.ledger.close()
    said, lines = difference(old, new)
    if as_json:
        click.echo(json.dumps({"old": old.source, "new": new.source, "changes": said, "diff": lines}))
        return
    click.echo(f"{old.source} → {new.source}:" + (" nothing differs." if not lines else ""))
    for sentence in said:
        click.echo(f"  {sentence}")
    if lines and not said:
        click.echo("  only comments and layout differ")
    for line in lines:
        click.echo(line)


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
    from jobs import revisions

    active, draft = revisions.active_text(services), revisions.draft(services)
    facts = {
        "source": active.source,
        "name": f"{active.name}@{active.fingerprint}",
        "active": plain(active.revision) if active.revision else None,
        "draft": plain(draft) if draft else None,
    }
    _tell(facts, [*_active(services, active), *_draft(active, draft)], as_json)


def _active(services: Services, active: Text) -> list[str]:
    from jobs import revisions

    named = f"{active.name}@{active.fingerprint}"
    if active.revision is None:
        return [f"Active: {active.source}, which the settings name ({named}). No revision is published yet."]
    lines = [f"Active: {active.source} ({named}), published {_when(active.revision)}"]
    try:
        settings = revisions.settings_text(services)
    except OSError:
        return lines
    same = "the same text" if settings.text == active.text else "another text, and not used"
    return [*lines, f"        The settings name {settings.source}: {same}."]


def _draft(active: Text, draft: Revision | None) -> list[str]:
    from jobs.revisions import of_revision

    if draft is None:
        return ["Draft:  none"]
    said, _ = difference(active, of_revision(draft))
    late = "" if draft.parent == active.number else f", begun from {draft.parent or 'the settings'}: outdated"
    changes = f"{len(said)} change{'' if len(said) == 1 else 's'}, see firstpath playbook diff"
    saved = f"saved {_moment(draft.saved_at)} by {draft.saved_by}"
    return [f"Draft:  revision {draft.number}, {saved}{late}; {changes}"]


def _changed(services: Services, one: Revision) -> list[str]:
    """What a revision says otherwise than the one it was begun from."""
    from jobs.revisions import of_revision

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
