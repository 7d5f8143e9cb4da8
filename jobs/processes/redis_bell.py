"""The doorbell through Redis: RQ wakes workers on any host. Redis holds ids only and may forget them."""

from __future__ import annotations

import time

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.serializers import JSONSerializer

from jobs.processes.bell import Kind

QUEUE = "firstpath"
#: An answer to a visitor must not wait for a Redis that is away.
_TIMEOUT_SECONDS = 0.25
_QUIET_SECONDS = 1.0
_log = structlog.get_logger()


def connect(redis_url: str, timeout: float | None = None) -> Redis:
    """A connection; timeout in seconds, None for a worker that waits for work."""
    return Redis.from_url(redis_url, socket_timeout=timeout, socket_connect_timeout=timeout or 5)


def queue(connection: Redis) -> Queue:
    """The one queue; JSON, so that write access to Redis is not code execution."""
    return Queue(QUEUE, connection=connection, serializer=JSONSerializer)


class RedisBell:
    """Enqueues a job that carries the kind and the id, and nothing else."""

    def __init__(self, redis_url: str) -> None:
        self._queue = queue(connect(redis_url, _TIMEOUT_SECONDS))
        self._silent_until = 0.0

    def ring(self, kind: Kind, row_id: str) -> None:
        """Enqueue; when Redis is away say so once in a while and go on: the sweep finds the row."""
        if time.monotonic() < self._silent_until:
            return
        try:
            self._queue.enqueue(
                "jobs.processes.cluster.ring", kind, row_id, result_ttl=0, failure_ttl=3600, ttl=3600
            )
        except RedisError as error:
            self._silent_until = time.monotonic() + _QUIET_SECONDS
            _log.warning("bell_lost", kind=kind, row=row_id, error=type(error).__name__)
