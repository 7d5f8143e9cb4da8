"""firstpath review: who may be somebody we know, and a person's word on it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from webapp.cli.options import config_option, connect

if TYPE_CHECKING:
    from jobs.ledger.reviews import Review

_STATES = ("open", "merged", "household", "different", "unknown", "unanswered")
_ANSWERS = ("same", "household", "different", "unknown")
#: What is said after each answer, by the state it led to.
_SAID = {
    "merged": "They are one borrower now.",
    "household": "They stay two people of one household, for good.",
    "different": "They stay two people, for good.",
    "unknown": "They stay separate.",
}


@click.group()
def review() -> None:
    """New borrowers who may be somebody known before; their inquiries were delivered meanwhile."""


@review.command("list")
@click.option("--state", type=click.Choice(_STATES), default="open", show_default=True)
@click.option("--before", default="", help="Older than this one.")
@config_option
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def list_command(state: Any, before: str, config: Path, as_json: bool) -> None:
    """The pairs, newest first, 25 at a time; no personal data is shown."""
    from jobs.desk.review_pages import list_reviews

    services = connect(config)
    page = list_reviews(services, state, before)
    services.ledger.close()
    if as_json:
        rows = [_plain(line.review) for line in page.lines]
        click.echo(json.dumps({"items": rows, "older": page.older}))
        return
    for line in page.lines:
        one = line.review
        click.echo(
            f"{one.id}  {one.opened_at:%Y-%m-%d %H:%M}  {one.borrower_id} may be {one.candidate_id}: "
            f"{'; '.join(one.reasons)}"
        )
    if not page.lines:
        click.echo("Nothing waits." if state == "open" else "There is none.")
    if page.older:
        click.echo(f"There is more: --before {page.older}")


def _plain(one: Review) -> dict[str, Any]:
    return {
        "id": one.id,
        "inquiry_id": one.inquiry_id,
        "borrower_id": one.borrower_id,
        "candidate_id": one.candidate_id,
        "score": one.score,
        "reasons": list(one.reasons),
        "state": one.state,
        "opened_at": one.opened_at.isoformat(),
        "decided_at": one.decided_at.isoformat() if one.decided_at else None,
    }


@review.command("answer")
@click.argument("review_id", metavar="REVIEW")
@click.argument("said", metavar="ANSWER", type=click.Choice(_ANSWERS))
@config_option
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def answer_command(review_id: str, said: Any, config: Path, as_json: bool) -> None:
    """Say who is who: same, household, different or unknown. The answer is remembered for good."""
    from jobs.paths.going_live import COMMAND_LINE
    from jobs.reviews.asking import answer

    services = connect(config)
    try:
        done = answer(services, review_id, said, actor=COMMAND_LINE)
    except KeyError:
        raise click.UsageError("There is no review with this id; see `firstpath review list`.") from None
    finally:
        services.ledger.close()
    merge_id = done.merged.id if done.merged else ""
    if as_json:
        click.echo(json.dumps({"state": done.state, "changed": done.changed, "merge_id": merge_id or None}))
    elif not done.changed:
        click.echo(f"It was answered before: {done.state}.")
    else:
        undo = f" Undo it with `firstpath review undo {merge_id}`." if merge_id else ""
        click.echo(f"{_SAID[done.state]}{undo}")


@review.command()
@config_option
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def stats(config: Path, as_json: bool) -> None:
    """How the questions of the last 90 days ended, by what was in doubt.

    A doubt that nearly always ends with "same" asks too much of people.
    """
    from jobs.desk.review_measures import measure

    services = connect(config)
    found = measure(services)
    services.ledger.close()
    if as_json:
        click.echo(json.dumps(asdict(found), default=str))
        return
    asked = f"{found.asked} of {found.inquiries} inquiries were asked about ({found.rate:.1%})"
    oldest = f", the oldest since {found.oldest:%Y-%m-%d %H:%M}" if found.oldest else ""
    click.echo(f"{asked}; {found.waiting} wait{oldest}.")
    for doubt in found.doubts:
        click.echo(f"{doubt.reason}: {doubt.answered} answered, {doubt.same} of them the same person")


@review.command()
@click.argument("merge_id", metavar="MERGE")
@config_option
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def undo(merge_id: str, config: Path, as_json: bool) -> None:
    """Take a merge back: two borrowers again, as they were, and different people for good."""
    from jobs.paths.going_live import COMMAND_LINE
    from jobs.reviews import unmerging

    services = connect(config)
    try:
        done = unmerging.undo(services, merge_id, actor=COMMAND_LINE)
    except KeyError:
        raise click.UsageError(
            "There is no merge with this id. `review answer` named it; the borrower's page has an Undo, too."
        ) from None
    finally:
        services.ledger.close()
    if as_json:
        moved = list(done.moved) if done else []
        click.echo(json.dumps({"changed": done is not None, "moved_inquiries": moved}))
    else:
        click.echo("They are two people again, and stay so." if done else "It was undone before.")
