"""The contract, part one: what an inquiry becomes, and that a repeat changes nothing."""

from __future__ import annotations

from dataclasses import replace

from connectors.crm.base import Crm, Rejected
from tests.connectors.account import (
    Account,
    all_ok,
    assert_one_of_each,
    counts,
    deliver,
    expected_counts,
)
from tests.connectors.bundles import OWNER, STAGES, borrower, having, inquiry, links_in


class Arriving:
    """One inquiry at a time, and nobody interferes."""

    def test_an_inquiry_becomes_one_contact_one_deal_and_one_task(self, crm: Crm, account: Account) -> None:
        (receipt,) = deliver(crm, account, inquiry())
        assert [(o.kind, o.key, o.action) for o in receipt.outcomes] == [
            ("contact", "B1", "created"),
            ("deal", "I1", "created"),
            ("task", "F1", "created"),
        ]
        contact, deal, task = (o.remote_id for o in receipt.outcomes)
        assert set(account.contacts()) == {contact}
        assert account.contacts_of_deal(deal) == {contact}
        on = {contact, deal} if account.abilities.task_on_deal else {contact}
        assert account.records_of_task(task) == on

    def test_what_was_answered_stands_there(self, crm: Crm, account: Account) -> None:
        links = links_in(deliver(crm, account, inquiry()))
        contact = account.contacts()[links["contact", "B1"]]
        answers = borrower().fields | {"owner": OWNER}
        assert {name: contact.get(name) for name in answers} == answers
        deal = account.deals()[links["deal", "I1"]]
        facts = {"amount": "450000", "need": "purchase", "value": "600000", "owner": OWNER}
        facts |= {"stage": STAGES[0]}
        facts |= {} if account.abilities.deal_is_contact else {"name": "Purchase in Guelph"}
        assert {name: deal.get(name) for name in facts} == facts
        task = account.tasks()[links["task", "F1"]]
        assert (task["subject"], task["owner"]) == ("Call the borrower", OWNER)
        assert "About the purchase." in task["body"]

    def test_the_same_bundle_again_changes_nothing(self, crm: Crm, account: Account) -> None:
        first = deliver(crm, account, inquiry())
        before = dict(account.contacts()), dict(account.deals()), dict(account.tasks())
        (second,) = deliver(crm, account, inquiry(), links=links_in(first))
        assert {o.action for o in second.outcomes} == {"unchanged"}
        assert links_in([second]) == links_in(first)
        assert (dict(account.contacts()), dict(account.deals()), dict(account.tasks())) == before

    def test_a_repeat_after_the_receipts_were_lost_creates_no_doubles(
        self, crm: Crm, account: Account
    ) -> None:
        first = deliver(crm, account, inquiry())
        second = deliver(crm, account, inquiry(), look_first=True)
        assert all_ok(second)
        assert links_in(second) == links_in(first)
        assert_one_of_each(account)

    def test_a_known_borrowers_second_inquiry_is_a_second_deal_of_the_same_contact(
        self, crm: Crm, account: Account
    ) -> None:
        links = links_in(deliver(crm, account, inquiry()))
        receipts = deliver(crm, account, inquiry(borrower(), number=2), links=links)
        assert all_ok(receipts)
        assert counts(account) == expected_counts(account, inquiries=2, inquirers=1)
        assert account.contacts_of_deal(links_in(receipts)["deal", "I2"]) == {links["contact", "B1"]}

    def test_a_couple_is_two_contacts_on_one_deal(self, crm: Crm, account: Account) -> None:
        ana, ben = borrower(1), borrower(2, "Ben")
        receipts = deliver(crm, account, inquiry(ana, ben))
        assert all_ok(receipts)
        links = links_in(receipts)
        both = {links["contact", "B1"], links["contact", "B2"]}
        on_deal = both if account.abilities.deal_contacts == "all" else {links["contact", "B1"]}
        assert account.contacts_of_deal(links["deal", "I1"]) == on_deal
        assert counts(account) == expected_counts(account, people=2)
        again = deliver(crm, account, inquiry(ana, ben), look_first=True)
        assert links_in(again) == links
        assert account.contacts_of_deal(links["deal", "I1"]) == on_deal

    def test_blanks_never_erase(self, crm: Crm, account: Account) -> None:
        links = links_in(deliver(crm, account, inquiry()))
        bare = replace(borrower(), fields={"first_name": "Ana", "city": ""}, overwrite=frozenset({"city"}))
        assert all_ok(deliver(crm, account, inquiry(bare), links=links))
        assert account.contacts()[links["contact", "B1"]]["city"] == "Guelph"

    def test_what_was_blank_is_filled_in(self, crm: Crm, account: Account) -> None:
        bare = replace(borrower(), fields={"first_name": "Ana", "email": "ana1@example.com"})
        links = links_in(deliver(crm, account, inquiry(bare)))
        (receipt,) = deliver(crm, account, inquiry(), links=links)
        assert receipt.error is None
        assert receipt.outcomes[0].action == "updated"
        assert account.contacts()[links["contact", "B1"]]["city"] == "Guelph"

    def test_letters_of_all_scripts_and_long_texts_arrive(self, crm: Crm, account: Account) -> None:
        zoe = borrower(1, "Zoë", "Ōmori-Đặng 李", emails=("zoe@example.com",))
        zoe = having(zoe, email="zoe@example.com", city="Z" * 70_000)
        bundle = inquiry(zoe)
        long = replace(bundle, tasks=(replace(bundle.tasks[0], body="ж" * 70_000),))
        receipts = deliver(crm, account, long)
        assert all_ok(receipts)
        contact = account.contacts()[links_in(receipts)["contact", "B1"]]
        assert (contact["first_name"], contact["last_name"]) == ("Zoë", "Ōmori-Đặng 李")
        assert contact["city"].startswith("ZZZ")
        assert all_ok(deliver(crm, account, long, look_first=True))
        assert_one_of_each(account)

    def test_a_refusal_names_the_field_and_repeats_no_value(self, crm: Crm, account: Account) -> None:
        name, value = account.abilities.refused
        bad = having(borrower(), **{name: value})
        error = deliver(crm, account, inquiry(bad))[0].error
        assert isinstance(error, Rejected)
        assert error.field_name == account.words.contact.get(name, name)
        assert error.remedy
        said = f"{error} {error.remedy}".lower()
        assert not any(value.lower() in said for value in bad.fields.values())

    def test_a_property_that_does_not_exist_there_is_named(self, crm: Crm, account: Account) -> None:
        error = deliver(crm, account, inquiry(having(borrower(), no_such_field="x")))[0].error
        assert isinstance(error, Rejected)
        assert error.field_name == "no_such_field"

    def test_an_owner_unknown_there_is_a_persons_to_settle(self, crm: Crm, account: Account) -> None:
        stranger = replace(borrower(), owner_email="nobody@brokerage.example.com")
        receipts = deliver(crm, account, inquiry(stranger), inquiry(number=2))
        assert isinstance(receipts[0].error, Rejected)
        assert receipts[0].error.field_name
        assert receipts[0].error.remedy
        assert receipts[1].error is None

    def test_a_stage_unknown_there_is_a_persons_to_settle(self, crm: Crm, account: Account) -> None:
        bundle = inquiry()
        assert bundle.deal is not None
        (receipt,) = deliver(crm, account, replace(bundle, deal=replace(bundle.deal, stage="Nowhere")))
        assert isinstance(receipt.error, Rejected)
        assert "Nowhere" in str(receipt.error)
        assert not account.tasks()

    def test_no_work_is_no_call(self, crm: Crm) -> None:
        assert list(crm.deliver([])) == []
        assert crm.calls == 0
