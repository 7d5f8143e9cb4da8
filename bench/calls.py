"""How many calls to the CRM one inquiry costs: python -m bench.calls [--crm hubspot] [--count 50].

Counted by the sandbox; what a process learns about the account at its start is left out.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path

import requests

from bench.end_to_end import _until_tasks
from tests.fleet import FORM_KEY, Fleet
from tests.people import Person, form_fields, person


def main() -> None:
    """Print one JSON line."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--crm", choices=("hubspot", "salesforce", "highlevel"), default="hubspot")
    options.add_argument("--count", type=int, default=50)
    asked = options.parse_args()
    count = asked.count
    with tempfile.TemporaryDirectory() as folder:
        fleet = Fleet(Path(folder), kinds=(asked.crm,))
        try:
            fleet.start_sandbox()
            fleet.start_web()
            _one_by_one(fleet, [person(9_999)], first=0, tasks=0)  # learns the owners and the pipeline
            new = _one_by_one(fleet, [person(number) for number in range(count)], first=1_000, tasks=1)
            known = _one_by_one(
                fleet, [person(number) for number in range(count)], first=2_000, tasks=1 + count
            )
        finally:
            fleet.stop()
    figures = {
        "bench": "calls",
        "crm": asked.crm,
        "count": count,
        "new_borrower": new,
        "known_borrower": known,
    }
    print(json.dumps(figures))


def _one_by_one(fleet: Fleet, people: list[Person], first: int, tasks: int) -> dict[str, float]:
    """Calls for each person's inquiry when it is alone; the search budget is given time to refill."""
    each: list[int] = []
    for number, who in enumerate(people):
        before = fleet.sandbox("counts")["requests"]
        answer = requests.post(
            f"{fleet.url}/in/{FORM_KEY}", data=form_fields(who, first + number), timeout=30
        )
        answer.raise_for_status()
        _until_tasks(fleet, tasks + number + 1)
        each.append(fleet.sandbox("counts")["requests"] - before)
        time.sleep(0.25)
    return {"mean": round(sum(each) / len(each), 2), "max": max(each)}


if __name__ == "__main__":
    main()
