"""The wire to Salesforce: time limits, a maximal size, no redirects, no cookies, http only to a sandbox."""

from __future__ import annotations

from collections.abc import Callable
from http.cookiejar import DefaultCookiePolicy
from io import BytesIO
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from connectors.crm.base import Uncertain
from connectors.crm.salesforce.addresses import is_plain

Timeout = tuple[float, float]  # seconds to connect, seconds between two bytes of the answer
MOST_BYTES = 8 * 1024 * 1024  # of one answer, unpacked
_CHUNK = 64 * 1024
_POOL = 16  # connections kept open; more threads than this open their own


class Wire(HTTPAdapter):
    """Sends every request of a connector; its connections are shared by all threads.

    simple-salesforce insists on https and sets no time limit. For a sandbox on this machine https becomes
    http again, here and for no other address.
    """

    def __init__(self, address: str, timeout: Timeout, clock: Callable[[], float]) -> None:
        super().__init__(pool_maxsize=_POOL, max_retries=0)
        self._plain = is_plain(address)
        self._limits = timeout
        self._clock = clock

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,  # the answer is always read here, up to the limit
        timeout: Any = None,  # the connector's own limit holds for every request
        verify: bool | str = True,
        cert: Any = None,
        proxies: Any = None,
    ) -> requests.Response:
        """Send and read the whole answer. Raises Uncertain for one that is too big or never ends."""
        as_http = (request.url or "").replace("https://", "http://", 1)
        if self._plain and is_plain(as_http):
            request.url = as_http
        started = self._clock()
        response = super().send(
            request, stream=True, timeout=self._limits, verify=verify, cert=cert, proxies=proxies
        )
        response.raw = BytesIO(self._body(response, started))
        return response

    def _body(self, response: requests.Response, started: float) -> bytes:
        body, raw = bytearray(), response.raw
        try:
            while chunk := raw.read1(_CHUNK, decode_content=True):
                body += chunk
                if len(body) > MOST_BYTES:
                    raise Uncertain(f"Salesforce's answer was larger than {MOST_BYTES >> 20} MB.")
                if self._clock() - started > sum(self._limits):
                    raise Uncertain("Salesforce did not finish its answer in time.")
        except BaseException:
            raw.close()  # a connection with unread bytes must not be used again
            raise
        raw.release_conn()
        return bytes(body)


class _Straight(requests.Session):
    """A session that follows no redirect: ours never lead anywhere good."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        """None: the redirect itself is the answer."""


def session(wire: Wire, address: str, on_answer: Callable[[requests.Response], None]) -> requests.Session:
    """A session of one thread, on the connector's shared connections."""
    made = _Straight()
    made.mount("https://", wire)
    made.mount("http://", wire)
    # A .netrc entry for the host would replace our token; a proxy cannot reach this machine's sandbox.
    made.auth = _unchanged
    made.trust_env = not is_plain(address)
    made.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))

    def answered(response: requests.Response, *_args: object, **_kwargs: object) -> None:
        on_answer(response)

    made.hooks["response"].append(answered)
    return made


def _unchanged(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request
