"""HighLevel behind the six verbs of a CRM connector."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import quote

from connectors.crm.allowance import Allowance, Unlimited
from connectors.crm.base import (
    AuthFailed,
    CheckReport,
    CrmError,
    FieldSpec,
    Found,
    ProvisionStep,
    RateLimited,
    Receipt,
    RecordKind,
    Rejected,
    Schema,
    Seen,
    Unavailable,
    Uncertain,
    Wanted,
    Watched,
    Work,
)
from connectors.crm.highlevel.checking import Checker
from connectors.crm.highlevel.contact_calls import ContactCalls
from connectors.crm.highlevel.contacts import ContactStep
from connectors.crm.highlevel.custom_fields import spec_of, standard_specs
from connectors.crm.highlevel.deals import DealStep
from connectors.crm.highlevel.delivery import Delivery
from connectors.crm.highlevel.directory import Directory
from connectors.crm.highlevel.finding import Finder
from connectors.crm.highlevel.names import Names
from connectors.crm.highlevel.notes import Notes
from connectors.crm.highlevel.opportunity_calls import OpportunityCalls
from connectors.crm.highlevel.optouts import OPT_OUT_FIELDS
from connectors.crm.highlevel.own_fields import OWN_FIELDS
from connectors.crm.highlevel.provisioning import MODELS, Provisioner
from connectors.crm.highlevel.settling import Settling
from connectors.crm.highlevel.starting import Starter, Starts
from connectors.crm.highlevel.tasks import Tasks
from connectors.crm.highlevel.transport import Transport
from connectors.crm.highlevel.values import Values
from connectors.crm.highlevel.watching import look
from connectors.crm.highlevel.wire import Timeout, Wire
from mapping.crm.bundle import Bundle, ContactRecord

#: What a refusal may be about that is remembered here and may have changed there.
_LOOKED_UP = frozenset({"assignedTo", "pipelineId", "pipelineStageId", "customFields"})
#: After so many bundles in a row with an unknown outcome the rest is not tried.
_MOST_UNCERTAIN = 2
_PAGES: Mapping[RecordKind, str] = {"contact": "contacts/detail", "deal": "opportunities"}


class HighLevelCrm:
    """One HighLevel location (sub-account). Safe to share between threads.

    token is asked before every call: a private integration token, or OAuthTokens, which renews itself.
    timeout is (seconds to connect, seconds to wait for the answer); starts says how the brokerage's own
    follow-up is started; app_url is where people see the location (a white-label address, perhaps).
    """

    name = "highlevel"
    own_fields = OWN_FIELDS
    batch = 10  # delivered one by one; so many are taken up together

    def __init__(
        self,
        token: Callable[[], str],
        location: str,
        base_url: str = "https://services.leadconnectorhq.com",
        *,
        version: str = "2021-07-28",
        starts: Starts | None = None,
        allowance: Allowance | None = None,
        clock: Callable[[], float] = time.monotonic,
        timeout: Timeout = (5, 30),
        app_url: str = "https://app.gohighlevel.com",
    ) -> None:
        self._location = location
        self._app_url = app_url.rstrip("/")
        self._starts = starts or Starts()
        self._transport = Transport(Wire(base_url, timeout, clock), token, version, allowance or Unlimited())
        self._directory = Directory(self._transport, location, clock)
        self._contacts = ContactCalls(self._transport, location)
        self._opportunities = OpportunityCalls(self._transport, location)
        self._notes = Notes(self._transport)
        self._settling = Settling(clock)

    def check(self) -> CheckReport:
        """Whether the token and its scopes suffice, with a sentence per problem, and the calls left today.

        A refused token is a report, not an error. Raises RateLimited, Unavailable, Uncertain.
        """
        return Checker(self._transport, self._directory, self._starts).run()

    def schema(self) -> Schema:
        """Fields by kind of record, users and pipelines, read afresh. Raises a CrmError."""
        self._directory.forget()
        fields: dict[RecordKind, Mapping[str, FieldSpec]] = {
            kind: standard_specs(model)
            | {name: spec_of(field) for name, field in self._directory.fields(model).items()}
            for kind, model in MODELS.items()
        }
        opt_outs = {name: FieldSpec(name, name, "string") for name in OPT_OUT_FIELDS}
        fields["contact"] = {**fields["contact"], **opt_outs}
        return Schema(fields, self._directory.users(), self._directory.pipelines())

    def provision(self, wanted: Wanted, *, dry_run: bool = False) -> tuple[ProvisionStep, ...]:
        """Create the missing custom fields; one step each. Repeatable.

        Pipelines, stages and further options are steps needs_person, as is what HighLevel refuses. Raises
        AuthFailed (a refused token), RateLimited, Unavailable, Uncertain.
        """
        return tuple(Provisioner(self._transport, self._directory, dry_run=dry_run).run(wanted))

    def find(self, bundles: Sequence[Bundle]) -> Mapping[str, Found]:
        """Existing contacts by contact key; a missing key means that nobody was found. Raises a CrmError."""
        names = Names(self._directory)
        finder, values = Finder(self._contacts, self._directory, names), Values(names, "contact")
        found: dict[str, Found] = {}
        for borrower in _borrowers(bundles):
            looked = finder.look(borrower)
            if looked.contact is not None and looked.match is not None:
                standard = standard_specs("contact")
                custom = self._directory.fields("contact")
                there = values.present(looked.contact.values, (*standard, *custom))
                found[borrower.key] = Found(looked.contact.id, there, looked.match.why, looked.match.others)
        return found

    def look(self, watched: Sequence[Watched]) -> Sequence[Seen]:
        """How these deals and follow-ups stand there now, in order: two calls each. Raises a CrmError."""
        names = Names(self._directory)
        tasks = Tasks(self._transport, names)
        return [look(tasks, self._opportunities, names, one) for one in watched]

    def deliver(self, work: Sequence[Work]) -> Sequence[Receipt]:
        """One receipt per piece of work, in order; never raises a CrmError.

        Bundles are delivered one by one. A refused one harms no other; once HighLevel lets nothing through
        (credentials, limit, network, or twice in a row an unknown outcome), the rest carries that error.
        """
        delivery = self._new_delivery()
        receipts: list[Receipt] = []
        stopped: CrmError | None = None
        uncertain = 0
        for piece in work:
            receipt, halted = delivery.deliver(piece) if stopped is None else delivery.untried(piece, stopped)
            receipts.append(receipt)
            uncertain = uncertain + 1 if isinstance(halted, Uncertain) else 0
            if isinstance(halted, AuthFailed | RateLimited | Unavailable):
                stopped = halted
            elif uncertain == _MOST_UNCERTAIN:
                stopped = Unavailable("HighLevel failed several times in a row, so this was not tried yet.")
        if any(isinstance(r.error, Rejected) and r.error.field_name in _LOOKED_UP for r in receipts):
            self._directory.forget()
        return receipts

    def _new_delivery(self) -> Delivery:
        names = Names(self._directory)
        finder = Finder(self._contacts, self._directory, names)
        return Delivery(
            ContactStep(self._contacts, finder, names, self._directory, self._settling),
            DealStep(self._opportunities, self._notes, names),
            Starter(self._transport, self._contacts, self._notes, self._directory, self._starts),
            Tasks(self._transport, names),
        )

    @property
    def calls(self) -> int:
        """Calls made to HighLevel so far by the calling thread; renewing a token is none of them."""
        return self._transport.calls

    def record_url(self, kind: RecordKind, remote_id: str) -> str:
        """The record's page in HighLevel; "" for a task, which has none of its own."""
        if not remote_id or kind not in _PAGES:
            return ""
        where = f"{self._app_url}/v2/location/{quote(self._location, safe='')}"
        return f"{where}/{_PAGES[kind]}/{quote(remote_id, safe='')}"

    def close(self) -> None:
        """Close the pooled connections."""
        self._transport.close()


def _borrowers(bundles: Sequence[Bundle]) -> list[ContactRecord]:
    return list({contact.key: contact for bundle in bundles for contact in bundle.contacts}.values())
