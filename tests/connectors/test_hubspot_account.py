"""Check, schema, links into HubSpot, and the names that are looked up there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connectors.crm.base import Rejected, Unavailable
from connectors.crm.hubspot import HubSpotCrm
from connectors.crm.hubspot.checking import NEEDED_SCOPES
from connectors.sandbox.hubspot import OwnerSeed
from connectors.sandbox.hubspot.options import ALL_SCOPES
from tests.connectors.bundles import OWNER, PIPELINE, STAGES, work
from tests.connectors.conftest import connect
from tests.connectors.hubspot_account import HubSpotAccount, borrower, inquiry


def test_a_good_token_is_reported_with_its_account(crm: HubSpotCrm) -> None:
    report = crm.check()
    assert report.ok
    assert report.problems == ()
    assert "48000001" in report.account


def test_the_calls_left_today_are_reported(crm: HubSpotCrm, account: HubSpotAccount) -> None:
    account.sandbox.configure(limits=True, burst_limit=None)
    report = crm.check()
    assert report.calls_left_today is not None
    assert 600_000 < report.calls_left_today < 625_000
    assert report.calls_a_day == 625_000


@pytest.mark.parametrize("scope", NEEDED_SCOPES)
def test_a_missing_scope_is_named(crm: HubSpotCrm, account: HubSpotAccount, scope: str) -> None:
    account.sandbox.configure(scopes=sorted(ALL_SCOPES - {scope}))
    report = crm.check()
    assert not report.ok
    assert any(scope in problem for problem in report.problems)
    assert report.scopes == {one: one != scope for one in NEEDED_SCOPES}


def test_where_scopes_cannot_be_listed_they_are_tried(crm: HubSpotCrm, account: HubSpotAccount) -> None:
    account.sandbox.configure(scopes=sorted(ALL_SCOPES - {"crm.objects.owners.read"}))
    account.sandbox.set_faults([{"kind": "status_before", "path": "access-token-info", "status": 404}])
    report = crm.check()
    assert not report.ok
    assert "crm.objects.owners.read" in report.problems[0]


def test_what_the_account_requires_is_said_and_stops_nothing(
    crm: HubSpotCrm, account: HubSpotAccount
) -> None:
    account.sandbox.configure(required_properties=["contacts.city", "deals.amount"])
    report = crm.check()
    assert report.ok
    assert report.problems == ()
    assert report.required == {"contact": ("city",), "deal": ("amount",)}


def test_a_required_property_that_is_not_mapped_is_named(crm: HubSpotCrm, account: HubSpotAccount) -> None:
    account.sandbox.configure(required_properties=["contacts.zip", "deals.description"])
    error = crm.deliver(work(inquiry()))[0].error
    assert isinstance(error, Rejected)
    assert error.field_name == "zip"
    assert "requir" in error.remedy
    there = replace(borrower(), fields=borrower().fields | {"zip": "N1G 2W1"})
    (receipt,) = crm.deliver(work(inquiry(there)))
    assert [o.kind for o in receipt.outcomes] == ["contact", "deal"]
    assert isinstance(receipt.error, Rejected)
    assert receipt.error.field_name == "description"


def test_a_refused_token_is_a_report_with_a_remedy(crm: HubSpotCrm, account: HubSpotAccount) -> None:
    account.sandbox.configure(token_accepted=False)
    report = crm.check()
    assert not report.ok
    assert "token" in report.problems[0]
    assert account.sandbox.token not in report.problems[0]


def test_an_address_where_nobody_listens_is_not_a_report(unreachable_crm: HubSpotCrm) -> None:
    with pytest.raises(Unavailable):
        unreachable_crm.check()


def test_records_have_a_page_once_the_account_is_known(crm: HubSpotCrm) -> None:
    assert crm.record_url("contact", "7") == ""
    crm.check()
    base = "https://app.hubspot.com/contacts/48000001/record"
    assert crm.record_url("contact", "7") == f"{base}/0-1/7"
    assert crm.record_url("deal", "8") == f"{base}/0-3/8"
    assert crm.record_url("task", "9") == f"{base}/0-27/9"
    assert crm.record_url("task", "") == ""


def test_the_schema_is_what_stands_there(crm: HubSpotCrm) -> None:
    schema = crm.schema()
    assert schema.fields["contact"]["firstpath_key"].unique
    assert schema.fields["deal"]["firstpath_need"].options == ("purchase", "pre_approval")
    assert schema.fields["deal"]["firstpath_value"].type == "number"
    assert "hs_task_body" in schema.fields["task"]
    assert OWNER in schema.owners
    pipeline = next(p for p in schema.pipelines if p.label == PIPELINE)
    assert pipeline.stages == STAGES
    assert len(set(pipeline.stage_ids)) == len(STAGES)


def test_more_owners_than_a_page_are_all_known(crm: HubSpotCrm, account: HubSpotAccount) -> None:
    for number in range(230):
        account.sandbox.state.owners.add(OwnerSeed(f"agent{number}@brokerage.example.com", "Ag", "Ent"), 0.0)
    assert len(crm.schema().owners) == 234


def test_an_owner_invited_after_the_first_look_is_found_at_once(
    crm: HubSpotCrm, account: HubSpotAccount
) -> None:
    late = replace(borrower(), owner_email="Late@Brokerage.example.com")
    assert isinstance(crm.deliver(work(inquiry(late)))[0].error, Rejected)
    account.sandbox.state.owners.add(OwnerSeed("late@brokerage.example.com", "Late", "Comer"), 0.0)
    assert crm.deliver(work(inquiry(late)))[0].error is None


def test_names_are_looked_up_again_after_a_quarter_of_an_hour(account: HubSpotAccount) -> None:
    now = [0.0]
    connector = connect(account, clock=lambda: now[0])
    for at, expected in ((0.0, 1), (899.0, 1), (901.0, 2)):
        now[0] = at
        connector.deliver(work(inquiry(number=int(at) + 1)))
        asked = [e for e in account.journal() if e["path"].rstrip("/") == "/crm/v3/owners"]
        assert len(asked) == expected
    connector.close()


def test_an_unknown_owner_is_looked_for_once_in_a_run(crm: HubSpotCrm, account: HubSpotAccount) -> None:
    crm.deliver(work(inquiry(number=99)))
    since = account.sandbox.journal.last
    strangers = [replace(borrower(n), owner_email=f"no{n}@example.com") for n in range(1, 6)]
    crm.deliver(work(*(inquiry(b, number=n) for n, b in enumerate(strangers, 1))))
    assert len([e for e in account.journal(since) if e["path"].rstrip("/") == "/crm/v3/owners"]) == 1


def test_the_token_is_asked_for_each_time(account: HubSpotAccount) -> None:
    tokens = iter(["stale", account.sandbox.token, account.sandbox.token])
    connector = HubSpotCrm(lambda: next(tokens), account.sandbox.url)
    assert not connector.check().ok
    assert connector.find([inquiry()]) == {}


def test_a_remembered_id_that_hubspot_refuses_is_looked_up_again(
    crm: HubSpotCrm, account: HubSpotAccount
) -> None:
    pipeline = next(p for p in crm.schema().pipelines if p.label == PIPELINE)
    stages = f"/crm/v3/pipelines/deals/{pipeline.id}/stages"
    account.ask("DELETE", f"{stages}/{pipeline.stage_ids[1]}")
    account.ask("POST", stages, {"label": STAGES[1], "displayOrder": 9, "metadata": {"probability": "0.2"}})
    deal = inquiry().deal
    assert deal is not None
    contacted = work(replace(inquiry(), deal=replace(deal, stage=STAGES[1])))
    assert isinstance(crm.deliver(contacted)[0].error, Rejected)
    assert crm.deliver(contacted)[0].error is None
