"""Sending submissions at a steady rate and timing each answer."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

import requests

from tests.fleet import FORM_KEY
from tests.people import form_fields, person


def steady(url: str, rate: float, count: int, threads: int = 8, first: int = 0) -> list[float]:
    """Post count forms of new people, rate a second, on a schedule that does not wait for slow answers.

    Seconds from the moment each was due to its answer, so that a stall is seen by everyone behind it.
    """
    return scheduled(count, rate, threads, lambda number, session: _post(url, first + number, session))


def _post(url: str, number: int, session: requests.Session) -> None:
    answer = session.post(f"{url}/in/{FORM_KEY}", data=form_fields(person(number), number), timeout=30)
    assert answer.status_code == 200, answer.text


def scheduled(
    count: int, rate: float, threads: int, send: Callable[[int, requests.Session], None]
) -> list[float]:
    """Run send(number, session) for every number at its time; the seconds each took from when it was due."""
    start, taken = time.perf_counter() + 0.2, [0.0] * count

    def work(worker: int) -> None:
        with requests.Session() as session:
            for number in range(worker, count, threads):
                due = start + number / rate
                time.sleep(max(0.0, due - time.perf_counter()))
                send(number, session)
                taken[number] = time.perf_counter() - due

    workers = [threading.Thread(target=work, args=(worker,)) for worker in range(threads)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    return taken


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of all values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def milliseconds(values: Sequence[float]) -> dict[str, float]:
    """p50, p95, p99 and the worst, in milliseconds."""
    shares = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
    figures = {name: round(percentile(values, share) * 1000, 1) for name, share in shares.items()}
    return {**figures, "max": round(max(values) * 1000, 1)}
