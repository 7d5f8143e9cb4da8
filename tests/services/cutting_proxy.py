"""A TCP proxy that breaks connections off in the middle, as bad networks do."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count

_CHUNK = 4096


class CuttingProxy:
    """Passes everything on to a port of this machine; the first connections end after some bytes."""

    def __init__(self, target: int, *, cuts: int = 0, after_bytes: int = 0) -> None:
        """cuts connections are cut, each after so many bytes from the server, and a little more each time."""
        self._target, self._cuts, self._after = target, cuts, after_bytes
        self._numbers = count(1)
        self._open: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.cut = 0
        threading.Thread(target=self._serve, daemon=True).start()

    def cut_all(self) -> None:
        """Break off every connection now."""
        for one in list(self._open):
            _end(one)

    def close(self) -> None:
        """Take no more connections, and end those there are."""
        _end(self._listener)
        self.cut_all()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            with suppress(OSError):
                server = socket.create_connection(("127.0.0.1", self._target))
                number = next(self._numbers)
                budget = self._after + 97 * number if number <= self._cuts else -1
                self._open |= {client, server}
                for one in ((client, server, -1), (server, client, budget)):
                    threading.Thread(target=self._pass_on, args=one, daemon=True).start()
                continue
            _end(client)

    def _pass_on(self, source: socket.socket, sink: socket.socket, budget: int) -> None:
        with suppress(OSError):
            while data := source.recv(_CHUNK):
                if 0 <= budget < len(data):
                    sink.sendall(data[:budget])
                    self.cut += 1
                    break
                sink.sendall(data)
                budget -= len(data) if budget >= 0 else 0
        for one in (source, sink):
            self._open.discard(one)
            _end(one)


def _end(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()


@contextmanager
def cutting(target: int, *, cuts: int = 0, after_bytes: int = 0) -> Iterator[CuttingProxy]:
    """A proxy to a port for the block."""
    proxy = CuttingProxy(target, cuts=cuts, after_bytes=after_bytes)
    try:
        yield proxy
    finally:
        proxy.close()
