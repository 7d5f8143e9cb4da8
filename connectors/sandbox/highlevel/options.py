"""How a sandbox sub-account behaves: limits, delays, credentials, duplicate rules and the people in it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from connectors.sandbox.highlevel.pipelines import PipelineSeed
from connectors.sandbox.highlevel.users import UserSeed
from connectors.sandbox.highlevel.workflows import WorkflowSeed
from connectors.sandbox.options import ChangeableOptions
from connectors.sandbox.options import OptionsError as OptionsError

ALL_SCOPES = frozenset(
    {
        *("contacts.readonly", "contacts.write", "opportunities.readonly", "opportunities.write"),
        *("locations.readonly", "locations/customFields.readonly", "locations/customFields.write"),
        *("locations/tags.readonly", "locations/tags.write", "locations/tasks.readonly"),
        *("users.readonly", "workflows.readonly"),
    }
)
DEFAULT_USERS = (
    UserSeed("maya.chen@brokerage.example.com", "Maya", "Chen"),
    UserSeed("luis.ortega@brokerage.example.com", "Luis", "Ortega"),
    UserSeed("priya.shah@brokerage.example.com", "Priya", "Shah"),
    UserSeed("tom.becker@brokerage.example.com", "Tom", "Becker"),
)
DEFAULT_PIPELINES = (
    PipelineSeed(
        "Mortgages", ("New", "Contacted", "Collecting documents", "Lender review", "Waiting", "Funded")
    ),
)
DEDUPE_ORDERS = ("email,phone", "phone,email", "email", "phone")
OPPORTUNITY_RULES = ("pipeline", "location")


@dataclass(frozen=True, slots=True)
class SandboxOptions(ChangeableOptions):
    """The defaults are a sub-account as HighLevel documents it; `instant()` is for fast tests.

    search_delay and latency are seconds. limits switches both rate limits; a single one is off when None:
    calls per 10 seconds, calls per UTC day. dedupe_order is the sub-account's duplicate preference, which
    no API tells. opportunity_rule says how far "one opportunity per contact" reaches: one per pipeline,
    or (as one team met it) one in all. webhook_url is where events are sent ("" = nowhere).
    """

    FIXED: ClassVar[frozenset[str]] = frozenset({"users", "pipelines", "workflows", "webhook_pauses"})

    token: str = "pit-sandbox-0000"  # noqa: S105 - opens nothing but this loopback stand-in
    token_accepted: bool = True
    scopes: frozenset[str] = ALL_SCOPES
    location_id: str = "SandboxLocation00001"
    company_id: str = "SandboxCompany000001"
    country: str = "US"
    time_zone: str = "America/Toronto"
    allow_duplicate_contact: bool = False
    allow_duplicate_opportunity: bool = False
    dedupe_order: str = "email,phone"
    opportunity_rule: str = "pipeline"
    search_delay: float = 2.0
    latency: float = 0.0
    limits: bool = True
    burst_limit: int | None = 100
    daily_limit: int | None = 200_000
    oauth_client_id: str = "sandbox-client"
    oauth_client_secret: str = "sandbox-client-secret"  # noqa: S105 - as above
    webhook_url: str = ""
    seed: int = 1
    users: tuple[UserSeed, ...] = field(default=DEFAULT_USERS)
    pipelines: tuple[PipelineSeed, ...] = field(default=DEFAULT_PIPELINES)
    workflows: tuple[WorkflowSeed, ...] = field(default=())
    webhook_pauses: tuple[float, ...] = (600.0,) * 6

    def __post_init__(self) -> None:
        """Raises: OptionsError."""
        for name in ("search_delay", "latency"):
            if getattr(self, name) < 0:
                raise OptionsError(f"{name} must be zero or more seconds.")
        for name in ("burst_limit", "daily_limit"):
            limit = getattr(self, name)
            if limit is not None and limit < 1:
                raise OptionsError(f"{name} must be at least 1, or null for no limit.")
        for name, known in (("dedupe_order", DEDUPE_ORDERS), ("opportunity_rule", OPPORTUNITY_RULES)):
            if getattr(self, name) not in known:
                raise OptionsError(f"{name} must be one of {'; '.join(known)}.")

    @property
    def dedupe_fields(self) -> tuple[str, ...]:
        """ "email" and "phone" in the order in which they are tried."""
        return tuple(self.dedupe_order.split(","))

    @classmethod
    def instant(cls, **changes: Any) -> SandboxOptions:
        """No search delay and no limits, apart from `changes`."""
        return replace(cls(search_delay=0.0, limits=False), **changes)
