"""The door behind the embedded server, over a real socket."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from jobs.services import Services
from tests.jobs.brokerage import JSON, KEYS, Clock, HeardBell, connector, open_brokerage, read_brokerage
from tests.jobs.daily_work import as_json, asks
from tests.people import person
from webapp.app import create_app
from webapp.server import Server

WEBSITE = f"/in/{KEYS['website']}"
NO_CRM = "http://127.0.0.1:9"


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    crm = connector(NO_CRM)
    url = f"sqlite:///{tmp_path / 'ledger.sqlite3'}"
    opened = open_brokerage(read_brokerage(tmp_path, NO_CRM), url, HeardBell(), crm, Clock())
    yield opened
    opened.ledger.close()
    crm.close()


@pytest.fixture
def url(services: Services) -> Iterator[str]:
    server = Server(create_app(services), "127.0.0.1", 0, 4)
    thread = threading.Thread(target=server.run)
    thread.start()
    yield server.url
    server.stop()
    thread.join(20)
    assert not thread.is_alive()


def test_the_server_takes_refuses_and_stays_up(url: str) -> None:
    with requests.Session() as sender:
        taken = sender.post(url + WEBSITE, json=asks(person(1)), timeout=10)
        assert (taken.status_code, taken.json()["status"]) == (200, "accepted")
        large = sender.post(url + WEBSITE, data=b"x" * 10_000_000, headers={"Content-Type": JSON}, timeout=10)
        assert (large.status_code, large.json()["error"]["code"]) == (413, "too_large")
        chunks = (b" " * 65_536 for _ in range(32))
        endless = sender.post(url + WEBSITE, data=chunks, headers={"Content-Type": JSON}, timeout=10)
        assert endless.status_code == 413
        huge = requests.post(url + WEBSITE, data=b"x", headers={"Content-Type": CANARY_TYPE}, timeout=10)
        assert huge.status_code == 415
        body = as_json(asks(person(2)))
        assert sender.post(url + WEBSITE, data=body, headers={"Content-Type": JSON}, timeout=10).ok


CANARY_TYPE = "application/zebulon"


@pytest.mark.parametrize(
    "request_line",
    [
        b"POST %s HTTP/1.1\r\nContent-Length: nonsense\r\n\r\n",
        b"POST %s HTTP/1.1\r\nTransfer-Encoding: zebulon\r\n\r\n",
        b"\x00\x01\x02\r\n\r\n",
    ],
)
def test_what_is_no_http_gets_no_stack_trace(url: str, request_line: bytes) -> None:
    parts = urlsplit(url)
    assert parts.hostname
    with socket.create_connection((parts.hostname, parts.port or 0), timeout=10) as connection:
        connection.sendall(request_line.replace(b"%s", WEBSITE.encode()))
        connection.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: connection.recv(65_536), b""))
    assert answer.startswith((b"HTTP/1.0 4", b"HTTP/1.1 4", b"HTTP/1.0 5", b"HTTP/1.1 5"))
    assert b"Traceback" not in answer
    assert requests.get(f"{url}/healthz", timeout=10).ok
