"""The door to HighLevel: headers, allowance, sizes, and that nothing follows a redirect."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from connectors.crm.allowance import CallKind, Unlimited
from connectors.crm.base import RateLimited, Unavailable, Uncertain
from connectors.crm.highlevel.transport import Transport
from connectors.crm.highlevel.wire import LARGEST_ANSWER, Wire
from tests.connectors.highlevel_account import HighLevelAccount

pytest_plugins = ("tests.connectors.highlevel_fixtures",)


@dataclass
class Ration:
    """An allowance that notes what it is told, and ends after so many calls."""

    most: int = 1_000
    waited: int = 0
    told: list[tuple[str, int, float]] = field(default_factory=list)

    def wait(self, kind: CallKind = "call") -> None:
        """Take one call."""
        assert kind == "call"
        self.waited += 1
        if self.waited > self.most:
            raise RateLimited("The ration is used up.", retry_after=9)

    def offered(self, kind: CallKind) -> bool:
        """Never asked."""
        raise AssertionError(kind)

    def learn(self, *, left: int, seconds: float) -> None:
        """Note it."""
        self.told.append(("window", left, seconds))

    def learn_day(self, *, left: int, limit: int) -> None:
        """Note it."""
        self.told.append(("day", left, limit))


@pytest.fixture
def transport(location: HighLevelAccount) -> Iterator[Transport]:
    """The door."""
    door = open_door(location)
    yield door
    door.close()


def open_door(location: HighLevelAccount, *, ration: Ration | None = None) -> Transport:
    """A door to the location."""
    wire = Wire(location.sandbox.url, (5, 5))
    return Transport(wire, lambda: location.sandbox.token, "2021-07-28", ration or Unlimited())


def ask(door: Transport, location: HighLevelAccount) -> None:
    """A harmless call."""
    door.call("GET", f"/locations/{location.sandbox.location_id}")


class Listener(ThreadingHTTPServer):
    """Somebody who answers {} to everything, with a cookie, and keeps the headers of who asked."""

    heard: list[dict[str, str]]


class _Ear(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, Listener)
        self.server.heard.append({name.lower(): value for name, value in self.headers.items()})
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.send_header("Set-Cookie", "session=1; Path=/")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


@pytest.fixture
def listener() -> Iterator[Listener]:
    """A listener on loopback."""
    with Listener(("127.0.0.1", 0), _Ear) as server:
        server.heard = []
        serving = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        serving.start()
        yield server
        server.shutdown()
        serving.join()


def test_every_call_says_who_asks_in_which_version_and_carries_no_cookie(
    listener: Listener, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(netrc))
    wire = Wire(f"http://127.0.0.1:{listener.server_port}/", (5, 5))
    door = Transport(wire, lambda: "pit-1\r\n", "2023-02-21", Unlimited())
    for path in ("/contacts/x", "/conversations/search", "/calendars/"):
        door.call("GET", path)
    door.close()
    assert [heard["version"] for heard in listener.heard] == ["2023-02-21", "2021-04-15", "2021-04-15"]
    assert {heard["authorization"] for heard in listener.heard} == {"Bearer pit-1"}
    assert {heard["user-agent"].partition("/")[0] for heard in listener.heard} == {"Firstpath"}
    assert not [heard for heard in listener.heard if "cookie" in heard]


def test_the_allowance_is_asked_before_and_told_after_every_call(location: HighLevelAccount) -> None:
    location.sandbox.configure(limits=True)
    ration = Ration(most=2)
    door = open_door(location, ration=ration)
    ask(door, location)
    ask(door, location)
    with pytest.raises(RateLimited, match="ration"):
        ask(door, location)
    assert door.calls == 2
    windows = [left for kind, left, _ in ration.told if kind == "window"]
    assert windows[0] - windows[1] == 1
    assert [limit for kind, _, limit in ration.told if kind == "day"] == [200_000, 200_000]
    door.close()


def test_calls_are_counted_for_each_thread(transport: Transport, location: HighLevelAccount) -> None:
    ask(transport, location)
    seen: list[int] = []
    other = Thread(target=lambda: seen.append(transport.calls))
    other.start()
    other.join()
    assert (seen, transport.calls) == ([0], 1)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"kind": "answer", "content": "redirect"}, Unavailable),
        ({"kind": "answer", "content": "gzip_bomb"}, Uncertain),
        ({"kind": "answer", "content": "html"}, Uncertain),
        ({"kind": "answer", "content": "empty"}, Uncertain),
        ({"kind": "answer", "content": "half", "done": True}, Uncertain),
        ({"kind": "answer", "text": "[]"}, Uncertain),
        ({"kind": "answer", "text": "[" * 100_000}, Uncertain),
        ({"kind": "answer", "status": 202, "text": "{}"}, Uncertain),
        ({"kind": "answer", "status": 204, "text": ""}, Uncertain),
        ({"kind": "answer", "text": "{}", "headers": {"Content-Encoding": "gzip"}}, Uncertain),
    ],
)
def test_an_answer_that_is_none_is_an_error(
    transport: Transport, location: HighLevelAccount, rule: dict[str, object], expected: type[Exception]
) -> None:
    location.order(rule)
    with pytest.raises(expected):
        ask(transport, location)
    assert len(location.paths()) == 1


def test_after_an_answer_that_was_cut_off_the_next_call_is_whole(
    transport: Transport, location: HighLevelAccount
) -> None:
    location.order({"kind": "answer", "content": "gzip_bomb"}, times=1)
    with pytest.raises(Uncertain, match="8 MB"):
        ask(transport, location)
    ask(transport, location)
    assert LARGEST_ANSWER == 8 * 1024 * 1024


def test_a_read_that_highlevel_stumbles_over_is_asked_once_more(
    transport: Transport, location: HighLevelAccount
) -> None:
    location.order({"kind": "status_before", "status": 502}, times=1)
    path = f"/locations/{location.sandbox.location_id}"
    assert transport.read("GET", path).body["location"]
    assert transport.calls == 2
    location.order({"kind": "status_before", "status": 502})
    with pytest.raises(Uncertain):
        transport.call("GET", path)
    assert transport.calls == 3
