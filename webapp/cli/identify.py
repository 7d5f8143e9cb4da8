"""firstpath identify: the identity rules tried on a file of inquiries."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from jobs.identifying.answers import Answers
    from jobs.identifying.run import Outcome, Run
    from mapping.playbook import Playbook

_KEYS_TOLD = 10
_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command()
@click.argument("file", type=_FILE)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The decisions.")
@click.option("--answers", type=_FILE, help="Known verdicts on reviews (JSONL).")
@click.option("--playbook", type=_FILE, help="Decide as this playbook says.  [default: the usual rules]")
@click.option("--date-order", type=click.Choice(("MDY", "DMY", "YMD")), default="MDY", show_default=True)
def identify(file: Path, out: Path, answers: Path | None, playbook: Path | None, date_order: str) -> None:
    """Say who each inquiry in a file is from: the rules of live processing, on an empty store.

    FILE holds one JSON object a line, in order of arrival, with the keys inquiry_id, received_at, source,
    first_name, last_name, full_name, email, phone, street, city, state, postal_code, date_of_birth,
    co_borrower (a name, or an object with name, email, phone ...), inquiry_type and referrer_email. Any may
    be missing or null.

    Each line of --out is {"inquiry_id", "cluster_id", "decision", "reasons", ...}: "same" as an earlier
    inquiry's person, "new", or "review" with "candidates", the likeliest first. A review opens a cluster of
    its own meanwhile. Cluster ids are those at the end of the run.

    \b
    --answers gives reviews their verdict before the next line is read, one object a line:
      {"inquiry_id": "7", "same_as": "3"}     the person of inquiry 3 (or of a cluster id, or of a list)
      {"inquiry_id": "7", "same_as": null}    none of the candidates
      {"inquiry_id": "7", "person": "p12"}    the true person, for files with labels; also "co_person"

    A line that cannot be read is reported with its number and left out; the exit code is then 1.
    """
    from jobs.identifying.lines import LineProblem, LineReader
    from jobs.identifying.run import Run

    _check(out, file, answers, playbook)
    problems: list[str] = []
    known = _answers(answers, problems) if answers else None
    rules = _playbook(playbook) if playbook else None
    run = Run(known, rules.identity, rules.survivorship) if rules else Run(known)
    reader = LineReader(date_order)
    decided: list[tuple[str, list[Outcome]]] = []
    for place, number, text in _lines(file):
        try:
            line = reader.read(text, number)
        except LineProblem as problem:
            problems.append(f"{place}: {problem}")
            continue
        outcomes = run.hear(line)
        decided.append((line.inquiry_id, outcomes))
        problems += [f"{place}: {one.mistake}" for one in outcomes if one.mistake]
    _write(out, (json.dumps(_line(run, *one), ensure_ascii=False) + "\n" for one in decided))
    _report(run, [outcomes[0] for _, outcomes in decided], problems, reader.unread)


def _check(out: Path, *read: Path | None) -> None:
    """Before a long run: the result has a place, and is none of the files that are read."""
    if any(one is not None and out.exists() and out.samefile(one) for one in read):
        raise click.UsageError("--out names a file that is read. Give it another name.")
    if not out.parent.is_dir():
        raise click.UsageError(f"There is no folder {out.parent} for --out. Make it, or name another.")


def _write(out: Path, lines: Iterable[str]) -> None:
    """Whole or not at all, so that a run that is stopped leaves no half of a result.

    Pipes, devices and links (/dev/stdout) are written to as they come: nothing may take their place.
    """
    if out.is_symlink() or (out.exists() and not out.is_file()):
        with out.open("w", encoding="utf-8") as opened:
            opened.writelines(lines)
        return
    beside = out.with_name(f".{out.name}.part")
    try:
        with beside.open("w", encoding="utf-8") as opened:
            opened.writelines(lines)
        beside.replace(out)
    finally:
        beside.unlink(missing_ok=True)


def _lines(file: Path) -> Iterator[tuple[str, int, bytes]]:
    """Place and number of each line that is not blank, and the line."""
    with file.open("rb") as opened:
        for number, text in enumerate(opened, start=1):
            if text.strip():
                yield f"{file}, line {number}", number, text


def _answers(file: Path, problems: list[str]) -> Answers:
    from jobs.identifying.answers import Answers
    from jobs.identifying.lines import LineProblem

    answers = Answers()
    for place, number, text in _lines(file):
        try:
            answers.add(text, number)
        except LineProblem as problem:
            problems.append(f"{place}: {problem}")
    return answers


def _playbook(file: Path) -> Playbook:
    """Raises PlaybookInvalid, OSError."""
    from mapping.playbook import decoded, load_playbook

    return load_playbook(decoded(file.read_bytes(), str(file)), name=file.stem, source=str(file))


def _line(run: Run, inquiry_id: str, outcomes: list[Outcome]) -> dict[str, Any]:
    """The borrower's decision, the co-borrower's inside it."""
    main, *others = (_decision(run, one) for one in outcomes)
    return {"inquiry_id": inquiry_id, **main, **({"co_borrower": others[0]} if others else {})}


def _decision(run: Run, one: Outcome) -> dict[str, Any]:
    line: dict[str, Any] = {
        "cluster_id": run.cluster(one.cluster_id),
        "decision": str(one.verdict),
        "reasons": list(one.reasons),
    }
    if one.candidates:
        line["candidates"] = [run.cluster(each) for each in one.candidates]
        line["candidate_inquiries"] = [run.inquiry_in(each) for each in one.candidates]
        line["answer"] = one.answer or None
    if household := run.household(one.cluster_id):
        line["household_id"] = household
    return line


def _report(run: Run, decided: list[Outcome], problems: list[str], unread: Mapping[str, int]) -> None:
    """How many became what, and each line that was left out; exit code 1 when there is one."""
    for problem in problems:
        click.echo(problem, err=True)
    if unread:
        keys = ", ".join(f"{json.dumps(key)} ({count})" for key, count in sorted(unread.items())[:_KEYS_TOLD])
        more = f" and {len(unread) - _KEYS_TOLD} more" if len(unread) > _KEYS_TOLD else ""
        click.echo(f"Keys that nobody reads, and in how many lines: {keys}{more}.", err=True)
    if run.unasked:
        click.echo(f"Answers to what nobody asks: {run.unasked}.", err=True)
    counts = Counter(str(one.verdict) for one in decided)
    also = sum(one.verdict == "same" and bool(one.candidates) for one in decided)
    clusters = len({run.cluster(one.cluster_id) for one in decided})
    click.echo(
        f"{len(decided)} inquiries, {clusters} people: {counts['same']} recognised, {counts['new']} new, "
        f"{counts['review']} for review."
        + (f" Of {also} recognised it is asked whether another is the same person too." if also else "")
    )
    if problems:
        raise click.exceptions.Exit(1)
