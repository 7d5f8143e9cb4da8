"""Answers that are not true, told at every call of an inquiry: none of them may pass for a delivery."""

from __future__ import annotations

import tracemalloc
from collections.abc import Mapping
from typing import ClassVar

import pytest

from connectors.crm.base import Crm, CrmError, Receipt
from connectors.sandbox.lie_bodies import big_json, gzip_bomb
from mapping.crm.bundle import Bundle
from tests.connectors.account import Account, all_ok, counts, deliver, expected_counts
from tests.connectors.bundles import couple
from tests.connectors.contract_failing import calls_of_a_couple

Rule = Mapping[str, object]
MOST_BYTES = 80 * 1024 * 1024  # of memory for one answer, whatever it inflates to
JSON = {"Content-Type": "application/json"}


def answer(
    status: int, text: str = "", *, done: bool = False, headers: Mapping[str, str] | None = None
) -> Rule:
    """A fault: this answer instead of the true one, after doing what was asked, or without."""
    return {
        "kind": "answer",
        "status": status,
        "text": text,
        "done": done,
        "headers": {**JSON, **(headers or {})},
    }


#: Told by every vendor's stand-in alike, as a proxy or a bug in front of any of them would.
COMMON_LIES: Mapping[str, Rule] = {
    "200 with an empty body": {"kind": "answer", "status": 200, "content": "empty"},
    "200 with an empty body, done": {"kind": "answer", "status": 200, "content": "empty", "done": True},
    "200 with HTML": {"kind": "answer", "status": 200, "content": "html"},
    "200 with HTML, done": {"kind": "answer", "status": 200, "content": "html", "done": True},
    "200 with a web page called JSON": answer(200, "<html></html>"),
    "200 and null": answer(200, "null", done=True),
    "200 and an empty list": answer(200, "[]"),
    "200 and an empty object": answer(200, "{}"),
    "200 and a number": answer(200, "7"),
    "200 and no text in any known encoding": answer(
        200, '{"id": "\ud800"}'.encode("ascii", "replace").decode()
    ),
    "201 without a body": answer(201, "", done=True),
    "204 without a body": answer(204, ""),
    "204 without a body, done": answer(204, "", done=True),
    "300": answer(300, "[]"),
    "a redirect to a log-in page": {"kind": "answer", "status": 302, "content": "redirect"},
    "a permanent redirect, done": {"kind": "answer", "status": 308, "content": "redirect", "done": True},
    "another record's id": {"kind": "swap_id"},
    "409 without an id": answer(409, '{"message": "Conflict"}'),
    "the body cut half-way": {"kind": "garbage", "content": "cut_json"},
    "the connection closed half-way": {"kind": "answer", "content": "half", "done": True, "status": 200},
    "five megabytes of JSON": {"kind": "answer", "status": 200, "content": "big_json"},
    "a gzip bomb": {"kind": "answer", "status": 200, "content": "gzip_bomb"},
    "403 as a web page": {"kind": "answer", "status": 403, "content": "html"},
    "500 after it was done": {"kind": "status_after", "status": 500},
    "503 as a web page": {"kind": "answer", "status": 503, "content": "html"},
}
HUGE = ("five megabytes of JSON", "a gzip bomb")


class Lies:
    """Subclasses provide account and crm as for CrmContract, and the vendor's own lies."""

    own_lies: ClassVar[Mapping[str, Rule]] = {}

    @pytest.fixture
    def account(self) -> Account:
        """The vendor's side; order() tells a lie."""
        raise NotImplementedError

    @pytest.fixture
    def crm(self, account: Account) -> Crm:
        """A connector to the account."""
        raise NotImplementedError

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """One test per lie, the vendor's own among them."""
        if "lie" in metafunc.fixturenames:
            told = {**COMMON_LIES, **self.own_lies}
            metafunc.parametrize("lie", list(told.values()), ids=list(told))

    def test_a_lie_at_any_call_is_no_delivery(self, crm: Crm, account: Account, lie: Rule) -> None:
        calls = calls_of_a_couple(crm, account)
        for nth in range(1, calls + 1):
            account.order(lie, nth=nth, times=1)
            (receipt,) = deliver(crm, account, couple(nth))
            assert_true(account, couple(nth), receipt)
            account.heal()
            deliver_the_rest(crm, account, couple(nth))
        people = 2 * (calls + 2)
        assert counts(account) == expected_counts(account, people=people, inquiries=calls + 2)

    def test_a_lie_that_does_not_end_is_no_delivery(self, crm: Crm, account: Account, lie: Rule) -> None:
        account.order(lie)
        (receipt,) = deliver(crm, account, couple())
        assert_true(account, couple(), receipt)
        for _ in range(2):
            (receipt,) = deliver(crm, account, couple(), look_first=True)
            assert_true(account, couple(), receipt)
        account.heal()
        deliver_the_rest(crm, account, couple())
        assert counts(account) == expected_counts(account, people=2)

    @pytest.mark.parametrize("name", HUGE)
    def test_an_answer_that_is_huge_costs_little_memory(self, crm: Crm, account: Account, name: str) -> None:
        big_json(), gzip_bomb()  # made before counting: they are the sandbox's memory
        account.order(COMMON_LIES[name])
        tracemalloc.start()
        try:
            deliver(crm, account, couple())
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert peak < MOST_BYTES


def assert_true(account: Account, bundle: Bundle, receipt: Receipt) -> None:
    """What the receipt calls delivered stands there and is right; anything else has a readable reason."""
    for outcome in receipt.outcomes:
        if outcome.error is not None:
            assert_readable(outcome.error, bundle)
        elif outcome.kind == "contact":
            borrower = next(one for one in bundle.contacts if one.key == outcome.key)
            assert account.contacts()[outcome.remote_id]["first_name"] == borrower.fields["first_name"]
            assert account.contacts()[outcome.remote_id]["email"] == borrower.fields["email"]
        elif outcome.kind == "deal":
            assert account.deals()[outcome.remote_id]["amount"] == "450000"
            first = next(o.remote_id for o in receipt.outcomes if o.kind == "contact")
            assert first in account.contacts_of_deal(outcome.remote_id)
        else:
            first = next(o.remote_id for o in receipt.outcomes if o.kind == "contact")
            assert first in account.records_of_task(outcome.remote_id)
    assert receipt.outcomes
    assert receipt.error is not None or len(receipt.outcomes) == len(bundle.contacts) + 2


def assert_readable(error: CrmError, bundle: Bundle) -> None:
    """A sentence, and nobody's name, address or number in it."""
    said = f"{error} {error.remedy}"
    assert str(error).endswith(".")
    assert len(str(error)) > 20
    values = [v for one in bundle.contacts for n, v in one.fields.items() if n != "city"]
    assert not [value for value in values if value.lower() in said.lower().split()]
    assert "@" not in said
    assert "<" not in said


def deliver_the_rest(crm: Crm, account: Account, bundle: Bundle) -> None:
    """What the ledger does after a failure, from nothing that it could remember."""
    for _ in range(3):
        receipts = deliver(crm, account, bundle, look_first=True)
        if all_ok(receipts):
            assert_true(account, bundle, receipts[0])
            return
    pytest.fail(f"{bundle.key} was not delivered after all was well: {receipts[0].error!r}")
