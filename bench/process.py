"""What deciding one inquiry costs: python -m bench.process [--borrowers 100000] [--count 300].

Parse, understand, identify, own, plan, compile and store, on SQLite with durable commits, in the batches a
worker takes up; CPU of this thread, per inquiry.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path
from urllib.parse import urlencode

from bench.load import milliseconds
from connectors.intake.base import RawRequest
from jobs.deciding.process import process_due
from jobs.intake.accepting import accept
from jobs.ledger import borrowers, holders
from jobs.ledger.borrowers import Borrower
from jobs.ledger.codec import to_json
from jobs.ledger.profiles import merged
from jobs.processes.interpreter import tune
from jobs.services import Services, new_ulid, open_services, utc_now
from jobs.settings.load import load_settings
from mapping.identity import identity_keys
from mapping.inquiry import Party
from mapping.people.survivorship import Heard
from tests.fleet import Fleet
from tests.people import form_fields, person


def main() -> None:
    """Print one JSON line."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--borrowers", type=int, default=100_000)
    options.add_argument("--count", type=int, default=300)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        fleet = Fleet(Path(folder))
        services = open_services(load_settings(fleet.config, fleet.environ))
        _store_borrowers(services, asked.borrowers)
        for number in range(20 + asked.count):
            _arrive(services, number, asked.borrowers)
        tune()
        cpu, wall = _decide_all(services)
        services.ledger.close()
    print(
        json.dumps(
            {
                "bench": "process",
                "borrowers": asked.borrowers,
                "count": asked.count,
                "cpu_ms": milliseconds(cpu[20:]),
                "wall_ms": milliseconds(wall[20:]),
            }
        )
    )


def _store_borrowers(services: Services, count: int) -> None:
    now = utc_now()
    for start in range(0, count, 5_000):
        with services.ledger.write() as connection:
            for number in range(start, min(start + 5_000, count)):
                who = person(number)
                party = Party(first_name=who.first, last_name=who.last, email=who.email, phone=who.phone)
                keys = holders.hashed(services.sealer, identity_keys(party))
                heard = Heard("", now, "form", to_json(party))
                one = Borrower(new_ulid(), merged(None, heard, services.playbook.survivorship), "", "", 1)
                borrowers.save(connection, [borrowers.entry(services.sealer, one, keys, now=now, new=True)])


def _arrive(services: Services, number: int, known: int) -> None:
    """Every third inquiry is a borrower who is known."""
    who = person(number if number % 3 == 0 else known + number)
    body = urlencode(form_fields(who, number)).encode()
    request = RawRequest("application/x-www-form-urlencoded", {}, body, received_at=utc_now())
    accept(services, services.settings.paths["website"], request)


def _decide_all(services: Services) -> tuple[list[float], list[float]]:
    cpu: list[float] = []
    wall: list[float] = []
    while True:
        cpu_before, wall_before = time.thread_time(), time.perf_counter()
        count = process_due(services)
        if not count:
            return cpu, wall
        cpu += [(time.thread_time() - cpu_before) / count] * count
        wall += [(time.perf_counter() - wall_before) / count] * count


if __name__ == "__main__":
    main()
