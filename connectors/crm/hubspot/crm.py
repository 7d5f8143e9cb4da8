"""HubSpot behind the six verbs of a CRM connector."""

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
    Rejected,
    Schema,
    Seen,
    Wanted,
    Watched,
    Work,
)
from connectors.crm.hubspot import checking
from connectors.crm.hubspot.closing import CloseStep
from connectors.crm.hubspot.contacts import ContactStep
from connectors.crm.hubspot.deals import DealStep
from connectors.crm.hubspot.directory import Directory, Names
from connectors.crm.hubspot.finding import Finder
from connectors.crm.hubspot.looking import look
from connectors.crm.hubspot.matching import SHARED_EMAIL
from connectors.crm.hubspot.merging import MergeStep
from connectors.crm.hubspot.moving import MoveStep
from connectors.crm.hubspot.objects import Objects
from connectors.crm.hubspot.property_definitions import spec_of
from connectors.crm.hubspot.provisioning import OBJECT_TYPES, Provisioner, raw_properties
from connectors.crm.hubspot.records import KEY
from connectors.crm.hubspot.subscriptions import Subscriptions
from connectors.crm.hubspot.tasks import TaskStep
from connectors.crm.hubspot.transport import Timeout, Transport
from connectors.crm.progress import Progress
from mapping.crm.bundle import Bundle

_LOOKED_UP = frozenset({"hubspot_owner_id", "pipeline", "dealstage"})
_KEY_LABEL = "Firstpath key"
OWN_FIELDS: Mapping[RecordKind, tuple[FieldSpec, ...]] = {
    "contact": (
        FieldSpec(
            KEY,
            _KEY_LABEL,
            "string",
            unique=True,
            description="Written by Firstpath: which borrower this is. Do not edit.",
        ),
        FieldSpec(
            SHARED_EMAIL,
            "Shared email",
            "string",
            description="Written by Firstpath: an address this person shares with another contact.",
        ),
    ),
    "deal": (
        FieldSpec(
            KEY,
            _KEY_LABEL,
            "string",
            unique=True,
            description="Written by Firstpath: which inquiry this is. Do not edit.",
        ),
    ),
}
_OBJECT_TYPE_IDS: Mapping[RecordKind, str] = {"contact": "0-1", "deal": "0-3", "task": "0-27"}


class HubSpotCrm:
    """One HubSpot account. Safe to share between threads.

    token is asked before every call, so that it may renew itself (OAuthTokens; a private app's stands still);
    timeout is (seconds to connect, seconds to wait for the answer); allowance is how much of the account's
    limits may be spent, shared by everybody who calls it (default: as much as HubSpot lets through).
    """

    name = "hubspot"
    own_fields = OWN_FIELDS
    # Two full calls of HubSpot's batch endpoints: what is to be done for some of the rows fills one as well.
    batch = 200

    def __init__(
        self,
        token: Callable[[], str],
        base_url: str = "https://api.hubapi.com",
        *,
        clock: Callable[[], float] = time.monotonic,
        timeout: Timeout = (5, 30),
        portal_url: str = "https://app.hubspot.com",
        allowance: Allowance | None = None,
    ) -> None:
        allowance = allowance or Unlimited()
        self._transport = Transport(token, base_url, timeout, allowance)
        self._objects = Objects(self._transport)
        self._directory = Directory(self._transport, clock)
        self._finder = Finder(self._objects, allowance)
        self._subscriptions = Subscriptions(self._transport)
        self._portal_url = portal_url.rstrip("/")
        self._portal_id = ""

    def check(self) -> CheckReport:
        """Whether the token and its scopes suffice, with a sentence per problem, and the calls left today.

        A refused token is a report, not an error. Raises RateLimited, Unavailable, Uncertain.
        """
        summary, account = checking.report(self._transport)
        if account is not None:
            self._portal_id = account.portal_id
        return summary

    def schema(self) -> Schema:
        """Properties by kind of record, owners and deal pipelines, read afresh. Raises a CrmError."""
        fields: dict[RecordKind, Mapping[str, FieldSpec]] = {
            kind: {name: spec_of(raw) for name, raw in raw_properties(self._transport, kind).items()}
            for kind in OBJECT_TYPES
        }
        return Schema(fields, self._directory.owners(fresh=True), self._directory.pipelines(fresh=True))

    def provision(self, wanted: Wanted, *, dry_run: bool = False) -> tuple[ProvisionStep, ...]:
        """Create the missing group, properties, options, pipeline and stages; one step each. Repeatable.

        What HubSpot refuses becomes a step needs_person. Raises AuthFailed (a refused token), RateLimited,
        Unavailable, Uncertain.
        """
        return tuple(Provisioner(self._transport, self._directory, dry_run=dry_run).run(wanted))

    def find(self, bundles: Sequence[Bundle]) -> Mapping[str, Found]:
        """Existing contacts by contact key; a missing key means that nobody was found. Raises a CrmError."""
        matches = self._finder.find([contact for bundle in bundles for contact in bundle.contacts])
        return {key: match.found for key, match in matches.items()}

    def look(self, watched: Sequence[Watched]) -> Sequence[Seen]:
        """How these deals and follow-ups stand there now, in order: two calls for a hundred.

        Raises a CrmError.
        """
        return look(self._objects, Names(self._directory), watched)

    def deliver(self, work: Sequence[Work]) -> Sequence[Receipt]:
        """One receipt per piece of work, in order; never raises a CrmError.

        When a whole call fails, what was done before it is in the receipts, and every record that was not
        reached carries the error.
        """
        progress, names = Progress(), Names(self._directory)
        halted: CrmError | None = None
        try:
            merges = MergeStep(self._objects, progress, work)
            merges.run()
            ContactStep(self._objects, self._finder, names, self._subscriptions, progress, work).run()
            merges.tell_refused()
            DealStep(self._objects, names, progress, work).run()
            TaskStep(self._objects, names, progress, work).run()
            CloseStep(self._objects, progress, work).run()
            MoveStep(self._objects, names, progress, work).run()
        except CrmError as error:
            halted = error
        receipts = [progress.receipt(piece, halted) for piece in work]
        if any(isinstance(r.error, Rejected) and r.error.field_name in _LOOKED_UP for r in receipts):
            self._directory.forget()
        return receipts

    @property
    def calls(self) -> int:
        """Calls made to HubSpot so far by the calling thread."""
        return self._transport.calls

    def record_url(self, kind: RecordKind, remote_id: str) -> str:
        """The record's page in HubSpot; "" until check() has learned the account's number."""
        if not self._portal_id or not remote_id:
            return ""
        return f"{self._portal_url}/contacts/{self._portal_id}/record/{_OBJECT_TYPE_IDS[kind]}/{remote_id}"

    def close(self) -> None:
        """Close the pooled connections."""
        self._transport.close()
