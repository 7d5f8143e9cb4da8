"""How fast the door answers: python -m bench.accept [--rate 50] [--seconds 15].

Embedded default: a second process decides and delivers meanwhile, to a sandbox CRM. Then the door as fast
as it goes, in turns with a bare Flask route with one durable insert: what else the machine does meets both.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from operator import truediv
from pathlib import Path

import psutil

from bench.load import at_once, forms, memory_bytes, milliseconds, steady
from tests.fleet import Fleet, wait_for
from tests.services.ports import free_port

#: So many at once in each turn; all turns together stay below what one path takes in a minute.
_SATURATION = 400
_TURNS = 9


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
            doors, bares = _saturated(fleet)
        finally:
            fleet.stop()
    print(
        json.dumps(
            {
                "bench": "accept",
                "rate": asked.rate,
                "count": len(taken),
                "ms": milliseconds(taken),
                "idle_mb": round(idle / 1e6, 1),
                "after_mb": round(peak / 1e6, 1),
                "saturated_per_s": round(statistics.median(doors), 1),
                "bare_route_per_s": round(statistics.median(bares), 1),
                "share_of_bare": round(statistics.median(map(truediv, doors, bares)), 2),
            }
        )
    )


def _ours(web: psutil.Process) -> int:
    return sum(map(memory_bytes, (web, *web.children())))


def _saturated(fleet: Fleet) -> tuple[list[float], list[float]]:
    """Accepts a second when nothing is processed, the door alone; and the bare route's, turn by turn."""
    config = fleet.config.read_text(encoding="utf-8").replace('state = "live"', 'state = "draft"')
    fleet.config.write_text(config, encoding="utf-8")
    fleet.start_web()
    with _bare_route(fleet.folder / "bare.sqlite3") as bare:
        for url in (fleet.url, bare):
            at_once(url, forms(100))
        turns = range(1_000_000, 1_000_000 + _TURNS * _SATURATION, _SATURATION)
        rates = [
            [_SATURATION / at_once(url, forms(_SATURATION, at)) for url in (fleet.url, bare)] for at in turns
        ]
    doors, bares = zip(*rates, strict=True)
    return list(doors), list(bares)


@contextmanager
def _bare_route(file: Path) -> Iterator[str]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.bare_route", str(port), str(file)], stderr=subprocess.DEVNULL
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    main()
