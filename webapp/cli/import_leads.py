"""firstpath import: a spreadsheet of leads brought over, tried first, behind what comes in live."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from webapp.cli.options import config_option, read_settings

if TYPE_CHECKING:
    from rich.console import Console

    from jobs.intake.importing import Column, Rejected, Trial
    from jobs.services import Services
    from jobs.settings.model import PathSettings

_SAMPLE = 200
_REASON = "firstpath_reason"
_POLL_SECONDS = 0.5


@click.command("import")
@config_option
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--path", "name", required=True, help="The intake path (kind csv) that the rows come in by.")
@click.option("--map", "maps", multiple=True, metavar='"COLUMN=FIELD"', help='What a column means; "ignore".')
@click.option("--dry-run", is_flag=True, help="Only say what would become of the rows.")
@click.option("--yes", is_flag=True, help="Take the mapping as shown, without asking.")
@click.option("--wait/--no-wait", default=True, help="Stay until the rows are decided and delivered.")
def import_leads(
    config: Path, file: Path, name: str, maps: Sequence[str], dry_run: bool, yes: bool, wait: bool
) -> None:
    """Bring over a spreadsheet of leads (CSV, TSV or XLSX), one inquiry for each row.

    Shows what each column means and asks once; then tries all rows and reports; then stores and works them
    off behind live inquiries. Stopped half-way, it goes on where it was when it is run again. Rows that
    cannot be taken are written to FILE.rejected.csv, to be corrected and imported in turn.
    """
    from rich.console import Console

    from jobs.processes.work_process import PipeBell, WorkProcess
    from jobs.services import open_services

    settings = read_settings(config)
    console = Console()
    # Without it, workers elsewhere do the work, or those of `firstpath serve`.
    bell = PipeBell() if wait and not dry_run and not settings.queue.redis_url else None
    services = open_services(settings, bell=bell)
    work = WorkProcess(services, bell) if bell else None  # before anything here starts a thread
    if work:
        work.watch()
    try:
        path = _confirmed(services, console, file, name, _asked(maps), save=not dry_run, ask=not yes)
        trial = _tried(services, console, file, path)
        _report(console, trial, file, path)
        _write_rejected(services, _rejected_file(file), trial.rejected)
        if not dry_run:
            _store(services, console, file, path, trial)
        if wait and not dry_run and path.state in ("live", "shadow"):
            _wait_for_the_work(services, console)
    finally:
        if work:
            work.end()
        services.ledger.close()


def _asked(maps: Sequence[str]) -> dict[str, str]:
    from jobs.intake.importing import unknown_fields

    pairs = [one.rpartition("=") for one in maps]
    asked = {column.strip(): field.strip() for column, _, field in pairs}
    if any(not column.strip() for column, _, _ in pairs):
        raise click.UsageError('Write each --map like this: --map "Phone No=phone".')
    if wrong := unknown_fields(asked):
        raise click.UsageError(
            f"There is no field {', '.join(wrong)}. `firstpath path fields` lists them; "
            '"ignore" drops a column.'
        )
    return asked


def _confirmed(
    services: Services,
    console: Console,
    file: Path,
    name: str,
    asked: Mapping[str, str],
    *,
    save: bool,
    ask: bool,
) -> PathSettings:
    """The path, reading the columns as a person confirmed."""
    from connectors.intake.spreadsheet import read_rows
    from jobs.intake.importing import columns_of, mapping_of, with_columns
    from jobs.paths.current import change_path, paths

    path = paths(services).get(name)
    if path is None or path.kind != "csv":
        raise click.UsageError(f'There is no intake path "{name}" of kind csv in the settings.')
    columns = columns_of(path, list(islice(read_rows(file), _SAMPLE)), asked)
    if all(column.field in ("", "ignore") for column in columns):
        raise click.ClickException(f"No column of {file.name} is recognised. Say what they mean with --map.")
    _show_columns(console, columns)
    news = {one: field for one, field in mapping_of(columns).items() if path.fields.get(one) != field}
    if news and save:
        if ask:
            click.confirm("Read the columns like this from now on?", abort=True)
        change_path(services, name, "command line", fields={**path.fields, **news})
    return with_columns(path, columns)


def _show_columns(console: Console, columns: Sequence[Column]) -> None:
    from rich.table import Table

    table = Table(title="What the columns mean", show_lines=False)
    for heading in ("Column", "Field", "Why", "For example"):
        table.add_column(heading, overflow="fold")
    for column in columns:
        table.add_row(column.name, column.field or "-", column.why, "; ".join(column.examples)[:60])
    console.print(table)


def _tried(services: Services, console: Console, file: Path, path: PathSettings) -> Trial:
    from rich.progress import Progress

    from connectors.intake.spreadsheet import read_rows
    from jobs.intake.importing import Trial, try_rows

    trial = Trial()
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("Trying every row", total=None)
        for trial in try_rows(services, path, read_rows(file)):
            progress.update(task, completed=trial.rows, description=f"Tried {trial.rows} rows")
    return trial


def _report(console: Console, trial: Trial, file: Path, path: PathSettings) -> None:
    console.print(
        f"{trial.rows} rows: [bold]{trial.ready} to bring over[/], {trial.known} brought over before, "
        f"{trial.twice} twice in the file, {len(trial.rejected)} rejected."
    )
    if trial.types:
        kinds = ", ".join(f"{kind.replace('_', ' ')} {count}" for kind, count in trial.types.most_common())
        console.print(f"Inquiry types: {kinds}.")
    if trial.flags:
        doubts = ", ".join(f"{flag.replace('_', ' ')} {count}" for flag, count in trial.flags.most_common())
        console.print(f"Left empty because it was unclear (the text is kept): {doubts}.")
    for one in trial.rejected[:5]:
        console.print(f"  Row {one.row.number}: {one.reason}")
    if trial.rejected:
        console.print(f"All rejected rows, with the reason: {_rejected_file(file)}")
    if path.state in ("draft", "paused"):
        console.print(f"The path is {path.state}: rows are captured and wait until it is shadow or live.")


def _rejected_file(file: Path) -> Path:
    return file.with_name(f"{file.stem}.rejected.csv")


def _write_rejected(services: Services, target: Path, rejected: Sequence[Rejected]) -> None:
    """The rows as they are in the file, without what may not be written down, and the reason of each."""
    from connectors.intake.spreadsheet import guarded
    from jobs.intake.importing import clean_cells

    if not rejected:
        target.unlink(missing_ok=True)
        return
    columns = list(dict.fromkeys(name for one in rejected for name in one.row.cells))
    with target.open("w", newline="", encoding="utf-8-sig") as opened:
        lines = csv.writer(opened)
        lines.writerow([*columns, _REASON])
        for one in rejected:
            cells = clean_cells(services, one.row)
            lines.writerow([*(guarded(str(cells.get(name, ""))) for name in columns), one.reason])


def _store(services: Services, console: Console, file: Path, path: PathSettings, trial: Trial) -> None:
    from rich.progress import Progress

    from connectors.intake.spreadsheet import read_rows
    from jobs.intake.importing import store_rows

    stored = 0
    with Progress(console=console) as progress:
        task = progress.add_task("Storing", total=trial.ready)
        for new in store_rows(services, path, read_rows(file), trial.rejected):
            stored += new
            progress.update(task, completed=stored)
    console.print(f"{stored} rows were brought over." if stored else "Nothing was new.")


def _wait_for_the_work(services: Services, console: Console) -> None:
    """Until everything is decided and delivered. Ctrl-C leaves the rest for later."""
    import threading

    from rich.progress import Progress

    from jobs.intake.importing import left_to_do

    pause, total = threading.Event(), left_to_do(services)
    with Progress(console=console) as progress:
        # A row is one piece of work until it is decided, then one for each CRM it goes to.
        task = progress.add_task("Deciding and delivering", total=total)
        while left := left_to_do(services):
            progress.update(task, completed=total - min(left, total))
            pause.wait(_POLL_SECONDS)
        progress.update(task, completed=total)
