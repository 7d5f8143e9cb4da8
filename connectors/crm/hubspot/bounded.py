"""Answers within bounds: not from elsewhere, not without end, not drop by drop."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import urllib3

from connectors.crm.base import Uncertain

MOST_BYTES = 8 * 1024 * 1024  # of one answer, after inflation; 100 records with all their texts are 1 MB
MOST_SECONDS = 60.0  # for one answer to arrive in full, whatever the pauses between its bytes
_STEP = 16_384  # compressed bytes at a time, so that a bomb is noticed before it has inflated
_SEARCH = "/search"


class BoundedPool:
    """urllib3's pool of connections as the vendor's client uses it; safe to share between threads."""

    def __init__(self, pool: urllib3.PoolManager, clock: Callable[[], float] = time.monotonic) -> None:
        self._pool = pool
        self._clock = clock

    def request(self, method: str, url: str, **request: Any) -> urllib3.HTTPResponse:
        """Send one request and read its whole answer, following no redirect.

        Raises urllib3's exceptions, and Uncertain for an answer that does not end.
        """
        if _SEARCH in url and request.get("body"):
            # HubSpot counts the characters of a search, and the client writes a space after every comma.
            request["body"] = json.dumps(json.loads(request["body"]), separators=(",", ":"))
        # Whatever the client asks for, the answer is read here and nowhere else.
        request |= {"preload_content": False, "redirect": False}
        answer = self._pool.request(method, url, **request)
        try:
            content = self._whole(answer)
        except BaseException:
            answer.close()  # what is left of it must not be read as the next answer
            raise
        answer.release_conn()
        return urllib3.HTTPResponse(
            body=content, headers=answer.headers, status=answer.status, reason=answer.reason
        )

    def _whole(self, answer: urllib3.BaseHTTPResponse) -> bytes:
        content, end = bytearray(), self._clock() + MOST_SECONDS
        for part in answer.stream(_STEP, decode_content=True):
            content += part
            if len(content) > MOST_BYTES:
                raise Uncertain("HubSpot's address answered with more than any answer of HubSpot holds.")
            if self._clock() > end:
                raise Uncertain("HubSpot's answer did not arrive in full within a minute.")
        return bytes(content)

    def clear(self) -> None:
        """Close the connections."""
        self._pool.clear()
