"""From the door to the CRM: python -m bench.end_to_end [--rate 10] [--seconds 10] [--burst 2000] [--stub].

Against the sandbox CRM without latency, on the same cores: how long until the task exists there, and how
many inquiries a second come through when they arrive all at once. With --stub only the latter, against a
server that answers at once and does nothing.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import psutil

from bench.load import at_once, forms, memory_bytes, milliseconds, steady
from tests.fleet import Fleet, wait_for


def main() -> None:
    """Print one JSON line."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rate", type=float, default=10.0)
    options.add_argument("--seconds", type=float, default=10.0)
    options.add_argument("--burst", type=int, default=2000)
    options.add_argument("--stub", action="store_true")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        fleet = Fleet(Path(folder))
        try:
            figures = _measured(fleet, asked)
        finally:
            fleet.stop()
    print(json.dumps({"bench": "end_to_end", "crm": "stub" if asked.stub else "sandbox", **figures}))


def _measured(fleet: Fleet, asked: argparse.Namespace) -> dict[str, Any]:
    if asked.stub:
        port = fleet.crm_url.rpartition(":")[2]
        fleet.processes["stub"] = subprocess.Popen([sys.executable, "-m", "bench.stub", port])
        wait_for(f"{fleet.crm_url}/_sandbox/counts")
    else:
        fleet.start_sandbox()
    fleet.start_web()
    steady(fleet.url, 10, 20)
    _until_tasks(fleet, 20)
    live = 0 if asked.stub else int(asked.rate * asked.seconds)
    figures: dict[str, Any] = {}
    if live:
        steady(fleet.url, asked.rate, live, first=1_000)
        _until_tasks(fleet, 20 + live)
        lags = _lags(fleet)[-live:]
        figures = {"rate": asked.rate, "count": live, "submission_to_task_ms": milliseconds(lags)}
    return figures | _burst(fleet, asked.burst, 20 + live)


def _burst(fleet: Fleet, count: int, before: int) -> dict[str, Any]:
    """All at once; of our processes, the second one that a backlog calls for is one."""
    bodies, web = forms(count, first=100_000), psutil.Process(fleet.processes["web"].pid)
    spent_before, began = _cpu_seconds(web), time.perf_counter()
    accepted = at_once(fleet.url, bodies)
    _until_tasks(fleet, before + count)
    taken = time.perf_counter() - began
    ours = [web, *web.children()]
    spent = sum(map(_cpu_seconds, ours)) - spent_before
    return {
        "burst": count,
        "burst_accepted_per_s": round(count / accepted, 1),
        "burst_per_s": round(count / taken, 1),
        "cpu_ms_per_inquiry": round(spent * 1000 / count, 2),
        "processes": len(ours),
        "memory_mb": round(sum(map(memory_bytes, ours)) / 1e6, 1),
    }


def _cpu_seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _until_tasks(fleet: Fleet, count: int, seconds: float = 120.0) -> None:
    deadline = time.monotonic() + seconds
    while _tasks(fleet) < count:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{fleet.sandbox('counts')} after {seconds:.0f} s; {count} tasks were due")
        time.sleep(0.1)


def _tasks(fleet: Fleet) -> int:
    counts = fleet.sandbox("counts")
    return int(counts["Task"] if "Task" in counts else counts["tasks"])


def _lags(fleet: Fleet) -> list[float]:
    """Seconds from a submission's arrival to its task in the CRM, oldest first, by both sides' own clocks."""
    from jobs.services import open_services
    from jobs.settings.load import load_settings

    services = open_services(load_settings(fleet.config, fleet.environ))
    arrived = _arrivals(services)
    services.ledger.close()
    tasks = fleet.sandbox("state?type=tasks")
    made = {_reference(task): _moment(task["properties"]["hs_createdate"]) for task in _records(tasks)}
    return [(made[task] - at).total_seconds() for task, at in arrived if task in made]


def _arrivals(services: Any) -> list[tuple[str, datetime]]:
    from sqlalchemy import select

    from jobs.ledger.tables import follow_up, inquiry

    query = (
        select(follow_up.c.id, inquiry.c.received_at)
        .join(inquiry, inquiry.c.id == follow_up.c.inquiry_id)
        .order_by(inquiry.c.received_at)
    )
    with services.ledger.read() as connection:
        return [(row.id, row.received_at) for row in connection.execute(query)]


def _records(state: Any) -> list[dict[str, Any]]:
    return list(state["tasks"]) if isinstance(state, dict) else list(state)


def _reference(task: dict[str, Any]) -> str:
    body: str = task["properties"]["hs_task_body"]
    return body.rsplit("Firstpath ref:", 1)[-1].strip()


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


if __name__ == "__main__":
    main()
