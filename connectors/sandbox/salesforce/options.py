"""How a sandbox org behaves: credentials, limits, rules, features and the people in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from connectors.sandbox.options import ChangeableOptions, OptionsError
from connectors.sandbox.salesforce.objects import RecordTypeSeed
from connectors.sandbox.salesforce.people import DEFAULT_QUEUES, DEFAULT_USERS, QueueSeed, UserSeed
from connectors.sandbox.salesforce.stages import DEFAULT_STAGES, StageSeed

RULES = ("off", "allow", "block")
MATCHES = ("email", "name")


@dataclass(frozen=True, slots=True)
class SandboxOptions(ChangeableOptions):
    """The defaults are a Developer Edition org as Salesforce documents it; `instant()` is for fast tests.

    latency is seconds; session_seconds is how long a token lasts, counted from its birth. daily_limit is API
    calls in any 24 hours, None for no limit (the header then counts against 15,000 all the same).
    jwt_public_key is a PEM; "" refuses the JWT flow. instance_url is what the token answer tells callers to
    talk to; "" means the address they asked.

    lead_duplicates and contact_duplicates: "off", "allow" (an alert that allowSave passes) or "block".
    duplicate_matching: "email" (same address, or same name and number) or "name" (same name, and same
    address or number), nearer to the standard rules. duplicates_across compares leads with contacts too,
    matches_hidden empties matchRecords, as sharing rules can.

    lead_assignment: the email of a user or the developer name of a queue that the active assignment rule
    gives leads to; "" means no rule. restricted_picklists: names such as "Lead.Status" which take listed
    values only. opt_out_fields makes HasOptedOutOfEmail, HasOptedOutOfFax and DoNotCall visible without a
    grant. may_customize lets the caller create fields and permission sets. activity_external_ids lets
    custom fields of activities be external ids (unproven for Salesforce). time_zone is the users' own.
    """

    FIXED: ClassVar[frozenset[str]] = frozenset(
        {"users", "queues", "stages", "record_types", "person_accounts", "time_zone"}
    )

    client_id: str = "3MVG9sandbox"
    client_secret: str = "sandbox-secret"  # noqa: S105 - opens nothing but this loopback stand-in
    password: str = "sandbox-password"  # noqa: S105 - as above
    run_as: str = "firstpath.integration@brokerage.example.com"
    jwt_public_key: str = ""
    instance_url: str = ""
    session_seconds: float = 7200.0
    latency: float = 0.0
    daily_limit: int | None = 15_000
    lead_duplicates: str = "allow"
    contact_duplicates: str = "allow"
    duplicate_matching: str = "email"
    duplicates_across: bool = False
    duplicates_on_edit: bool = False
    matches_hidden: bool = False
    lead_assignment: str = ""
    restricted_picklists: frozenset[str] = frozenset()
    opt_out_fields: bool = False
    may_customize: bool = True
    activity_external_ids: bool = False
    time_zone: str = "America/New_York"
    person_accounts: bool = False
    users: tuple[UserSeed, ...] = field(default=DEFAULT_USERS)
    queues: tuple[QueueSeed, ...] = field(default=DEFAULT_QUEUES)
    stages: tuple[StageSeed, ...] = field(default=DEFAULT_STAGES)
    record_types: tuple[RecordTypeSeed, ...] = ()

    def __post_init__(self) -> None:
        """Raises: OptionsError."""
        if self.latency < 0:
            raise OptionsError("latency must be zero or more seconds.")
        if self.session_seconds <= 0:
            raise OptionsError("session_seconds must be more than zero.")
        if self.daily_limit is not None and self.daily_limit < 1:
            raise OptionsError("daily_limit must be at least 1, or null for no limit.")
        for name in ("lead_duplicates", "contact_duplicates"):
            if getattr(self, name) not in RULES:
                raise OptionsError(f"{name} must be one of {', '.join(RULES)}.")
        if self.duplicate_matching not in MATCHES:
            raise OptionsError(f"duplicate_matching must be one of {', '.join(MATCHES)}.")
        self._check_names()

    def _check_names(self) -> None:
        for name in self.restricted_picklists:
            if name.count(".") != 1:
                raise OptionsError('restricted_picklists holds names such as "Lead.Status".')
        owners = {user.email for user in self.users} | {queue.developer_name for queue in self.queues}
        if self.lead_assignment and self.lead_assignment not in owners:
            raise OptionsError("lead_assignment must be a user's email or a queue's developer name.")

    @classmethod
    def instant(cls, **changes: Any) -> SandboxOptions:
        """No limits and no duplicate rules, apart from `changes`."""
        base = cls(daily_limit=None, lead_duplicates="off", contact_duplicates="off")
        return replace(base, **changes)

    def duplicate_rule(self, object_name: str) -> str:
        """ "off", "allow" or "block" for an object."""
        rules: Mapping[str, str] = {"Lead": self.lead_duplicates, "Contact": self.contact_duplicates}
        return rules.get(object_name, "off")
