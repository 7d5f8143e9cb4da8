"""One door to Salesforce: simple-salesforce with a known token, counted, limited, its failures named."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from threading import local
from typing import Any

import requests
from simple_salesforce.api import Salesforce

from connectors.crm.allowance import Allowance
from connectors.crm.base import CrmError, Uncertain
from connectors.crm.salesforce.addresses import checked
from connectors.crm.salesforce.errors import from_exception
from connectors.crm.salesforce.failures import Failed, SessionExpired
from connectors.crm.salesforce.login import Login
from connectors.crm.salesforce.tokens import fetch
from connectors.crm.salesforce.wire import Timeout, Wire, session
from connectors.crm.tokens import Tokens, TokenStore

_USAGE = re.compile(r"(?<![\w-])api-usage=(\d+)/(\d+)")


class Transport:
    """The vendor's client in direct mode: it never logs in by itself, which it does badly.

    A token that ran out is renewed once, by one caller for all, and the request is sent again as it was.
    """

    def __init__(
        self,
        login: Login,
        version: str,
        tokens: TokenStore,
        allowance: Allowance,
        clock: Callable[[], float],
        timeout: Timeout,
    ) -> None:
        self._login = login
        self._version = version
        self._tokens = tokens
        self._allowance = allowance
        self._clock = clock
        self._wire = Wire(checked(login.address), timeout, clock)
        self._own = local()  # of each thread: its session, its client and how many calls it made

    @property
    def calls(self) -> int:
        """API calls sent so far by the calling thread; logging in is none, Salesforce does not count it."""
        return getattr(self._own, "calls", 0)

    @property
    def root(self) -> str:
        """The path before every resource, as parts of a composite request need it."""
        return f"/services/data/v{self._version}"

    @property
    def address(self) -> str:
        """Where the org is, as far as we know it by now."""
        tokens = self._tokens.current()
        return (tokens.address if tokens else "") or checked(self._login.address)

    def get(self, path: str, params: Mapping[str, str] | None = None) -> Any:
        """The JSON that a GET answers. A request that reads is asked once more when Salesforce stumbles.

        path is relative to the versioned root. Raises a CrmError.
        """
        try:
            return self.send("GET", path, params=dict(params or {}))
        except Failed:
            return self.send("GET", path, params=dict(params or {}))

    def read(self, path: str, body: Mapping[str, Any]) -> Any:
        """The same for a POST that only reads, such as a composite of queries."""
        try:
            return self.send("POST", path, json=dict(body))
        except Failed:
            return self.send("POST", path, json=dict(body))

    def more(self, next_url: str) -> Any:
        """The next page of a query; next_url is what the page before it named. Raises a CrmError."""
        if not next_url.startswith(f"{self.root}/"):
            raise Uncertain("Salesforce named a next page outside its API.")
        return self.get(next_url.removeprefix(f"{self.root}/"))

    def send(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **request: Any
    ) -> Any:
        """Send one request and read its answer as JSON. Raises a CrmError; Uncertain for an empty answer."""
        tokens = self._tokens.current() or self._tokens.renew("", self._fetch)
        try:
            return self._once(tokens, method, path, headers, request)
        except SessionExpired:
            renewed = self._tokens.renew(tokens.access, self._fetch)
        return self._once(renewed, method, path, headers, request)

    def _once(
        self,
        tokens: Tokens,
        method: str,
        path: str,
        headers: Mapping[str, str] | None,
        request: Mapping[str, Any],
    ) -> Any:
        self._allowance.wait()
        self._own.calls = self.calls + 1
        problem: CrmError
        try:
            answer = self._client(tokens).restful(path, method=method, headers=dict(headers or {}), **request)
        except Exception as error:
            problem = from_exception(error)
        else:
            if answer is not None:
                return answer
            problem = Uncertain("Salesforce answered without saying what it did.")
        # Raised outside the except block: a vendor exception prints the body, and with it a person's data.
        raise problem

    def _client(self, tokens: Tokens) -> Salesforce:
        known: tuple[str, Salesforce] | None = getattr(self._own, "client", None)
        if known is None or known[0] != tokens.access:
            made = Salesforce(
                session_id=tokens.access,
                instance_url=tokens.address or checked(self._login.address),
                session=self._session(),
                version=self._version,
                object_pairs_hook=dict,
            )
            known = self._own.client = (tokens.access, made)
        return known[1]

    def _session(self) -> requests.Session:
        made: requests.Session | None = getattr(self._own, "session", None)
        if made is None:
            made = self._own.session = session(self._wire, self._login.address, self._learn)
        return made

    def _fetch(self, _stale: Tokens | None) -> Tokens:
        return fetch(self._session(), self._login, self._clock())

    def _learn(self, response: requests.Response) -> None:
        used = _USAGE.search(response.headers.get("Sforce-Limit-Info", ""))
        if used:
            limit = int(used[2])
            self._allowance.learn_day(left=max(0, limit - int(used[1])), limit=limit)

    def close(self) -> None:
        """Close the pooled connections."""
        self._wire.close()
