"""What a batch's answer may get wrong, and that none of it passes for a delivery."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from connectors.crm.base import Uncertain
from connectors.crm.salesforce import SalesforceCrm
from connectors.sandbox.salesforce import RunningSandbox, start
from mapping.crm.bundle import Bundle
from tests.connectors.account import all_ok, counts
from tests.connectors.bundles import work
from tests.connectors.lies import answer
from tests.connectors.salesforce_account import SalesforceAccount, connected, fresh, options

REFERENCES = ("p0", "p0_back", "deal", "deal_back", "r0", "t0", "t0_back")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[RunningSandbox]:
    """One Salesforce sandbox without delays and limits."""
    with start(options=options()) as running:
        yield running


@pytest.fixture
def account(sandbox: RunningSandbox) -> SalesforceAccount:
    """An org with contacts and opportunities."""
    return fresh(sandbox)


@pytest.fixture
def crm(account: SalesforceAccount) -> Iterator[SalesforceCrm]:
    """A connector that knows the org already."""
    with connected(account) as connector:
        assert all_ok(connector.deliver(work(account.inquiry(number=99))))
        yield connector


def three(account: SalesforceAccount) -> list[Bundle]:
    """Three inquiries."""
    return [account.inquiry(number=number) for number in (1, 2, 3)]


def graphs(*answers: Mapping[str, object]) -> str:
    """A body with these graphs."""
    return json.dumps({"graphs": answers})


def graph(number: int, status: int, body: Any, *, successful: bool) -> dict[str, object]:
    """The answer to one graph, alike for all of its parts."""
    parts = [
        {"referenceId": reference, "httpStatusCode": status, "httpHeaders": {}, "body": body}
        for reference in REFERENCES
    ]
    return {
        "graphId": f"g{number}",
        "graphResponse": {"compositeResponse": parts},
        "isSuccessful": successful,
    }


MADE = {"id": "003000000000001AAA", "success": True, "errors": [], "created": True}
HALTED = [{"errorCode": "PROCESSING_HALTED", "message": "The transaction was rolled back."}]
LIES = {
    "no graphs": graphs(),
    "one graph missing": graphs(*(graph(n, 201, MADE, successful=True) for n in (0, 1))),
    "a graph twice": graphs(*(graph(n, 201, MADE, successful=True) for n in (0, 1, 1))),
    "graphs of somebody else": graphs(*(graph(n, 201, MADE, successful=True) for n in (7, 8, 9))),
    "one id for everything": graphs(*(graph(n, 201, MADE, successful=True) for n in (0, 1, 2))),
    "a success that failed": graphs(*(graph(n, 400, HALTED, successful=True) for n in (0, 1, 2))),
    "a failure that succeeded": graphs(*(graph(n, 201, MADE, successful=False) for n in (0, 1, 2))),
    "everything halted and nobody to blame": graphs(
        *(graph(n, 400, HALTED, successful=False) for n in (0, 1, 2))
    ),
    "no parts": graphs(*({"graphId": f"g{n}", "isSuccessful": True} for n in (0, 1, 2))),
    "no json": "<html></html>",
}


@pytest.mark.parametrize("done", [False, True], ids=["undone", "done"])
@pytest.mark.parametrize("lie", list(LIES.values()), ids=list(LIES))
def test_a_lie_about_a_batch_is_no_delivery(
    crm: SalesforceCrm, account: SalesforceAccount, lie: str, done: bool
) -> None:
    account.order(answer(200, lie, done=done), nth=2, times=1)
    receipts = crm.deliver(work(*three(account)))
    assert all(isinstance(receipt.error, Uncertain) for receipt in receipts)
    account.heal()
    assert all_ok(crm.deliver(work(*three(account), look_first=True)))
    assert counts(account) == (4, 4, 4)


@pytest.mark.parametrize("fault", ["error_after", "reset_after", "cut_answer"])
@pytest.mark.parametrize("nth", [1, 2])
def test_a_batch_interrupted_at_any_call_ends_with_one_of_each(
    crm: SalesforceCrm, account: SalesforceAccount, fault: str, nth: int
) -> None:
    account.fail(fault, nth=nth, times=1)
    crm.deliver(work(*three(account)))
    account.heal()
    before = account.journal()[-1]["n"]
    assert all_ok(crm.deliver(work(*three(account), look_first=True)))
    looked = account.journal(before)[0]
    assert "query" in json.dumps(looked["body"]) or "query" in looked["path"]
    assert counts(account) == (4, 4, 4)
