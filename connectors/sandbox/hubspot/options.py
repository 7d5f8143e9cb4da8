"""How a sandbox account behaves: limits, delays, credentials and the people in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any
from zoneinfo import ZoneInfo

from connectors.sandbox.hubspot.owners import OwnerSeed

ALL_SCOPES = frozenset(
    {
        "oauth",
        "crm.objects.contacts.read",
        "crm.objects.contacts.write",
        "crm.objects.deals.read",
        "crm.objects.deals.write",
        "crm.objects.owners.read",
        "crm.schemas.contacts.read",
        "crm.schemas.contacts.write",
        "crm.schemas.deals.read",
        "crm.schemas.deals.write",
    }
)
DEFAULT_OWNERS = (
    OwnerSeed("maya.chen@brokerage.example.com", "Maya", "Chen"),
    OwnerSeed("luis.ortega@brokerage.example.com", "Luis", "Ortega"),
    OwnerSeed("priya.shah@brokerage.example.com", "Priya", "Shah"),
    OwnerSeed("tom.becker@brokerage.example.com", "Tom", "Becker"),
)


class OptionsError(Exception):
    """Options, faults or seed data that make no sense; str(error) says which and why."""


@dataclass(frozen=True, slots=True)
class SandboxOptions:
    """The defaults are a Professional account as HubSpot documents it; `instant()` is for fast tests.

    search_delay and latency are seconds. limits switches all three rate limits; a single one is off
    when None: searches per second, calls per 10 seconds, calls per day of time_zone.
    custom_task_properties says whether properties can be added to tasks (unproven for HubSpot).
    """

    token: str = "pat-na1-sandbox"  # noqa: S105 - opens nothing but this loopback stand-in
    token_accepted: bool = True
    scopes: frozenset[str] = ALL_SCOPES
    search_delay: float = 2.0
    latency: float = 0.0
    limits: bool = True
    search_limit: int | None = 5
    burst_limit: int | None = 190
    daily_limit: int | None = 625_000
    custom_task_properties: bool = True
    portal_id: int = 48_000_001
    time_zone: str = "America/Toronto"
    owners: tuple[OwnerSeed, ...] = field(default=DEFAULT_OWNERS)

    def __post_init__(self) -> None:
        """Raises: OptionsError."""
        for name in ("search_delay", "latency"):
            if getattr(self, name) < 0:
                raise OptionsError(f"{name} must be zero or more seconds.")
        for name in ("search_limit", "burst_limit", "daily_limit"):
            limit = getattr(self, name)
            if limit is not None and limit < 1:
                raise OptionsError(f"{name} must be at least 1, or null for no limit.")
        try:
            ZoneInfo(self.time_zone)
        except (KeyError, ValueError, OSError) as e:
            raise OptionsError("time_zone must be an IANA name such as America/Toronto.") from e

    @classmethod
    def instant(cls, **changes: Any) -> SandboxOptions:
        """No search delay and no limits, apart from `changes`."""
        return replace(cls(search_delay=0.0, limits=False), **changes)

    def changed(self, changes: Mapping[str, Any]) -> SandboxOptions:
        """The options after a JSON object of changes was applied.

        Raises: OptionsError for unknown names and wrong types.
        """
        known = {f.name: f.type for f in fields(self) if f.name != "owners"}
        values: dict[str, Any] = {}
        for name, value in changes.items():
            if name not in known:
                raise OptionsError(f"There is no option {name!r}; known are {', '.join(sorted(known))}.")
            values[name] = _typed(name, value, str(known[name]))
        return replace(self, **values)

    def json(self) -> dict[str, Any]:
        """The options as JSON, without the owners."""
        shown = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "owners"}
        return {**shown, "scopes": sorted(self.scopes)}


def _typed(name: str, value: object, kind: str) -> object:
    if kind.startswith("frozenset"):
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            return frozenset(value)
        raise OptionsError(f"{name} must be a list of texts.")
    if kind == "float" and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    accepted: dict[str, tuple[type, ...]] = {
        "str": (str,),
        "bool": (bool,),
        "int": (int,),
        "int | None": (int, type(None)),
    }
    if isinstance(value, accepted.get(kind, ())) and (kind == "bool" or not isinstance(value, bool)):
        return value
    raise OptionsError(f"{name} must be of type {kind}.")
