"""What only HubSpot does: taken emails, lagging search, refused batches, merged contacts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connectors.crm.allowance import CallKind, Unlimited
from connectors.crm.base import FieldSpec, PipelineSpec, Rejected, Wanted
from connectors.crm.hubspot import HubSpotCrm
from tests.connectors.bundles import links_in, work
from tests.connectors.conftest import connect
from tests.connectors.hubspot_account import HubSpotAccount, borrower, inquiry

_TOO_MANY = '{"status": "error", "category": "VALIDATION_ERROR", "message": "Contact has too many merges."}'


class NoSearches(Unlimited):
    """An allowance whose searches are used up."""

    def offered(self, kind: CallKind) -> bool:
        """Calls only."""
        return kind != "search"


def test_search_that_lags_makes_no_double_contact_or_deal(crm: HubSpotCrm, account: HubSpotAccount) -> None:
    account.sandbox.configure(search_delay=3600.0)
    first = crm.deliver(work(inquiry()))
    bundle = replace(inquiry(), tasks=())
    (second,) = crm.deliver(work(bundle))
    assert second.error is None
    assert [(o.action, o.remote_id) for o in second.outcomes] == [
        ("unchanged", links_in(first)["contact", "B1"]),
        ("adopted", links_in(first)["deal", "I1"]),
    ]


def test_a_contact_too_new_for_search_is_adopted_after_the_conflict(
    crm: HubSpotCrm, account: HubSpotAccount
) -> None:
    account.sandbox.configure(search_delay=3600.0)
    theirs = account.add_contact({"firstname": "Ana", "email": "ana1@example.com"})
    (receipt,) = crm.deliver(work(inquiry()))
    assert (receipt.outcomes[0].action, receipt.outcomes[0].remote_id) == ("adopted", theirs)
    assert account.contacts()[theirs]["firstpath_key"] == "B1"


def test_a_spouse_keeps_the_email_and_the_borrower_gets_it_as_shared(
    crm: HubSpotCrm, account: HubSpotAccount
) -> None:
    theirs = account.add_contact({"firstname": "Ben", "email": "ana1@example.com"})
    (receipt,) = crm.deliver(work(inquiry()))
    ours = account.contacts()[receipt.outcomes[0].remote_id]
    assert not ours.get("email")
    assert ours["firstpath_shared_email"] == "ana1@example.com"
    assert theirs in receipt.outcomes[0].note


def test_another_borrowers_contact_is_never_taken_over(crm: HubSpotCrm, account: HubSpotAccount) -> None:
    crm.deliver(work(inquiry(borrower(1))))
    namesake = replace(borrower(2), fields=dict(borrower(1).fields), emails=borrower(1).emails)
    (receipt,) = crm.deliver(work(inquiry(namesake, number=2)))
    assert receipt.error is None
    assert receipt.outcomes[0].action == "created"
    assert sorted(c["firstpath_key"] for c in account.contacts().values()) == ["B1", "B2"]


def test_a_phone_alone_makes_a_contact_whose_name_comes_later(
    crm: HubSpotCrm, account: HubSpotAccount
) -> None:
    texted = borrower(1, emails=(), names=(), last_name="")
    texted = replace(texted, fields={"phone": texted.fields["phone"]})
    (receipt,) = crm.deliver(work(inquiry(texted)))
    assert receipt.error is None
    assert account.contacts()[receipt.outcomes[0].remote_id]["lastname"] == "(not given)"
    crm.deliver(work(inquiry(borrower(1), number=2), links=links_in([receipt])))
    (contact,) = account.contacts().values()
    assert (contact["firstname"], contact["lastname"]) == ("Ana", "Quill")


def test_two_borrowers_of_one_run_never_adopt_the_same_contact(
    crm: HubSpotCrm, account: HubSpotAccount
) -> None:
    account.add_contact({"firstname": "Ana", "email": "ana1@example.com"})
    namesake = replace(borrower(2), fields=dict(borrower(1).fields), emails=borrower(1).emails)
    receipts = crm.deliver(work(inquiry(borrower(1)), inquiry(namesake, number=2)))
    assert all(r.error is None for r in receipts)
    assert [r.outcomes[0].action for r in receipts] == ["adopted", "created"]
    assert len(account.contacts()) == 2


def test_an_email_that_another_contact_took_meanwhile_becomes_shared(
    crm: HubSpotCrm, account: HubSpotAccount
) -> None:
    bare = replace(borrower(), fields={"firstname": "Ana", "lastname": "Quill"}, emails=())
    links = links_in(crm.deliver(work(inquiry(bare))))
    account.add_contact({"firstname": "Ben", "email": "ana1@example.com"})
    (receipt,) = crm.deliver(work(inquiry(), links=links))
    assert receipt.error is None
    ours = account.contacts()[links["contact", "B1"]]
    assert ours["firstpath_shared_email"] == "ana1@example.com"
    assert ours["city"] == "Guelph"


def test_a_secondary_email_elsewhere_is_a_conflict_too(crm: HubSpotCrm, account: HubSpotAccount) -> None:
    account.sandbox.configure(search_delay=3600.0)
    kept = account.add_contact({"firstname": "Ben", "email": "ben@example.com"})
    absorbed = account.add_contact({"firstname": "Ben", "email": "ana1@example.com"})
    account.merge_contacts(kept, absorbed)
    (receipt,) = crm.deliver(work(inquiry()))
    assert receipt.error is None
    assert receipt.outcomes[0].action == "created"


def test_a_secondary_email_of_the_same_person_is_found(crm: HubSpotCrm, account: HubSpotAccount) -> None:
    kept = account.add_contact({"firstname": "Ana", "email": "quill@example.com"})
    absorbed = account.add_contact({"firstname": "Ana", "email": "ana1@example.com"})
    survivor = account.merge_contacts(kept, absorbed)
    (receipt,) = crm.deliver(work(inquiry()))
    assert receipt.error is None
    assert (receipt.outcomes[0].action, receipt.outcomes[0].remote_id) == ("adopted", survivor)


def test_in_a_batch_an_additional_email_is_recognised_by_hubspots_refusal(
    crm: HubSpotCrm, account: HubSpotAccount
) -> None:
    kept = account.add_contact({"firstname": "Ana", "email": "quill@example.com"})
    absorbed = account.add_contact({"firstname": "Ana", "email": "ana1@example.com"})
    survivor = account.merge_contacts(kept, absorbed)
    receipts = crm.deliver(work(*(inquiry(number=n) for n in range(1, 8))))
    assert all(receipt.error is None for receipt in receipts)
    assert (receipts[0].outcomes[0].action, receipts[0].outcomes[0].remote_id) == ("adopted", survivor)
    assert len(account.contacts()) == 7


def test_an_email_of_another_who_looks_like_the_borrower_is_reviewed(
    crm: HubSpotCrm, account: HubSpotAccount
) -> None:
    account.sandbox.configure(search_delay=3600.0)
    bare = replace(borrower(), fields={"firstname": "Ana", "lastname": "Quill"}, emails=())
    links = links_in(crm.deliver(work(inquiry(bare))))
    double = account.add_contact({"firstname": "Ana", "email": "ana1@example.com"})
    (receipt,) = crm.deliver(work(inquiry(), links=links))
    assert receipt.error is None
    assert receipt.outcomes[0].remote_id == links["contact", "B1"]
    assert double in receipt.outcomes[0].review


def test_an_opt_out_is_raised_although_something_stands_there(
    crm: HubSpotCrm, account: HubSpotAccount
) -> None:
    theirs = account.add_contact(
        {"firstname": "Ana", "email": "ana1@example.com", "hs_email_optout": "false"}
    )
    gone = replace(borrower(), fields=borrower().fields | {"hs_email_optout": "true"})
    assert crm.deliver(work(inquiry(gone)))[0].error is None
    assert account.opted_out(theirs)


def test_a_property_that_is_not_there_costs_no_call_per_record(
    crm: HubSpotCrm, account: HubSpotAccount
) -> None:
    crm.deliver(work(inquiry(number=99)))
    odd = [replace(borrower(n), fields=dict(borrower(n).fields) | {"nick": "x"}) for n in range(1, 40)]
    before = crm.calls
    receipts = crm.deliver(work(*(inquiry(b, number=n) for n, b in enumerate(odd, 1)), inquiry(number=50)))
    errors = [r.error for r in receipts]
    assert errors[-1] is None
    assert all(isinstance(e, Rejected) and e.field_name == "nick" for e in errors[:-1])
    assert crm.calls - before <= 6


def test_a_batch_refused_as_a_whole_is_tried_in_halves(crm: HubSpotCrm, account: HubSpotAccount) -> None:
    account.sandbox.set_faults(
        [{"kind": "status_before", "path": "contacts/batch/create", "body": '"B3"', "status": 400}]
    )
    receipts = crm.deliver(work(*(inquiry(number=n) for n in range(1, 9))))
    assert [r.bundle_key for r in receipts if r.error] == ["D3"]
    assert len(account.deals()) == 7


def test_with_the_search_allowance_spent_existing_contacts_are_still_found(account: HubSpotAccount) -> None:
    theirs = account.add_contact({"firstname": "Ana", "email": "ana1@example.com"})
    connector = connect(account, allowance=NoSearches())
    (receipt,) = connector.deliver(work(inquiry()))
    connector.close()
    assert (receipt.outcomes[0].action, receipt.outcomes[0].remote_id) == ("adopted", theirs)
    assert not any("search" in entry["path"] for entry in account.journal())


def test_in_a_batch_whoever_left_only_a_phone_is_searched_for(
    crm: HubSpotCrm, account: HubSpotAccount
) -> None:
    theirs = account.add_contact({"firstname": "Ana", "lastname": "Quill", "phone": "(416) 555-0001"})
    silent = replace(borrower(1), emails=(), fields={"firstname": "Ana", "lastname": "Quill"})
    receipts = crm.deliver(work(inquiry(silent), *(inquiry(number=n) for n in range(2, 6))))
    assert receipts[0].outcomes[0].remote_id == theirs


def test_a_deal_deleted_there_leaves_its_follow_up_to_a_person(
    crm: HubSpotCrm, account: HubSpotAccount
) -> None:
    links = links_in(crm.deliver(work(replace(inquiry(), tasks=()))))
    account.delete_deal(links["deal", "I1"])
    (receipt,) = crm.deliver(work(inquiry(), links=links))
    assert isinstance(receipt.error, Rejected)
    assert receipt.error.remedy


def test_a_deal_that_holds_a_unique_value_with_another_key_is_not_adopted(
    crm: HubSpotCrm, account: HubSpotAccount
) -> None:
    unique = FieldSpec("file_number", "File number", "string", unique=True)
    crm.provision(Wanted({"deal": (unique,)}, PipelineSpec("", ())))
    pair = [replace(d, fields={"file_number": "A-1"}) for n in (1, 2) if (d := inquiry(number=n).deal)]
    receipts = crm.deliver(work(*(replace(inquiry(number=n), deal=d) for n, d in enumerate(pair, 1))))
    assert receipts[0].error is None
    assert isinstance(receipts[1].error, Rejected)
    assert next(iter(account.deals())) in receipts[1].error.remedy
    assert len(account.deals()) == 1


def test_when_others_spent_the_searches_the_delivery_goes_on(
    crm: HubSpotCrm, account: HubSpotAccount
) -> None:
    theirs = account.add_contact({"firstname": "Ana", "email": "ana1@example.com"})
    account.sandbox.set_faults([{"kind": "rate_limit", "path": "search", "policy": "SECONDLY"}])
    (receipt,) = crm.deliver(work(inquiry()))
    assert receipt.error is None
    assert receipt.outcomes[0].remote_id == theirs


@pytest.mark.parametrize(
    ("channel", "kind"), [("call", "CALL"), ("email", "EMAIL"), ("text", "TODO"), ("review", "TODO")]
)
def test_the_task_says_what_when_and_who(
    crm: HubSpotCrm, account: HubSpotAccount, channel: str, kind: str
) -> None:
    bundle = inquiry()
    (receipt,) = crm.deliver(work(replace(bundle, tasks=(replace(bundle.tasks[0], channel=channel),))))
    task = account.tasks()[receipt.outcomes[2].remote_id]
    assert task["hs_task_type"] == kind
    assert task["hs_task_status"] == "NOT_STARTED"
    assert task["hs_task_priority"] == "HIGH"
    assert task["hs_task_body"].splitlines()[-1] == "Firstpath ref: F1"
    assert task["hubspot_owner_id"]
    assert "2026-11-23T14:00" in task["hs_timestamp"] or task["hs_timestamp"] == "1795442400000"


def test_a_bundle_without_a_deal_puts_its_task_on_the_contact_once(
    crm: HubSpotCrm, account: HubSpotAccount
) -> None:
    bundle = replace(inquiry(), deal=None)
    first = crm.deliver(work(bundle))
    second = crm.deliver(work(bundle, look_first=True))
    assert links_in(first) == links_in(second)
    assert len(account.tasks()) == 1
    assert not account.deals()


def test_a_second_follow_up_comes_onto_the_deal_beside_the_first(
    crm: HubSpotCrm, account: HubSpotAccount
) -> None:
    bundle = inquiry()
    links = links_in(crm.deliver(work(bundle)))
    more = replace(bundle, tasks=(*bundle.tasks, replace(bundle.tasks[0], key="F2")))
    (receipt,) = crm.deliver(work(more, links=links, look_first=True))
    assert [(o.key, o.action) for o in receipt.outcomes if o.kind == "task"] == [
        ("F1", "unchanged"),
        ("F2", "created"),
    ]
    assert len(account.tasks()) == 2


def test_contacts_that_are_one_are_merged_once(crm: HubSpotCrm, account: HubSpotAccount) -> None:
    links = links_in(crm.deliver(work(inquiry(), inquiry(number=2))))
    bundle = replace(inquiry(), key="D1m", tasks=(), deal=None, absorbed=("B2",))
    (receipt,) = crm.deliver(work(bundle, links=links))
    assert receipt.error is None
    (stays,) = account.contacts()
    assert links_in([receipt])["contact", "B1"] == stays
    assert account.contacts()[stays]["firstpath_key"] == "B1"
    merged = dict(account.contacts())
    for again in (links, links | links_in([receipt])):
        (receipt,) = crm.deliver(work(bundle, links=again, look_first=True))
        assert receipt.error is None
        assert dict(account.contacts()) == merged


def test_a_merge_whose_other_side_was_deleted_is_done(crm: HubSpotCrm, account: HubSpotAccount) -> None:
    links = links_in(crm.deliver(work(inquiry())))
    gone = account.add_contact({"firstname": "Ana"})
    account.delete_contact(gone)
    bundle = replace(inquiry(), key="D1m", tasks=(), deal=None, absorbed=("B2",))
    (receipt,) = crm.deliver(work(bundle, links={**links, ("contact", "B2"): gone}))
    assert receipt.error is None
    assert len(account.contacts()) == 1


def test_a_merge_that_hubspot_refuses_is_left_to_a_person(crm: HubSpotCrm, account: HubSpotAccount) -> None:
    links = links_in(crm.deliver(work(inquiry(), inquiry(number=2))))
    account.sandbox.set_faults(
        [{"kind": "answer", "status": 400, "path": "/crm/v3/objects/contacts/merge", "text": _TOO_MANY}]
    )
    bundle = replace(inquiry(), key="D1m", tasks=(), deal=None, absorbed=("B2",))
    (receipt,) = crm.deliver(work(bundle, links=links))
    assert receipt.error is None
    assert "did not merge" in receipt.outcomes[0].review
    assert len(account.contacts()) == 2
