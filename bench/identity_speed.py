"""What one identity decision costs with its insert: python -m bench.identity_speed [--borrowers 1000].

Look-up of the keys, decision and durable commit, one inquiry after the other, by the ledger's own functions
on a ledger that holds so many borrowers: SQLite as served (WAL, synchronous FULL), or with --postgres a
PostgreSQL that waits for its disk. Milliseconds; one JSON line for each size. Filling is not measured.
A processor that is shared runs at two thirds of its speed while its other half is busy: own_median is that
of the decisions between two sums that took no longer than they ever do, own_share how many those were;
bare_write_median is what the disk alone takes before and after.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

import psycopg

from bench.load import percentile
from jobs.deciding.recognise import recognise
from jobs.ledger import borrowers, holders, profiles
from jobs.ledger.borrowers import Borrower, Entry
from jobs.ledger.engine import Ledger, open_ledger
from jobs.ledger.migrate import migrate
from jobs.ledger.seal import Sealer
from jobs.processes.interpreter import tune
from jobs.services import new_ulid, utc_now
from mapping.identity import search_keys
from mapping.inquiry import Inquiry, Party
from mapping.people.survivorship import Survivorship, hear
from tests.services.postgres import start_postgres

_NOON = datetime(2026, 6, 10, 12, 0, tzinfo=UTC)
_SEALER = Sealer([("bench", b"k" * 32)], b"l" * 32)
_AT_ONCE = 20_000
_WARM_UP = 200
_BARE = 500
_SUMMED = range(400)
_NO_LONGER = 1.15
_PAGES = bytes(8 * 4096)
_SYLLABLES = (
    "ba",
    "den",
    "fo",
    "gar",
    "hol",
    "jin",
    "ka",
    "lor",
    "mi",
    "nes",
    "or",
    "pel",
    "ri",
    "sta",
    "tu",
    "wen",
)


def main() -> None:
    """Print one JSON line for each number of borrowers."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--borrowers", default="1000,100000,1000000")
    options.add_argument("--count", type=int, default=2_000)
    options.add_argument("--postgres", action="store_true")
    asked = options.parse_args()
    for size in map(int, asked.borrowers.split(",")):
        with tempfile.TemporaryDirectory() as folder, _database(Path(folder), asked.postgres) as url:
            began = time.perf_counter()
            _fill_elsewhere(url, size)
            filled = time.perf_counter() - began
            with closing(open_ledger(url)) as ledger:
                figures = _measure(ledger, size, asked.count)
        database = "postgresql" if asked.postgres else "sqlite"
        told = {"bench": "identity_speed", "database": database, "borrowers": size, "count": asked.count}
        print(json.dumps({**told, **figures, "filling_seconds": round(filled, 1)}), flush=True)


@contextmanager
def _database(folder: Path, postgres: bool) -> Iterator[str]:
    """The URL of a new one."""
    if not postgres:
        yield f"sqlite:///{folder / 'ledger.sqlite3'}"
        return
    server = start_postgres(folder / "lock")
    try:
        with psycopg.connect(server.url().replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute("ALTER SYSTEM RESET ALL")
            connection.execute("SELECT pg_reload_conf()")
        yield server.url()
    finally:
        server.stop()


def _inquiry(number: int) -> Inquiry:
    """Of somebody who bears a name that is the commoner the sooner it was drawn; the same for one number."""
    dice = random.Random(number)
    first, last = (_name(_common_or_rare(dice, most)) for most in (3_000, 100_000))
    postal = f"{10_000 + _common_or_rare(dice, 900):05d}"
    party = Party(
        first_name=first,
        last_name=last,
        email=f"{first}.{last}.{number}@example.com".lower(),
        phone=f"+1{201 + number // 8_000_000 % 700}{2_000_000 + number % 8_000_000:07d}",
        street=f"{1 + dice.randrange(9_000)} {_name(dice.randrange(500))} St" if number % 3 == 0 else "",
        city=f"{_name(int(postal) % 90)}",
        state="CA",
        postal_code=postal if number % 2 else "",
    )
    at = _NOON - timedelta(minutes=number % 1_000_000)
    return Inquiry(source="html-form", path="website", received_at=at, borrower=party)


def _common_or_rare(dice: random.Random, most: int) -> int:
    """A number under most; 0 in about one of 250, as the commonest surname is."""
    return int(30 * ((most + 30) / 30) ** dice.random()) - 30


def _name(number: int) -> str:
    """A word for each number."""
    word = ""
    while number or not word:
        number, digit = divmod(number, len(_SYLLABLES))
        word += _SYLLABLES[digit]
    return f"{word}s".capitalize()


@dataclass(slots=True)
class _Timed:
    """Milliseconds of each decision, on the clock and of its CPU; sums are those around them."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    sums: list[float] = field(default_factory=list)
    known: int = 0

    def own(self) -> list[float]:
        """The decisions during which nobody else used this processor, as far as the sums tell."""
        longest = min(self.sums) * _NO_LONGER
        beside = zip(self.sums, self.sums[1:], strict=False)
        return [taken for taken, sums in zip(self.wall, beside, strict=True) if max(sums) <= longest]


def _fill_elsewhere(url: str, size: int) -> None:
    """In a process of its own: what it leaves in memory, no process that decides has."""
    process = get_context("spawn").Process(target=_fill, args=(url, size))
    process.start()
    process.join()
    if process.exitcode:
        raise SystemExit("the ledger could not be filled")


def _fill(url: str, size: int) -> None:
    """So many borrowers, each heard once, with a cache that holds the indexes meanwhile."""
    with closing(open_ledger(url)) as ledger:
        migrate(ledger)
        for start in range(0, size, _AT_ONCE):
            numbers = range(start, min(start + _AT_ONCE, size))
            entries = [_entry(number) for number in numbers]
            with ledger.write() as connection:
                if ledger.sqlite:
                    connection.exec_driver_sql("PRAGMA cache_size = -1000000")
                borrowers.save(connection, entries)


def _entry(number: int) -> Entry:
    inquiry = _inquiry(number)
    profile = profiles.merged(None, hear(inquiry.borrower, inquiry, ""), Survivorship())
    who = Borrower(new_ulid(), profile, "", "", 1)
    keys = holders.hashed(_SEALER, search_keys(inquiry.borrower))
    return borrowers.entry(_SEALER, who, keys, now=_NOON, new=True)


def _measure(ledger: Ledger, size: int, count: int) -> dict[str, float | None]:
    dice = random.Random(size)
    inquiries = [
        _returning(dice.randrange(size)) if number % 3 == 0 else _inquiry(10_000_000 + number)
        for number in range(_WARM_UP + count)
    ]
    tune()
    for inquiry in inquiries[:_WARM_UP]:
        _decide(ledger, inquiry)
    disk = _bare_writes()
    timed = _Timed(sums=[_sum()])
    for inquiry in inquiries[_WARM_UP:]:
        cpu, began = time.thread_time(), time.perf_counter()
        timed.known += _decide(ledger, inquiry)
        timed.wall.append((time.perf_counter() - began) * 1000)
        timed.cpu.append((time.thread_time() - cpu) * 1000)
        timed.sums.append(_sum())
    disk += _bare_writes()
    gc.unfreeze()
    own = timed.own()
    return {
        "known": timed.known,
        **{name: round(percentile(timed.wall, share), 3) for name, share in _SHARES.items()},
        "max": round(max(timed.wall), 3),
        "own_median": round(percentile(own, 0.5), 3) if own else None,
        "own_share": round(len(own) / len(timed.wall), 2),
        "cpu_median": round(percentile(timed.cpu, 0.5), 3),
        "bare_write_median": round(percentile(disk, 0.5), 3),
    }


def _sum() -> float:
    """Milliseconds for the same few microseconds of work."""
    began = time.perf_counter()
    sum(_SUMMED)
    return (time.perf_counter() - began) * 1000


def _bare_writes() -> list[float]:
    """Milliseconds for as many bytes as a decision writes, made durable: what no database can be under."""
    taken = []
    with tempfile.TemporaryFile(buffering=0) as file:
        for _ in range(_BARE):
            began = time.perf_counter()
            file.write(_PAGES)
            os.fdatasync(file.fileno())
            taken.append((time.perf_counter() - began) * 1000)
    return taken


_SHARES = {"median": 0.5, "p95": 0.95, "p99": 0.99}


def _returning(number: int) -> Inquiry:
    """The same person again, who gives the email or the phone only."""
    inquiry = _inquiry(number)
    party = replace(inquiry.borrower, **({"email": ""} if number % 2 else {"phone": ""}))
    return replace(inquiry, borrower=party, received_at=_NOON + timedelta(days=1))


def _decide(ledger: Ledger, inquiry: Inquiry) -> bool:
    """One inquiry decided and stored; whether its borrower was known."""
    keys = (holders.hashed(_SEALER, search_keys(inquiry.borrower)),)
    with ledger.write() as connection:
        found = holders.of(connection, keys[0])
        people = holders.those_with(found, _SEALER, keys[0])
        [one] = recognise(inquiry, keys, people, found.crowded, new_ulid, stored=found.stored)
        entry = borrowers.entry(_SEALER, one.borrower, one.keys, now=utc_now(), new=not one.known_before)
        borrowers.save(connection, [entry])
    return one.known_before


if __name__ == "__main__":
    main()
