"""The embedded web server: waitress, stoppable from a signal handler."""

from __future__ import annotations

import threading
from typing import Any

from flask import Flask
from waitress.server import create_server  # type: ignore[import-untyped]

from connectors.patient_channel import PatientChannel

#: Larger bodies are cut off by the server itself; up to here the door can explain the refusal.
_MOST_BODY_BYTES = 32 * 1024 * 1024
#: How soon a stop is noticed when no request comes in, in seconds.
_TICK = 0.25
_GRACE_SECONDS = 10


class Server:
    """Listens from the moment it is made; run() answers until stop()."""

    def __init__(self, app: Flask, host: str, port: int, threads: int) -> None:
        self._stopping = threading.Event()
        self._sockets: dict[int, Any] = {}
        self._server = create_server(
            app,
            map=self._sockets,
            host=host,
            port=port,
            threads=threads,
            ident=None,
            max_request_body_size=_MOST_BODY_BYTES,
            channel_timeout=60,
            # Flask's ProxyFix reads them, by the exact number of proxies in the settings.
            clear_untrusted_proxy_headers=False,
        )
        # A name like "localhost" may mean several addresses, each with a socket of its own.
        for listening in self._sockets.values():
            if hasattr(listening, "channel_class"):
                listening.channel_class = PatientChannel
        address, bound_port = self._first_address()
        self.url = f"http://[{address}]:{bound_port}" if ":" in address else f"http://{address}:{bound_port}"

    def _first_address(self) -> tuple[str, int]:
        several = getattr(self._server, "effective_listen", None)
        return several[0] if several else (self._server.effective_host, self._server.effective_port)

    def run(self) -> None:
        """Answer requests in this thread until stop() is called, then finish what is under way."""
        loop = self._server.asyncore.loop
        while not self._stopping.is_set():
            loop(timeout=_TICK, use_poll=True, map=self._sockets, count=1)
        self._server.task_dispatcher.shutdown(cancel_pending=False, timeout=_GRACE_SECONDS)
        # Those of visitors who keep their connection open, too.
        self._server.asyncore.close_all(self._sockets, ignore_all=True)

    def stop(self) -> None:
        """End run() soon. Safe from a signal handler and from any thread."""
        self._stopping.set()
