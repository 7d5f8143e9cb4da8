"""A borrower whom HighLevel has from an earlier inquiry: few calls, and nothing that people did is undone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

import pytest

from connectors.crm.base import Receipt, RecordKind, Uncertain, Work
from connectors.crm.highlevel import HighLevelCrm, Starts
from mapping.crm.bundle import Bundle
from tests.connectors.account import counts, deliver
from tests.connectors.bundles import OTHER_OWNER, OWNER, borrower, couple, having, inquiry, links_in
from tests.connectors.highlevel_account import HighLevelAccount, connected
from tests.connectors.lies import COMMON_LIES, Rule, answer, assert_true, deliver_the_rest

pytest_plugins = ("tests.connectors.highlevel_fixtures",)

Links = Mapping[tuple[RecordKind, str], str]
FIRST = inquiry(tags=("website", "purchase"))
AGAIN = inquiry(borrower(), number=2, tags=("website", "purchase"))
CHOSEN = frozenset({"city"})
#: Why no other record's id is told elsewhere: see HIGHLEVEL_LIES.
LIES: Mapping[str, Rule] = {
    **COMMON_LIES,
    "another record's id": {"kind": "swap_id", "path": "^/contacts/[^/]+$"},
}


@pytest.fixture
def links(highlevel: HighLevelCrm, location: HighLevelAccount) -> Links:
    """FIRST was delivered, in a run of its own."""
    return links_in(deliver(highlevel, location, FIRST))


def next_one(
    crm: HighLevelCrm,
    account: HighLevelAccount,
    links: Links,
    bundle: Bundle = AGAIN,
    *,
    earlier: Bundle = FIRST,
) -> tuple[Receipt, int]:
    """What came of the borrower's next inquiry, and how many calls it took."""
    before, known = crm.calls, {"B1": account.words.bundle(earlier)}
    (receipt,) = crm.deliver([Work(account.words.bundle(bundle), links, earlier=known)])
    return receipt, crm.calls - before


def test_when_nothing_is_new_the_contact_is_not_asked_for(
    highlevel: HighLevelCrm, location: HighLevelAccount, links: Links
) -> None:
    contact = links["contact", "B1"]
    location.edit_contact(contact, {"city": "", "last_name": "Quill-Ferro", "owner": OTHER_OWNER})
    receipt, calls = next_one(highlevel, location, links)
    assert (receipt.error, receipt.outcomes[0].action, calls) == (None, "unchanged", 2)
    there = location.contacts()[contact]
    assert (there.get("city"), there["last_name"], there["owner"]) == (None, "Quill-Ferro", OTHER_OWNER)
    assert counts(location) == (1, 2, 2)


def test_another_need_is_tagged_and_costs_what_a_new_borrower_costs(
    highlevel: HighLevelCrm, location: HighLevelAccount, links: Links
) -> None:
    location.ask("POST", f"/contacts/{links['contact', 'B1']}/tags", {"tags": ["vip"]})
    receipt, calls = next_one(highlevel, location, links, replace(AGAIN, tags=("website", "refinance")))
    assert (receipt.error, calls) == (None, 3)
    with location.sandbox.state.lock:
        tags = location.sandbox.state.contacts.get(links["contact", "B1"]).tags
    assert set(tags) == {"website", "purchase", "refinance", "vip"}


def test_what_the_playbook_may_replace_is_replaced_without_asking(
    highlevel: HighLevelCrm, location: HighLevelAccount, links: Links
) -> None:
    contact = links["contact", "B1"]
    location.edit_contact(contact, {"city": "Elora", "last_name": "Quill-Ferro"})
    moved = inquiry(having(borrower(overwrite=CHOSEN), city="Fergus"), number=2, tags=FIRST.tags)
    receipt, calls = next_one(highlevel, location, links, moved)
    assert (receipt.error, receipt.outcomes[0].action, calls) == (None, "updated", 3)
    there = location.contacts()[contact]
    assert (there["city"], there["last_name"]) == ("Fergus", "Quill-Ferro")


def test_a_new_answer_that_may_replace_nothing_is_held_against_what_stands_there(
    highlevel: HighLevelCrm, location: HighLevelAccount, links: Links
) -> None:
    contact = links["contact", "B1"]
    location.edit_contact(contact, {"city": "Elora"})
    richer = having(borrower(), city="Fergus", postalCode="N1M 1A1")
    receipt, calls = next_one(highlevel, location, links, inquiry(richer, number=2, tags=FIRST.tags))
    assert (receipt.error, receipt.outcomes[0].action, calls) == (None, "updated", 4)
    there = location.contacts()[contact]
    assert (there["city"], there["postalCode"]) == ("Elora", "N1M 1A1")


def test_another_owner_of_the_inquiry_is_not_the_contacts(
    highlevel: HighLevelCrm, location: HighLevelAccount, links: Links
) -> None:
    again = inquiry(borrower(owner_email=OTHER_OWNER), number=2, tags=FIRST.tags)
    receipt, calls = next_one(highlevel, location, links, again)
    assert (receipt.error, calls) == (None, 2)
    assert location.contacts()[links["contact", "B1"]]["owner"] == OWNER


@pytest.mark.parametrize("chosen", [OWNER, ""])
def test_an_owner_who_is_found_later_is_written_where_there_is_none(
    highlevel: HighLevelCrm, location: HighLevelAccount, chosen: str
) -> None:
    unowned = inquiry(borrower(owner_email=""), tags=FIRST.tags)
    links = links_in(deliver(highlevel, location, unowned))
    if chosen:
        location.edit_contact(links["contact", "B1"], {"owner": chosen})
    again = inquiry(borrower(owner_email=OTHER_OWNER), number=2, tags=FIRST.tags)
    receipt, _ = next_one(highlevel, location, links, again, earlier=unowned)
    assert receipt.error is None
    assert location.contacts()[links["contact", "B1"]]["owner"] == (chosen or OTHER_OWNER)


@pytest.mark.parametrize("said_before", [False, True])
def test_a_withdrawn_consent_is_raised_beside_what_stands_there(
    highlevel: HighLevelCrm, location: HighLevelAccount, links: Links, said_before: bool
) -> None:
    contact = links["contact", "B1"]
    sms = {"SMS": {"status": "active", "message": "STOP"}}
    location.ask("PUT", f"/contacts/{contact}", {"dndSettings": sms})
    silent = having(borrower(overwrite=frozenset({"opted_out"})), opted_out="refused")
    earlier = inquiry(silent) if said_before else FIRST
    receipt, _ = next_one(highlevel, location, links, inquiry(silent, number=2), earlier=earlier)
    assert receipt.error is None
    with location.sandbox.state.lock:
        channels = location.sandbox.state.contacts.get(contact).dnd_settings
    assert {name: entry["status"] for name, entry in channels.items()} == {"SMS": "active", "Email": "active"}


def test_whether_somebody_opted_out_is_read_before_a_follow_up_is_started(
    location: HighLevelAccount, links: Links
) -> None:
    location.ask("PUT", f"/contacts/{links['contact', 'B1']}", {"dnd": True})
    with connected(location, starts=Starts("fp-phase-new")) as crm:
        receipt, _ = next_one(crm, location, links)
    assert "opt-out" in receipt.outcomes[0].note
    with location.sandbox.state.lock:
        assert "fp-phase-new" not in location.sandbox.state.contacts.get(links["contact", "B1"]).tags


@pytest.mark.parametrize("again", [AGAIN, replace(AGAIN, tags=("refinance",)), couple(1)])
def test_a_contact_that_was_deleted_meanwhile_is_made_again_in_the_same_attempt(
    highlevel: HighLevelCrm, location: HighLevelAccount, links: Links, again: Bundle
) -> None:
    location.delete_contact(links["contact", "B1"])
    receipt, _ = next_one(highlevel, location, {("contact", "B1"): links["contact", "B1"]}, again)
    assert receipt.error is None
    assert counts(location) == (len(again.contacts), 1, 1)
    assert_true(location, again, receipt)


def test_a_contact_that_was_merged_meanwhile_is_followed(
    highlevel: HighLevelCrm, location: HighLevelAccount, links: Links
) -> None:
    theirs = location.add_contact({"first_name": "Ana", "email": "ana@example.com"})
    kept = location.merge_contacts(theirs, links["contact", "B1"])
    receipt, _ = next_one(highlevel, location, links)
    assert receipt.error is None
    assert receipt.outcomes[0].remote_id == kept
    assert counts(location) == (1, 2, 2)


def test_a_couple_of_whom_one_is_known(
    highlevel: HighLevelCrm, location: HighLevelAccount, links: Links
) -> None:
    both = replace(couple(1), key="D2", tags=FIRST.tags)
    assert both.deal is not None
    both = replace(both, deal=replace(both.deal, key="I2"), tasks=AGAIN.tasks)
    receipt, _ = next_one(highlevel, location, links, both)
    assert receipt.error is None
    assert counts(location) == (2, 2, 2)
    assert "Borrower on the same inquiry: Ana Quill" in " ".join(
        note["body"] for note in location.notes().values()
    )


def test_in_one_run_the_second_inquiry_of_a_borrower_asks_for_nothing(
    highlevel: HighLevelCrm, location: HighLevelAccount
) -> None:
    deliver(highlevel, location, inquiry(number=9))
    before = highlevel.calls
    receipts = deliver(highlevel, location, FIRST, AGAIN)
    assert [receipt.error for receipt in receipts] == [None, None]
    assert highlevel.calls - before == 3 + 2


@pytest.mark.parametrize("lie", list(LIES.values()), ids=list(LIES))
def test_no_lie_about_a_known_borrower_passes_for_a_delivery(
    highlevel: HighLevelCrm, location: HighLevelAccount, links: Links, lie: Rule
) -> None:
    moved = having(borrower(overwrite=CHOSEN), city="Fergus")
    for nth in range(1, 5):
        again = inquiry(moved, number=1 + nth, tags=(f"need-{nth}",))
        location.order(lie, nth=nth, times=1)
        receipt, _ = next_one(highlevel, location, links, again)
        assert_true(location, again, receipt)
        location.heal()
        deliver_the_rest(highlevel, location, again)
    assert counts(location) == (1, 5, 5)


def test_the_answer_to_another_inquiry_of_the_same_need_is_no_delivery(
    highlevel: HighLevelCrm, location: HighLevelAccount, links: Links
) -> None:
    earlier = location.ask("GET", f"/opportunities/{links['deal', 'I1']}")
    location.order(answer(201, json.dumps(earlier)), times=1)
    receipt, _ = next_one(highlevel, location, links)
    assert isinstance(receipt.error, Uncertain)
    location.heal()
    deliver_the_rest(highlevel, location, AGAIN)
    assert counts(location) == (1, 2, 2)
