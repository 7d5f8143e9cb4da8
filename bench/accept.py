"""How fast the door answers: python -m bench.accept [--rate 50] [--seconds 15].

Embedded default: the same process decides and delivers meanwhile, to a sandbox CRM. Then the door as fast
as it goes, beside a bare Flask route with one durable insert, in the same run.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from bench.load import at_once, forms, memory_bytes, milliseconds, steady
from tests.fleet import Fleet, wait_for
from tests.services.ports import free_port

_SATURATION = 1200


def main() -> None:
    """Print one JSON line."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rate", type=float, default=50.0)
    options.add_argument("--seconds", type=float, default=15.0)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        fleet = Fleet(Path(folder))
        try:
            fleet.start_sandbox()
            fleet.start_web()
            process = psutil.Process(fleet.processes["web"].pid)
            time.sleep(1)
            idle = _ours(process)
            steady(fleet.url, 20, 40)  # warm
            taken = steady(fleet.url, asked.rate, int(asked.rate * asked.seconds), first=1_000)
            peak = _ours(process)
            fleet.stop()
            fleet.crm_url = ""
            door = _saturated(fleet)
        finally:
            fleet.stop()
        bare = _bare(Path(folder))
    print(
        json.dumps(
            {
                "bench": "accept",
                "rate": asked.rate,
                "count": len(taken),
                "ms": milliseconds(taken),
                "idle_mb": round(idle / 1e6, 1),
                "after_mb": round(peak / 1e6, 1),
                "saturated_per_s": round(door, 1),
                "bare_route_per_s": round(bare, 1),
                "share_of_bare": round(door / bare, 2),
            }
        )
    )


def _ours(web: psutil.Process) -> int:
    return sum(map(memory_bytes, (web, *web.children())))


def _saturated(fleet: Fleet) -> float:
    """Accepts a second when nothing is processed: the door alone."""
    config = fleet.config.read_text(encoding="utf-8").replace('state = "live"', 'state = "draft"')
    fleet.config.write_text(config, encoding="utf-8")
    fleet.start_web()
    return _throughput(fleet.url, first=1_000_000)


def _throughput(url: str, first: int) -> float:
    at_once(url, forms(100, first))
    return _SATURATION / at_once(url, forms(_SATURATION, first + 1_000))


def _bare(folder: Path) -> float:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.bare_route", str(port), str(folder / "bare.sqlite3")]
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz")
        return _throughput(f"http://127.0.0.1:{port}", first=0)
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    main()
