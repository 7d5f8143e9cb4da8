"""What every CRM connector promises, as tests that a vendor's test class inherits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Protocol

import pytest

from connectors.crm.base import (
    AuthFailed,
    Crm,
    CrmError,
    RateLimited,
    Receipt,
    RecordKind,
    Rejected,
    Unavailable,
    Uncertain,
)
from tests.connectors.bundles import borrower, inquiry, links_in, work

Properties = Mapping[str, str]


class Account(Protocol):
    """The vendor's side: what stands there, what a person does there, and what goes wrong there."""

    def contacts(self) -> Mapping[str, Properties]:
        """Live contacts by id."""

    def deals(self) -> Mapping[str, Properties]:
        """Live deals by id."""

    def tasks(self) -> Mapping[str, Properties]:
        """Live tasks by id."""

    def contacts_of_deal(self, deal_id: str) -> set[str]:
        """Contacts a deal belongs to."""

    def records_of_task(self, task_id: str) -> set[str]:
        """Contacts and deals a task belongs to."""

    def add_contact(self, properties: Properties) -> str:
        """A person adds a contact."""

    def edit_contact(self, contact_id: str, properties: Properties) -> None:
        """A person edits a contact."""

    def delete_contact(self, contact_id: str) -> None:
        """A person deletes a contact."""

    def merge_contacts(self, kept: str, absorbed: str) -> str:
        """A person merges two contacts; the id of what remains."""

    def fail(self, kind: str, *, nth: int = 1, times: int | None = None) -> None:
        """From the nth call on (times calls, None: all) go wrong.

        kind: unauthorized, rate_limited, error_after, reset_before, reset_after, timeout_after, garbage; the
        "after" ones are carried out before they go wrong.
        """

    def heal(self) -> None:
        """Nothing goes wrong any more."""


FAULTS_AFTER_COMMIT = ("error_after", "reset_after", "timeout_after", "cut_answer")


class CrmContract:
    """Subclasses provide the fixtures: a provisioned account, and the connector to it."""

    @pytest.fixture
    def account(self) -> Account:
        """The vendor's side."""
        raise NotImplementedError

    @pytest.fixture
    def crm(self, account: Account) -> Crm:
        """A connector to the account."""
        raise NotImplementedError

    @pytest.fixture
    def impatient_crm(self, account: Account) -> Crm:
        """A connector that gives up waiting soon."""
        raise NotImplementedError

    @pytest.fixture
    def unreachable_crm(self) -> Crm:
        """A connector to an address where nobody listens."""
        raise NotImplementedError

    def test_an_inquiry_becomes_one_contact_one_deal_and_one_task(self, crm: Crm, account: Account) -> None:
        (receipt,) = crm.deliver(work(inquiry()))
        assert [(o.kind, o.key, o.action) for o in receipt.outcomes] == [
            ("contact", "B1", "created"),
            ("deal", "I1", "created"),
            ("task", "F1", "created"),
        ]
        contact, deal, task = (o.remote_id for o in receipt.outcomes)
        assert set(account.contacts()) == {contact}
        assert account.contacts_of_deal(deal) == {contact}
        assert account.records_of_task(task) == {contact, deal}

    def test_the_same_bundle_again_changes_nothing(self, crm: Crm, account: Account) -> None:
        first = crm.deliver(work(inquiry()))
        before = dict(account.contacts()), dict(account.deals()), dict(account.tasks())
        (second,) = crm.deliver(work(inquiry(), links=links_in(first)))
        assert {o.action for o in second.outcomes} == {"unchanged"}
        assert links_in([second]) == links_in(first)
        assert (dict(account.contacts()), dict(account.deals()), dict(account.tasks())) == before

    def test_a_repeat_after_the_receipts_were_lost_creates_no_doubles(
        self, crm: Crm, account: Account
    ) -> None:
        first = crm.deliver(work(inquiry()))
        second = crm.deliver(work(inquiry(), look_first=True))
        assert _ok(second)
        assert links_in(second) == links_in(first)
        _assert_one_of_each(account)

    def test_a_contact_that_stands_there_is_adopted_and_completed(self, crm: Crm, account: Account) -> None:
        theirs = account.add_contact({"firstname": "Ana", "email": "ana1@example.com"})
        (receipt,) = crm.deliver(work(inquiry()))
        assert (receipt.outcomes[0].action, receipt.outcomes[0].remote_id) == ("adopted", theirs)
        assert "email" in receipt.outcomes[0].note
        assert account.contacts()[theirs]["city"] == "Guelph"

    def test_a_contact_is_adopted_by_phone_when_both_names_agree(self, crm: Crm, account: Account) -> None:
        theirs = account.add_contact({"firstname": "ANA", "lastname": "Quill", "phone": "+14165550001"})
        account.add_contact({"firstname": "Ben", "lastname": "Quill", "phone": "+14165550001"})
        (receipt,) = crm.deliver(work(inquiry()))
        assert receipt.outcomes[0].remote_id == theirs

    def test_what_a_person_typed_stays(self, crm: Crm, account: Account) -> None:
        receipts = crm.deliver(work(inquiry()))
        links = links_in(receipts)
        contact = links["contact", "B1"]
        account.edit_contact(contact, {"city": "Elora", "lastname": "Quill-Ash"})
        assert _ok(crm.deliver(work(inquiry(number=1), links=links)))
        assert account.contacts()[contact]["city"] == "Elora"
        assert account.contacts()[contact]["lastname"] == "Quill-Ash"

    def test_what_the_playbook_may_replace_is_replaced(self, crm: Crm, account: Account) -> None:
        links = links_in(crm.deliver(work(inquiry())))
        contact = links["contact", "B1"]
        account.edit_contact(contact, {"city": "Elora", "lastname": "Quill-Ash"})
        again = replace(borrower(), overwrite=frozenset({"city"}))
        (receipt,) = crm.deliver(work(inquiry(again), links=links))
        assert receipt.outcomes[0].action == "updated"
        assert account.contacts()[contact]["city"] == "Guelph"
        assert account.contacts()[contact]["lastname"] == "Quill-Ash"

    def test_blanks_never_erase(self, crm: Crm, account: Account) -> None:
        links = links_in(crm.deliver(work(inquiry())))
        bare = replace(borrower(), fields={"firstname": "Ana", "city": ""}, overwrite=frozenset({"city"}))
        assert _ok(crm.deliver(work(inquiry(bare), links=links)))
        assert account.contacts()[links["contact", "B1"]]["city"] == "Guelph"

    def test_what_was_blank_is_filled_in(self, crm: Crm, account: Account) -> None:
        bare = replace(borrower(), fields={"firstname": "Ana", "email": "ana1@example.com"})
        links = links_in(crm.deliver(work(inquiry(bare))))
        (receipt,) = crm.deliver(work(inquiry(), links=links))
        assert receipt.outcomes[0].action == "updated"
        assert account.contacts()[links["contact", "B1"]]["lastname"] == "Quill"

    def test_a_known_borrowers_second_inquiry_is_a_second_deal(self, crm: Crm, account: Account) -> None:
        links = links_in(crm.deliver(work(inquiry())))
        assert _ok(crm.deliver(work(inquiry(borrower(), number=2), links=links)))
        assert _counts(account) == (1, 2, 2)

    def test_the_same_borrower_twice_in_one_run_is_one_contact(self, crm: Crm, account: Account) -> None:
        receipts = crm.deliver(work(inquiry(number=1), inquiry(borrower(), number=2)))
        assert _ok(receipts)
        assert [r.outcomes[0].action for r in receipts] == ["created", "unchanged"]
        assert _counts(account) == (1, 2, 2)

    def test_the_deal_belongs_to_the_co_borrower_too(self, crm: Crm, account: Account) -> None:
        receipts = crm.deliver(work(inquiry(borrower(1), borrower(2, "Ben"))))
        links = links_in(receipts)
        both = {links["contact", "B1"], links["contact", "B2"]}
        assert account.contacts_of_deal(links["deal", "I1"]) == both

    def test_a_spouse_with_the_same_inbox_is_another_contact(self, crm: Crm, account: Account) -> None:
        theirs = account.add_contact({"firstname": "Ben", "lastname": "Quill", "email": "ana1@example.com"})
        (receipt,) = crm.deliver(work(inquiry()))
        assert receipt.error is None
        assert receipt.outcomes[0].action == "created"
        assert receipt.outcomes[0].note
        assert account.contacts()[theirs]["firstname"] == "Ben"
        assert len(account.contacts()) == 2

    def test_borrowers_of_ours_who_share_an_inbox_are_two_contacts(self, crm: Crm, account: Account) -> None:
        ana = borrower(1)
        ben = replace(
            borrower(2, "Ben", fields=dict(ana.fields) | {"firstname": "Ben"}),
            emails=ana.emails,
            shared_email=True,
        )
        receipts = crm.deliver(work(inquiry(ana, ben)))
        assert _ok(receipts)
        assert len(account.contacts()) == 2
        again = crm.deliver(work(inquiry(ana, ben), look_first=True))
        assert _ok(again)
        assert links_in(again) == links_in(receipts)

    def test_one_bad_record_harms_no_other(self, crm: Crm, account: Account) -> None:
        bad = borrower(2)
        bad = replace(bad, fields=dict(bad.fields) | {"email": "not an email"}, emails=("not an email",))
        receipts = crm.deliver(
            work(inquiry(number=1), inquiry(bad, number=2), inquiry(borrower(3), number=3))
        )
        assert [r.bundle_key for r in receipts] == ["D1", "D2", "D3"]
        assert [r.error is None for r in receipts] == [True, False, True]
        assert isinstance(receipts[1].error, Rejected)
        assert [o.kind for o in receipts[1].outcomes] == ["contact"]
        assert _counts(account) == (2, 2, 2)

    def test_a_refusal_names_the_field_and_repeats_no_value(self, crm: Crm) -> None:
        bad = replace(borrower(), fields=dict(borrower().fields) | {"email": "ana at example"})
        error = crm.deliver(work(inquiry(bad)))[0].error
        assert isinstance(error, Rejected)
        assert error.field_name == "email"
        assert error.remedy
        said = f"{error} {error.remedy}".lower()
        assert not any(value.lower() in said for value in bad.fields.values())

    def test_an_owner_unknown_there_is_a_persons_to_settle(self, crm: Crm) -> None:
        stranger = replace(borrower(), owner_email="nobody@brokerage.example.com")
        receipts = crm.deliver(work(inquiry(stranger), inquiry(number=2)))
        assert isinstance(receipts[0].error, Rejected)
        assert receipts[0].error.field_name
        assert receipts[1].error is None

    def test_a_stage_unknown_there_is_a_persons_to_settle(self, crm: Crm) -> None:
        bundle = inquiry()
        assert bundle.deal is not None
        (receipt,) = crm.deliver(work(replace(bundle, deal=replace(bundle.deal, stage="Nowhere"))))
        assert isinstance(receipt.error, Rejected)
        assert "Nowhere" in str(receipt.error)
        assert [o.kind for o in receipt.outcomes] == ["contact", "deal"]

    @pytest.mark.parametrize(
        ("fault", "expected"),
        [
            ("unauthorized", AuthFailed),
            ("rate_limited", RateLimited),
            ("error_after", Uncertain),
            ("reset_before", Uncertain),
            ("reset_after", Uncertain),
            ("timeout_after", Uncertain),
            ("garbage", Uncertain),
        ],
    )
    def test_the_kind_of_failure_says_what_happens_next(
        self, impatient_crm: Crm, account: Account, fault: str, expected: type[CrmError]
    ) -> None:
        account.fail(fault)
        (receipt,) = impatient_crm.deliver(work(inquiry()))
        assert isinstance(receipt.error, expected)
        assert "example.com" not in str(receipt.error)

    def test_an_address_where_nobody_listens_is_unavailable(self, unreachable_crm: Crm) -> None:
        (receipt,) = unreachable_crm.deliver(work(inquiry()))
        assert isinstance(receipt.error, Unavailable)

    def test_what_was_done_before_a_failure_is_in_the_receipt(self, crm: Crm, account: Account) -> None:
        links = links_in(crm.deliver(work(inquiry(number=9))))
        assert links
        calls = crm.calls
        crm.deliver(work(inquiry(number=8)))
        account.fail("rate_limited", nth=crm.calls - calls)
        (receipt,) = crm.deliver(work(inquiry(number=1)))
        assert isinstance(receipt.error, RateLimited)
        assert {("contact", "B1"), ("deal", "I1")} <= links_in([receipt]).keys()

    @pytest.mark.parametrize("fault", FAULTS_AFTER_COMMIT)
    def test_interrupted_after_any_call_it_ends_with_one_of_each(
        self, impatient_crm: Crm, account: Account, fault: str
    ) -> None:
        impatient_crm.deliver(work(inquiry(number=99)))  # owners and pipelines are known from here on
        number = 0
        for remember in (True, False):
            for nth in range(1, 7):
                number += 1
                account.fail(fault, nth=nth, times=1)
                _deliver_until_done(impatient_crm, number, remember=remember)
        assert _counts(account) == (2 * number + 1, number + 1, number + 1)

    def test_every_call_interrupted_once_still_ends_with_one_of_each(
        self, impatient_crm: Crm, account: Account
    ) -> None:
        links: dict[tuple[RecordKind, str], str] = {}
        for nth in range(1, 9):
            account.fail("error_after", nth=nth, times=1)
            links |= links_in(impatient_crm.deliver(work(inquiry(), links=links, look_first=True)))
        account.heal()
        assert _ok(impatient_crm.deliver(work(inquiry(), links=links, look_first=True)))
        _assert_one_of_each(account)

    def test_letters_of_all_scripts_and_long_texts_arrive(self, crm: Crm, account: Account) -> None:
        zoe = borrower(1, "Zoë", "Ōmori-Đặng 李", emails=("zoe@example.com",))
        zoe = replace(zoe, fields=dict(zoe.fields) | {"email": "zoe@example.com", "city": "Z" * 70_000})
        bundle = inquiry(zoe)
        long = replace(bundle, tasks=(replace(bundle.tasks[0], body="ж" * 70_000),))
        receipts = crm.deliver(work(long))
        assert _ok(receipts)
        contact = account.contacts()[links_in(receipts)["contact", "B1"]]
        assert (contact["firstname"], contact["lastname"]) == ("Zoë", "Ōmori-Đặng 李")
        assert _ok(crm.deliver(work(long, look_first=True)))
        _assert_one_of_each(account)

    def test_a_contact_deleted_there_is_made_again(self, crm: Crm, account: Account) -> None:
        links = links_in(crm.deliver(work(inquiry())))
        account.delete_contact(links["contact", "B1"])
        (receipt,) = crm.deliver(work(inquiry(borrower(), number=2), links=links))
        assert receipt.error is None
        assert set(account.contacts()) == {receipt.outcomes[0].remote_id}

    def test_a_contact_merged_there_is_followed(self, crm: Crm, account: Account) -> None:
        links = links_in(crm.deliver(work(inquiry())))
        other = account.add_contact({"firstname": "Anna", "lastname": "Quill", "email": "quill@example.com"})
        survivor = account.merge_contacts(other, links["contact", "B1"])
        (receipt,) = crm.deliver(work(inquiry(borrower(), number=2), links=links))
        assert receipt.error is None
        assert receipt.outcomes[0].remote_id == survivor
        assert set(account.contacts()) == {survivor}

    def test_find_says_who_stands_there_and_why(self, crm: Crm, account: Account) -> None:
        theirs = account.add_contact({"firstname": "Ana", "email": "ana1@example.com"})
        found = crm.find([inquiry(number=1), inquiry(borrower(2, "Ben"), number=2)])
        assert {key: match.remote_id for key, match in found.items()} == {"B1": theirs}
        assert found["B1"].matched_by

    def test_a_batch_of_many_arrives_whole_and_in_order(self, crm: Crm, account: Account) -> None:
        bundles = [inquiry(borrower(n), number=n) for n in range(1, 131)]
        receipts = crm.deliver(work(*bundles))
        assert [r.bundle_key for r in receipts] == [b.key for b in bundles]
        assert _ok(receipts)
        assert _counts(account) == (130, 130, 130)

    def test_no_work_is_no_call(self, crm: Crm) -> None:
        assert list(crm.deliver([])) == []
        assert crm.calls == 0


def _deliver_until_done(crm: Crm, number: int, *, remember: bool) -> None:
    """As the ledger does it: look first once an attempt has failed, with or without its receipts in hand."""
    links: dict[tuple[RecordKind, str], str] = {}
    couple = inquiry(borrower(number), borrower(100 + number, "Ben"), number=number)
    for attempt in range(5):
        pieces = work(couple, links=links, look_first=attempt > 0)
        receipts = crm.deliver(pieces)
        links |= links_in(receipts) if remember else {}
        if _ok(receipts):
            return
    pytest.fail(f"inquiry {number} was not delivered in five attempts: {receipts[0].error!r}")


def _ok(receipts: Sequence[Receipt]) -> bool:
    return all(receipt.error is None for receipt in receipts)


def _counts(account: Account) -> tuple[int, int, int]:
    return len(account.contacts()), len(account.deals()), len(account.tasks())


def _assert_one_of_each(account: Account) -> None:
    assert _counts(account) == (1, 1, 1)
