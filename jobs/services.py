"""What the engine and the faces need, built once at the start and handed down."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from connectors.crm.base import Crm
from jobs.crm.allowance import open_allowance
from jobs.crm.connections import open_crm
from jobs.crm.tokens import LedgerTokens
from jobs.ledger.engine import Ledger, open_ledger
from jobs.ledger.priorities import RememberedOutcomes
from jobs.ledger.seal import Sealer
from jobs.paths.current import RememberedChanges
from jobs.playbooks.current import Playbooks, PublishedPlaybook
from jobs.processes.bell import Bell, ThreadBell
from jobs.processes.leases import Leases
from jobs.settings.model import CrmSettings, Settings
from jobs.ulids import new_ulid as new_ulid
from mapping.playbook import Playbook
from mapping.reading.understand import Locale


def utc_now() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Services:
    """The clock, the ids and the dice are here too, so that tests can hold them still."""

    settings: Settings
    ledger: Ledger
    sealer: Sealer
    playbooks: Playbooks
    crms: Mapping[str, Crm]
    bell: Bell
    now: Callable[[], datetime] = utc_now
    new_id: Callable[[], str] = new_ulid
    dice: Callable[[], float] = random.random  # spreads retries; no secret depends on it
    leases: Leases = field(default_factory=Leases)
    path_changes: RememberedChanges = field(default_factory=RememberedChanges)
    outcomes: RememberedOutcomes = field(default_factory=RememberedOutcomes)

    @property
    def playbook(self) -> Playbook:
        """The playbook that holds now; another one a second after it was published, in every process."""
        return self.playbooks.active(self.ledger, self.now())

    @property
    def locale(self) -> Locale:
        """How this brokerage's phones, money and dates are read."""
        brokerage = self.settings.brokerage
        return Locale(brokerage.country, brokerage.timezone, brokerage.date_order)

    @property
    def lease(self) -> timedelta:
        """How long a worker may be silent before its work is taken up by another."""
        return timedelta(seconds=self.settings.work.lease_seconds)


def open_services(settings: Settings, *, bell: Bell | None = None, any_playbook: bool = False) -> Services:
    """Everything connected and the tables up to date. Raises what opening the parts raises.

    any_playbook: go on with a playbook that has mistakes, to put another one in its place.
    """
    # Imported here: a process that has its services from elsewhere saves the memory.
    from jobs.ledger.migrate import migrate

    secrets = settings.secrets
    ledger = open_ledger(settings.ledger.url)
    migrate(ledger)
    sealer = Sealer(secrets.encryption_keys, secrets.lookup_key)
    redis_url = settings.queue.redis_url
    playbooks = PublishedPlaybook(settings)
    if not any_playbook:
        playbooks.active(ledger, utc_now())  # its mistakes are told now, not in the middle of a decision
    return Services(
        settings=settings,
        ledger=ledger,
        sealer=sealer,
        playbooks=playbooks,
        crms={name: _connector(settings, ledger, sealer, crm) for name, crm in settings.crms.items()},
        bell=bell or _bell(redis_url),
    )


def _bell(redis_url: str) -> Bell:
    if not redis_url:
        return ThreadBell()
    # Imported only where it is used: with RQ it takes 13 MB.
    from jobs.processes.redis_bell import RedisBell

    return RedisBell(redis_url)


def _connector(settings: Settings, ledger: Ledger, sealer: Sealer, crm: CrmSettings) -> Crm:
    alone = ledger.sqlite and not settings.queue.redis_url
    allowance = open_allowance(
        ledger, crm, alone=alone, lease_seconds=settings.work.lease_seconds, now=utc_now
    )
    return open_crm(
        crm,
        lambda origin: LedgerTokens(ledger, sealer, crm.name, origin, now=utc_now, new_id=new_ulid),
        allowance,
    )
