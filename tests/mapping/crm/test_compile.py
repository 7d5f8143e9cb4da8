"""The bundle: one inquiry as contacts, a deal and tasks, and what must exist for it."""

from __future__ import annotations

import time
from dataclasses import replace
from decimal import Decimal

import pytest

from mapping.crm.bundle import Bundle
from mapping.crm.compile import BorrowerFacts, compile_bundle, wanted
from mapping.facts import FIELD_TYPES
from mapping.follow_up.first_task import missing_information, plan_first_touch
from mapping.inquiry import Amount, CreditBand, Inquiry, InquiryType, Loan, Party, Property, Timeframe
from mapping.ownership.owner import Standing, choose_owner
from mapping.playbook import Playbook
from tests.mapping.people import CA, NOON, RENATA, US, inquiry

FULL = inquiry(
    property=Property(state="CA", city="Oakland", value=Amount(Decimal(750_000)), country="US"),
    loan=Loan(amount=Amount(Decimal(600_000)), down_payment=Amount(Decimal(150_000)), currency="USD"),
    timeframe=Timeframe.MONTHS_1_3,
    credit_band=CreditBand.GOOD,
    message="Hello",
)
BORROWER = BorrowerFacts(
    id="b-1",
    party=RENATA,
    emails=("renata@example.com", "r.okafor@example.com"),
    phones=("+14155550132",),
    first_names=("Renata", "Rena"),
    shared_email=False,
)
SPOUSE = BorrowerFacts(
    id="b-2",
    party=Party(first_name="Chidi", last_name="Okafor", email="renata@example.com"),
    emails=("renata@example.com",),
    phones=(),
    first_names=("Chidi",),
    shared_email=True,
)


def compiled(
    asked: Inquiry = FULL, playbook: Playbook = US, co_borrower: BorrowerFacts | None = None
) -> Bundle:
    decision = choose_owner(asked, playbook, Standing({}), now=NOON)
    planned = plan_first_touch(asked, decision, playbook, now=NOON, returning=False)
    return compile_bundle(
        key="d-1",
        inquiry=asked,
        borrower=BORROWER,
        co_borrower=co_borrower,
        inquiry_id="i-1",
        follow_ups=[("f-1", planned)],
        decision=decision,
        playbook=playbook,
        crm="hubspot",
        missing=missing_information(asked, playbook),
    )


def test_one_inquiry_is_one_contact_one_deal_one_task_with_our_keys() -> None:
    bundle = compiled()
    assert bundle.deal is not None
    assert (bundle.key, bundle.deal.key) == ("d-1", "i-1")
    assert [contact.key for contact in bundle.contacts] == ["b-1"]
    assert [task.key for task in bundle.tasks] == ["f-1"]
    assert bundle.tags == ("firstpath", "purchase")


def test_the_contact_carries_every_identifier_and_no_blank() -> None:
    (contact,) = compiled().contacts
    assert contact.fields["firstname"] == "Renata"
    assert contact.fields["email"] == "renata@example.com"
    assert contact.emails == BORROWER.emails
    assert contact.names == ("Renata", "Rena")
    assert all(contact.fields.values())
    assert contact.overwrite == {"mortgage_credit_band"}


def test_the_deal_is_named_staged_and_typed() -> None:
    deal = compiled().deal
    assert deal is not None
    assert (deal.name, deal.pipeline, deal.stage) == (
        "Renata Okafor – Purchase – CA",
        "Mortgage",
        "New inquiry",
    )
    assert deal.fields["amount"] == "600000"
    assert deal.fields["mortgage_timeframe"] == "1_3_months"
    assert deal.fields["mortgage_first_touch_due"] == "2026-06-10T16:05:00Z"
    assert deal.fields["mortgage_owner_reason"]
    assert all(deal.fields.values())


def test_contact_deal_and_task_have_the_same_owner() -> None:
    bundle = compiled()
    assert bundle.deal is not None
    owners = {bundle.contacts[0].owner_email, bundle.deal.owner_email, bundle.tasks[0].owner_email}
    assert owners == {"maya@example.com"}


def test_a_held_inquiry_without_a_queue_has_no_owner_and_still_a_task() -> None:
    bundle = compiled(inquiry("WY"), replace(US, fallback=""))
    assert bundle.deal is not None
    assert bundle.deal.owner_email == ""
    assert bundle.tasks[0].channel == "review"


def test_the_co_borrower_is_a_second_contact_and_may_share_the_inbox() -> None:
    first, second = compiled(co_borrower=SPOUSE).contacts
    assert (first.shared_email, second.shared_email) == (False, True)
    assert second.fields["firstname"] == "Chidi"


def test_what_is_missing_stands_in_the_deal() -> None:
    deal = compiled(inquiry()).deal
    assert deal is not None
    assert deal.fields["mortgage_missing_information"].startswith("Property value, Down payment")


def test_a_borrower_without_a_name_still_has_a_deal_name() -> None:
    nameless = replace(BORROWER, party=Party(phone="+14155550132"))
    decision = choose_owner(FULL, US, Standing({}), now=NOON)
    bundle = compile_bundle(
        key="d",
        inquiry=replace(FULL, type=InquiryType.SECOND_MORTGAGE),
        borrower=nameless,
        co_borrower=None,
        inquiry_id="i",
        follow_ups=[],
        decision=decision,
        playbook=US,
        crm="hubspot",
        missing=(),
    )
    assert bundle.deal is not None
    assert bundle.deal.name == "Second mortgage – CA"
    assert "mortgage_first_touch_due" not in bundle.deal.fields


def test_a_crm_the_playbook_does_not_know_is_an_error() -> None:
    with pytest.raises(KeyError):
        wanted(US, "pipedrive")


@pytest.mark.parametrize("playbook", [US, CA])
def test_everything_written_is_provisioned_or_built_in(playbook: Playbook) -> None:
    fields, pipeline = wanted(playbook, "hubspot")
    names = {kind: {field.name for field in fields if field.kind == kind} for kind in ("contact", "deal")}
    mapping = playbook.crm["hubspot"]
    for kind, rules in (("contact", mapping.contact), ("deal", mapping.deal)):
        assert {rule.property for rule in rules if not rule.builtin} <= names[kind]
    assert all(field.type in FIELD_TYPES and field.label for field in fields)
    assert all(field.options for field in fields if field.type == "enumeration")
    assert pipeline.label == "Mortgage"
    assert pipeline.stages == (
        "New inquiry",
        "Contacted",
        "Collecting documents",
        "Lender review",
        "Waiting",
        "Funded",
        "Lost",
    )


def test_owner_plan_and_bundle_take_well_under_a_millisecond_and_a_half() -> None:
    compiled()
    started = time.process_time()
    for _ in range(200):
        compiled()
    assert (time.process_time() - started) / 200 < 0.0015
