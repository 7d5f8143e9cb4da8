"""firstpath playbook simulate: what another playbook would have made of what arrived."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from webapp.cli.options import config_option, connect
from webapp.cli.playbook_texts import file_text, json_option, text_of

if TYPE_CHECKING:
    from jobs.playbooks.simulate import Simulated
    from jobs.services import Services
    from mapping.playbook import Playbook
    from mapping.playbook.simulation import Tally

_SPAN = re.compile(r"(\d{1,4})([hdw])")
_HOURS = {"h": 1, "d": 24, "w": 7 * 24}
_TITLES = {
    "types": "Inquiry types",
    "matches": "Who it is",
    "owners": "Owners",
    "due": "First task due",
    "follow_ups": "Follow-ups",
    "fields": "What is written to the CRM",
}
_MOST_SHOWN = 8


class _Span(click.ParamType[timedelta]):
    name = "span"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """30d, 12h or 4w as a time span."""
        if isinstance(value, timedelta):
            return value
        match = _SPAN.fullmatch(value)
        if match is None:
            self.fail(f'"{value}" is no span of time. Write 12h, 30d or 8w.', param, ctx)
        return timedelta(hours=int(match[1]) * _HOURS[match[2]])


@click.command()
@click.option("--since", type=_Span(), default="30d", show_default=True, help="How far back: 12h, 30d, 8w.")
@click.option("--revision", type=int, help="Try this revision.  [default: the draft]")
@click.option("--file", type=click.Path(path_type=Path, dir_okay=False), help="Try this file.")
@click.option(
    "--examples", type=click.IntRange(0, 100), default=5, show_default=True, help="Ids of each kind."
)
@config_option
@json_option
def simulate(
    since: timedelta, revision: int | None, file: Path | None, examples: int, config: Path, as_json: bool
) -> None:
    """Decide again what arrived, under the draft and under the active playbook, and tell what differs.

    Nothing is stored and nobody is called. Each inquiry is decided as of its arrival, in that order.
    """
    from jobs.playbooks.publishing import ensure_fits
    from mapping.playbook import load_playbook

    if revision is not None and file is not None:
        raise click.UsageError("Name a revision or a file, not both.")
    services = connect(config)
    named = "draft" if revision is None else str(revision)
    text = file_text(services, file) if file else text_of(services, named)
    draft = load_playbook(text.text, name=text.name, source=text.source)
    ensure_fits(services, draft)
    found = _tried(services, draft, services.now() - since, examples)
    services.ledger.close()
    if as_json:
        click.echo(json.dumps(plain(found, text.source)))
        return
    for line in lines(found, text.source):
        click.echo(line)


def _tried(services: Services, draft: Playbook, began: datetime, examples: int) -> Simulated:
    """The report; how far it is shows on a terminal meanwhile."""
    from rich.console import Console
    from rich.progress import Progress

    from jobs.playbooks.replay import how_many
    from jobs.playbooks.simulate import simulate as try_out

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("Deciding again", total=how_many(services, began))
        return try_out(
            services,
            draft,
            since=began,
            examples=examples,
            told=lambda done: progress.update(task, completed=done),
        )


def plain(found: Simulated, tried: str) -> dict[str, Any]:
    """The report for machines."""
    report = found.report
    return {
        "tried": tried,
        "active": f"{found.active.name}@{found.active.revision}",
        "draft": f"{found.draft.name}@{found.draft.revision}",
        "replayed": report.replayed,
        "understood_anew": found.understood,
        "changed": report.changed,
        "aspects": {name: _plain_tally(tally) for name, tally in report.aspects.items()},
        "owners": {owner or "nobody": dict(zip(("active", "draft"), both, strict=True))
                   for owner, both in sorted(report.owners.items())},
        "failed": {name: dict(kinds) for name, kinds in report.failed.items()},
    }  # fmt: skip


def _plain_tally(tally: Tally) -> dict[str, Any]:
    return {"changed": tally.changed, "how": dict(tally.how.most_common()), "examples": tally.examples}


def lines(found: Simulated, tried: str) -> Iterator[str]:
    """The report for people."""
    report = found.report
    stored = report.replayed - found.understood
    kept = f", {stored} of them as they were stored" if stored else ""
    yield (
        f"{report.replayed:,} inquiries replayed{kept}. Under {tried}, {report.changed:,} would be decided "
        "otherwise than under the active playbook."
    )
    for name, tally in report.aspects.items():
        if tally.changed:
            yield f"{_TITLES[name]}: {tally.changed:,}"
            yield from (f"    {count:>6,}  {how}" for how, count in tally.how.most_common(_MOST_SHOWN))
            more = len(tally.how) - _MOST_SHOWN
            kinds = "kind" if more == 1 else "kinds"
            yield from [f"            and {more} other {kinds} (--json lists all)"] if more > 0 else []
            yield from [f"    such as {', '.join(tally.examples)}"] if tally.examples else []
    if report.aspects["owners"].changed:
        yield "Inquiries by owner, active → tried:"
        for owner, (before, after) in sorted(report.owners.items()):
            yield f"    {before:>6,} → {after:<6,}  {owner or 'nobody'}"
    yield from _failures(report.failed)


def _failures(failed: dict[str, Counter[str]]) -> Iterator[str]:
    from mapping.playbook.simulation import SET_ASIDE

    for which, kinds in failed.items():
        for kind, count in kinds.items():
            yield (
                f"{count:,} would be set aside for a person under the {which} playbook."
                if kind == SET_ASIDE
                else f"{count:,} could not be decided under the {which} playbook ({kind}). Report this."
            )
