"""The WSGI entrance: journal, latency and faults around the application, one request at a time inside."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from threading import Event
from typing import TYPE_CHECKING, Any

from connectors.sandbox.answers import Answer
from connectors.sandbox.bodies import BODY_KEY, parsed, recordable
from connectors.sandbox.faults import FaultRule, Faults
from connectors.sandbox.journal import Journal
from connectors.sandbox.lies import faulty
from connectors.sandbox.stage import Account, Stage
from connectors.sandbox.timestamps import iso

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

RESET_KEY = "sandbox.reset"  # where the server leaves a function that will reset the client's socket
HANG_UP_KEY = "sandbox.hang_up"  # the same for closing the connection in the middle of an answer
CONTROL = "/_sandbox/"
_POLL = 0.05  # seconds between two looks whether the client has hung up


class Gate:
    """Answers every request. Thread safe: the application runs under the account's lock."""

    def __init__(self, stage: Stage[Account], faults: Faults, journal: Journal) -> None:
        self._app = stage.app.wsgi_app
        self._account = stage.account
        self._admission = stage.admission
        self._looks = stage.looks
        self._faults = faults
        self._journal = journal
        self._closing = Event()

    def close(self) -> None:
        """Let go of every connection that a fault is holding."""
        self._closing.set()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        started = time.perf_counter()
        body = _take_body(environ)
        path = environ["PATH_INFO"]
        if path.startswith(CONTROL):
            answer: Answer | None = self._locked(environ)
        else:
            self._wait(self._account.options.latency, environ)
            hits = self._faults.pick(environ["REQUEST_METHOD"], path, body)
            answer = self._spoiled(environ, hits)
            self._note(environ, hits, answer, started)
            for rule in hits:
                if rule.kind.startswith("timeout"):
                    self._wait(rule.seconds, environ)
        if answer is None:
            environ[RESET_KEY]()
            return []
        start_response(answer.status_line, list(answer.headers))
        return _broken_off(answer.body, environ) if answer.broken_off else [answer.body]

    def _spoiled(self, environ: WSGIEnvironment, hits: list[FaultRule]) -> Answer | None:
        for rule in hits:
            if rule.kind == "slow":
                self._wait(rule.seconds, environ)
        spoiling = next((rule for rule in hits if rule.kind != "slow"), None)
        if spoiling is None:
            return self._admitted(environ)
        real = self._admitted(environ) if spoiling.done else None
        return faulty(spoiling, real, self._looks)

    def _admitted(self, environ: WSGIEnvironment) -> Answer:
        with self._account.lock:
            answer = self._admission.refusal(environ) or self._locked(environ)
            return self._admission.stamped(environ["PATH_INFO"], answer)

    def _locked(self, environ: WSGIEnvironment) -> Answer:
        """Run the application to the end and keep its answer."""
        kept: dict[str, Any] = {}
        ignored: list[bytes] = []  # WSGI's old write(): Flask never calls it

        def start(
            status: str, headers: list[tuple[str, str]], _exc_info: object = None
        ) -> Callable[..., object]:
            kept.update(status=int(status.split(" ", 1)[0]), headers=headers)
            return ignored.append

        with self._account.lock:
            chunks = self._app(environ, start)
            try:
                payload = b"".join(chunks)
            finally:
                getattr(chunks, "close", lambda: None)()
        return Answer(kept["status"], kept["headers"], payload)

    def _wait(self, seconds: float, environ: WSGIEnvironment) -> None:
        """Hold the request; a client that hangs up or a sandbox that stops ends the wait."""
        gone = environ.get("waitress.client_disconnected", lambda: False)
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0 and not gone():
            if self._closing.wait(min(left, _POLL)):
                return

    def _note(
        self, environ: WSGIEnvironment, hits: list[FaultRule], answer: Answer | None, started: float
    ) -> None:
        self._journal.add(
            {
                "at": iso(self._account.clock()),
                "method": environ["REQUEST_METHOD"],
                "path": environ["PATH_INFO"],
                "query": environ.get("QUERY_STRING", ""),
                "body": recordable(environ[BODY_KEY]),
                "status": answer.status if answer else None,
                "fault": hits[-1].kind if hits else None,
                "ms": round((time.perf_counter() - started) * 1000, 2),
            }
        )


def _take_body(environ: WSGIEnvironment) -> bytes:
    """The body, left parsed under BODY_KEY and once more readable for the application."""
    body = bytes(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))
    environ[BODY_KEY] = parsed(body, environ.get("CONTENT_TYPE", ""))
    environ["wsgi.input"] = BytesIO(body)
    return body


def _broken_off(part: bytes, environ: WSGIEnvironment) -> Iterator[bytes]:
    yield part
    environ[HANG_UP_KEY]()
