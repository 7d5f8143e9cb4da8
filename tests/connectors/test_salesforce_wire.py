"""The wire to Salesforce: what it refuses to take, and what it never does by itself."""

from __future__ import annotations

import gzip
import http.server
import json
from collections.abc import Callable, Iterator, Mapping
from threading import Thread
from typing import Any

import pytest

from connectors.crm.allowance import CallKind, Unlimited
from connectors.crm.base import AuthFailed, CrmError, RateLimited, Unavailable, Uncertain
from connectors.crm.salesforce import ClientCredentials, SalesforceCrm
from connectors.crm.salesforce.addresses import checked, trusted
from connectors.crm.salesforce.transport import Transport
from connectors.crm.salesforce.wire import MOST_BYTES
from connectors.crm.tokens import MemoryTokens

Scripted = tuple[int, Mapping[str, str], bytes]
AS_JSON = {"Content-Type": "application/json"}


class Handler(http.server.BaseHTTPRequestHandler):
    """One request, answered from the server's script."""

    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        """Answer from the script."""
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = self.path.partition("?")[0]
        self.server.asked.append((self.command, path, dict(self.headers)))
        status, headers, body = self.server.answers[path]()
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = "Content-Length" in headers

    do_POST = do_GET  # noqa: N815 - the base class's naming

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


class Server(http.server.ThreadingHTTPServer):
    """Gives scripted answers by path, remembers what it was asked, keeps quiet when a client hangs up."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: dict[str, Callable[[], Scripted]] = {}
        self.asked: list[tuple[str, str, dict[str, str]]] = []

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing."""


class Scripts:
    """A scripted server in the background."""

    def __init__(self) -> None:
        self._server = Server()
        self.answers = self._server.answers
        self.asked = self._server.asked
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def close(self) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()

    def paths(self) -> list[str]:
        """What was asked for."""
        return [path for _, path, _ in self.asked]


def as_json(
    value: object, status: int = 200, headers: Mapping[str, str] | None = None
) -> Callable[[], Scripted]:
    """An answer with a JSON body."""
    return lambda: (status, AS_JSON | dict(headers or {}), json.dumps(value).encode())


LIMITS = "/services/data/v62.0/limits/"
TOKEN = "/services/oauth2/token"


@pytest.fixture
def scripts() -> Iterator[Scripts]:
    """The server, which gives a token to everybody."""
    made = Scripts()
    made.answers[TOKEN] = as_json({"access_token": "00D!token", "instance_url": made.url})
    yield made
    made.close()


class Learning(Unlimited):
    """An allowance that remembers what it was asked and told."""

    def __init__(self) -> None:
        self.waited = 0
        self.days: list[tuple[int, int]] = []
        self.refuses = False

    def wait(self, kind: CallKind = "call") -> None:
        """One call."""
        assert kind == "call"
        self.waited += 1
        if self.refuses:
            raise RateLimited("Not now.", retry_after=60)

    def learn_day(self, *, left: int, limit: int) -> None:
        """What is left of the day."""
        self.days.append((left, limit))


def transport(scripts: Scripts, allowance: Learning | None = None, seconds: float = 5) -> Transport:
    """A transport to the server."""
    login = ClientCredentials(scripts.url, "the id", lambda: "the secret")
    clock = iter(range(10**6)).__next__
    return Transport(
        login, "62.0", MemoryTokens(), allowance or Learning(), lambda: float(clock()), (seconds, seconds)
    )


def failure(door: Transport) -> CrmError:
    """How a read fails."""
    with pytest.raises(CrmError) as caught:
        door.send("GET", "limits/")
    door.close()
    return caught.value


def test_a_call_counts_logging_in_does_not(scripts: Scripts) -> None:
    scripts.answers[LIMITS] = as_json({"a": 1}, headers={"Sforce-Limit-Info": "api-usage=18/5000"})
    allowance = Learning()
    door = transport(scripts, allowance)
    assert door.get("limits/") == {"a": 1}
    assert (door.calls, allowance.waited, allowance.days) == (1, 1, [(4982, 5000)])
    assert scripts.paths() == [TOKEN, LIMITS]
    door.close()


def test_the_usage_of_one_app_is_not_the_orgs(scripts: Scripts) -> None:
    info = "per-app-api-usage=17/250(appName=x); api-usage=6000/5000"
    scripts.answers[LIMITS] = as_json({"a": 1}, headers={"Sforce-Limit-Info": info})
    allowance = Learning()
    door = transport(scripts, allowance)
    door.get("limits/")
    assert allowance.days == [(0, 5000)]
    door.close()


def test_an_allowance_that_refuses_is_asked_before_the_call(scripts: Scripts) -> None:
    allowance = Learning()
    allowance.refuses = True
    assert isinstance(failure(transport(scripts, allowance)), RateLimited)
    assert LIMITS not in scripts.paths()


def test_a_redirect_is_not_followed(scripts: Scripts) -> None:
    scripts.answers[LIMITS] = lambda: (302, {"Location": f"{scripts.url}/elsewhere"}, b"")
    assert isinstance(failure(transport(scripts)), Uncertain)
    assert "/elsewhere" not in scripts.paths()


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (AS_JSON, b'{"a":"' + b"x" * MOST_BYTES + b'"}'),
        (
            AS_JSON | {"Content-Encoding": "gzip"},
            gzip.compress(b'{"a":"' + b"0" * (64 << 20) + b'"}', mtime=0),
        ),
        (AS_JSON | {"Content-Length": "500"}, b'{"a":1'),
        (AS_JSON, b'{"a":1'),
        (AS_JSON, b""),
        (AS_JSON, b"[]"),
        (AS_JSON, b"null"),
        (AS_JSON, b"7"),
        ({"Content-Type": "text/html"}, b"<html>maintenance</html>"),
        (AS_JSON | {"Content-Encoding": "gzip"}, b"this is no gzip"),
    ],
    ids=["big", "bomb", "cut off", "cut", "empty", "empty list", "null", "number", "html", "not gzip"],
)
def test_an_answer_that_is_none_is_uncertain(scripts: Scripts, headers: dict[str, str], body: bytes) -> None:
    scripts.answers[LIMITS] = lambda: (200, headers, body)
    error = failure(transport(scripts))
    assert type(error) is Uncertain
    assert str(error).endswith(".")


def test_cookies_are_not_kept(scripts: Scripts) -> None:
    scripts.answers[LIMITS] = as_json({"a": 1}, headers={"Set-Cookie": "BrowserId=x; path=/"})
    door = transport(scripts)
    door.get("limits/")
    door.get("limits/")
    assert not any("Cookie" in headers for _, _, headers in scripts.asked)
    door.close()


def test_a_next_page_elsewhere_is_not_asked_for(scripts: Scripts) -> None:
    door = transport(scripts)
    with pytest.raises(Uncertain):
        door.more("https://elsewhere.example.com/services/data/v62.0/query/1")
    door.close()


@pytest.mark.parametrize(
    ("answer", "expected", "says"),
    [
        (as_json({"error": "invalid_client"}, 400), AuthFailed, "invalid_client"),
        (
            as_json({"error": "invalid_grant", "error_description": "ana@example.com"}, 400),
            AuthFailed,
            "refused",
        ),
        (
            as_json({"error": "invalid_grant", "error_description": "login rate exceeded"}, 400),
            RateLimited,
            "log in",
        ),
        (lambda: (503, {}, b"<html>"), Unavailable, "log-in"),
        (lambda: (302, {"Location": "https://elsewhere.example.com"}, b""), Unavailable, "log-in"),
        (as_json({"access_token": "x"}), Unavailable, "not a token"),
        (as_json({"access_token": "x", "instance_url": "https://evil.example.com"}), AuthFailed, "belong"),
        (as_json([]), Unavailable, "not a token"),
    ],
)
def test_a_log_in_that_fails_says_why(
    scripts: Scripts, answer: Callable[[], Scripted], expected: type[CrmError], says: str
) -> None:
    scripts.answers[TOKEN] = answer
    error = failure(transport(scripts))
    assert type(error) is expected
    assert says in str(error)
    assert not any(word in f"{error} {error.remedy}" for word in ("the secret", "ana@", "evil"))
    assert LIMITS not in scripts.paths()


def test_a_token_that_ran_out_is_renewed_once_and_the_request_repeated_as_it_was(scripts: Scripts) -> None:
    expired = [{"errorCode": "INVALID_SESSION_ID", "message": "Session expired or invalid"}]
    answers = iter([as_json(expired, 401), as_json({"a": 1})])
    scripts.answers[LIMITS] = lambda: next(answers)()
    door = transport(scripts)
    assert door.send("GET", "limits/", headers={"Sforce-Auto-Assign": "FALSE"}) == {"a": 1}
    assert scripts.paths() == [TOKEN, LIMITS, TOKEN, LIMITS]
    asked = [headers["Sforce-Auto-Assign"] for _, path, headers in scripts.asked if path == LIMITS]
    assert asked == ["FALSE", "FALSE"]
    door.close()


def test_a_token_that_is_never_accepted_is_renewed_once_only(scripts: Scripts) -> None:
    scripts.answers[LIMITS] = as_json([{"errorCode": "INVALID_SESSION_ID", "message": ""}], 401)
    assert isinstance(failure(transport(scripts)), AuthFailed)
    assert scripts.paths() == [TOKEN, LIMITS, TOKEN, LIMITS]


@pytest.mark.parametrize(
    "address",
    [
        "http://acme.my.salesforce.com",
        "acme.my.salesforce.com",
        "ftp://127.0.0.1",
        "https://me:word@acme.com",
        "",
    ],
)
def test_an_address_that_would_show_the_token_to_others_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="Salesforce address"):
        SalesforceCrm(ClientCredentials(address, "id", str))


def test_which_addresses_belong_to_a_log_in() -> None:
    login = "https://acme.my.salesforce.com"
    assert checked(f"{login}/services/") == login
    assert trusted("https://acme--test.sandbox.my.salesforce.com", login)
    assert trusted("http://localhost:8000", "http://127.0.0.1:9000")
    assert not trusted("https://salesforce.com.example.com", login)
    assert not trusted("http://127.0.0.1:8000", login)
    assert not trusted("https://acme.my.salesforce.com", "http://127.0.0.1:9000")


def test_nothing_secret_is_in_what_prints_itself(scripts: Scripts) -> None:
    login: Any = ClientCredentials(scripts.url, "the id", lambda: "the secret")
    assert "the secret" not in repr(login) + repr(login.request(0.0))
