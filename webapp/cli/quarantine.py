"""firstpath quarantine: what waits for a person, and a person's word on it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from webapp.cli.options import config_option, connect

if TYPE_CHECKING:
    from jobs.desk.quarantine import SetAsideSubmission


@click.group()
def quarantine() -> None:
    """Submissions that could not be understood or trusted, or look like spam."""


@quarantine.command("list")
@click.option("--path", default="", help="Only of this path.")
@click.option("--reason", default="", help="Only for this reason, e.g. spam.")
@click.option("--before", default="", help="Older than this one.")
@config_option
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def list_command(path: str, reason: str, before: str, config: Path, as_json: bool) -> None:
    """What waits, newest first, 50 at a time; no personal data is shown."""
    from jobs.desk.quarantine import Wanted, list_quarantined

    services = connect(config)
    page = list_quarantined(services, before, Wanted(path, reason))
    services.ledger.close()
    if as_json:
        rows = [
            {"id": one.id, "path": one.path, "reason": one.reason_code, "why": one.reason,
             "received_at": one.received_at.isoformat(), "part_of": one.parent_id}
            for one in page.items
        ]  # fmt: skip
        click.echo(json.dumps({"items": rows, "older": page.older}))
        return
    for one in page.items:
        click.echo(f"{one.id}  {one.received_at:%Y-%m-%d %H:%M}  {one.path}  {one.title}: {one.reason}")
    if not page.items:
        click.echo("Nothing waits.")
    if page.older:
        click.echo(f"There is more: --before {page.older}")


@quarantine.command()
@click.argument("submission")
@config_option
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def show(submission: str, config: Path, as_json: bool) -> None:
    """One submission: why it waits, what to do, and its answers as they were read."""
    from jobs.desk.quarantine import set_aside

    services = connect(config)
    found = set_aside(services, submission)
    services.ledger.close()
    if found is None:
        raise click.UsageError("There is no submission with this id.")
    plain = _plain(found)
    if as_json:
        click.echo(json.dumps(plain))
        return
    click.echo(
        f"{found.reason.title} ({plain['state']})\n{plain['why']}\n\nWhat to do: {found.reason.advice}\n"
    )
    for answer in plain["answers"]:
        click.echo(f"  {answer['question']}: {', '.join(answer['values'])}")
    if plain["text"]:
        click.echo(plain["text"])


def _plain(found: SetAsideSubmission) -> dict[str, Any]:
    it, answers = found.submission, found.arrived.answers
    return {
        "id": it.id,
        "path": it.path,
        "state": it.state,
        "reason": it.reason_code,
        "why": it.reason,
        "what_to_do": found.reason.advice,
        "received_at": it.received_at.isoformat(),
        "part_of": it.parent_id,
        "parts": [one.id for one in found.parts],
        "inquiry": found.inquiry_id,
        "answers": [
            {"question": item.label or item.key, "values": list(item.values)}
            for item in (answers.items if answers else ())
        ],
        "text": found.arrived.text,
    }


@quarantine.command()
@click.argument("submission")
@config_option
def accept(submission: str, config: Path) -> None:
    """Process it as genuine: it is not judged for spam or trust again."""
    from jobs.desk.actions import accept_submission
    from jobs.paths.going_live import COMMAND_LINE

    services = connect(config)
    done = accept_submission(services, submission, COMMAND_LINE)
    services.ledger.close()
    if not done:
        raise click.UsageError("There is no submission with this id in quarantine.")
    click.echo("Accepted: it is processed by the running Firstpath, or at its next start.")


@quarantine.command()
@click.argument("submission", required=False)
@click.option("--reason", default="", help="Instead of one: all that wait for this reason.")
@click.option("--path", default="", help="With --reason: only of this path.")
@config_option
def discard(submission: str | None, reason: str, path: str, config: Path) -> None:
    """Take one, or all of one reason, off the list; they are kept until they expire."""
    from jobs.desk import actions
    from jobs.paths.going_live import COMMAND_LINE

    if bool(submission) == bool(reason):
        raise click.UsageError("Name one submission, or --reason for all that wait for it.")
    services = connect(config)
    try:
        if submission:
            count = int(actions.discard_submission(services, submission, COMMAND_LINE))
        else:
            count = 0
            while some := actions.discard_group(services, path, reason, COMMAND_LINE):
                count += some
    finally:
        services.ledger.close()
    if submission and not count:
        raise click.UsageError("There is no submission with this id in quarantine.")
    click.echo(f"{count} discarded.")
