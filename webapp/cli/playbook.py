"""firstpath playbook: the consultant's document, checked, looked at and compared."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from webapp.cli.options import config_option
from webapp.cli.playbook_show import show
from webapp.cli.playbook_texts import difference, json_option, open_any, text_of
from webapp.cli.publish import publish, pull, push, rollback
from webapp.cli.simulate import simulate

if TYPE_CHECKING:
    pass

_SHIPPED = ("mortgage_us", "mortgage_ca")


@click.group()
def playbook() -> None:
    """The consultant's document: team, owner rules, follow-ups, fields.

    The file that the settings name holds until a revision is published; from then on the last one published
    holds, in every process within a second. A change goes: pull, edit, check, push, simulate, publish;
    rollback brings an older one back.
    """


for command in (show, pull, push, publish, rollback, simulate):
    playbook.add_command(command)


@playbook.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True), default="playbook.toml")
@json_option
def check(file: Path, as_json: bool) -> None:
    """Read a playbook whole and list every mistake with its line and what to do."""
    from jobs.services import utc_now
    from mapping.playbook import PlaybookInvalid, decoded, load_playbook, look_at

    text = decoded(file.read_bytes(), str(file))
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
