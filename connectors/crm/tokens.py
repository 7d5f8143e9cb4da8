"""Access tokens that run out: renewed by one at a time, stored before they are used."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import ClassVar, Protocol


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a vendor's token endpoint answered; expires_at is seconds since 1970, None when it does not say.

    address is where the account's API is, for a vendor that tells it with the token ("" otherwise).
    """

    access: str = field(repr=False)
    refresh: str = field(default="", repr=False)
    expires_at: float | None = None
    address: str = ""


class TokenStore(Protocol):
    """The present tokens of one CRM account, shared by everybody who works for it."""

    def current(self) -> Tokens | None:
        """The tokens as they are now; None before the first were fetched."""

    def renew(self, stale: str, fetch: Callable[[Tokens | None], Tokens]) -> Tokens:
        """Tokens other than those whose access token is stale ("" = there were none).

        One caller at a time fetches; whoever waited gets what the first one fetched. New tokens are stored
        durably before anybody gets them, because a vendor may accept a refresh token only once. Raises what
        fetch raises, and Unavailable when somebody else's renewal does not end.
        """


class MemoryTokens:
    """Tokens of one process, for accounts whose tokens can be fetched anew at any time."""

    def __init__(self, tokens: Tokens | None = None) -> None:
        self._tokens = tokens
        self._lock = Lock()

    def current(self) -> Tokens | None:
        """The tokens as they are now."""
        return self._tokens

    def renew(self, stale: str, fetch: Callable[[Tokens | None], Tokens]) -> Tokens:
        """Fetch new tokens unless somebody already did. Raises what fetch raises."""
        with self._lock:
            if self._tokens is None or self._tokens.access == stale:
                self._tokens = fetch(self._tokens)
            return self._tokens


class RefreshedTokens(ABC):
    """The access token of one account, renewed in time with a refresh token. Safe to share between threads.

    first_refresh gives the refresh token that a person put into the settings; from then on the store's is
    used, because a vendor may send a new one with any answer. clock gives seconds since 1970.
    """

    #: So many seconds before its end a token is renewed.
    EARLY: ClassVar[float] = 60.0
    #: What exchanged() raises for a refresh token that is worth nothing any more.
    REVOKED: ClassVar[type[Exception]]

    def __init__(
        self, tokens: TokenStore, first_refresh: Callable[[], str], clock: Callable[[], float] = time.time
    ) -> None:
        self._tokens, self._first_refresh, self._clock = tokens, first_refresh, clock
        self._refused = ""

    @abstractmethod
    def exchanged(self, refresh: str) -> Tokens:
        """New tokens for a refresh token ("" = there is none), asked for at the vendor."""

    def __call__(self) -> str:
        """An access token that is good for a while. Raises what exchanged() and the store raise."""
        tokens = self._tokens.current()
        if tokens is None or self._stale(tokens):
            tokens = self._tokens.renew(tokens.access if tokens else "", self._fetch)
        return tokens.access

    def refused(self, access: str) -> None:
        """The vendor did not take this token: the next call renews it, unless somebody did already."""
        self._refused = access

    def _stale(self, tokens: Tokens) -> bool:
        ends = tokens.expires_at
        return tokens.access == self._refused or (ends is not None and self._clock() >= ends - self.EARLY)

    def _fetch(self, known: Tokens | None) -> Tokens:
        """By the refresh token last received, else by the one of the settings.

        The two differ after somebody connected again: then the newer one is in the settings.
        """
        last, first = known.refresh if known else "", self._first_refresh().strip()
        if last and last != first:
            try:
                return self.exchanged(last)
            except self.REVOKED:
                if not first:
                    raise
        return self.exchanged(first)
