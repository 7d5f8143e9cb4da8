"""python -m tests.samples DIR [--only PART] [--json FILE]: run a folder of cases and grade each."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from tests.samples.cases import read_cases
from tests.samples.grading import Grade, grade
from tests.samples.run import run_case
from tests.samples.stand import open_stand


def main() -> int:
    """Print a line for each case and the totals; 0 when every case passed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path)
    options.add_argument("--only", default="", help="run the cases whose name holds this")
    options.add_argument("--json", type=Path, help="write the grades to this file")
    asked = options.parse_args()
    grades = grade_folder(asked.folder, asked.only)
    if not grades:
        print(f"No case (NAME.expected.json) in {asked.folder}.", file=sys.stderr)  # noqa: T201
        return 2
    for one in grades:
        marks = " ".join(
            f"{name}:{'yes' if not getattr(one, name) else 'NO'}" for name in ("safe", "right", "complete")
        )
        print(f"{one.case:48} {marks}")  # noqa: T201
        for problem in (*one.safe, *one.right, *one.complete):
            print(f"    {problem}")  # noqa: T201
    totals = {name: sum(not getattr(one, name) for one in grades) for name in ("safe", "right", "complete")}
    print(json.dumps({"cases": len(grades), **totals}))  # noqa: T201
    if asked.json:
        asked.json.write_text(json.dumps([one.as_json() for one in grades], indent=1), encoding="utf-8")
    return 0 if all(count == len(grades) for count in totals.values()) else 1


def grade_folder(folder: Path, only: str = "") -> list[Grade]:
    """The grades of all cases of a folder."""
    with tempfile.TemporaryDirectory() as scratch, open_stand(Path(scratch)) as stand:
        return [grade(case, _run(stand, case)) for case in read_cases(folder, only)]


_run = run_case

if __name__ == "__main__":
    sys.exit(main())
