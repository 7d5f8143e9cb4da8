"""One HTTP exchange with HighLevel: no redirects, no endless answers, and the network's failures named."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from requests import exceptions as failures
from requests.adapters import HTTPAdapter
from urllib3 import exceptions as network

from connectors.crm.base import CrmError, Unavailable, Uncertain

Timeout = tuple[float, float]  # seconds to connect, seconds between two bytes of the answer
# Cloudflare, which stands before HighLevel, was seen to refuse Python's default agents.
USER_AGENT = "Firstpath/1 (mortgage intake; +requests)"
LARGEST_ANSWER = 8 * 1024 * 1024  # bytes, after inflation
_LONGEST_ANSWER = 50.0  # seconds from the first byte to the last, however slowly they drip
_PIECE = 64 * 1024
_CONNECTIONS = 16


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as it came: header names in lower case, the body inflated."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Wire:
    """Pooled connections to one address. Safe to share between threads."""

    def __init__(self, base_url: str, timeout: Timeout, clock: Callable[[], float] = time.monotonic) -> None:
        self._base_url = base_url.rstrip("/")
        self._timeout = timeout
        self._clock = clock
        self._session = requests.Session()
        self._session.headers.update(
            {"User-Agent": USER_AGENT, "Accept": "application/json", "Accept-Encoding": "gzip, deflate"}
        )
        # Read once: requests would look through the environment for a proxy before every call.
        environment = self._session.merge_environment_settings(self._base_url, {}, None, None, None)
        self._session.proxies, self._session.verify = environment["proxies"], environment["verify"]
        self._session.trust_env = False
        # A cookie would tie threads and accounts together; HighLevel's API needs none.
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        adapter = HTTPAdapter(pool_connections=2, pool_maxsize=_CONNECTIONS, max_retries=0)
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)

    def send(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        *,
        query: Mapping[str, str] | None = None,
        body: Any = None,
        form: Mapping[str, str] | None = None,
    ) -> Reply:
        """Send one request and read its answer to the end.

        body is sent as JSON, form as form fields. Raises Unavailable when the request cannot have left this
        machine, Uncertain when the answer did not arrive whole, in time and of a bearable size.
        """
        problem: CrmError
        try:
            return self._exchanged(
                method, path, params=query, json=body, data=form, headers=dict(headers), auth=_as_given
            )
        except (requests.RequestException, network.HTTPError, OSError) as error:
            problem = from_network(error)
        # Raised outside the except block: the network's error shows the address, and with it an email.
        raise problem

    def _exchanged(self, method: str, path: str, **request: Any) -> Reply:
        response = self._session.request(
            method,
            self._base_url + path,
            **request,
            timeout=self._timeout,
            allow_redirects=False,
            stream=True,
        )
        with response:
            content = self._content(response)
        lowered = {name.lower(): value for name, value in response.headers.items()}
        return Reply(response.status_code, lowered, content)

    def _content(self, response: requests.Response) -> bytes:
        """The inflated body, read piece by piece: a small answer may inflate without end."""
        started, content = self._clock(), bytearray()
        while piece := response.raw.read1(_PIECE, decode_content=True):
            content += piece
            if len(content) > LARGEST_ANSWER:
                raise Uncertain("HighLevel's address answered with more than 8 MB.")
            if self._clock() - started > _LONGEST_ANSWER:
                raise Uncertain("HighLevel's answer did not come to its end in time.")
        return bytes(content)

    def close(self) -> None:
        """Close the pooled connections."""
        self._session.close()


def from_network(error: Exception) -> CrmError:
    """Unavailable when the request cannot have left this machine, else Uncertain."""
    if _never_left(error):
        if isinstance(error, failures.SSLError):
            return Unavailable(
                "HighLevel's certificate could not be verified.",
                remedy="Check the clock, the CA certificates and any proxy of this machine.",
            )
        return Unavailable(
            "HighLevel could not be reached.", remedy="Check this machine's network connection and base_url."
        )
    if isinstance(error, failures.Timeout | network.TimeoutError):
        return Uncertain("HighLevel did not answer in time.")
    return Uncertain("The connection to HighLevel broke off before its answer arrived.")


_NEVER_SENT = (
    failures.InvalidURL,
    failures.MissingSchema,
    failures.InvalidSchema,
    failures.InvalidHeader,
    failures.ConnectTimeout,
    failures.SSLError,
    failures.ProxyError,
)


def _never_left(error: Exception) -> bool:
    # A name that is not known and a refused connection both arrive as NewConnectionError.
    before = (network.NewConnectionError, network.ConnectTimeoutError, network.ProxyError)
    if isinstance(error, _NEVER_SENT):
        return True
    cause: object = error.args[0] if error.args else None
    return isinstance(getattr(cause, "reason", cause), before)


def _as_given(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Leave the headers alone: without this, requests would put a .netrc entry over the token."""
    return request
