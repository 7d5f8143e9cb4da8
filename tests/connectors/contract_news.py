"""The contract, part five: news of an inquiry that stands there moves its deal on, and tramples nobody."""

from __future__ import annotations

from dataclasses import replace

from connectors.crm.base import Crm, Rejected
from mapping.crm.bundle import Bundle, DealRecord
from tests.connectors.account import Account, all_ok, counts, deliver, expected_counts
from tests.connectors.bundles import STAGES, inquiry, links_in

#: Words of this contract for what news writes: the property's value is replaced, the amount only filled in.
_REPLACED = frozenset({"value"})


def news(stage: str = STAGES[2], left: str = STAGES[0], *, number: int = 1, task: str = "F1b") -> Bundle:
    """A later bundle of inquiry IN: it moved on, its value is another one, and there is one more task."""
    first = inquiry(number=number)
    assert first.deal is not None
    fields = first.deal.fields | {"amount": "470000", "value": "650000"}
    deal = replace(first.deal, stage=stage, moves_from=left, fields=fields, overwrite=_REPLACED)
    return replace(first, key=f"D{number}b", deal=deal, tasks=(replace(first.tasks[0], key=task),))


class News:
    """What happened to an inquiry after it was brought over."""

    def test_a_later_bundle_moves_the_deal_on_and_adds_its_task(self, crm: Crm, account: Account) -> None:
        links = links_in(deliver(crm, account, inquiry()))
        (receipt,) = deliver(crm, account, news(), links=links)
        assert receipt.error is None
        assert [(o.kind, o.action) for o in receipt.outcomes][1:] == [
            ("deal", "updated"),
            ("task", "created"),
        ]
        deal = account.deals()[links["deal", "I1"]]
        assert (deal["stage"], deal["amount"], deal["value"]) == (STAGES[2], "450000", "650000")
        people, deals, tasks = expected_counts(account)
        assert counts(account) == (people, deals, tasks + 1)
        task = links_in([receipt])["task", "F1b"]
        contact = links["contact", "B1"]
        on = {contact, links["deal", "I1"]} if account.abilities.task_on_deal else {contact}
        assert account.records_of_task(task) == on

    def test_news_repeated_changes_nothing(self, crm: Crm, account: Account) -> None:
        links = links_in(deliver(crm, account, inquiry()))
        links |= links_in(deliver(crm, account, news(), links=links))
        before = dict(account.contacts()), dict(account.deals()), dict(account.tasks())
        for look_first in (False, True):
            (receipt,) = deliver(crm, account, news(), links=links, look_first=look_first)
            assert receipt.error is None
            assert {o.action for o in receipt.outcomes} == {"unchanged"}
        assert all_ok(deliver(crm, account, news(), look_first=True))
        assert (dict(account.contacts()), dict(account.deals()), dict(account.tasks())) == before

    def test_a_stage_that_a_person_chose_stays_although_there_is_news(
        self, crm: Crm, account: Account
    ) -> None:
        links = links_in(deliver(crm, account, inquiry()))
        account.edit_deal(links["deal", "I1"], {"stage": STAGES[1]})
        assert all_ok(deliver(crm, account, news(), links=links))
        deal = account.deals()[links["deal", "I1"]]
        assert (deal["stage"], deal["value"]) == (STAGES[1], "650000")
        assert len(account.tasks()) == 2

    def test_what_a_person_typed_into_the_deal_stays(self, crm: Crm, account: Account) -> None:
        links = links_in(deliver(crm, account, inquiry()))
        account.edit_deal(links["deal", "I1"], {"amount": "610000"})
        assert all_ok(deliver(crm, account, news(), links=links))
        assert account.deals()[links["deal", "I1"]]["amount"] == "610000"

    def test_news_fills_what_is_blank(self, crm: Crm, account: Account) -> None:
        first = inquiry()
        bare = replace(_deal(first), fields={"value": "600000"})
        links = links_in(deliver(crm, account, replace(first, deal=bare)))
        assert all_ok(deliver(crm, account, news(), links=links))
        assert account.deals()[links["deal", "I1"]]["amount"] == "470000"

    def test_news_after_an_unknown_outcome_is_told_once(self, crm: Crm, account: Account) -> None:
        deliver(crm, account, inquiry())
        assert all_ok(deliver(crm, account, news(), look_first=True))
        (deal,) = account.deals().values()
        assert (deal["stage"], deal["value"]) == (STAGES[2], "650000")
        assert len(account.tasks()) == 2

    def test_news_of_an_inquiry_that_never_arrived_brings_it_over(self, crm: Crm, account: Account) -> None:
        assert all_ok(deliver(crm, account, news()))
        (deal,) = account.deals().values()
        assert (deal["stage"], deal["value"]) == (STAGES[2], "650000")

    def test_a_message_alone_leaves_the_deal_alone(self, crm: Crm, account: Account) -> None:
        links = links_in(deliver(crm, account, inquiry()))
        before = dict(account.deals())
        quiet = replace(news(), deal=inquiry().deal)
        assert all_ok(deliver(crm, account, quiet, links=links))
        same = account.deals()[links["deal", "I1"]]
        assert {n: same.get(n) for n in ("stage", "amount", "value")} == {
            n: before[links["deal", "I1"]].get(n) for n in ("stage", "amount", "value")
        }
        assert len(account.tasks()) == 2

    def test_a_stage_to_move_to_that_is_unknown_there_is_a_persons_to_settle(
        self, crm: Crm, account: Account
    ) -> None:
        links = links_in(deliver(crm, account, inquiry()))
        (receipt,) = deliver(crm, account, news("Nowhere"), links=links)
        assert isinstance(receipt.error, Rejected)
        assert "Nowhere" in str(receipt.error)
        assert account.deals()[links["deal", "I1"]]["stage"] == STAGES[0]

    def test_a_stage_we_left_that_is_gone_there_moves_nothing(self, crm: Crm, account: Account) -> None:
        links = links_in(deliver(crm, account, inquiry()))
        assert all_ok(deliver(crm, account, news(left="Nowhere"), links=links))
        assert account.deals()[links["deal", "I1"]]["stage"] == STAGES[0]

    def test_news_of_many_is_told_to_each(self, crm: Crm, account: Account) -> None:
        numbers = range(1, 6)
        links = links_in(deliver(crm, account, *(inquiry(number=n) for n in numbers)))
        account.edit_deal(links["deal", "I3"], {"stage": STAGES[3]})
        later = [news(number=n, task=f"F{n}b") for n in numbers]
        assert all_ok(deliver(crm, account, *later, links=links))
        stages = [account.deals()[links["deal", f"I{n}"]]["stage"] for n in numbers]
        assert stages == [STAGES[2], STAGES[2], STAGES[3], STAGES[2], STAGES[2]]
        assert len(account.tasks()) == 10

    def test_a_deal_deleted_there_stays_deleted_although_there_is_news(
        self, crm: Crm, account: Account
    ) -> None:
        links = links_in(deliver(crm, account, inquiry()))
        account.delete_deal(links["deal", "I1"])
        (receipt,) = deliver(crm, account, news(), links=links)
        if account.abilities.deal_is_contact:  # whoever asks again after that is made again
            assert receipt.error is None
            return
        assert not account.deals()
        assert isinstance(receipt.error, Rejected)
        assert receipt.error.remedy

    def test_news_costs_no_more_calls_than_a_new_inquiry(self, crm: Crm, account: Account) -> None:
        links = links_in(deliver(crm, account, inquiry()))
        before = crm.calls
        assert all_ok(deliver(crm, account, news(), links=links))
        assert crm.calls - before <= account.abilities.calls_per_inquiry


def _deal(bundle: Bundle) -> DealRecord:
    assert bundle.deal is not None
    return bundle.deal
