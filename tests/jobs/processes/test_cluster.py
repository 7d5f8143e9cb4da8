"""Redis wakes workers on other hosts, holds ids only, and may be away or forget everything."""

from __future__ import annotations

import json
import socket
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from time import monotonic

import redis
from structlog.testing import capture_logs

from connectors.sandbox.hubspot import RunningSandbox
from jobs.ledger.tables import delivery
from jobs.processes.redis_bell import RedisBell
from jobs.services import Services, open_services
from jobs.settings.load import load_settings
from tests.fleet import Fleet
from tests.jobs.brokerage import ON_SQLITE
from tests.jobs.daily_work import asks, counts, post, states, until
from tests.people import person
from tests.services.ports import free_port
from tests.services.redis import RedisServer

ALL = 6


@ON_SQLITE
def test_jobs_in_redis_carry_a_kind_and_an_id_and_nothing_else(
    services: Services, redis_server: RedisServer
) -> None:
    who = person(1)
    bell = RedisBell(redis_server.url)
    services = replace(services, bell=bell)
    accepted = post(services, asks(who))
    with redis.Redis.from_url(redis_server.url) as client:
        (key,) = client.keys("rq:job:*")
        job = client.hgetall(key)
        dump = b"".join(client.dump(one) or b"" for one in client.keys("*"))
    call = json.loads(zlib.decompress(job[b"data"]))
    assert call == ["jobs.processes.cluster.ring", None, ["process", accepted.id], {}]
    for word in (who.first, who.last, who.email, who.phone):
        assert word.encode() not in dump


def test_a_redis_that_is_away_costs_the_door_a_moment_and_no_error() -> None:
    bell = RedisBell(f"redis://127.0.0.1:{free_port()}/0")
    started = monotonic()
    with capture_logs() as logs:
        for number in range(50):
            bell.ring("process", str(number))
    assert monotonic() - started < 3
    assert {one["event"] for one in logs} == {"bell_lost"}
    assert len(logs) <= 3, "said once in a while, not fifty times"


def test_a_redis_that_takes_calls_and_never_answers_costs_the_door_a_moment() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        bell = RedisBell(f"redis://127.0.0.1:{mute.getsockname()[1]}/0")
        started = monotonic()
        with capture_logs() as logs:
            bell.ring("process", "1")
            bell.ring("process", "2")
        assert monotonic() - started < 1
    assert [one["event"] for one in logs] == ["bell_lost"]


@contextmanager
def cluster(
    folder: Path, ledger_url: str, redis_url: str, sandbox: RunningSandbox
) -> Iterator[tuple[Fleet, Services]]:
    """A worker of its own process, and a web process's services in ours."""
    fleet = Fleet(folder, ledger_url=ledger_url, redis_url=redis_url, crm_url=sandbox.url, sweep_seconds=1)
    services = open_services(load_settings(fleet.config, fleet.environ))
    fleet.start("worker", "worker")
    log = folder / "worker.log"
    try:
        until(lambda: b"Firstpath works" in log.read_bytes())
        yield fleet, services
    finally:
        fleet.stop()
        services.ledger.close()


def test_a_worker_delivers_what_redis_rings_for_forgets_or_never_hears_of(
    tmp_path: Path, postgres_url: str, redis_server: RedisServer, sandbox: RunningSandbox
) -> None:
    with cluster(tmp_path, postgres_url, redis_server.url, sandbox) as (_, services):
        post(services, asks(person(0)))
        until(lambda: states(services, delivery) == ["delivered"])
        post(services, asks(person(1)))
        redis_server.flushall()
        post(services, asks(person(2)))
        redis_server.stop()
        for number in (3, 4):
            post(services, asks(person(number)))
        until(lambda: states(services, delivery) == ["delivered"] * 5)
        redis_server.start()
        post(services, asks(person(5)))
        until(lambda: states(services, delivery) == ["delivered"] * ALL)
    assert counts(sandbox) == (ALL, ALL, ALL)
