"""A backlog brought over: python -m bench.backfill [--crm hubspot] [--rows 10000] [--workers 4].

The rows are decided first and wait in the ledger (PostgreSQL) as backfill; then the workers, woken through
Redis, bring them into a sandbox CRM that keeps its vendor's limits. HighLevel takes one contact after the
other: at its 100 calls in 10 seconds 10,000 rows would take more than an hour, so use --rows there.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import func, select, update

from connectors.intake.base import RawRequest
from jobs.deciding.process import process_due
from jobs.intake.accepting import accept
from jobs.ledger.tables import delivery
from jobs.services import Services, open_services, utc_now
from jobs.settings.load import load_settings
from tests.fleet import Fleet
from tests.people import form_fields, person
from tests.services.postgres import start_postgres
from tests.services.redis import RedisServer, redis_binary

_WINDOW_SECONDS = 10.0
_PATIENCE_SECONDS = 7_200.0
#: The limits of each vendor's lower tier: what two cores can do then does not limit the figure.
_LIMITED: Mapping[str, Mapping[str, object]] = {
    "hubspot": {"limits": True, "burst_limit": 100, "search_delay": 2.0},
    "salesforce": {"daily_limit": 15_000},
    "highlevel": {"limits": True, "burst_limit": 100, "search_delay": 2.0},
}
_SEARCHES = {"hubspot": "/search"}  # in the paths of calls that have a limit of their own


def main() -> None:
    """Print one JSON line."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--crm", choices=sorted(_LIMITED), default="hubspot")
    options.add_argument("--rows", type=int, default=10_000)
    options.add_argument("--workers", type=int, default=4)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder, _servers(Path(folder)) as (ledger_url, redis_url):
        journal = Path(folder) / "calls.jsonl"
        fleet = Fleet(
            Path(folder), ledger_url=ledger_url, redis_url=redis_url, kinds=(asked.crm,), crm_keys={}
        )
        try:
            fleet.start_sandbox("--journal", str(journal), **_LIMITED[asked.crm])
            services = open_services(load_settings(fleet.config, fleet.environ))
            _owe(services, asked.rows)
            first = sum(1 for _ in journal.open("rb"))
            time.sleep(_WINDOW_SECONDS)  # what preparing called is out of the vendor's window
            figures = _drain(fleet, services, asked.rows, asked.workers)
            limit = fleet.sandbox("options").get("burst_limit")
            services.ledger.close()
        finally:
            fleet.stop()
        calls = _calls(journal, first)
    told = {"bench": "backfill", "crm": asked.crm, "rows": asked.rows, "workers": asked.workers}
    print(json.dumps(told | figures | _rates(calls, asked.rows, limit, _SEARCHES.get(asked.crm, ""))))


@contextmanager
def _servers(folder: Path) -> Iterator[tuple[str, str]]:
    """The addresses of a new PostgreSQL and a new Redis."""
    postgres = start_postgres(folder / "postgres.lock")
    redis = RedisServer(redis_binary(), folder)
    try:
        redis.start()
        yield postgres.url(), redis.url
    finally:
        redis.stop()
        postgres.stop()


def _owe(services: Services, rows: int) -> None:
    """So many inquiries of new people, decided, to be delivered as backfill."""
    for start in range(0, rows, 500):
        for number in range(start, min(start + 500, rows)):
            body = urlencode(form_fields(person(number), number)).encode()
            form = RawRequest("application/x-www-form-urlencoded", {}, body, received_at=utc_now())
            accept(services, services.settings.paths["website"], form)
        while process_due(services):
            pass
    with services.ledger.write() as connection:
        connection.execute(update(delivery).values(lane="backfill"))
        owed = connection.execute(select(func.count()).where(delivery.c.state == "due")).scalar_one()
    if owed != rows:
        raise RuntimeError(f"{owed} of {rows} rows are to be delivered")


def _drain(fleet: Fleet, services: Services, rows: int, workers: int) -> dict[str, Any]:
    """Start the workers and wait until nothing is open; how long it took and how much memory it needed."""
    began, names = time.monotonic(), [f"worker{number}" for number in range(workers)]
    for name in names:
        fleet.start(name, "worker")
    while open_ := _open(services):
        if time.monotonic() - began > _PATIENCE_SECONDS:
            raise TimeoutError(f"{open_} of {rows} rows are open after {_PATIENCE_SECONDS:.0f} s")
        time.sleep(0.25)
    taken = time.monotonic() - began
    with services.ledger.read() as connection:
        ends = connection.execute(select(delivery.c.state, func.count()).group_by(delivery.c.state)).all()
    peaks = [_peak_memory(fleet.processes[name].pid) for name in names]
    return {
        "seconds": round(taken, 1),
        "ended": {row[0]: row[1] for row in ends},
        "records": {kind: count for kind, count in fleet.sandbox("counts").items() if kind != "requests"},
        "worker_peak_mb": round(max(peaks) / 1e6, 1),
    }


def _open(services: Services) -> int:
    with services.ledger.read() as connection:
        waiting = select(func.count()).where(delivery.c.state.in_(("due", "leased")))
        return int(connection.execute(waiting).scalar_one())


def _peak_memory(pid: int) -> int:
    """The most memory a process ever held at once, in bytes, as Linux counts it."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


def _calls(journal: Path, first: int) -> list[Mapping[str, Any]]:
    with journal.open(encoding="utf-8") as lines:
        return [json.loads(line) for number, line in enumerate(lines) if number >= first]


def _rates(calls: Sequence[Mapping[str, Any]], rows: int, limit: int | None, searches: str) -> dict[str, Any]:
    """What the CRM saw; searches have a limit of their own and count in calls_per_row only."""
    paced = sorted(_moment(one) for one in calls if not searches or not one["path"].endswith(searches))
    working = paced[-1] - paced[0] if len(paced) > 1 else 0.0
    per_second = len(paced) / working if working else 0.0
    return {
        "calls": len(calls),
        "calls_per_row": round(len(calls) / rows, 4),
        "answers_429": sum(one["status"] == 429 for one in calls),
        "calls_per_s": round(per_second, 2),
        "limit_per_10_s": limit,
        "share_of_limit": round(per_second * _WINDOW_SECONDS / limit, 3) if limit else None,
        "most_in_10_s": _most_in_a_window(paced),
        "scaled": rows < 10_000,
    }


def _moment(call: Mapping[str, Any]) -> float:
    return datetime.fromisoformat(str(call["at"]).replace("Z", "+00:00")).timestamp()


def _most_in_a_window(moments: Sequence[float]) -> int:
    most, window = 0, deque[float]()
    for moment in moments:
        window.append(moment)
        while window[0] <= moment - _WINDOW_SECONDS:
            window.popleft()
        most = max(most, len(window))
    return most


if __name__ == "__main__":
    main()
