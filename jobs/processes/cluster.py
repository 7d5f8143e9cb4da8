"""Waking workers through Redis: RQ's job rings the bell of the process that takes it, nothing more.

RQ may run a job twice, late or never (reliability, section 3); none of that matters for a ring.
"""

from __future__ import annotations

import logging
import threading

import structlog
from redis.exceptions import RedisError
from rq import SimpleWorker
from rq.serializers import JSONSerializer

from jobs.processes.bell import Kind, ThreadBell
from jobs.processes.redis_bell import connect, queue

_log = structlog.get_logger()
_RECONNECT_SECONDS = 2.0
_bells: list[ThreadBell] = []


def ring(kind: Kind, row_id: str) -> None:
    """What RQ calls, in the worker's own process: wake its threads."""
    for bell in _bells:
        bell.ring(kind, row_id)


def listen(redis_url: str, bell: ThreadBell, stop: threading.Event) -> None:
    """Pass every ring that comes through Redis on to this process's bell, until a signal or stop ends it.

    Runs in the main thread, where RQ may handle signals. A Redis that is away is asked for again and again;
    meanwhile the process works by its sweep.
    """
    logging.getLogger("rq.worker").setLevel(logging.WARNING)
    _bells.append(bell)
    try:
        while not stop.is_set():
            try:
                _worker(redis_url).work(logging_level="WARNING")
            except (RedisError, OSError) as error:
                _log.warning("redis_away", error=type(error).__name__)
                stop.wait(_RECONNECT_SECONDS)
            else:
                stop.set()
    finally:
        _bells.remove(bell)


def _worker(redis_url: str) -> SimpleWorker:
    connection = connect(redis_url)
    return SimpleWorker(
        [queue(connection)],  # one queue: with two or more RQ may lose a job between taking and starting it
        connection=connection,
        serializer=JSONSerializer,
        log_job_description=False,
        worker_ttl=35,
        maintenance_interval=20,
    )
