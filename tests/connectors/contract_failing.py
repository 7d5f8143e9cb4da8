"""The contract, part five: what goes wrong on the way, and that it ends with one of each all the same."""

from __future__ import annotations

import pytest

from connectors.crm.base import (
    AuthFailed,
    Crm,
    CrmError,
    RateLimited,
    RecordKind,
    Unavailable,
    Uncertain,
)
from tests.connectors.account import (
    Account,
    all_ok,
    assert_one_of_each,
    counts,
    deliver,
    expected_counts,
)
from tests.connectors.bundles import couple, inquiry, links_in

FAULTS_AFTER_COMMIT = ("error_after", "reset_after", "timeout_after", "cut_answer")


class Failing:
    """Refused, limited, interrupted."""

    @pytest.mark.parametrize(
        ("fault", "expected"),
        [
            ("unauthorized", AuthFailed),
            ("forbidden", AuthFailed),
            ("rate_limited", RateLimited),
            ("daily_limit", RateLimited),
            ("error_after", Uncertain),
            ("reset_before", Uncertain),
            ("reset_after", Uncertain),
            ("timeout_after", Uncertain),
            ("garbage", Uncertain),
        ],
    )
    def test_the_kind_of_failure_says_what_happens_next(
        self, crm: Crm, impatient_crm: Crm, account: Account, fault: str, expected: type[CrmError]
    ) -> None:
        account.fail(fault)
        chosen = impatient_crm if fault == "timeout_after" else crm
        (receipt,) = deliver(chosen, account, inquiry())
        assert isinstance(receipt.error, expected)
        assert "example.com" not in str(receipt.error)

    def test_a_day_that_is_used_up_is_waited_out_longer(self, crm: Crm, account: Account) -> None:
        account.fail("daily_limit")
        error = deliver(crm, account, inquiry())[0].error
        assert isinstance(error, RateLimited)
        assert error.retry_after >= 600
        assert "daily" in str(error).lower()

    def test_after_a_failure_of_the_whole_account_nothing_more_is_tried(
        self, crm: Crm, account: Account
    ) -> None:
        account.fail("unauthorized")
        receipts = deliver(crm, account, *(inquiry(number=n) for n in range(1, 6)))
        assert all(isinstance(receipt.error, AuthFailed) for receipt in receipts)
        assert crm.calls <= 2

    def test_an_address_where_nobody_listens_is_unavailable(
        self, unreachable_crm: Crm, account: Account
    ) -> None:
        (receipt,) = deliver(unreachable_crm, account, inquiry())
        assert isinstance(receipt.error, Unavailable)

    def test_what_was_done_before_a_failure_is_in_the_receipt(self, crm: Crm, account: Account) -> None:
        deliver(crm, account, inquiry(number=9))
        calls = crm.calls
        deliver(crm, account, inquiry(number=8))
        known = {*account.contacts(), *account.deals(), *account.tasks()}
        account.fail("rate_limited", nth=crm.calls - calls)
        (receipt,) = deliver(crm, account, inquiry(number=1))
        assert isinstance(receipt.error, RateLimited)
        assert receipt.error.retry_after > 0
        there = {*account.contacts(), *account.deals(), *account.tasks()}
        assert set(links_in([receipt]).values()) == there - known

    @pytest.mark.parametrize("fault", FAULTS_AFTER_COMMIT)
    def test_interrupted_after_any_call_it_ends_with_one_of_each(
        self, crm: Crm, impatient_crm: Crm, account: Account, fault: str
    ) -> None:
        chosen = impatient_crm if fault == "timeout_after" else crm
        calls = calls_of_a_couple(chosen, account)
        number = 0
        for remember in (True, False):
            for nth in range(1, calls + 3):  # the last ones hit the second attempt
                number += 1
                account.fail(fault, nth=nth, times=1)
                deliver_until_done(chosen, account, number, remember=remember)
        people = 2 * (number + 2)
        assert counts(account) == expected_counts(account, people=people, inquiries=number + 2)

    def test_every_call_interrupted_once_still_ends_with_one_of_each(
        self, crm: Crm, account: Account
    ) -> None:
        links: dict[tuple[RecordKind, str], str] = {}
        for nth in range(1, 11):
            account.fail("error_after", nth=nth, times=1)
            links |= links_in(deliver(crm, account, inquiry(), links=links, look_first=True))
        account.heal()
        assert all_ok(deliver(crm, account, inquiry(), links=links, look_first=True))
        assert_one_of_each(account)


def calls_of_a_couple(crm: Crm, account: Account) -> int:
    """How many calls a couple's inquiry takes once owners, stages and fields are known."""
    deliver(crm, account, couple(98))
    before = crm.calls
    deliver(crm, account, couple(99))
    return crm.calls - before


def deliver_until_done(crm: Crm, account: Account, number: int, *, remember: bool) -> None:
    """As the ledger does it: look first once an attempt has failed, with or without its receipts in hand."""
    links: dict[tuple[RecordKind, str], str] = {}
    for attempt in range(5):
        receipts = deliver(crm, account, couple(number), links=links, look_first=attempt > 0)
        links |= links_in(receipts) if remember else {}
        if all_ok(receipts):
            return
    pytest.fail(f"inquiry {number} was not delivered in five attempts: {receipts[0].error!r}")
