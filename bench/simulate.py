"""What trying a playbook on history costs: python -m bench.simulate [--count 10000].

So many stored inquiries are read, understood anew and decided twice, under the active playbook and under a
draft with other weights, hours and fields; on one core, from a SQLite file.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

from jobs.deciding.decide import decide_alone
from jobs.deciding.decision import open_case
from jobs.deciding.process import apart, understood
from jobs.intake.reading import read_parts
from jobs.ledger import submissions
from jobs.ledger.submissions import Submission
from jobs.playbooks.simulate import simulate
from jobs.processes.interpreter import tune
from jobs.services import Services, new_ulid, open_services, utc_now
from jobs.settings.load import load_settings
from mapping.answers import Answers
from mapping.inquiry import Inquiry
from mapping.playbook import load_playbook, shipped
from tests.fleet import Fleet
from tests.people import form_fields, person

_FORM = "application/x-www-form-urlencoded"
_DAYS = 30


def main() -> None:
    """Print one JSON line."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=10_000)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        fleet = Fleet(Path(folder))
        services = open_services(load_settings(fleet.config, fleet.environ))
        since = utc_now() - timedelta(days=_DAYS)
        _store(services, asked.count, since)
        draft = load_playbook(_draft(), name="mortgage_us")
        tune()
        cpu, wall = time.process_time(), time.perf_counter()
        found = simulate(services, draft, since=since)
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        services.ledger.close()
    print(
        json.dumps(
            {
                "bench": "simulate",
                "inquiries": found.report.replayed,
                "understood_anew": found.understood,
                "changed": found.report.changed,
                "aspects": {name: tally.changed for name, tally in found.report.aspects.items()},
                "cpu_seconds": round(cpu, 1),
                "wall_seconds": round(wall, 1),
                "cpu_ms_each": round(cpu / max(found.report.replayed, 1) * 1000, 2),
            }
        )
    )


def _draft() -> str:
    text = shipped("mortgage_us").replace("weight = 2 ", "weight = 1 ")
    text = text.replace("\nminutes = 5 ", "\nminutes = 30 ")
    return text.replace('mortgage_path = { source = "path" }', "")


def _store(services: Services, count: int, since: datetime) -> None:
    """Inquiries spread over the days; every third one is a person who asked before."""
    arrived = list(_arrived(count, since))
    with services.ledger.write() as connection:
        for one in arrived:
            arrival = submissions.sealed(services.sealer, one, external_key="", content_hash=one.id)
            submissions.add(connection, arrival)
    for group in apart([open_case(services, one, _understood(services, one)) for one in arrived], 32):
        decide_alone(services, group)


def _arrived(count: int, since: datetime) -> Iterator[Submission]:
    step = timedelta(days=_DAYS) / (count + 1)
    for number in range(count):
        who = person(number // 3 if number % 3 == 0 else count + number)
        body = urlencode(form_fields(who, number)).encode()
        yield Submission(
            id=new_ulid(),
            path="website",
            received_at=since + step * (number + 1),
            content_type=_FORM,
            body=body,
            request=submissions.RequestFacts(),
            state="processed",
        )


def _understood(services: Services, one: Submission) -> Inquiry:
    (part,) = read_parts(services, one)
    assert isinstance(part, Answers)
    return understood(services, one, part)


if __name__ == "__main__":
    main()
