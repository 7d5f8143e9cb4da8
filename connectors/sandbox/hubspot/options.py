"""How a sandbox account behaves: limits, delays, credentials and the people in it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from connectors.sandbox.hubspot.owners import OwnerSeed
from connectors.sandbox.options import ChangeableOptions
from connectors.sandbox.options import OptionsError as OptionsError

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
        "communication_preferences.read_write",
    }
)
DEFAULT_OWNERS = (
    OwnerSeed("maya.chen@brokerage.example.com", "Maya", "Chen"),
    OwnerSeed("luis.ortega@brokerage.example.com", "Luis", "Ortega"),
    OwnerSeed("priya.shah@brokerage.example.com", "Priya", "Shah"),
    OwnerSeed("tom.becker@brokerage.example.com", "Tom", "Becker"),
)


@dataclass(frozen=True, slots=True)
class SandboxOptions(ChangeableOptions):
    """The defaults are a Professional account as HubSpot documents it; `instant()` is for fast tests.

    search_delay and latency are seconds. limits switches all three rate limits; a single one is off
    when None: searches per second, calls per 10 seconds, calls per day of time_zone.
    custom_task_properties says whether properties can be added to tasks (unproven for HubSpot);
    association_labels whether the subscription includes labels. required_properties are what the account
    demands of every new record, as "contacts.city". The oauth_ options are for an account that was connected
    by OAuth: an access token lasts oauth_token_seconds, a refresh token works once when oauth_rotates.
    """

    FIXED: ClassVar[frozenset[str]] = frozenset({"owners"})

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
    association_labels: bool = True
    required_properties: frozenset[str] = frozenset()
    oauth_client_id: str = "sandbox-client"
    oauth_client_secret: str = "sandbox-secret"  # noqa: S105 - as above
    oauth_refresh_token: str = "sandbox-refresh"  # noqa: S105 - as above
    oauth_token_seconds: int = 1800
    oauth_rotates: bool = False
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
        if self.oauth_token_seconds < 1:
            raise OptionsError("oauth_token_seconds must be at least 1.")
        try:
            ZoneInfo(self.time_zone)
        except (KeyError, ValueError, OSError) as e:
            raise OptionsError("time_zone must be an IANA name such as America/Toronto.") from e

    def demanded(self, kind: str) -> frozenset[str]:
        """The properties that the account demands of every new record of a kind ("contacts")."""
        named = (one.partition(".") for one in self.required_properties)
        return frozenset(name for of_kind, _, name in named if of_kind == kind)

    @classmethod
    def instant(cls, **changes: Any) -> SandboxOptions:
        """No search delay and no limits, apart from `changes`."""
        return replace(cls(search_delay=0.0, limits=False), **changes)
