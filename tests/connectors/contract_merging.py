"""The contract, part eight: two of our borrowers turn out to be one person."""

from __future__ import annotations

from dataclasses import replace

from connectors.crm.base import Crm
from mapping.crm.bundle import Bundle, Move
from tests.connectors.account import Account, all_ok, counts, deliver
from tests.connectors.bundles import Links, borrower, inquiry, links_in


def told_of_a_double() -> Bundle:
    """Borrower B1 turned out to be B2, too: a task on the contact that stays, and no deal."""
    first = inquiry()
    task = replace(first.tasks[0], key="M1", subject="Possible duplicate", channel="review")
    kept = replace(first.contacts[0], formerly=("B2",))
    return replace(first, key="D1m", contacts=(kept,), deal=None, tasks=(task,))


def taken_apart() -> Bundle:
    """Inquiry I2 was put on borrower B1's contact, but is B2's."""
    return inquiry(number=2, key="D2m", tasks=(), move=Move("B1", ("F2",)))


def put_on_the_wrong_contact(crm: Crm, account: Account) -> Links:
    """Inquiries I1 and I2, both on borrower B1's contact."""
    links = links_in(deliver(crm, account, inquiry()))
    return links | links_in(deliver(crm, account, inquiry(borrower(1), number=2), links=links))


class Merging:
    """What a CRM hears when contacts of ours are one person."""

    def test_a_task_about_a_double_is_on_the_contact_once(self, crm: Crm, account: Account) -> None:
        links = links_in(deliver(crm, account, inquiry(), inquiry(number=2)))
        people, deals, tasks = counts(account)
        (receipt,) = deliver(crm, account, told_of_a_double(), links=links)
        assert receipt.error is None
        task = links_in([receipt])["task", "M1"]
        assert account.records_of_task(task) == {links["contact", "B1"]}
        assert all_ok(deliver(crm, account, told_of_a_double(), links=links, look_first=True))
        assert counts(account) == (people, deals, tasks + 1)

    def test_a_contact_with_a_key_of_before_is_the_borrowers(self, crm: Crm, account: Account) -> None:
        theirs = links_in(deliver(crm, account, inquiry(number=2)))["contact", "B2"]
        second = borrower(2)
        kept = replace(
            borrower(1),
            emails=(*borrower(1).emails, *second.emails),
            phones=(*borrower(1).phones, *second.phones),
            formerly=("B2",),
        )
        (receipt,) = deliver(crm, account, inquiry(kept, number=3))
        assert receipt.error is None
        assert links_in([receipt])["contact", "B1"] == theirs
        assert counts(account)[0] == 1

    def test_a_deal_goes_back_to_the_contact_it_belongs_to(self, crm: Crm, account: Account) -> None:
        links = put_on_the_wrong_contact(crm, account)
        wrong = links["contact", "B1"]
        (receipt,) = deliver(crm, account, taken_apart(), links=links)
        assert receipt.error is None
        now = {**links, **links_in([receipt])}
        own = now["contact", "B2"]
        assert own != wrong
        if not account.abilities.deal_moves:
            assert account.contacts_of_deal(now["deal", "I2"]) == {wrong}
            return
        assert account.contacts_of_deal(now["deal", "I2"]) == {own}
        assert account.contacts_of_deal(now["deal", "I1"]) == {wrong}
        assert account.records_of_task(now["task", "F2"]) & {own, wrong} == {own}
        assert account.records_of_task(now["task", "F1"]) & {own, wrong} == {wrong}

    def test_moving_it_again_changes_nothing(self, crm: Crm, account: Account) -> None:
        links = put_on_the_wrong_contact(crm, account)
        first = deliver(crm, account, taken_apart(), links=links)
        links = {**links, **links_in(first)}
        before = counts(account)
        for look_first in (False, True):
            (receipt,) = deliver(crm, account, taken_apart(), links=links, look_first=look_first)
            assert receipt.error is None
            assert {one.action for one in receipt.outcomes} <= {"unchanged"}
        assert counts(account) == before
