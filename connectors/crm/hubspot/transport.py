"""One door to HubSpot: reuses connections, sets time limits, refreshes the token, counts, names failures."""

from __future__ import annotations

import json
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from functools import partial
from threading import Lock, local
from typing import Any

import hubspot.crm.objects  # noqa: F401 - else loaded by the first call, in each process for itself
from hubspot import HubSpot
from hubspot.discovery.discovery_base import DiscoveryBase

from connectors.crm.allowance import Allowance, Unlimited
from connectors.crm.base import CrmError, Uncertain
from connectors.crm.hubspot import limits
from connectors.crm.hubspot.bounded import BoundedPool
from connectors.crm.hubspot.errors import Failed, TokenRefused, from_exception
from connectors.crm.hubspot.oauth import Renewable

_NO_CONTENT = 204
Timeout = tuple[float, float]  # seconds to connect, seconds between two bytes of the answer


@dataclass(frozen=True, slots=True)
class Answer:
    """A 2xx answer: header names in lower case, the body a JSON object."""

    status: int
    headers: Mapping[str, str]
    body: dict[str, Any]


class Transport:
    """The vendor's client, with everything it leaves open decided once.

    The client's own retries are off: the ledger decides what is repeated, and when. allowance is asked before
    every call but a search, which HubSpot counts by itself: whoever searches has asked for it.
    """

    def __init__(
        self,
        token: Callable[[], str],
        base_url: str,
        timeout: Timeout,
        allowance: Allowance | None = None,
    ) -> None:
        self._token = token
        self._timeout = timeout
        self._allowance = allowance or Unlimited()
        self._lock = Lock()
        self._apis: dict[tuple[str, str], Any] = {}
        self._pool: BoundedPool | None = None
        self._calls = local()
        self.client = HubSpot(
            access_token="set-per-call",  # noqa: S106 - replaced by _sent, which asks for the token each time
            host=base_url.rstrip("/"),
            retry=False,
            api_factory=self._api,
        )

    @property
    def calls(self) -> int:
        """Requests sent so far by the calling thread."""
        return getattr(self._calls, "count", 0)

    def call(
        self, endpoint: Callable[..., Any], *args: Any, ok: Container[int] = (200,), **query: Any
    ) -> Answer:
        """Send one request by a method of the vendor's client and read its answer as JSON.

        ok are the statuses this endpoint documents. Raises a CrmError; every 2xx that is not what was
        documented is Uncertain, because the request may have been carried out.
        """
        # The client's own models cost CPU, and turn an unexpected 2xx into None or into empty objects.
        response = endpoint(*args, _preload_content=False, **query)
        return _answer(response, response.data or b"", ok)

    def read(
        self, endpoint: Callable[..., Any], *args: Any, ok: Container[int] = (200,), **query: Any
    ) -> Answer:
        """call() for a request that changes nothing: when HubSpot stumbles over it, it is asked once more.

        An attempt after an unknown outcome is mostly reading, and must get through a bad hour.
        """
        try:
            return self.call(endpoint, *args, ok=ok, **query)
        except Failed:
            return self.call(endpoint, *args, ok=ok, **query)

    def request(self, method: str, path: str, body: dict[str, Any] | None = None) -> Answer:
        """The same for a path that the vendor's client has no method for."""
        api = self.client.crm.objects.basic_api.api_client
        headers = {"Accept": "application/json", "Content-Type": "application/json"}
        return self.call(
            api.call_api, path, method, header_params=headers, body=body, auth_settings=["oauth2"]
        )

    def token(self) -> str:
        """The access token as it is now."""
        return self._token()

    def _api(self, package: Any, name: str, config: dict[str, Any]) -> Any:
        """The client's hook for making API objects: made once each, all on one connection pool."""
        key = (package.__name__, name)
        with self._lock:
            if key not in self._apis:
                api = DiscoveryBase._default_api_factory(package, name, config)
                # It walks through every body for models and dates; ours are plain JSON already.
                api.api_client.sanitize_for_serialization = _as_it_is
                rest = api.api_client.rest_client
                self._pool = rest.pool_manager = self._pool or BoundedPool(rest.pool_manager)
                rest.request = partial(self._send, rest.request)
                self._apis[key] = api
            return self._apis[key]

    def _send(self, send: Callable[..., Any], method: str, url: str, **request: Any) -> Any:
        """Send; once more with a renewed token when the old one had run out, since nothing was done then."""
        access = self._token()
        answer = self._sent(send, method, url, access, request)
        if isinstance(answer, TokenRefused) and isinstance(self._token, Renewable):
            self._token.refused(access)
            answer = self._sent(send, method, url, self._token(), request)
        if isinstance(answer, CrmError):
            raise answer
        return answer

    def _sent(
        self, send: Callable[..., Any], method: str, url: str, access: str, request: dict[str, Any]
    ) -> Any:
        """The answer, or what its failure means.

        Returned, for the caller to raise outside the except block: a vendor exception prints the body, and
        with it a person's data.
        """
        if not url.endswith("/search"):
            self._allowance.wait()
        headers = request["headers"] | {"Authorization": f"Bearer {access}"}
        self._calls.count = self.calls + 1
        try:
            answer = send(method, url, **request | {"headers": headers, "_request_timeout": self._timeout})
        except Exception as error:
            # The vendor has one ApiException per package and no common base.
            limits.learn(self._allowance, getattr(error, "headers", None))
            return from_exception(error)
        limits.learn(self._allowance, answer.headers)
        return answer

    def close(self) -> None:
        """Close the pooled connections."""
        with self._lock:
            if self._pool is not None:
                self._pool.clear()


def _as_it_is(value: Any) -> Any:
    return value


def _answer(response: Any, data: bytes, ok: Container[int]) -> Answer:
    problem: CrmError | None = None
    body: Any = None
    try:
        body = json.loads(data) if data or response.status != _NO_CONTENT else {}
    except (ValueError, RecursionError):
        problem = Uncertain("HubSpot's address answered something that is not JSON.")
    if response.status not in ok or (problem is None and not isinstance(body, dict)):
        problem = Uncertain(f"HubSpot answered in a way it does not document (status {response.status}).")
    if problem is not None:
        raise problem
    return Answer(response.status, {k.lower(): v for k, v in response.headers.items()}, body)
