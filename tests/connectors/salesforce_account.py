"""The Salesforce sandbox as the connector contract's account: what people do there, and what goes wrong."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from connectors.crm.base import FieldSpec, PipelineSpec, Wanted
from connectors.crm.salesforce import ClientCredentials, SalesforceCrm
from connectors.crm.salesforce.modes import MODES, Mode, RecordMode
from connectors.sandbox.salesforce import RunningSandbox, SandboxOptions, StageSeed
from connectors.sandbox.salesforce.fields import Field, PicklistValue
from mapping.crm.bundle import Bundle, ContactRecord
from tests.connectors import bundles
from tests.connectors.account import Abilities, Properties, Words
from tests.connectors.bundles import PIPELINE, STAGES
from tests.connectors.kept import Parts, prepared

NEED = FieldSpec("Need__c", "Need", "enumeration", ("purchase", "pre_approval"))
VALUE = FieldSpec("Value__c", "Property value", "number")
LOAN = FieldSpec("Loan_Amount__c", "Loan amount", "number")
HOLD_SECONDS = 1.5  # longer than the impatient connector waits
_ALWAYS = 10_000
_API = "^/services/data/"  # faults hit API calls; asking for a token is none
_RULES: Mapping[str, Mapping[str, Any]] = {
    "unauthorized": {"kind": "unauthorized"},
    "forbidden": {"kind": "unauthorized", "content": "scope"},
    "rate_limited": {"kind": "rate_limit", "policy": "CONCURRENT"},
    "daily_limit": {"kind": "rate_limit", "policy": "DAILY"},
    "error_after": {"kind": "status_after", "status": 500},
    "reset_before": {"kind": "reset_before"},
    "reset_after": {"kind": "reset_after"},
    "timeout_after": {"kind": "timeout_after", "seconds": HOLD_SECONDS},
    "garbage": {"kind": "garbage"},
    "cut_answer": {"kind": "garbage", "content": "cut_json"},
}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What one way of keeping records calls things; extra are fields that the tests add to the deal."""

    words: Words
    abilities: Abilities
    extra: tuple[FieldSpec, ...]


_PERSON = {"first_name": "FirstName", "last_name": "LastName", "owner": "OwnerId"}
_DEAL = {"need": "Need__c", "value": "Value__c", "owner": "OwnerId"}
_OPPORTUNITY = _DEAL | {"amount": "Amount", "name": "Name", "stage": "StageName"}
VOCABULARIES: Mapping[RecordMode, Vocabulary] = {
    "contact": Vocabulary(
        Words(
            _PERSON
            | {"email": "Email", "phone": "MobilePhone", "city": "MailingCity"}
            | {"opted_out": "HasOptedOutOfEmail"},
            _OPPORTUNITY,
        ),
        Abilities(unique_email=False, calls_per_inquiry=2, calls_per_row=0.03),
        (NEED, VALUE),
    ),
    "lead": Vocabulary(
        Words(
            _PERSON
            | {"email": "Email", "phone": "MobilePhone", "city": "City"}
            | {"opted_out": "HasOptedOutOfEmail"},
            _DEAL | {"amount": "Loan_Amount__c", "stage": "Status"},
        ),
        Abilities(
            deal_contacts="first",
            deal_is_contact=True,
            task_on_deal=False,
            unique_email=False,
            calls_per_inquiry=2,
            calls_per_row=0.03,
        ),
        (NEED, VALUE, LOAN),
    ),
    "person_account": Vocabulary(
        Words(
            _PERSON
            | {"email": "PersonEmail", "phone": "PersonMobilePhone", "city": "PersonMailingCity"}
            | {"opted_out": "PersonHasOptedOutOfEmail"},
            _OPPORTUNITY,
        ),
        Abilities(unique_email=False, calls_per_inquiry=2, calls_per_row=0.03),
        (NEED, VALUE),
    ),
}


class SalesforceAccount:
    """One org, kept in one of the three ways. What stands there is read from its state directly."""

    def __init__(self, sandbox: RunningSandbox, records: RecordMode = "contact") -> None:
        self.sandbox = sandbox
        self.records = records
        self.mode: Mode = MODES[records]
        self.words = VOCABULARIES[records].words
        self.abilities = VOCABULARIES[records].abilities

    def wanted(self) -> Wanted:
        """What the tests need there."""
        own = self.mode.own_fields()
        deal = (*own["deal"], *VOCABULARIES[self.records].extra)
        return Wanted({"contact": own["contact"], "deal": deal}, PipelineSpec(PIPELINE, STAGES))

    def borrower(self, *args: Any, **changes: Any) -> ContactRecord:
        """bundles.borrower under Salesforce's field names."""
        return self.words.borrower(bundles.borrower(*args, **changes))

    def inquiry(self, *contacts: ContactRecord, number: int = 1, **changes: object) -> Bundle:
        """bundles.inquiry under Salesforce's field names."""
        return self.words.bundle(bundles.inquiry(*contacts, number=number, **changes))

    def contacts(self) -> Mapping[str, Properties]:
        """Live persons by id."""
        found = self._read(self.mode.person, self.words.contact)
        if self.records != "person_account":
            return found
        return {i: record for i, record in found.items() if record.get("IsPersonAccount") == "true"}

    def deals(self) -> Mapping[str, Properties]:
        """Live deals by id."""
        return self._read(self.mode.deal, self.words.deal)

    def tasks(self) -> Mapping[str, Properties]:
        """Live tasks by id."""
        words = {"subject": "Subject", "body": "Description", "owner": "OwnerId"}
        return self._read("Task", words)

    def contacts_of_deal(self, deal_id: str) -> set[str]:
        """Persons a deal belongs to."""
        if self.mode.one_record:
            return {deal_id}
        roles = self.sandbox.state.records("OpportunityContactRole").values()
        return {self._person(role["ContactId"]) for role in roles if role["OpportunityId"] == deal_id}

    def records_of_task(self, task_id: str) -> set[str]:
        """Persons and deals a task belongs to."""
        task = self.sandbox.state.record(task_id)
        return {self._person(task["WhoId"])} | ({task["WhatId"]} if task.get("WhatId") else set())

    def add_contact(self, properties: Properties) -> str:
        """A person adds a contact."""
        usual = {"LastName": "Nemo"} | ({"Company": "Nemo"} if self.mode.one_record else {})
        if self.records == "person_account":
            types = self.sandbox.state.records("RecordType")
            usual["RecordTypeId"] = next(i for i, row in types.items() if row.get("IsPersonType"))
        fields = usual | self._written(properties, self.words.contact)
        return self.sandbox.person().create(self.mode.person, dict(fields))

    def edit_contact(self, contact_id: str, properties: Properties) -> None:
        """A person edits a contact."""
        self._edit(contact_id, self._written(properties, self.words.contact))

    def edit_deal(self, deal_id: str, properties: Properties) -> None:
        """A person edits a deal."""
        self._edit(deal_id, self._written(properties, self.words.deal))

    def finish_task(self, task_id: str) -> None:
        """A person ticks a task off."""
        self._edit(task_id, {"Status": "Completed"})

    def done(self, task_id: str) -> bool:
        """Whether a task is ticked off."""
        return str(self.tasks()[task_id].get("IsClosed")).lower() == "true"

    def give_task(self, task_id: str, owner: str) -> None:
        """A person gives a task to somebody else."""
        self._edit(task_id, {"OwnerId": self.user(owner)})

    def move_task(self, task_id: str, due_at: datetime) -> None:
        """A person sets another reminder for a task."""
        self._edit(task_id, {"ReminderDateTime": due_at.isoformat()})

    def words_of(self, task_id: str) -> str:
        """The text of a task."""
        return self.tasks()[task_id]["Description"]

    def rewrite_task(self, task_id: str, words: str) -> None:
        """A person changes the text of a task."""
        self._edit(task_id, {"Description": words})

    def due(self, task_id: str) -> datetime:
        """When a task's reminder goes off."""
        return datetime.fromisoformat(self.tasks()[task_id]["ReminderDateTime"])

    def close_deal(self, deal_id: str, *, won: bool = False) -> None:
        """A person converts a lead, or closes an opportunity."""
        if self.mode.one_record:
            self.sandbox.person().convert(deal_id)
        else:
            self._edit(deal_id, {"StageName": STAGES[-2] if won else STAGES[-1]})

    def opt_out(self, contact_id: str) -> None:
        """The contact wants no more email."""
        self._edit(contact_id, {next(iter(self.mode.opt_outs)): True})

    def opted_out(self, contact_id: str) -> bool:
        """Whether Salesforce still knows that."""
        return bool(self.sandbox.state.record(contact_id)[next(iter(self.mode.opt_outs))])

    def delete_contact(self, contact_id: str) -> None:
        """A person deletes a contact."""
        self.sandbox.person().delete(contact_id)

    def delete_deal(self, deal_id: str) -> None:
        """A person deletes a deal."""
        self.sandbox.person().delete(deal_id)

    def merge_contacts(self, kept: str, absorbed: str) -> str:
        """A person merges two contacts; the id of what remains."""
        self.sandbox.person().merge(kept, absorbed)
        return kept

    def fail(self, kind: str, *, nth: int = 1, times: int | None = None) -> None:
        """From the nth call on, calls go wrong in one of the ways of _RULES."""
        self.order(_RULES[kind], nth=nth, times=times)

    def order(self, rule: Mapping[str, object], *, nth: int = 1, times: int | None = None) -> None:
        """From the nth call on, this fault of the sandbox happens."""
        self.sandbox.set_faults([{"path": _API, **rule, "nth": nth, "times": times or _ALWAYS}])

    def heal(self) -> None:
        """Nothing goes wrong any more."""
        self.sandbox.set_faults([])

    def journal(self, since: int = 0) -> list[dict[str, Any]]:
        """Requests so far."""
        return self.sandbox.journal.since(since)

    def _read(self, kind: str, words: Mapping[str, str]) -> dict[str, dict[str, str]]:
        emails = {i: row["Email"].lower() for i, row in self.sandbox.state.records("User").items()}
        found: dict[str, dict[str, str]] = {}
        for record_id, row in self.sandbox.state.records(kind).items():
            record = {name: _text(value) for name, value in row.items() if value not in (None, "")}
            record |= {name: record[theirs] for name, theirs in words.items() if theirs in record}
            if "owner" in record:
                record["owner"] = emails.get(record["owner"], record["owner"])
            found[record_id] = record
        return found

    def _written(self, properties: Properties, words: Mapping[str, str]) -> dict[str, Any]:
        """Values under Salesforce's names; owners as ids, numbers as numbers, a blank as null."""
        written: dict[str, Any] = {words.get(name, name): value or None for name, value in properties.items()}
        if "owner" in properties:
            written["OwnerId"] = self.user(properties["owner"])
        if "amount" in properties:
            written[words["amount"]] = int(properties["amount"])
        return written

    def user(self, email: str) -> str:
        """The id of a user."""
        return self.sandbox.state.user_id(email)

    def _edit(self, record_id: str, fields: Mapping[str, Any]) -> None:
        self.sandbox.person().edit(record_id, **fields)

    def _person(self, who: str) -> str:
        """The person's record: a person account stands behind its contact."""
        if self.records != "person_account":
            return who
        return str(self.sandbox.state.record(who)["AccountId"])


def options(**changes: Any) -> SandboxOptions:
    """An org whose stages are the tests', with visible consent fields, without limits and duplicate rules."""
    stages = tuple(
        StageSeed(label, 10, closed=label in STAGES[-2:], won=label == STAGES[-2]) for label in STAGES
    )
    return SandboxOptions.instant(**{"stages": stages, "opt_out_fields": True, **changes})


def bare(sandbox: RunningSandbox, records: RecordMode = "contact", **changes: Any) -> SalesforceAccount:
    """An org that nobody has used or provisioned."""
    sandbox.state.options = options(person_accounts=records == "person_account", **changes)
    sandbox.state.reset()
    sandbox.set_faults([])
    sandbox.journal.clear()
    account = SalesforceAccount(sandbox, records)
    _add_statuses(account)
    return account


def fresh(sandbox: RunningSandbox, records: RecordMode = "contact", **changes: Any) -> SalesforceAccount:
    """An org with our fields and stages."""
    account = bare(sandbox, records, **changes)
    how = (records, repr(sorted(changes.items())))
    prepared(sandbox.state, how, lambda: _provision(account), _fields)
    sandbox.journal.clear()
    return account


def _fields(parts: Parts) -> Iterator[Field]:
    for kind in parts["schema"].objects.values():
        yield from kind.fields.values()


def _add_statuses(account: SalesforceAccount) -> None:
    """A person adds the lead statuses in Setup: the API cannot."""
    if account.records == "lead":
        choices = tuple(PicklistValue(label, label, default=label == STAGES[0]) for label in STAGES)
        with account.sandbox.state.lock:
            account.sandbox.state.schema.replace("Lead", "Status", choices=choices)


def _provision(account: SalesforceAccount) -> None:
    _add_statuses(account)
    connector = connect(account)
    connector.provision(account.wanted())
    connector.close()


def login(sandbox: RunningSandbox) -> ClientCredentials:
    """The way into the sandbox."""
    return ClientCredentials(sandbox.url, sandbox.client_id, lambda: sandbox.client_secret)


def connect(account: SalesforceAccount, **settings: Any) -> SalesforceCrm:
    """A connector to the org."""
    return SalesforceCrm(login(account.sandbox), records=account.records, **settings)


@contextmanager
def connected(account: SalesforceAccount, **settings: Any) -> Iterator[SalesforceCrm]:
    """A connector that is closed in the end."""
    connector = connect(account, **settings)
    try:
        yield connector
    finally:
        connector.close()


@contextmanager
def unreachable(records: RecordMode) -> Iterator[SalesforceCrm]:
    """A connector to a port where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        connector = SalesforceCrm(ClientCredentials(address, "id", lambda: "secret"), records=records)
        yield connector
        connector.close()


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal):
        return f"{Decimal(str(value)).normalize():f}"
    return str(value)
