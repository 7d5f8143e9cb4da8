"""What is HighLevel's alone in a delivery: tags, opt-outs, shared inboxes, one opportunity, calls."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from connectors.crm.base import Rejected, Uncertain
from connectors.crm.highlevel import HighLevelCrm, Starts
from connectors.sandbox.highlevel import RunningSandbox, people
from mapping.crm.bundle import FollowUpStart
from tests.connectors.account import all_ok, counts, deliver
from tests.connectors.bundles import borrower, couple, having, inquiry, links_in
from tests.connectors.highlevel_account import HighLevelAccount, connected, provisioned

pytest_plugins = ("tests.connectors.highlevel_fixtures",)


def test_no_request_upserts_or_sends_source(highlevel: HighLevelCrm, location: HighLevelAccount) -> None:
    links = links_in(deliver(highlevel, location, couple()))
    deliver(highlevel, location, inquiry(borrower(), number=2), links=links)
    assert not [path for path in location.paths() if "upsert" in path]
    assert not [body for body in location.bodies() if "source" in body]


def test_a_new_borrower_costs_three_calls(highlevel: HighLevelCrm, location: HighLevelAccount) -> None:
    deliver(highlevel, location, inquiry(number=9))
    before = highlevel.calls
    deliver(highlevel, location, inquiry())
    assert highlevel.calls - before == 3


def test_where_duplicates_are_allowed_one_look_is_enough(highlevel_sandbox: RunningSandbox) -> None:
    account = provisioned(highlevel_sandbox, allow_duplicate_contact=True)
    with connected(account) as crm:
        deliver(crm, account, inquiry(number=9))
        before = crm.calls
        deliver(crm, account, inquiry())
        assert crm.calls - before == 4


def test_with_a_workflow_and_every_change_a_new_borrower_stays_in_the_budget(
    location: HighLevelAccount,
) -> None:
    workflow = location.ask("POST", "/_sandbox/workflows", {"name": "Speed to lead", "published": True})
    starts = Starts("FP-Phase-New ", "speed to lead")
    with connected(location, starts=starts) as crm:
        deliver(crm, location, inquiry(number=9, tags=("website",)))
        before = crm.calls
        links = links_in(deliver(crm, location, inquiry(tags=("Website", "purchase"))))
        assert crm.calls - before == 4
        before = crm.calls
        deliver(crm, location, inquiry(borrower(), number=2, tags=("refinance",)), links=links)
        assert crm.calls - before == 5
    contact = links["contact", "B1"]
    with location.sandbox.state.lock:
        assert set(location.sandbox.state.contacts.get(contact).tags) == {
            "website",
            "purchase",
            "refinance",
            "fp-phase-new",
        }
        assert [e["contactId"] for e in location.sandbox.state.snapshot("enrolments")["enrolments"]].count(
            contact
        ) == 2
    assert workflow


def test_tags_that_people_gave_are_never_replaced(
    highlevel: HighLevelCrm, location: HighLevelAccount
) -> None:
    theirs = location.add_contact({"first_name": "Ana", "email": "ana1@example.com"})
    location.ask("POST", f"/contacts/{theirs}/tags", {"tags": ["vip", "golf"]})
    (receipt,) = deliver(highlevel, location, inquiry(tags=("Purchase",)))
    assert receipt.error is None
    with location.sandbox.state.lock:
        assert set(location.sandbox.state.contacts.get(theirs).tags) == {"vip", "golf", "purchase"}
    puts = [e for e in location.sandbox.journal.since() if e["method"] == "PUT"]
    assert puts
    assert not [e for e in puts if "tags" in e["body"]]


def test_a_phase_tag_that_stands_there_is_left_alone(location: HighLevelAccount) -> None:
    theirs = location.add_contact({"first_name": "Ana", "email": "ana1@example.com"})
    location.ask("POST", f"/contacts/{theirs}/tags", {"tags": ["fp-phase-new"]})
    with connected(location, starts=Starts("fp-phase-new")) as crm:
        (receipt,) = deliver(crm, location, inquiry())
    assert "fp-phase-new stood there already" in receipt.outcomes[0].note


def test_a_repeat_starts_no_second_follow_up(location: HighLevelAccount) -> None:
    location.ask("POST", "/_sandbox/workflows", {"name": "Speed to lead", "published": True})
    with connected(location, starts=Starts("fp-phase-new", "Speed to lead")) as crm:
        links = links_in(deliver(crm, location, inquiry()))
        # The brokerage's workflow moves the borrower on.
        location.ask("DELETE", f"/contacts/{links['contact', 'B1']}/tags", {"tags": ["fp-phase-new"]})
        deliver(crm, location, inquiry(), links=links)
        deliver(crm, location, inquiry(), look_first=True)
    with location.sandbox.state.lock:
        assert location.sandbox.state.contacts.get(links["contact", "B1"]).tags == []
        assert len(location.sandbox.state.snapshot("enrolments")["enrolments"]) == 1


def test_a_cadence_left_to_highlevel_is_started_once(
    highlevel: HighLevelCrm, location: HighLevelAccount
) -> None:
    location.ask("POST", "/_sandbox/workflows", {"name": "Warm nurture", "published": True})
    links = links_in(deliver(highlevel, location, inquiry()))
    later = inquiry(key="D1b", tasks=(), start=FollowUpStart("warm nurture", "FP-Phase-Warm"))
    for look_first in (False, True):
        assert all_ok(deliver(highlevel, location, later, links=links, look_first=look_first))
    contact = links["contact", "B1"]
    with location.sandbox.state.lock:
        assert location.sandbox.state.contacts.get(contact).tags == ["fp-phase-warm"]
        results = [one["result"] for one in location.sandbox.state.snapshot("enrolments")["enrolments"]]
    assert results.count("enrolled") == 1


def test_a_cadence_that_ended_is_ended_there_and_other_tags_stay(
    highlevel: HighLevelCrm, location: HighLevelAccount
) -> None:
    location.ask("POST", "/_sandbox/workflows", {"name": "Hot pursuit", "published": True})
    links = links_in(deliver(highlevel, location, inquiry()))
    contact = links["contact", "B1"]
    hot = FollowUpStart("hot pursuit", "FP-Phase-Hot")
    assert all_ok(deliver(highlevel, location, inquiry(key="D1b", tasks=(), start=hot), links=links))
    location.ask("POST", f"/contacts/{contact}/tags", {"tags": ["vip"]})
    warm = FollowUpStart(tag="fp-phase-warm")
    stops = (hot, FollowUpStart("No such workflow", "never-set"))
    later = inquiry(key="D1c", tasks=(), start=warm, stops=stops)
    for look_first in (False, True):
        assert all_ok(deliver(highlevel, location, later, links=links, look_first=look_first))
    with location.sandbox.state.lock:
        assert sorted(location.sandbox.state.contacts.get(contact).tags) == ["fp-phase-warm", "vip"]
        assert location.sandbox.state.workflows.of(contact) == []


def test_a_cadence_is_not_started_for_whoever_opted_out(
    highlevel: HighLevelCrm, location: HighLevelAccount
) -> None:
    links = links_in(deliver(highlevel, location, inquiry()))
    contact = links["contact", "B1"]
    location.ask("PUT", f"/contacts/{contact}", {"dndSettings": {"SMS": {"status": "active"}}})
    later = inquiry(key="D1b", tasks=(), start=FollowUpStart(tag="fp-phase-warm"))
    (receipt,) = deliver(highlevel, location, later, links=links)
    assert "was not started" in receipt.outcomes[0].note
    with location.sandbox.state.lock:
        assert location.sandbox.state.contacts.get(contact).tags == []


@pytest.mark.parametrize(("published", "named"), [(False, "Speed to lead"), (True, "Another one")])
def test_a_workflow_that_cannot_follow_up_goes_to_a_person(
    location: HighLevelAccount, published: bool, named: str
) -> None:
    location.ask("POST", "/_sandbox/workflows", {"name": "Speed to lead", "published": published})
    with connected(location, starts=Starts(workflow=named)) as crm:
        (receipt,) = deliver(crm, location, inquiry())
    assert receipt.error is None
    assert "workflow" in receipt.outcomes[0].review
    assert counts(location) == (1, 1, 1)


@pytest.mark.parametrize("everything", [True, False])
def test_who_opted_out_is_delivered_but_no_follow_up_is_started(
    location: HighLevelAccount, everything: bool
) -> None:
    theirs = location.add_contact({"first_name": "Ana", "email": "ana1@example.com"})
    blocked = {"dnd": True} if everything else {"dndSettings": {"Call": {"status": "active"}}}
    location.ask("PUT", f"/contacts/{theirs}", blocked)
    with connected(location, starts=Starts("fp-phase-new")) as crm:
        (receipt,) = deliver(crm, location, inquiry())
    assert receipt.error is None
    assert "opt-out" in receipt.outcomes[0].note
    with location.sandbox.state.lock:
        contact = location.sandbox.state.contacts.get(theirs)
        assert contact.tags == []
        assert contact.dnd is everything


def test_a_new_borrower_who_says_no_is_never_followed_up(location: HighLevelAccount) -> None:
    silent = having(borrower(), dnd_call="refused", dnd_email="given")
    with connected(location, starts=Starts("fp-phase-new")) as crm:
        receipts = deliver(crm, location, inquiry(silent))
    contact = links_in(receipts)["contact", "B1"]
    with location.sandbox.state.lock:
        there = location.sandbox.state.contacts.get(contact)
        assert there.tags == []
        assert {name: entry["status"] for name, entry in there.dnd_settings.items()} == {"Call": "active"}


def test_a_withdrawn_consent_raises_one_channel_and_lowers_none(
    highlevel: HighLevelCrm, location: HighLevelAccount
) -> None:
    links = links_in(deliver(highlevel, location, inquiry()))
    contact = links["contact", "B1"]
    with location.sandbox.state.lock:
        people.answer_stop(location.sandbox.state, contact, "SMS")
    quiet = having(borrower(), dnd_email="refused", dnd_sms="given")
    assert all_ok(deliver(highlevel, location, inquiry(quiet, number=2), links=links))
    with location.sandbox.state.lock:
        settings = location.sandbox.state.contacts.get(contact).dnd_settings
        assert {name: entry["status"] for name, entry in settings.items()} == {
            "SMS": "permanent",
            "Email": "active",
        }
    before = len(location.paths())
    assert all_ok(deliver(highlevel, location, inquiry(quiet, number=3), links=links))
    assert not [path for path in location.paths()[before:] if path.startswith("PUT /contacts")]


def test_a_spouse_who_shares_inbox_and_phone_is_a_contact_of_their_own(
    highlevel: HighLevelCrm, location: HighLevelAccount
) -> None:
    shared = {"email": "ana1@example.com", "phone": "+14165550001"}
    location.add_contact({"first_name": "Ben", "last_name": "Quill", **shared})
    (receipt,) = deliver(highlevel, location, inquiry())
    assert receipt.error is None
    made = location.contacts()[receipt.outcomes[0].remote_id]
    assert "email" not in made
    assert "phone" not in made
    assert (made["firstpath_shared_email"], made["firstpath_shared_phone"]) == tuple(shared.values())
    assert "shared email" in receipt.outcomes[0].note
    assert "@" not in receipt.outcomes[0].note


def test_what_only_the_lagging_index_could_show_is_waited_out(
    location: HighLevelAccount, highlevel_sandbox: RunningSandbox
) -> None:
    location.add_contact(
        {"first_name": "Ben", "last_name": "Quill", "email": "ana1@example.com", "phone": "+14165550001"}
    )
    now = [0.0]
    with connected(location, clock=lambda: now[0]) as crm:
        first = deliver(crm, location, inquiry())
        highlevel_sandbox.configure(search_delay=600)
        location.edit_contact(links_in(first)["contact", "B1"], {"city": "Elora"})
        (second,) = deliver(crm, location, inquiry(), look_first=True)
        assert isinstance(second.error, Uncertain)
        assert len(location.contacts()) == 2
        highlevel_sandbox.configure(search_delay=0)
        (third,) = deliver(crm, location, inquiry(), look_first=True)
        assert third.error is None
    assert links_in([third]) == links_in(first)


def test_a_borrower_of_whom_nothing_is_found_is_made_once_the_index_had_its_time(
    location: HighLevelAccount,
) -> None:
    shared = {"email": "ana1@example.com", "phone": "+14165550001"}
    location.add_contact({"first_name": "Ben", "last_name": "Quill", **shared})
    now = [0.0]
    with connected(location, clock=lambda: now[0]) as crm:
        assert isinstance(deliver(crm, location, inquiry(), look_first=True)[0].error, Uncertain)
        now[0] = 31.0
        assert deliver(crm, location, inquiry(), look_first=True)[0].error is None
    assert counts(location) == (2, 1, 1)


def test_an_email_that_belongs_to_another_person_is_not_filled_in(
    highlevel: HighLevelCrm, location: HighLevelAccount
) -> None:
    location.add_contact({"first_name": "Ben", "email": "ana1@example.com"})
    ana = location.add_contact({"first_name": "Ana", "last_name": "Quill", "phone": "+14165550001"})
    (receipt,) = deliver(highlevel, location, inquiry())
    assert receipt.error is None
    assert receipt.outcomes[0].remote_id == ana
    assert location.contacts()[ana]["firstpath_shared_email"] == "ana1@example.com"
    assert len(location.contacts()) == 2


def test_email_of_one_contact_and_phone_of_another_go_to_review(
    highlevel: HighLevelCrm, location: HighLevelAccount
) -> None:
    by_email = location.add_contact({"first_name": "Ana", "last_name": "Quill", "email": "ana1@example.com"})
    by_phone = location.add_contact({"first_name": "Ana", "last_name": "Quill", "phone": "+14165550001"})
    (receipt,) = deliver(highlevel, location, inquiry())
    assert receipt.outcomes[0].remote_id == by_email
    assert by_phone in receipt.outcomes[0].review
    assert location.contacts()[by_email]["firstpath_shared_phone"] == "+14165550001"


def test_where_one_opportunity_is_allowed_the_second_inquiry_joins_it(
    highlevel_sandbox: RunningSandbox,
) -> None:
    account = provisioned(highlevel_sandbox, allow_duplicate_opportunity=False)
    with connected(account) as crm:
        first = inquiry()
        assert first.deal is not None
        links = links_in(
            deliver(crm, account, replace(first, deal=replace(first.deal, fields={"amount": "1"})))
        )
        (receipt,) = deliver(crm, account, inquiry(borrower(), number=2), links=links)
        assert receipt.error is None
        again = deliver(crm, account, inquiry(borrower(), number=2), look_first=True)
    deal = receipt.outcomes[1]
    assert (deal.action, deal.remote_id) == ("adopted", links["deal", "I1"])
    assert "one" in deal.review
    assert links_in(again)["deal", "I2"] == links["deal", "I1"]
    stands = account.deals()[deal.remote_id]
    assert (stands["amount"], stands["value"], stands["firstpath_key"]) == ("1", "600000", "I1")
    (note,) = account.notes().values()
    assert "monetaryValue: 450000" in note["body"]
    assert counts(account) == (1, 1, 2)


def test_a_closed_opportunity_that_is_joined_says_so(highlevel_sandbox: RunningSandbox) -> None:
    account = provisioned(highlevel_sandbox, allow_duplicate_opportunity=False)
    with connected(account) as crm:
        links = links_in(deliver(crm, account, inquiry()))
        account.ask("PUT", f"/opportunities/{links['deal', 'I1']}/status", {"status": "won"})
        (receipt,) = deliver(crm, account, inquiry(borrower(), number=2), links=links)
    assert "won" in receipt.outcomes[1].review
    assert account.deals()[links["deal", "I1"]]["status"] == "won"


def test_a_couple_knows_of_each_other(highlevel: HighLevelCrm, location: HighLevelAccount) -> None:
    links = links_in(deliver(highlevel, location, couple()))
    deliver(highlevel, location, couple(), look_first=True)
    ana, ben = links["contact", "B1"], links["contact", "B101"]
    told = {note["contactId"]: note["body"] for note in location.notes().values()}
    assert len(location.notes()) == 2
    assert told[ana].startswith(f"Co-borrower on the same inquiry: Ben Quill (contact {ben})")
    assert told[ben].startswith(f"Borrower on the same inquiry: Ana Quill (contact {ana})")
    with location.sandbox.state.lock:
        assert location.sandbox.state.contacts.get(ben).tags == ["fp-co-borrower"]


def test_a_wrong_opportunity_id_in_the_ledger_heals_by_our_key(
    highlevel: HighLevelCrm, location: HighLevelAccount
) -> None:
    links = links_in(deliver(highlevel, location, inquiry()))
    (receipt,) = deliver(highlevel, location, inquiry(), links={**links, ("deal", "I1"): "Zz00"})
    assert receipt.outcomes[1].remote_id == links["deal", "I1"]
    assert counts(location) == (1, 1, 1)


def test_a_value_that_does_not_fit_its_field_is_named(
    highlevel: HighLevelCrm, location: HighLevelAccount
) -> None:
    for name, value in (("value", "a lot"), ("need", "moon landing"), ("amount", "1e999999")):
        bundle = inquiry()
        assert bundle.deal is not None
        wrong = replace(bundle, deal=replace(bundle.deal, fields={name: value}))
        error = deliver(highlevel, location, wrong, look_first=True)[0].error
        assert isinstance(error, Rejected)
        assert error.field_name == location.words.deal[name]
        assert value not in f"{error} {error.remedy}"
    assert not location.deals()


def test_two_unknown_outcomes_in_a_row_leave_the_rest_untried(location: HighLevelAccount) -> None:
    with connected(location, timeout=(5, 0.2)) as crm:
        deliver(crm, location, inquiry(number=9))
        before = crm.calls
        location.order({"kind": "status_after", "status": 500})
        receipts = deliver(crm, location, *(inquiry(number=n) for n in range(1, 7)))
        assert crm.calls - before == 2
    assert [receipt.error.code for receipt in receipts if receipt.error] == ["uncertain"] * 2 + [
        "unavailable"
    ] * 4


def test_threads_share_one_connector(highlevel: HighLevelCrm, location: HighLevelAccount) -> None:
    def hand_over(number: int) -> bool:
        return all_ok(deliver(highlevel, location, couple(number)))

    with ThreadPoolExecutor(6) as pool:
        assert all(pool.map(hand_over, range(1, 25)))
    assert counts(location) == (48, 24, 24)
    assert len(location.notes()) == 48
