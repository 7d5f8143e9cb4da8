"""The contract, part four: many at once, each by itself, in order, and in few calls."""

from __future__ import annotations

from dataclasses import replace

from connectors.crm.base import Crm, Rejected
from mapping.crm.bundle import Bundle
from tests.connectors.account import Account, all_ok, counts, deliver, expected_counts
from tests.connectors.bundles import borrower, couple, having, inquiry, links_in


def company(others: int) -> list[Bundle]:
    """Inquiries of so many other borrowers, to fill a batch."""
    return [inquiry(borrower(n, "Cleo", "Hart"), number=n) for n in range(501, 501 + others)]


class Batches:
    """What is delivered together."""

    def test_one_bad_record_harms_no_other(self, crm: Crm, account: Account) -> None:
        name, value = account.abilities.refused
        bad = having(borrower(2), **{name: value})
        bad = replace(bad, emails=(value,)) if name == "email" else bad
        receipts = deliver(
            crm, account, inquiry(number=1), inquiry(bad, number=2), inquiry(borrower(3), number=3)
        )
        assert [r.bundle_key for r in receipts] == ["D1", "D2", "D3"]
        assert [r.error is None for r in receipts] == [True, False, True]
        assert isinstance(receipts[1].error, Rejected)
        assert [o.kind for o in receipts[1].outcomes] == ["contact"]
        assert counts(account) == expected_counts(account, people=2, inquiries=2)

    def test_a_batch_of_many_arrives_whole_and_in_order(self, crm: Crm, account: Account) -> None:
        many = crm.batch + 30
        bundles = [inquiry(borrower(n), number=n) for n in range(1, many + 1)]
        receipts = deliver(crm, account, *bundles)
        assert [r.bundle_key for r in receipts] == [b.key for b in bundles]
        assert all_ok(receipts)
        assert counts(account) == expected_counts(account, people=many, inquiries=many)

    def test_a_batch_repeated_changes_nothing(self, crm: Crm, account: Account) -> None:
        bundles = [couple(n) for n in range(1, 8)]
        first = deliver(crm, account, *bundles)
        assert all_ok(first)
        again = deliver(crm, account, *bundles, look_first=True)
        assert all_ok(again)
        assert links_in(again) == links_in(first)
        assert counts(account) == expected_counts(account, people=14, inquiries=7)

    def test_the_same_borrower_twice_in_one_batch_is_one_contact(self, crm: Crm, account: Account) -> None:
        receipts = deliver(crm, account, inquiry(number=1), inquiry(borrower(), number=2))
        assert all_ok(receipts)
        assert [r.outcomes[0].action for r in receipts] == ["created", "unchanged"]
        assert len({r.outcomes[0].remote_id for r in receipts}) == 1
        assert counts(account) == expected_counts(account, inquiries=2, inquirers=1)

    def test_one_borrowers_inquiries_of_one_batch_count_in_their_order(
        self, crm: Crm, account: Account
    ) -> None:
        links = links_in(deliver(crm, account, inquiry()))
        moved = [
            replace(having(borrower(), city=city), overwrite=frozenset({"city"}))
            for city in ("Fergus", "Elora")
        ]
        pieces = [inquiry(ana, number=n) for n, ana in enumerate(moved, 2)]
        receipts = deliver(crm, account, pieces[0], *company(3), pieces[1], links=links)
        assert all_ok(receipts)
        assert account.contacts()[links["contact", "B1"]]["city"] == "Elora"

    def test_a_new_borrower_costs_no_more_calls_than_the_budget(self, crm: Crm, account: Account) -> None:
        deliver(crm, account, inquiry(number=99))  # owners, stages and fields are known from here on
        before = crm.calls
        links = links_in(deliver(crm, account, inquiry()))
        assert crm.calls - before <= account.abilities.calls_per_inquiry
        before = crm.calls
        deliver(crm, account, inquiry(borrower(), number=2), links=links)
        assert crm.calls - before <= account.abilities.calls_per_inquiry

    def test_a_backlog_costs_no_more_calls_a_row_than_the_budget(self, crm: Crm, account: Account) -> None:
        deliver(crm, account, inquiry(number=999))
        before, rows = crm.calls, 2 * crm.batch
        for start in range(1, rows, crm.batch):
            bundles = [inquiry(borrower(n), number=n) for n in range(start, start + crm.batch)]
            assert all_ok(deliver(crm, account, *bundles))
        assert (crm.calls - before) / rows <= account.abilities.calls_per_row
