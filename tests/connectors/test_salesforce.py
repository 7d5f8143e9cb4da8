"""The Salesforce connector keeps the contract of every CRM connector, in each way of keeping records."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import ClassVar

import pytest

from connectors.crm.salesforce import SalesforceCrm
from connectors.crm.salesforce.modes import RecordMode
from connectors.sandbox.salesforce import RunningSandbox, start
from tests.connectors.contract import CrmContract
from tests.connectors.lies import Lies, Rule, answer
from tests.connectors.salesforce_account import SalesforceAccount, connected, fresh, options, unreachable


@pytest.fixture(scope="module")
def sandbox() -> Iterator[RunningSandbox]:
    """One Salesforce sandbox without delays and limits."""
    with start(options=options()) as running:
        yield running


class Salesforce:
    """Fixtures for one way of keeping records; over loopback, against the sandbox."""

    records: ClassVar[RecordMode]

    @pytest.fixture
    def account(self, sandbox: RunningSandbox) -> SalesforceAccount:
        """An org with our fields and stages."""
        return fresh(sandbox, self.records)

    @pytest.fixture
    def crm(self, account: SalesforceAccount) -> Iterator[SalesforceCrm]:
        """A connector to the org."""
        with connected(account) as connector:
            yield connector

    @pytest.fixture
    def impatient_crm(self, account: SalesforceAccount) -> Iterator[SalesforceCrm]:
        """A connector that waits half a second for an answer."""
        with connected(account, timeout=(5, 0.5)) as connector:
            yield connector

    @pytest.fixture
    def unreachable_crm(self) -> Iterator[SalesforceCrm]:
        """A connector to a port where nobody listens."""
        with unreachable(self.records) as connector:
            yield connector


class TestContacts(Salesforce, CrmContract):
    """Contacts with opportunities."""

    records = "contact"


class TestLeads(Salesforce, CrmContract):
    """Leads, which are borrower and deal at once."""

    records = "lead"


class TestPersonAccounts(Salesforce, CrmContract):
    """Person accounts with opportunities."""

    records = "person_account"


def _composite(*parts: object) -> str:
    return json.dumps({"compositeResponse": parts})


def _part(reference: str, status: object, body: object) -> dict[str, object]:
    return {"referenceId": reference, "httpStatusCode": status, "httpHeaders": {}, "body": body}


_MADE = {"id": "003000000000001AAA", "success": True, "errors": [], "created": True}
_HALTED = [{"errorCode": "PROCESSING_HALTED", "message": "The transaction was rolled back."}]


class TestLies(Salesforce, Lies):
    """The same stand-in, lying."""

    records = "contact"
    own_lies: ClassVar[Mapping[str, Rule]] = {
        "403 REQUEST_LIMIT_EXCEEDED": answer(
            403, '[{"errorCode": "REQUEST_LIMIT_EXCEEDED", "message": "TotalRequests Limit exceeded."}]'
        ),
        "401 for a scope": answer(401, '[{"errorCode": "INSUFFICIENT_SCOPE", "message": "scope"}]'),
        "477": answer(477, "{}"),
        "200 and an error": answer(200, '[{"errorCode": "UNKNOWN_EXCEPTION", "message": "x"}]', done=True),
        "a composite without parts": answer(200, _composite(), done=True),
        "a composite of other parts": answer(200, _composite(_part("x", 200, _MADE)), done=True),
        "parts without a status": answer(
            200, _composite(*(_part(f"p{n}", None, _MADE) for n in range(4))), done=True
        ),
        "everything halted": answer(200, _composite(*(_part(f"p{n}", 400, _HALTED) for n in range(4)))),
        "a query without records": answer(200, '{"totalSize": 2, "done": true, "records": []}', done=True),
        "a query of numbers": answer(200, '{"totalSize": 1, "done": true, "records": [7]}', done=True),
        "a query that never ends": answer(
            200,
            '{"totalSize": 9, "done": false, "records": [], '
            '"nextRecordsUrl": "/services/data/v62.0/query/x"}',
        ),
        "a record with two ids": answer(
            200,
            '{"totalSize": 1, "done": true, "records": [{"attributes": {"url": "/x/003000000000002AAA"}, '
            '"Id": "003000000000001AAA"}]}',
        ),
        "graphs instead of parts": answer(200, '{"graphs": [{"graphId": "g0"}]}', done=True),
        "300 with two records": answer(300, '["/services/data/v62.0/sobjects/Contact/003"]', done=True),
    }
