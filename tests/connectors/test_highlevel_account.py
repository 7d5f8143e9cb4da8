"""What HighLevel lets us do and what it has: check, schema, provision, addresses."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connectors.crm.base import FieldSpec, PipelineSpec, RecordKind, Uncertain, Wanted
from connectors.crm.highlevel import HighLevelCrm, Starts
from connectors.crm.highlevel.custom_fields import CustomField, read_back, typed
from connectors.sandbox.highlevel.options import ALL_SCOPES
from tests.connectors.account import deliver
from tests.connectors.bundles import OWNER, PIPELINE, STAGES, inquiry
from tests.connectors.highlevel_account import WANTED, HighLevelAccount, connected

pytest_plugins = ("tests.connectors.highlevel_fixtures",)
NEEDED = {
    "locations.readonly",
    "contacts.readonly",
    "contacts.write",
    "opportunities.readonly",
    "opportunities.write",
    "users.readonly",
    "locations/customFields.readonly",
    "locations/customFields.write",
}


def test_a_good_token_is_told_with_the_location_and_its_preferences(
    highlevel: HighLevelCrm, location: HighLevelAccount
) -> None:
    location.sandbox.configure(limits=True)
    report = highlevel.check()
    assert report.ok
    assert report.problems == ()
    assert dict(report.scopes) == dict.fromkeys(NEEDED, True)
    assert "duplicate contacts refused, several opportunities per contact and pipeline" in report.account
    assert report.calls_a_day == 200_000
    assert report.calls_left_today is not None


def test_checking_changes_nothing(highlevel: HighLevelCrm, location: HighLevelAccount) -> None:
    with location.sandbox.state.lock:
        before = location.sandbox.state.snapshot()
    highlevel.check()
    with location.sandbox.state.lock:
        assert location.sandbox.state.snapshot() == before


@pytest.mark.parametrize("scope", sorted(NEEDED))
def test_a_missing_scope_is_named_and_the_others_are_not(
    highlevel: HighLevelCrm, location: HighLevelAccount, scope: str
) -> None:
    location.sandbox.state.options = replace(location.sandbox.state.options, scopes=ALL_SCOPES - {scope})
    report = highlevel.check()
    assert not report.ok
    assert {name for name, granted in report.scopes.items() if not granted} == {scope}
    assert len(report.problems) == 1
    assert scope in report.problems[0]


def test_a_refused_token_is_a_report(highlevel: HighLevelCrm, location: HighLevelAccount) -> None:
    location.fail("unauthorized")
    report = highlevel.check()
    assert not report.ok
    assert "token" in report.problems[0]


def test_a_failing_highlevel_is_an_error(highlevel: HighLevelCrm, location: HighLevelAccount) -> None:
    location.fail("error_after")
    with pytest.raises(Uncertain):
        highlevel.check()


@pytest.mark.parametrize(
    ("published", "workflow", "told"),
    [(True, "Speed to lead", ""), (False, "speed to lead", "draft"), (True, "Another", "no workflow")],
)
def test_a_workflow_that_cannot_work_is_a_problem(
    location: HighLevelAccount, published: bool, workflow: str, told: str
) -> None:
    location.ask("POST", "/_sandbox/workflows", {"name": "Speed to lead", "published": published})
    with connected(location, starts=Starts("any-tag-is-fine", workflow)) as crm:
        report = crm.check()
    assert report.ok == (told == "")
    assert told in " ".join(report.problems)
    assert report.scopes["workflows.readonly"]


def test_the_schema_lists_what_exists(highlevel: HighLevelCrm) -> None:
    schema = highlevel.schema()
    assert OWNER in schema.owners
    assert {"firstName", "email", "city", "firstpath_key", "dnd_sms"} <= schema.fields["contact"].keys()
    need = schema.fields["deal"]["firstpath_need"]
    assert (need.type, need.options) == ("enumeration", ("purchase", "pre_approval"))
    assert schema.fields["deal"]["monetaryValue"].type == "number"
    assert PIPELINE in {pipeline.label for pipeline in schema.pipelines}


def test_provisioning_is_planned_done_and_then_there(bare_location: HighLevelAccount) -> None:
    with connected(bare_location) as crm:
        plan = crm.provision(WANTED, dry_run=True)
        assert not crm.schema().fields["contact"].get("firstpath_key")
        done = crm.provision(WANTED)
        again = crm.provision(WANTED)
    fields = [step.what for step in plan if " field " in step.what]
    assert len(fields) == 6
    assert {step.state for step in plan if step.what in fields} == {"will_create"}
    assert {step.state for step in done if step.what in fields} == {"created"}
    assert {step.state for step in again} == {"exists"}
    posts = [body for body in bare_location.bodies() if "dataType" in body]
    assert len(posts) == 6


def test_a_pipeline_is_a_persons_to_make_with_the_names_of_its_stages(highlevel: HighLevelCrm) -> None:
    (step,) = highlevel.provision(Wanted({}, PipelineSpec("Renewals", ("New", "Won"))))
    assert step.state == "needs_person"
    assert "Opportunities > Pipelines" in step.detail
    assert "New, Won" in step.detail
    steps = highlevel.provision(Wanted({}, PipelineSpec(PIPELINE, (*STAGES, "Waiting"))))
    assert [step.state for step in steps] == ["exists"] * (1 + len(STAGES)) + ["needs_person"]
    assert "Waiting" in steps[-1].detail


def test_a_field_that_cannot_serve_differs_and_missing_options_are_named(highlevel: HighLevelCrm) -> None:
    there: dict[RecordKind, tuple[FieldSpec, ...]] = {
        "deal": (
            FieldSpec("firstpath_value", "Value", "date"),
            FieldSpec("firstpath_need", "Need", "enumeration", ("purchase", "renewal")),
            FieldSpec("moment", "Moment", "duration"),
            FieldSpec("monetaryValue", "Amount", "number"),
        ),
    }
    steps = highlevel.provision(Wanted(there, PipelineSpec("", ())))
    assert [step.state for step in steps] == ["differs", "needs_person", "needs_person", "exists"]
    assert "renewal" in steps[1].detail
    assert "purchase" not in steps[1].detail


def test_where_the_key_may_not_be_chosen_the_name_makes_it(
    bare_location: HighLevelAccount,
) -> None:
    refused = '{"statusCode": 422, "message": ["property fieldKey should not exist"]}'
    bare_location.order(
        {"kind": "answer", "status": 422, "text": refused, "method": "POST", "path": "customFields"}, times=1
    )
    with connected(bare_location) as crm:
        wanted = Wanted(
            {"deal": (FieldSpec("loan_term", "Term of the loan", "number"),)}, PipelineSpec("", ())
        )
        (step,) = crm.provision(wanted)
        assert step.state == "created"
        assert "loan_term" in crm.schema().fields["deal"]


def test_a_missing_scope_leaves_the_fields_to_a_person(bare_location: HighLevelAccount) -> None:
    state = bare_location.sandbox.state
    state.options = replace(state.options, scopes=ALL_SCOPES - {"locations/customFields.write"})
    with connected(bare_location) as crm:
        steps = crm.provision(WANTED)
    fields = [step for step in steps if " field " in step.what]
    assert {step.state for step in fields} == {"needs_person"}
    assert "Private Integrations" in fields[0].detail


def test_before_provisioning_a_delivery_names_the_field_that_is_missing(
    bare_location: HighLevelAccount,
) -> None:
    with connected(bare_location) as crm:
        (receipt,) = deliver(crm, bare_location, inquiry())
    assert receipt.error is not None
    assert "firstpath_key" in str(receipt.error)
    assert "provisioning" in receipt.error.remedy
    assert not bare_location.contacts()


def test_addresses_of_records() -> None:
    crm = HighLevelCrm(lambda: "token", "loc/1", app_url="https://crm.broker.example.com/")
    where = "https://crm.broker.example.com/v2/location/loc%2F1"
    assert crm.record_url("contact", "c1") == f"{where}/contacts/detail/c1"
    assert crm.record_url("deal", "o1") == f"{where}/opportunities/o1"
    assert crm.record_url("task", "t1") == ""
    assert crm.record_url("contact", "") == ""
    crm.close()


@pytest.mark.parametrize(
    ("data_type", "options", "value", "sent"),
    [
        ("TEXT", (), "x", "x"),
        ("NUMERICAL", (), "450000.00", 450_000),
        ("MONETORY", (), "0.5", 0.5),
        ("DATE", (), "2026-11-23T14:00:00Z", "2026-11-23"),
        ("SINGLE_OPTIONS", ("Pre Approval",), "pre approval", "Pre Approval"),
        ("SINGLE_OPTIONS", (), "anything", "anything"),
        ("MULTIPLE_OPTIONS", ("A", "B"), "a; b", ["A", "B"]),
        ("CHECKBOX", ("Yes", "No"), "true", ["Yes"]),
        ("RADIO", ("Yes", "No"), "false", "No"),
    ],
)
def test_values_go_out_in_the_type_of_their_field(
    data_type: str, options: tuple[str, ...], value: str, sent: object
) -> None:
    field = CustomField("f1", "contact", "x", "X", data_type, options)
    assert typed(field, value) == sent


def test_a_yes_reads_back_as_true() -> None:
    field = CustomField("f1", "contact", "x", "X", "RADIO", ("Yes", "No"))
    assert [read_back(field, held) for held in ("Yes", "no", "")] == ["true", "false", ""]
