"""firstpath path: intake paths one at a time, from draft to shadow to live, and what their questions mean."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from webapp.cli.options import config_option, connect

if TYPE_CHECKING:
    from jobs.paths.field_mapping import AskedQuestion
    from jobs.paths.readiness import Readiness
    from jobs.services import Services
    from jobs.settings.model import PathState

_MARKS = {"ok": "+", "attention": "!", "missing": "-"}
_json_option = click.option("--json", "as_json", is_flag=True, help="For machines.")


@click.group()
def path() -> None:
    """Intake paths: draft → shadow → live → paused, each proven before it goes live."""


@path.command("list")
@config_option
@_json_option
def list_command(config: Path, as_json: bool) -> None:
    """Every path, its state, and what arrived in the last 7 days."""
    from jobs.desk.path_pages import list_paths

    services = connect(config)
    lines = list_paths(services)
    services.ledger.close()
    if as_json:
        rows = [
            {"name": one.path.name, "title": one.path.title, "kind": one.path.kind, "state": one.path.state,
             "crm": list(one.path.crm), "last_7_days": one.lately, "quarantined": one.aside,
             "last_at": one.last_at.isoformat() if one.last_at else None}
            for one in lines
        ]  # fmt: skip
        click.echo(json.dumps(rows))
        return
    width = max((len(one.path.name) for one in lines), default=0)
    for one in lines:
        aside = f", {one.aside} in quarantine" if one.aside else ""
        click.echo(
            f"{one.path.name:<{width}}  {one.path.state:<6}  {one.lately} in 7 days{aside}  {one.path.title}"
        )


@path.command()
@click.argument("name")
@config_option
@_json_option
def show(name: str, config: Path, as_json: bool) -> None:
    """The six answers from the path's real submissions, and what keeps it from shadow and from going live."""
    from jobs.paths.readiness import readiness

    services = connect(config)
    _known(services, name)
    found = readiness(services, name)
    services.ledger.close()
    if as_json:
        click.echo(json.dumps(_plain(found)))
    else:
        _show(found)


def _plain(found: Readiness) -> dict[str, Any]:
    return {
        "name": found.path.name,
        "state": found.path.state,
        "answers": [
            {"key": one.key, "question": one.question, "verdict": one.verdict, "why": one.sentence,
             "facts": dict(one.facts)}
            for one in found.answers
        ],
        "blocks_shadow": list(found.blocks_shadow),
        "blocks_live": list(found.blocks_live),
    }  # fmt: skip


def _show(found: Readiness) -> None:
    click.echo(f"{found.path.name}: {found.path.title} ({found.path.kind}), {found.path.state}\n")
    for one in found.answers:
        click.echo(f" {_MARKS[one.verdict]} {one.question} {one.sentence}")
        for what, value in one.facts:
            click.echo(f"     {what}: {value}")
    _reasons("Before it can go to shadow", found.blocks_shadow)
    if not found.blocks_shadow:
        _reasons("Before it can go live", found.blocks_live)
    if not found.blocks_live:
        click.echo("\nNothing required is missing.")


def _reasons(heading: str, reasons: Sequence[str]) -> None:
    if reasons:
        click.echo(f"\n{heading}:")
        for number, why in enumerate(reasons, 1):
            click.echo(f"  {number}. {why}")


def _move(config: Path, name: str, state: PathState, *, as_json: bool, with_shadowed: bool = False) -> None:
    from jobs.paths.going_live import COMMAND_LINE, NotReady, move_path

    services = connect(config)
    _known(services, name)
    try:
        moved = move_path(services, name, state, COMMAND_LINE, with_shadowed=with_shadowed)
    except NotReady as error:
        if as_json:
            click.echo(json.dumps({"name": name, "moved": False, "reasons": list(error.reasons)}))
        else:
            click.echo(str(error), err=True)
            for number, why in enumerate(error.reasons, 1):
                click.echo(f"  {number}. {why}", err=True)
        raise click.exceptions.Exit(1) from error
    finally:
        services.ledger.close()
    if as_json:
        told = {
            "name": name,
            "moved": True,
            "before": moved.before,
            "state": moved.now,
            "brought": moved.brought,
        }
        click.echo(json.dumps(told))
        return
    brought = f" {moved.brought} inquiries from shadow are brought over." if moved.brought else ""
    same = moved.before == moved.now
    click.echo(
        f"{name} is {moved.now} already.{brought}"
        if same
        else f"{name}: {moved.before} → {moved.now}.{brought}"
    )


@path.command()
@click.argument("name")
@config_option
@_json_option
def shadow(name: str, config: Path, as_json: bool) -> None:
    """Decide and show everything, write nothing to the CRM."""
    _move(config, name, "shadow", as_json=as_json)


@path.command()
@click.argument("name")
@click.option("--with-shadowed", is_flag=True, help="Also deliver what was shown in shadow.")
@config_option
@_json_option
def live(name: str, with_shadowed: bool, config: Path, as_json: bool) -> None:
    """Write what arrives to the CRM; refused with the reasons while something required is missing."""
    _move(config, name, "live", as_json=as_json, with_shadowed=with_shadowed)


@path.command()
@click.argument("name")
@config_option
@_json_option
def pause(name: str, config: Path, as_json: bool) -> None:
    """Keep what arrives and decide nothing until it goes on."""
    _move(config, name, "paused", as_json=as_json)


@path.command()
@click.argument("name")
@config_option
@_json_option
def draft(name: str, config: Path, as_json: bool) -> None:
    """Back to the beginning: keep what arrives and decide nothing."""
    _move(config, name, "draft", as_json=as_json)


@path.command()
@click.argument("name")
@config_option
@_json_option
def mapping(name: str, config: Path, as_json: bool) -> None:
    """Every question that the path's last submissions asked, what it fills, and what it seems to mean."""
    from jobs.paths.field_mapping import asked_questions

    services = connect(config)
    _known(services, name)
    questions = asked_questions(services, name)
    services.ledger.close()
    if as_json:
        click.echo(json.dumps([_plain_question(one) for one in questions]))
        return
    for one in questions:
        known = f"{one.field} ({one.chosen})" if one.field else "NOT MAPPED"
        click.echo(f"{one.label or one.key}  →  {known}")
        if one.suggestion and one.suggestion.field != one.field:
            click.echo(
                f"    suggested: {one.suggestion.field}, {one.suggestion.confidence:.0%}: "
                f"{one.suggestion.reason}"
            )
        if one.examples:
            click.echo(f"    e.g. {' | '.join(one.examples)}")
    if not questions:
        click.echo("No submission was seen on this path yet.")


def _plain_question(one: AskedQuestion) -> dict[str, Any]:
    seems = one.suggestion
    return {
        "key": one.key,
        "label": one.label,
        "examples": list(one.examples),
        "field": one.field,
        "chosen_by": one.chosen,
        "suggestion": {"field": seems.field, "confidence": seems.confidence, "reason": seems.reason}
        if seems
        else None,
    }


@path.command("map")
@click.argument("name")
@click.argument("question")
@click.argument("field")
@config_option
def map_command(name: str, question: str, field: str, config: Path) -> None:
    """Say what a question means: a canonical field, keep (as a note for the owner) or ignore."""
    from jobs.paths.field_mapping import NoSuchField, set_fields
    from jobs.paths.going_live import COMMAND_LINE

    services = connect(config)
    _known(services, name)
    try:
        set_fields(services, name, {question: field}, COMMAND_LINE)
    except NoSuchField as error:
        raise click.UsageError(str(error)) from error
    finally:
        services.ledger.close()
    click.echo(f"{name}: “{question}” fills {field} from now on.")


def _known(services: Services, name: str) -> None:
    if name not in services.settings.paths:
        names = ", ".join(services.settings.paths) or "none"
        services.ledger.close()
        raise click.UsageError(f"The settings have no path named {name}; they have: {names}.")


@path.command("fields")
def fields_command() -> None:
    """The canonical fields that a question or a column may fill."""
    from mapping.canonical import CANONICAL_FIELDS

    width = max(map(len, CANONICAL_FIELDS))
    for name, about in CANONICAL_FIELDS.items():
        click.echo(f"{name:<{width}}  {about}")
