"""A spreadsheet brought over by the command line: python -m bench.importing [--rows 10000].

From the file to the zero-latency sandbox CRM on the same cores, on SQLite: dry run, then the run itself.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path

from tests.fleet import Fleet
from tests.spreadsheets import write_leads


def main() -> None:
    """Print one JSON line."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=10_000)
    rows = options.parse_args().rows
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fleet = Fleet(folder)
        write_leads(folder / "leads.csv", rows)
        try:
            fleet.start_sandbox()
            seconds = {
                what: round(_seconds(fleet, *more), 1)
                for what, more in (("dry_run", ["--dry-run"]), ("run", []), ("again", []))
            }
            counts = fleet.sandbox("counts")
        finally:
            fleet.stop()
    there = {kind: counts[kind] for kind in ("contacts", "deals", "tasks")}
    print(json.dumps({"bench": "importing", "rows": rows, "seconds": seconds, **there}))


def _seconds(fleet: Fleet, *more: str) -> float:
    began = time.perf_counter()
    done = fleet.run("import", "leads.csv", "--path", "leads", "--yes", *more)
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
