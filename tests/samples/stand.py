"""What the cases run on: one sandbox HubSpot, one web server, one stand-in for the vendors' APIs."""

from __future__ import annotations

import json
import re
import socket
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

from connectors.crm.hubspot import HubSpotCrm
from connectors.sandbox.hubspot import OwnerSeed, RunningSandbox, SandboxOptions, start
from jobs.settings.model import Settings
from mapping.playbook import load_playbook, shipped
from tests.jobs.brokerage import TOKEN, connector, empty, provision, read_brokerage
from tests.samples.cases import Case
from tests.services.migrated import sqlite_bytes
from webapp.server import Server

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_PLACEHOLDER = re.compile(r"\\\{[^{}]*\\\}")


@dataclass
class VendorApi:
    """Answers the calls that the case allows with its files; everything else is noted and answered 404."""

    answers: list[tuple[str, re.Pattern[str], bytes]] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)
    url: str = ""

    def allow(self, case: Case) -> None:
        """Answer as this case says."""
        self.unexpected.clear()
        self.answers = [_allowed(case, one) for one in case.expected.get("fetch", ())]

    def answer(self, method: str, path: str) -> bytes | None:
        """The answer to one call; None when the case allows no such call."""
        plain = path.partition("?")[0]
        for allowed, pattern, body in self.answers:
            if allowed == method and pattern.fullmatch(plain):
                return body
        self.unexpected.append(f"{method} {plain}")
        return None


def _allowed(case: Case, one: Mapping[str, Any]) -> tuple[str, re.Pattern[str], bytes]:
    method, _, path = str(one["when"]).partition(" ")
    # A vendor's API has its version, or a word like it, in front of the path.
    plain = path.partition("?")[0].strip().removeprefix("/rest")
    pattern = _PLACEHOLDER.sub("[^/]+", re.escape(plain))
    return method, re.compile(f"(?:/v[0-9.]+)?{pattern}"), (case.folder / one["answer_file"]).read_bytes()


class Swapped:
    """A WSGI application that is another one from case to case."""

    def __init__(self) -> None:
        self.app: WSGIApplication | None = None

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        assert self.app is not None
        return self.app(environ, start_response)


@dataclass(frozen=True)
class Stand:
    """Everything that lasts from case to case."""

    folder: Path
    settings: Settings
    template: Path
    sandbox: RunningSandbox
    crm: HubSpotCrm
    web: Swapped
    url: str
    vendor: VendorApi

    def clean(self, case: Case) -> None:
        """No record in the CRM, and the vendor's API as the case says."""
        empty(self.sandbox)
        self.vendor.allow(case)


@contextmanager
def open_stand(folder: Path) -> Iterator[Stand]:
    """The stand; whoever calls an address outside this machine gets an error while it is open."""
    web, vendor = Swapped(), VendorApi()
    server = Server(web, "127.0.0.1", 0, threads=8)  # type: ignore[arg-type]
    api = ThreadingHTTPServer(("127.0.0.1", 0), _handler(vendor))
    vendor.url = f"http://127.0.0.1:{api.server_port}"
    threads = [threading.Thread(target=run, daemon=True) for run in (server.run, api.serve_forever)]
    for thread in threads:
        thread.start()
    template = folder / "empty.sqlite3"
    template.write_bytes(sqlite_bytes())
    with _sandbox() as sandbox, _no_outside():
        settings = read_brokerage(folder, sandbox.url)
        provision(settings)
        crm = connector(sandbox.url)
        yield Stand(folder, settings, template, sandbox, crm, web, server.url, vendor)
        crm.close()
    server.stop()
    api.shutdown()
    api.server_close()
    threads[0].join(timeout=10)


def _sandbox() -> RunningSandbox:
    """A HubSpot in which everybody of both shipped playbooks is a user."""
    playbooks = [load_playbook(shipped(name), name=name) for name in ("mortgage_us", "mortgage_ca")]
    people = {member.email: member.name for book in playbooks for member in book.team}
    people |= {book.fallback: "Front Desk" for book in playbooks if book.fallback}
    owners = tuple(
        OwnerSeed(email, name.partition(" ")[0], name.partition(" ")[2]) for email, name in people.items()
    )
    return start(0, options=SandboxOptions.instant(token=TOKEN, owners=owners))


def _handler(vendor: VendorApi) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = vendor.answer("GET", self.path)
            found = body if body is not None else json.dumps({"error": "not found"}).encode()
            self.send_response(200 if body is not None else 404)
            kind = "application/xml" if found.lstrip()[:1] == b"<" else "application/json"
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(found)))
            self.end_headers()
            self.wfile.write(found)

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    return Handler


_open_stands = 0


def _guard(event: str, args: tuple[Any, ...]) -> None:
    if _open_stands and event == "socket.connect" and args[0].family in (socket.AF_INET, socket.AF_INET6):
        host = str(args[1][0])
        if host != "::1" and not host.startswith("127.") and host != "localhost":
            raise PermissionError("a sample run has no network")


@contextmanager
def _no_outside() -> Iterator[None]:
    global _open_stands
    if not hasattr(_guard, "installed"):
        sys.addaudithook(_guard)
        _guard.installed = True  # type: ignore[attr-defined]
    _open_stands += 1
    try:
        yield
    finally:
        _open_stands -= 1
