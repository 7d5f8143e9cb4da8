"""Access tokens that run out: renewed by one at a time, stored before they are used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Protocol


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
