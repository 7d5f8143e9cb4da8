"""The contract, part two: who already stands there is found and adopted, and nobody else is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connectors.crm.base import Crm
from tests.connectors.account import Account, all_ok, deliver
from tests.connectors.bundles import borrower, having, inquiry, links_in
from tests.connectors.contract_batches import company

ALONE_OR_NOT = pytest.mark.parametrize("others", [0, 5], ids=["alone", "in a batch"])


class Adopting:
    """The CRM was there before us."""

    @ALONE_OR_NOT
    def test_a_contact_that_stands_there_is_adopted_and_completed(
        self, crm: Crm, account: Account, others: int
    ) -> None:
        theirs = account.add_contact({"first_name": "Ana", "email": "ana1@example.com"})
        receipt = deliver(crm, account, inquiry(), *company(others))[0]
        assert receipt.error is None
        assert (receipt.outcomes[0].action, receipt.outcomes[0].remote_id) == ("adopted", theirs)
        assert "email" in receipt.outcomes[0].note
        assert account.contacts()[theirs]["city"] == "Guelph"

    @ALONE_OR_NOT
    def test_a_contact_is_adopted_by_phone_when_both_names_agree(
        self, crm: Crm, account: Account, others: int
    ) -> None:
        theirs = account.add_contact({"first_name": "ANA", "last_name": "Quill", "phone": "+14165550001"})
        receipt = deliver(crm, account, inquiry(), *company(others))[0]
        assert receipt.error is None
        assert receipt.outcomes[0].remote_id == theirs
        assert "phone" in receipt.outcomes[0].note

    @ALONE_OR_NOT
    @pytest.mark.parametrize("known_by", ["email", "phone"])
    def test_a_contact_is_adopted_by_a_second_email_or_phone(
        self, crm: Crm, account: Account, others: int, known_by: str
    ) -> None:
        old = {"email": "quill@example.com", "phone": "+14165550177"}
        theirs = account.add_contact({"first_name": "Ana", "last_name": "Quill", known_by: old[known_by]})
        ana = borrower()
        ana = replace(ana, emails=(*ana.emails, old["email"]), phones=(*ana.phones, old["phone"]))
        receipt = deliver(crm, account, inquiry(ana), *company(others))[0]
        assert receipt.error is None
        assert (receipt.outcomes[0].action, receipt.outcomes[0].remote_id) == ("adopted", theirs)

    @ALONE_OR_NOT
    def test_of_several_that_match_the_best_is_used_and_a_person_is_asked(
        self, crm: Crm, account: Account, others: int
    ) -> None:
        account.add_contact({"first_name": "Ana", "last_name": "Quill", "phone": "+14165550001"})
        by_email = account.add_contact({"first_name": "Ana", "email": "ana1@example.com"})
        receipts = deliver(crm, account, inquiry(), *company(others))
        assert all_ok(receipts)
        contact = receipts[0].outcomes[0]
        assert contact.remote_id == by_email
        assert "email" in contact.note
        assert contact.review
        assert "@" not in contact.note + contact.review
        assert {o.review for receipt in receipts[1:] for o in receipt.outcomes} <= {""}
        assert len(account.contacts()) == 2 + others

    def test_the_choice_between_several_is_made_once(self, crm: Crm, account: Account) -> None:
        account.add_contact({"first_name": "Ana", "last_name": "Quill", "phone": "+14165550001"})
        account.add_contact({"first_name": "Ana", "email": "ana1@example.com"})
        first = deliver(crm, account, inquiry())
        (second,) = deliver(crm, account, inquiry(), look_first=True)
        assert links_in([second]) == links_in(first)
        assert not second.outcomes[0].review

    def test_nobody_is_adopted_by_the_phone_alone(self, crm: Crm, account: Account) -> None:
        theirs = account.add_contact({"first_name": "Ben", "last_name": "Quill", "phone": "+14165550001"})
        (receipt,) = deliver(crm, account, inquiry())
        assert receipt.error is None
        assert receipt.outcomes[0].remote_id != theirs
        assert account.contacts()[theirs]["first_name"] == "Ben"

    @ALONE_OR_NOT
    def test_a_spouse_with_the_same_inbox_is_another_contact(
        self, crm: Crm, account: Account, others: int
    ) -> None:
        theirs = account.add_contact({"first_name": "Ben", "last_name": "Quill", "email": "ana1@example.com"})
        before = account.contacts()[theirs]
        receipt = deliver(crm, account, inquiry(), *company(others))[0]
        assert receipt.error is None
        assert receipt.outcomes[0].action == "created"
        assert receipt.outcomes[0].note or not account.abilities.unique_email
        assert account.contacts()[theirs] == before
        assert len(account.contacts()) == 2 + others

    def test_borrowers_of_ours_who_share_an_inbox_are_two_contacts(self, crm: Crm, account: Account) -> None:
        ana = borrower(1)
        ben = replace(having(ana, first_name="Ben"), key="B2", names=("Ben",), phones=(), shared_email=True)
        receipts = deliver(crm, account, inquiry(ana, ben))
        assert all_ok(receipts)
        assert len(account.contacts()) == 2
        again = deliver(crm, account, inquiry(ana, ben), look_first=True)
        assert all_ok(again)
        assert links_in(again) == links_in(receipts)
        assert len(account.contacts()) == 2

    def test_a_contact_of_another_borrower_is_never_taken_over(self, crm: Crm, account: Account) -> None:
        deliver(crm, account, inquiry(borrower(1)))
        namesake = replace(borrower(1), key="B2", phones=())
        (receipt,) = deliver(crm, account, inquiry(namesake, number=2))
        assert receipt.error is None
        assert receipt.outcomes[0].action == "created"
        assert len(account.contacts()) == 2

    def test_find_says_who_stands_there_and_why(self, crm: Crm, account: Account) -> None:
        theirs = account.add_contact({"first_name": "Ana", "email": "ana1@example.com"})
        bundles = [account.words.bundle(b) for b in (inquiry(), inquiry(borrower(2, "Ben"), number=2))]
        found = crm.find(bundles)
        assert {key: match.remote_id for key, match in found.items()} == {"B1": theirs}
        assert found["B1"].matched_by
