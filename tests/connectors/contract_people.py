"""The contract, part three: what people do in the CRM stays done."""

from __future__ import annotations

from dataclasses import replace

from connectors.crm.base import Crm, Rejected
from tests.connectors.account import Account, all_ok, counts, deliver, expected_counts
from tests.connectors.bundles import OTHER_OWNER, STAGES, borrower, having, inquiry, links_in


class PeoplesDeeds:
    """Edits, moves, deletions, merges and opt-outs on their side."""

    def test_what_a_person_typed_stays(self, crm: Crm, account: Account) -> None:
        links = links_in(deliver(crm, account, inquiry()))
        contact = links["contact", "B1"]
        account.edit_contact(contact, {"city": "Elora", "last_name": "Quill-Ash"})
        assert all_ok(deliver(crm, account, inquiry(), links=links))
        assert all_ok(deliver(crm, account, inquiry(), look_first=True))
        assert account.contacts()[contact]["city"] == "Elora"
        assert account.contacts()[contact]["last_name"] == "Quill-Ash"

    def test_what_stood_there_before_us_stays(self, crm: Crm, account: Account) -> None:
        theirs = account.add_contact(
            {"first_name": "Anna", "last_name": "Quill-Ash", "email": "ana1@example.com", "city": "Elora"}
        )
        ana = replace(borrower(), names=("Ana", "Anna"))
        (receipt,) = deliver(crm, account, inquiry(ana))
        assert receipt.outcomes[0].remote_id == theirs
        kept = account.contacts()[theirs]
        assert (kept["first_name"], kept["last_name"], kept["city"]) == ("Anna", "Quill-Ash", "Elora")
        assert kept["phone"]

    def test_what_the_playbook_may_replace_is_replaced(self, crm: Crm, account: Account) -> None:
        links = links_in(deliver(crm, account, inquiry()))
        contact = links["contact", "B1"]
        account.edit_contact(contact, {"city": "Elora", "last_name": "Quill-Ash"})
        again = replace(borrower(), overwrite=frozenset({"city"}))
        (receipt,) = deliver(crm, account, inquiry(again), links=links)
        assert receipt.outcomes[0].action == "updated"
        assert account.contacts()[contact]["city"] == "Guelph"
        assert account.contacts()[contact]["last_name"] == "Quill-Ash"

    def test_an_owner_set_by_a_person_stays(self, crm: Crm, account: Account) -> None:
        links = links_in(deliver(crm, account, inquiry()))
        contact, deal = links["contact", "B1"], links["deal", "I1"]
        account.edit_contact(contact, {"owner": OTHER_OWNER})
        account.edit_deal(deal, {"owner": OTHER_OWNER})
        assert all_ok(deliver(crm, account, inquiry(), links=links))
        assert all_ok(deliver(crm, account, inquiry(), look_first=True))
        assert account.contacts()[contact]["owner"] == OTHER_OWNER
        assert account.deals()[deal]["owner"] == OTHER_OWNER

    def test_a_stage_set_by_a_person_stays(self, crm: Crm, account: Account) -> None:
        links = links_in(deliver(crm, account, inquiry()))
        deal = links["deal", "I1"]
        account.edit_deal(deal, {"stage": STAGES[1], "amount": "460000"})
        assert all_ok(deliver(crm, account, inquiry(), links=links))
        assert all_ok(deliver(crm, account, inquiry(), look_first=True))
        assert account.deals()[deal]["stage"] == STAGES[1]
        assert account.deals()[deal]["amount"] == "460000"
        assert counts(account) == expected_counts(account)

    def test_a_follow_up_that_a_person_ticked_off_is_not_asked_again(
        self, crm: Crm, account: Account
    ) -> None:
        links = links_in(deliver(crm, account, inquiry()))
        account.finish_task(links["task", "F1"])
        done = account.tasks()[links["task", "F1"]]
        assert all_ok(deliver(crm, account, inquiry(), links=links))
        assert all_ok(deliver(crm, account, inquiry(), look_first=True))
        assert dict(account.tasks()) == {links["task", "F1"]: done}

    def test_who_opted_out_is_delivered_and_stays_opted_out(self, crm: Crm, account: Account) -> None:
        links = links_in(deliver(crm, account, inquiry()))
        contact = links["contact", "B1"]
        account.opt_out(contact)
        eager = borrower()
        if "opted_out" in account.words.contact:
            eager = replace(having(eager, opted_out="false"), overwrite=frozenset({"opted_out"}))
        assert all_ok(deliver(crm, account, inquiry(eager, number=2), links=links))
        assert counts(account) == expected_counts(account, inquiries=2, inquirers=1)
        assert account.opted_out(contact)

    def test_a_contact_deleted_there_is_made_again(self, crm: Crm, account: Account) -> None:
        links = links_in(deliver(crm, account, inquiry()))
        account.delete_contact(links["contact", "B1"])
        (receipt,) = deliver(crm, account, inquiry(borrower(), number=2), links=links)
        assert receipt.error is None
        assert set(account.contacts()) == {receipt.outcomes[0].remote_id}

    def test_a_deal_deleted_there_stays_deleted(self, crm: Crm, account: Account) -> None:
        links = links_in(deliver(crm, account, replace(inquiry(), tasks=())))
        account.delete_deal(links["deal", "I1"])
        (receipt,) = deliver(crm, account, inquiry(), links=links)
        if account.abilities.deal_is_contact:  # whoever asks again after that is made again
            assert receipt.error is None
            return
        assert not account.deals()
        assert receipt.error is None or isinstance(receipt.error, Rejected)
        assert receipt.error is None or receipt.error.remedy

    def test_a_contact_merged_there_is_followed(self, crm: Crm, account: Account) -> None:
        links = links_in(deliver(crm, account, inquiry()))
        other = account.add_contact(
            {"first_name": "Anna", "last_name": "Quill", "email": "quill@example.com"}
        )
        survivor = account.merge_contacts(other, links["contact", "B1"])
        (receipt,) = deliver(crm, account, inquiry(borrower(), number=2), links=links)
        assert receipt.error is None
        assert receipt.outcomes[0].remote_id == survivor
        assert set(account.contacts()) == {survivor}

    def test_two_of_our_contacts_merged_there_stand_for_both(self, crm: Crm, account: Account) -> None:
        pair = inquiry(borrower(1), borrower(2, "Ben"))
        links = links_in(deliver(crm, account, pair))
        survivor = account.merge_contacts(links["contact", "B1"], links["contact", "B2"])
        account.edit_contact(survivor, {"city": ""})
        (receipt,) = deliver(crm, account, pair, links=links)
        assert receipt.error is None
        assert {o.remote_id for o in receipt.outcomes if o.kind == "contact"} == {survivor}
        assert account.contacts()[survivor]["city"] == "Guelph"
