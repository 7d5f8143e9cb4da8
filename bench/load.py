"""Sending submissions at a steady rate and timing each answer, with little work of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

import psutil

from tests.fleet import FORM_KEY
from tests.people import form_fields, person

_HEADERS = {"Content-Type": "application/x-www-form-urlencoded"}


_THREADS = 8


def forms(count: int, first: int = 0) -> list[str]:
    """The bodies that so many new people send."""
    return [urlencode(form_fields(person(first + number), first + number)) for number in range(count)]


def steady(url: str, rate: float, count: int, first: int = 0) -> list[float]:
    """Post count forms of new people, rate a second, on a schedule that does not wait for slow answers.

    Seconds from the moment each was due to its answer, so that a stall is seen by everyone behind it.
    """
    bodies = forms(count, first)
    start = time.perf_counter() + 0.2
    return _send(url, bodies, [start + number / rate for number in range(count)])


def at_once(url: str, bodies: Sequence[str]) -> float:
    """Post them all as fast as they are answered; the seconds it took."""
    began = time.perf_counter()
    _send(url, bodies, [began] * len(bodies))
    return time.perf_counter() - began


def _send(url: str, bodies: Sequence[str], due: Sequence[float]) -> list[float]:
    address, taken = urlsplit(url).netloc, [0.0] * len(bodies)

    def work(worker: int) -> None:
        connection = HTTPConnection(address, timeout=30)
        for number in range(worker, len(bodies), _THREADS):
            time.sleep(max(0.0, due[number] - time.perf_counter()))
            _post(connection, bodies[number])
            taken[number] = time.perf_counter() - due[number]
        connection.close()

    workers = [threading.Thread(target=work, args=(worker,)) for worker in range(_THREADS)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    return taken


def _post(connection: HTTPConnection, body: str) -> None:
    connection.request("POST", f"/in/{FORM_KEY}", body, _HEADERS)
    answer = connection.getresponse()
    text = answer.read()
    assert answer.status == 200, text


def memory_bytes(process: psutil.Process) -> int:
    """What it takes now: memory that several processes share is divided among them (PSS)."""
    return int(process.memory_full_info().pss)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of all values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def milliseconds(values: Sequence[float]) -> dict[str, float]:
    """p50, p95, p99 and the worst, in milliseconds."""
    shares = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
    figures = {name: round(percentile(values, share) * 1000, 1) for name, share in shares.items()}
    return {**figures, "max": round(max(values) * 1000, 1)}
