"""Salesforce behind the six verbs of a CRM connector."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence

from connectors.crm.allowance import Allowance, Unlimited
from connectors.crm.base import (
    CheckReport,
    CrmError,
    FieldSpec,
    Found,
    ProvisionStep,
    Receipt,
    RecordKind,
    Schema,
    Seen,
    Wanted,
    Watched,
    Work,
)
from connectors.crm.borrowers import jobs_of
from connectors.crm.progress import Progress
from connectors.crm.salesforce import checking
from connectors.crm.salesforce.delivery import Delivery
from connectors.crm.salesforce.directory import Directory, Names, pipeline
from connectors.crm.salesforce.finding import Finder
from connectors.crm.salesforce.login import Login
from connectors.crm.salesforce.modes import MODES, RecordMode
from connectors.crm.salesforce.moving import MoveStep
from connectors.crm.salesforce.provisioning import Provisioner
from connectors.crm.salesforce.refusals import is_stale
from connectors.crm.salesforce.transport import Transport
from connectors.crm.salesforce.watching import look
from connectors.crm.salesforce.wire import Timeout
from connectors.crm.salesforce.writing import Writer
from connectors.crm.tokens import MemoryTokens, TokenStore
from mapping.crm.bundle import Bundle

_KINDS: tuple[RecordKind, ...] = ("contact", "deal", "task")


class SalesforceCrm:
    """One Salesforce org. Safe to share between threads.

    records says where borrowers are kept: as contacts with opportunities, as leads (one record is borrower
    and deal), or as person accounts with opportunities. version is the REST API's, without "v". auto_assign
    lets the org's assignment rules choose the owner of a lead. An opportunity without a mapped CloseDate
    closes closes_in_days from now. clock tells seconds since 1970; timeout is (seconds to connect, seconds to
    wait for the answer). Raises ValueError for an address that is neither https nor on this machine.
    """

    name = "salesforce"
    # Three full graph requests and two of queries: few enough calls a row, small enough to be over soon.
    batch = 200

    def __init__(
        self,
        login: Login,
        *,
        records: RecordMode = "contact",
        version: str = "62.0",
        auto_assign: bool = False,
        closes_in_days: int = 90,
        tokens: TokenStore | None = None,
        allowance: Allowance | None = None,
        clock: Callable[[], float] = time.time,
        timeout: Timeout = (5, 30),
    ) -> None:
        self._mode = MODES[records]
        self.own_fields: Mapping[RecordKind, tuple[FieldSpec, ...]] = self._mode.own_fields()
        self._auto_assign = auto_assign
        self._closes_in_days = closes_in_days
        self._clock = clock
        self._transport = Transport(
            login, version, tokens or MemoryTokens(), allowance or Unlimited(), clock, timeout
        )
        self._directory = Directory(self._transport, self._mode, clock)

    def check(self) -> CheckReport:
        """Whether token, permissions and fields suffice, a sentence per problem, and the calls left today.

        A refused log-in is a report, not an error. Raises RateLimited, Unavailable, Uncertain.
        """
        return checking.report(self._transport, self._directory, self._mode)

    def schema(self) -> Schema:
        """Fields by kind of record, owners and stages, read afresh. Raises a CrmError.

        Salesforce has no pipelines: its one list of stages comes as a single pipeline, whose label means
        nothing. Lookup fields come as strings, which take the other record's id.
        """
        book = self._directory.book(fresh=True)
        fields: dict[RecordKind, Mapping[str, FieldSpec]] = {
            kind: {name: field.spec() for name, field in book.info(self._mode.object_of(kind)).fields.items()}
            for kind in _KINDS
        }
        owners = {email: owner.id for email, owner in book.owners.items()}
        return Schema(fields, owners, (pipeline(book, self._mode),))

    def provision(self, wanted: Wanted, *, dry_run: bool = False) -> tuple[ProvisionStep, ...]:
        """Create the missing custom fields and the permission set that lets us see them. Repeatable.

        What Salesforce refuses, and the stages, which its REST API cannot add, become steps needs_person.
        Raises AuthFailed, RateLimited, Unavailable, Uncertain.
        """
        steps = Provisioner(self._transport, self._directory, self._mode, dry_run=dry_run).run(wanted)
        return tuple(steps)

    def find(self, bundles: Sequence[Bundle]) -> Mapping[str, Found]:
        """Existing records by contact key; a missing key means that nobody was found. Raises a CrmError."""
        jobs = jobs_of([Work(bundle) for bundle in bundles])
        if not jobs:
            return {}
        present, _ = Finder(self._transport, Names(self._directory, self._mode), self._mode).stand(jobs)
        return {
            key: Found(standing.row.id, standing.row.texts, standing.note, standing.others)
            for key, standing in present.items()
        }

    def look(self, watched: Sequence[Watched]) -> Sequence[Seen]:
        """How these deals and follow-ups stand there now, in order: one call. Raises a CrmError."""
        return look(self._transport, self._mode, Names(self._directory, self._mode), watched)

    def deliver(self, work: Sequence[Work]) -> Sequence[Receipt]:
        """One receipt per piece of work, in order; never raises a CrmError.

        Each bundle is one transaction: it arrives whole or, but for the parts that Salesforce itself refuses,
        not at all. When a whole call fails, every record that was not reached carries the error.
        """
        progress, names = Progress(), Names(self._directory, self._mode)
        writer = Writer(names, self._mode, self._clock(), self._closes_in_days)
        delivery = Delivery(
            self._transport, self._mode, names, writer, progress, work, auto_assign=self._auto_assign
        )
        halted: CrmError | None = None
        try:
            delivery.run()
            MoveStep(self._transport, self._mode, names, progress, work).run()
        except CrmError as error:
            halted = error
        if delivery.stale or is_stale(halted):
            self._directory.forget()
        return [progress.receipt(piece, halted) for piece in work]

    @property
    def calls(self) -> int:
        """Calls made to Salesforce so far by the calling thread; asking for a token is none."""
        return self._transport.calls

    def record_url(self, kind: RecordKind, remote_id: str) -> str:
        """The record's page in Salesforce."""
        if not remote_id:
            return ""
        return f"{self._transport.address}/lightning/r/{self._mode.object_of(kind)}/{remote_id}/view"

    def close(self) -> None:
        """Close the pooled connections."""
        self._transport.close()
