"""firstpath playbook pull, push, publish, rollback: a change of the playbook, and its way back."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from webapp.cli.options import config_option
from webapp.cli.playbook_texts import actor, difference, json_option, open_any, read_text, text_of

if TYPE_CHECKING:
    from jobs.ledger.playbooks import Revision

_file = click.Path(path_type=Path, dir_okay=False, allow_dash=True)
_message = click.option("--message", "-m", default="", help="Why, in a sentence; kept with the revision.")


@click.command()
@click.argument("file", type=_file, default="playbook.toml")
@click.option("--revision", "named", default="active", help="A number, active or draft.  [default: active]")
@click.option("--force", is_flag=True, help="Write over a file that holds something else.")
@config_option
def pull(file: Path, named: str, force: bool, config: Path) -> None:
    """Write the playbook's text to FILE, comments and all; - prints it."""
    services = open_any(config)
    text = text_of(services, named)
    services.ledger.close()
    if str(file) == "-":
        click.echo(text.text, nl=False)
        return
    if file.exists() and read_text(file) != text.text and not force:
        raise click.UsageError(
            f"{file} holds another text. Name another file, or write over it with --force."
        )
    file.write_text(text.text, "utf-8")
    base = text.revision.parent if text.revision and text.revision.state != "published" else text.number
    click.echo(f"Wrote {file}: {text.source} ({text.name}@{text.fingerprint}).")
    click.echo(f"When it is changed: firstpath playbook push {file} --on {base}")


@click.command()
@click.argument("file", type=_file, default="playbook.toml")
@click.option(
    "--on", type=int, help="The revision it was begun from (0: the settings'): refused if another holds."
)
@config_option
@json_option
def push(file: Path, on: int | None, config: Path, as_json: bool) -> None:
    """Check FILE whole and store it as the draft; nothing changes until it is published."""
    from jobs.playbooks import revisions
    from jobs.playbooks.publishing import push as store
    from mapping.playbook import decoded

    services = open_any(config)
    text = decoded(sys.stdin.buffer.read()) if str(file) == "-" else read_text(file)
    before = revisions.draft(services)
    new = store(services, text, actor(), on=on, source="" if str(file) == "-" else str(file))
    said, lines = difference(revisions.active_text(services), revisions.of_revision(new))
    services.ledger.close()
    if as_json:
        click.echo(json.dumps({"revision": new.number, "parent": new.parent, "changes": said}))
        return
    instead = f", in place of the draft {before.number} by {before.saved_by}" if before else ""
    click.echo(f"Stored as the draft: revision {new.number}{instead}.")
    _say(said, lines)
    click.echo(
        "Try it on what arrived: firstpath playbook simulate.  Then: firstpath playbook publish "
        f'{new.number} --message "why"'
    )


@click.command()
@click.argument("number", metavar="[REVISION]", type=int, required=False)
@_message
@config_option
@json_option
def publish(number: int | None, message: str, config: Path, as_json: bool) -> None:
    """Let the draft hold from now on. REVISION makes sure that it is the draft you looked at."""
    from jobs.playbooks.publishing import publish as make_active

    services = open_any(config)
    new = make_active(services, actor(), message=message, number=number)
    before = text_of(services, str(new.parent))
    said, lines = difference(before, text_of(services, str(new.number)))
    services.ledger.close()
    _published(new, said, lines, as_json)


@click.command()
@click.argument("number", metavar="REVISION", type=int)
@_message
@config_option
@json_option
def rollback(number: int, message: str, config: Path, as_json: bool) -> None:
    """Let an earlier REVISION hold again, as a new one (0: the settings' playbook)."""
    from jobs.playbooks.publishing import roll_back

    services = open_any(config)
    before = text_of(services, "active")
    new = roll_back(services, number, actor(), message=message)
    said, lines = difference(before, text_of(services, str(new.number)))
    services.ledger.close()
    _published(new, said, lines, as_json)


def _published(new: Revision, said: list[str], lines: list[str], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"revision": new.number, "parent": new.parent, "changes": said}))
        return
    click.echo(f"Published: revision {new.number} ({new.name}@{new.hash[:12]}). It holds within a second.")
    click.echo("Follow-ups that are planned already are looked at again, a few at a time.")
    _say(said, lines)
    click.echo(f"To go back: firstpath playbook rollback {new.parent}")


def _say(said: list[str], lines: list[str]) -> None:
    for sentence in said:
        click.echo(f"  {sentence}")
    if not said:
        click.echo("  only comments and layout changed" if lines else "  nothing differs from what holds")
