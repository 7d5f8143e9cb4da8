"""firstpath playbook: the consultant's document."""

from __future__ import annotations

from pathlib import Path

import click

_SHIPPED = ("mortgage_us", "mortgage_ca")


@click.group()
def playbook() -> None:
    """The consultant's document: team, owner rules, follow-ups, fields."""


@playbook.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True), default="playbook.toml")
def check(file: Path) -> None:
    """Read a playbook whole and list every mistake with its line and what to do."""
    from jobs.services import utc_now
    from mapping.playbook import load_playbook, look_at

    text = file.read_text("utf-8")
    found = load_playbook(text, name=file.stem)
    states = sorted({state for member in found.team for state in member.licences})
    click.echo(
        f"{file}: fine. Revision {found.revision}, {len(found.team)} members, {len(found.owner_rules)} rules."
    )
    click.echo(f"Licensed in: {', '.join(states) or 'no state or province yet'}")
    for problem in look_at(text, utc_now().date()):
        click.echo(f"Look at {problem}")


@playbook.command()
@click.argument("name", type=click.Choice(_SHIPPED))
def shipped(name: str) -> None:
    """Print a playbook that comes with Firstpath, to begin with."""
    from mapping.playbook import shipped as text_of

    click.echo(text_of(name), nl=False)
