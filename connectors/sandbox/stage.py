"""What a vendor's sandbox brings onto the shared stage, and what the stage lends to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from flask import Flask

from connectors.sandbox.answers import Answer, JsonObject
from connectors.sandbox.faults import FaultRule

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


class Options(Protocol):
    """How the account behaves (see ChangeableOptions)."""

    @property
    def latency(self) -> float:
        """Seconds that every answer takes."""

    def json(self) -> dict[str, Any]:
        """The options that can be changed."""


class Account(Protocol):
    """Everything one account holds. The application runs under its lock (reentrant)."""

    @property
    def lock(self) -> AbstractContextManager[Any]:
        """Held while a request is worked on."""

    @property
    def clock(self) -> Callable[[], float]:
        """Epoch seconds."""

    @property
    def options(self) -> Options:
        """How it behaves now."""

    def configure(self, changes: Mapping[str, Any]) -> None:
        """Change options by name. Raises: OptionsError."""

    def reset(self) -> None:
        """Back to an account nobody has used; options stay."""

    def counts(self) -> Mapping[str, int]:
        """Live records per kind."""

    def snapshot(self, kind: str | None = None) -> JsonObject:
        """Kind → every record, as JSON. Raises the vendor's error for an unknown kind."""


class Admission(Protocol):
    """What stands before every call of the vendor's API: access and limits. Called under the lock."""

    def refusal(self, environ: WSGIEnvironment) -> Answer | None:
        """The refusal, or None when the call may go on (and is counted)."""

    def stamped(self, path: str, answer: Answer) -> Answer:
        """The answer with the headers that the vendor puts on all of them."""

    def reset(self) -> None:
        """Forget every counted call."""


class FaultLooks(Protocol):
    """How ordered faults look at this vendor. Called without the lock."""

    def status(self, rule: FaultRule) -> Answer:
        """The vendor's error body under rule.status."""

    def rate_limited(self, rule: FaultRule) -> Answer:
        """The vendor's refusal of one call too many; rule.policy chooses between its limits."""

    def unauthorized(self, rule: FaultRule) -> Answer:
        """The refusal of a token; rule.content is "" (wrong), "expired" or "scope" (not granted)."""

    def other_id(self, known: str) -> str:
        """Another id that could as well be true, for `swap_id` (see lies.neighbouring_id)."""


A_co = TypeVar("A_co", bound=Account, covariant=True)


@dataclass(frozen=True)
class Stage(Generic[A_co]):
    """One vendor's sandbox before it is served.

    title is the vendor's name for people; app serves the vendor's paths over the account (the stage adds
    /_sandbox/); load takes a seed document and returns the new ids per section, raising OptionsError or
    the vendor's own error; secret is what the announcement tells people to sign in with.
    """

    title: str
    account: A_co
    app: Flask
    admission: Admission
    looks: FaultLooks
    load: Callable[[JsonObject], Mapping[str, list[str]]]
    secret: str
