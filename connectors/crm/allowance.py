"""How much of a CRM's limit may be spent now: one allowance per account, shared by all who call it."""

from __future__ import annotations

from typing import Literal, Protocol

CallKind = Literal["call", "search"]


class Allowance(Protocol):
    """Asked before every call, told what the vendor says after it. Safe to share between threads."""

    def wait(self, kind: CallKind = "call") -> None:
        """Take one call, waiting for its turn. Raises RateLimited when the turn is too far away to wait."""

    def offered(self, kind: CallKind) -> bool:
        """Take one call if it may be made at once; never waits."""

    def learn(self, *, left: int, seconds: float) -> None:
        """The vendor says that so many calls are left in a window of so many seconds."""

    def learn_day(self, *, left: int, limit: int) -> None:
        """The vendor says that so many of the day's calls are left."""


class Unlimited:
    """An account that nobody limits, such as a sandbox."""

    def wait(self, kind: CallKind = "call") -> None:
        """Go on."""

    def offered(self, kind: CallKind) -> bool:
        """Always."""
        return True

    def learn(self, *, left: int, seconds: float) -> None:
        """Nothing to keep to."""

    def learn_day(self, *, left: int, limit: int) -> None:
        """Nothing to keep to."""
