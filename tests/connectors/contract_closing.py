"""The contract, part seven: follow-ups that were called off are closed, and nobody's work is touched."""

from __future__ import annotations

from dataclasses import replace

from connectors.crm.base import Crm
from mapping.crm.bundle import Bundle
from tests.connectors.account import Account, all_ok, counts, deliver
from tests.connectors.bundles import inquiry, links_in


def later(*closed: str, number: int = 1, task: str = "") -> Bundle:
    """A later bundle of inquiry IN that calls follow-ups off, with one more task or none."""
    first = inquiry(number=number)
    tasks = (replace(first.tasks[0], key=task),) if task else ()
    return replace(first, key=f"D{number}c", tasks=tasks, closed=closed)


class Closing:
    """A task of ours whose follow-up was called off."""

    def test_it_is_closed_there_and_says_that_nobody_did_it(self, crm: Crm, account: Account) -> None:
        links = links_in(deliver(crm, account, inquiry()))
        (receipt,) = deliver(crm, account, later("F1", task="F1b"), links=links)
        assert receipt.error is None
        assert [(o.key, o.action) for o in receipt.outcomes if o.kind == "task"] == [
            ("F1b", "created"),
            ("F1", "updated"),
        ]
        task = links["task", "F1"]
        assert account.done(task)
        assert account.tasks()[task]["subject"] == "Not needed any more: Call the borrower"
        assert not account.done(links_in([receipt])["task", "F1b"])

    def test_closing_again_changes_nothing(self, crm: Crm, account: Account) -> None:
        links = links_in(deliver(crm, account, inquiry()))
        assert all_ok(deliver(crm, account, later("F1"), links=links))
        before = dict(account.tasks())
        for look_first in (False, True):
            assert all_ok(deliver(crm, account, later("F1"), links=links, look_first=look_first))
        assert dict(account.tasks()) == before

    def test_what_a_person_did_stays_done_as_it_was(self, crm: Crm, account: Account) -> None:
        links = links_in(deliver(crm, account, inquiry()))
        account.finish_task(links["task", "F1"])
        (receipt,) = deliver(crm, account, later("F1"), links=links)
        assert receipt.error is None
        assert account.tasks()[links["task", "F1"]]["subject"] == "Call the borrower"

    def test_what_was_done_is_ticked_off_under_its_own_name(self, crm: Crm, account: Account) -> None:
        links = links_in(deliver(crm, account, inquiry()))
        bundle = replace(later("F1"), done=frozenset({"F1"}))
        assert all_ok(deliver(crm, account, bundle, links=links))
        task = links["task", "F1"]
        assert account.done(task)
        assert account.tasks()[task]["subject"] == "Call the borrower"

    def test_what_never_arrived_needs_no_closing(self, crm: Crm, account: Account) -> None:
        links = links_in(deliver(crm, account, inquiry()))
        before = counts(account)
        assert all_ok(deliver(crm, account, later("never"), links=links))
        assert all_ok(deliver(crm, account, later("never"), links=links, look_first=True))
        assert counts(account) == before

    def test_what_an_unknown_outcome_left_is_found_and_closed(self, crm: Crm, account: Account) -> None:
        deliver(crm, account, inquiry())
        assert all_ok(deliver(crm, account, later("F1"), look_first=True))
        (task,) = account.tasks()
        assert account.done(task)

    def test_those_of_many_are_closed_together(self, crm: Crm, account: Account) -> None:
        numbers = range(1, 4)
        links = links_in(deliver(crm, account, *(inquiry(number=n) for n in numbers)))
        called_off = [later(f"F{n}", number=n) for n in numbers if n != 2]
        assert all_ok(deliver(crm, account, *called_off, links=links))
        assert [account.done(links["task", f"F{n}"]) for n in numbers] == [True, False, True]
