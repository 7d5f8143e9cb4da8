"""A server that answers as HubSpot does to whoever only creates, and does nothing: python -m bench.stub PORT.

The sandbox costs as much as what is measured beside it on two cores; this costs next to nothing.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
from collections import Counter
from typing import Any

from mapping.crm.compile import wanted
from mapping.playbook import load_playbook, shipped
from tests.fleet import TEAM

_PLAYBOOK = load_playbook(shipped("mortgage_us"), name="mortgage_us")


class Stub:
    """Counts what is created and forgets it."""

    def __init__(self) -> None:
        self._ids = itertools.count(1_000)
        self._made: Counter[str] = Counter()
        _, pipeline = wanted(_PLAYBOOK, "hubspot")
        stages = [{"id": str(n), "label": label} for n, label in enumerate(pipeline.stages, 1)]
        self._pipelines = [{"id": "1", "label": pipeline.label, "stages": stages}]
        self._owners = [{"id": str(n), "email": email} for n, email in enumerate(TEAM, 1)]

    def answer(self, path: str, body: bytes) -> tuple[int, dict[str, Any]]:
        """Status and JSON for one request."""
        kind = next((kind for kind in ("contacts", "deals", "tasks") if f"/{kind}/" in path), "")
        if path.endswith("/batch/create"):
            inputs = json.loads(body)["inputs"]
            self._made[kind] += len(inputs)
            return 201, {"status": "COMPLETE", "results": [self._record(one) for one in inputs]}
        if path == "/_sandbox/counts":
            return 200, {"tasks": self._made["tasks"]}
        if "/owners" in path:
            return 200, {"results": self._owners}
        if "/pipelines" in path:
            return 200, {"results": self._pipelines}
        return 200, {"status": "COMPLETE", "total": 0, "results": []}

    def _record(self, new: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": str(next(self._ids)),
            "properties": new["properties"],
            "objectWriteTraceId": new.get("objectWriteTraceId"),
        }


async def _serve(port: int) -> None:
    stub = Stub()

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await _head(reader):
            lines = head.decode("latin-1").split("\r\n")
            path = lines[0].split(" ")[1].partition("?")[0]
            lengths = [line.partition(":")[2] for line in lines if line.lower().startswith("content-length:")]
            body = await reader.readexactly(int(lengths[0])) if lengths else b""
            status, found = stub.answer(path, body)
            payload = json.dumps(found).encode()
            writer.write(
                b"HTTP/1.1 %d OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                % (status, len(payload), payload)
            )
            await writer.drain()
        writer.close()

    async with await asyncio.start_server(converse, "127.0.0.1", port, limit=2**24) as server:
        await server.serve_forever()


async def _head(reader: asyncio.StreamReader) -> bytes:
    """The request line and headers of the next request; nothing at the end of the connection."""
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return b""


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
