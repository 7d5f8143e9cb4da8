"""Provisioning: what is made, what is left alone, and what a person is told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from connectors.crm.base import FieldSpec, PipelineSpec, ProvisionStep, Wanted
from connectors.sandbox.hubspot.options import ALL_SCOPES
from tests.connectors.bundles import PIPELINE, STAGES
from tests.connectors.conftest import connect
from tests.connectors.hubspot_account import KEY, WANTED, HubSpotAccount

NO_PIPELINE = PipelineSpec("", ())


def provision(account: HubSpotAccount, wanted: Wanted = WANTED, **how: bool) -> dict[str, ProvisionStep]:
    """Steps by what they are about."""
    connector = connect(account)
    steps = connector.provision(wanted, **how)
    connector.close()
    return {step.what: step for step in steps}


def properties(account: HubSpotAccount, kind: str) -> dict[str, dict[str, Any]]:
    """The properties there, by name."""
    return {p["name"]: p for p in account.ask("GET", f"/crm/v3/properties/{kind}")["results"]}


def test_everything_missing_is_made(bare_account: HubSpotAccount) -> None:
    steps = provision(bare_account)
    assert {step.state for step in steps.values()} == {"created"}
    made = properties(bare_account, "contacts")["firstpath_key"]
    assert made["hasUniqueValue"] is True
    assert made["groupName"] == "firstpath"
    assert [o["value"] for o in properties(bare_account, "deals")["firstpath_need"]["options"]] == [
        "purchase",
        "pre_approval",
    ]


def test_the_second_time_everything_exists(bare_account: HubSpotAccount) -> None:
    provision(bare_account)
    assert {step.state for step in provision(bare_account).values()} == {"exists"}


def test_a_dry_run_makes_nothing(bare_account: HubSpotAccount) -> None:
    steps = provision(bare_account, dry_run=True)
    assert {step.state for step in steps.values()} == {"will_create"}
    assert "firstpath_key" not in properties(bare_account, "contacts")
    assert {e["method"] for e in bare_account.journal()} == {"GET"}


def test_a_dry_run_names_the_same_steps(bare_account: HubSpotAccount) -> None:
    planned = provision(bare_account, dry_run=True)
    assert list(planned) == list(provision(bare_account))


def test_stages_are_won_lost_or_in_between(bare_account: HubSpotAccount) -> None:
    provision(bare_account)
    pipelines = bare_account.ask("GET", "/crm/v3/pipelines/deals")["results"]
    stages = next(p for p in pipelines if p["label"] == PIPELINE)["stages"]
    chances = [s["metadata"]["probability"] for s in sorted(stages, key=lambda s: s["displayOrder"])]
    assert [s["label"] for s in stages] == list(STAGES)
    assert chances[3:] == ["1.0", "0.0"]
    assert all(0 < float(c) < 1 for c in chances[:3])


def test_stages_missing_from_a_pipeline_are_added_to_it(bare_account: HubSpotAccount) -> None:
    provision(bare_account, replace(WANTED, pipeline=PipelineSpec(PIPELINE.upper(), STAGES[:2])))
    steps = provision(bare_account)
    states = {what: step.state for what, step in steps.items() if what.startswith("stage")}
    assert list(states.values()) == ["exists", "exists", "created", "created", "created"]
    assert len(bare_account.ask("GET", "/crm/v3/pipelines/deals")["results"]) == 2


def test_options_missing_from_a_property_join_theirs(account: HubSpotAccount) -> None:
    more = FieldSpec("firstpath_need", "Need", "enumeration", ("refinance", "purchase"))
    steps = provision(account, Wanted({"deal": (more,)}, NO_PIPELINE))
    assert steps["deal property firstpath_need"] == ProvisionStep(
        "deal property firstpath_need", "created", "options added: refinance"
    )
    options = properties(account, "deals")["firstpath_need"]["options"]
    assert [o["value"] for o in options] == ["purchase", "pre_approval", "refinance"]


@pytest.mark.parametrize(
    ("there", "wanted", "word"),
    [
        (FieldSpec("clash", "Clash", "string"), FieldSpec("clash", "Clash", "number"), "type"),
        (FieldSpec("clash", "Clash", "string"), FieldSpec("clash", "Clash", "string", unique=True), "unique"),
    ],
)
def test_a_property_that_cannot_serve_is_a_persons_to_settle(
    account: HubSpotAccount, there: FieldSpec, wanted: FieldSpec, word: str
) -> None:
    provision(account, Wanted({"contact": (there,)}, NO_PIPELINE))
    before = properties(account, "contacts")["clash"]
    step = provision(account, Wanted({"contact": (wanted,)}, NO_PIPELINE))["contact property clash"]
    assert step.state == "differs"
    assert word in step.detail
    assert properties(account, "contacts")["clash"] == before


def test_properties_that_hubspot_brings_are_left_alone(account: HubSpotAccount) -> None:
    standard = tuple(FieldSpec(n, n, "string") for n in ("firstname", "email", "phone", "city"))
    steps = provision(account, Wanted({"contact": standard}, NO_PIPELINE))
    assert {step.state for step in steps.values()} == {"exists"}


def test_every_type_can_be_made_and_is_then_there(account: HubSpotAccount) -> None:
    kinds = ("string", "number", "date", "datetime", "bool")
    fields = tuple(FieldSpec(f"of_{kind}", kind, kind) for kind in kinds)
    wanted = Wanted({"contact": (KEY, *fields), "deal": fields}, NO_PIPELINE)
    assert {s.state for s in provision(account, wanted).values()} == {"created", "exists"}
    assert {s.state for s in provision(account, wanted).values()} == {"exists"}


def test_a_type_hubspot_does_not_have_is_said(account: HubSpotAccount) -> None:
    odd = Wanted({"contact": (FieldSpec("odd", "Odd", "colour"),)}, NO_PIPELINE)
    assert provision(account, odd)["contact property odd"].state == "needs_person"


def test_a_missing_scope_stops_its_steps_and_no_other(bare_account: HubSpotAccount) -> None:
    bare_account.sandbox.configure(scopes=sorted(ALL_SCOPES - {"crm.schemas.contacts.write"}))
    steps = provision(bare_account)
    assert steps["contact property firstpath_key"].state == "needs_person"
    assert "crm.schemas.contacts.write" in steps["contact property firstpath_key"].detail
    assert steps["deal property firstpath_key"].state == "created"
