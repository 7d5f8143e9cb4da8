"""Setting Salesforce up: what is checked, what is made, and what only a person can do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from connectors.crm.base import FieldSpec, PipelineSpec, ProvisionStep, Wanted
from connectors.crm.salesforce.modes import KEY
from connectors.crm.salesforce.modes import MODES as MODES_OF
from connectors.sandbox.salesforce import RunningSandbox, start
from tests.connectors.account import all_ok
from tests.connectors.bundles import OWNER, PIPELINE, STAGES, links_in, work
from tests.connectors.salesforce_account import (
    SalesforceAccount,
    bare,
    connect,
    connected,
    fresh,
    options,
)

MODES = ["contact", "lead", "person_account"]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[RunningSandbox]:
    """One Salesforce sandbox without delays and limits."""
    with start(options=options()) as running:
        yield running


@pytest.fixture
def account(sandbox: RunningSandbox) -> SalesforceAccount:
    """An org that nobody has used or provisioned."""
    return bare(sandbox)


def provision(
    account: SalesforceAccount, wanted: Wanted | None = None, *, dry: bool = False
) -> list[ProvisionStep]:
    """The steps of one run."""
    with connected(account) as crm:
        return list(crm.provision(wanted or account.wanted(), dry_run=dry))


def states(steps: list[ProvisionStep]) -> dict[str, str]:
    """What → state."""
    return {step.what: step.state for step in steps}


def only(field: FieldSpec, kind: str = "deal") -> Wanted:
    """A single wanted field."""
    return Wanted({kind: (field,)}, PipelineSpec("", ()))  # type: ignore[dict-item]


@pytest.mark.parametrize("mode", MODES)
def test_everything_is_made_once_and_then_there(sandbox: RunningSandbox, mode: str) -> None:
    account = bare(sandbox, mode)  # type: ignore[arg-type]
    planned = states(provision(account, dry=True))
    assert set(planned.values()) == {"will_create", "exists"}
    done = states(provision(account))
    assert done == {what: "created" if s == "will_create" else s for what, s in planned.items()}
    again = states(provision(account))
    assert set(again.values()) == {"exists"}
    with connected(account) as crm:
        assert crm.check().ok
        assert all_ok(crm.deliver(work(account.inquiry())))


def test_a_dry_run_changes_nothing(account: SalesforceAccount) -> None:
    before = account.sandbox.state.counts()
    provision(account, dry=True)
    assert account.sandbox.state.counts() == before
    with connected(account) as crm:
        assert KEY not in crm.schema().fields["contact"]


def test_the_key_is_a_unique_external_id_that_tells_letters_apart(account: SalesforceAccount) -> None:
    provision(account)
    field = account.sandbox.state.schema.objects["Contact"].fields[KEY]
    assert (field.length, field.unique, field.external_id, field.case_sensitive) == (64, True, True, True)
    with connected(account) as crm:
        low, high = replace(account.borrower(1), key="bx"), replace(account.borrower(2), key="BX")
        assert all_ok(crm.deliver(work(account.inquiry(low), account.inquiry(high, number=2))))
    assert len(account.contacts()) == 2


def test_a_field_that_is_there_but_hidden_is_only_granted(account: SalesforceAccount) -> None:
    body = {"FullName": "Opportunity.Need__c", "Metadata": {"type": "Text", "label": "Need", "length": 80}}
    with connected(account) as crm:
        crm._transport.send("POST", "tooling/sobjects/CustomField", json=body)
    steps = provision(account)
    assert states(steps)["Opportunity field Need__c"] == "exists"
    (access,) = [step for step in steps if step.what.startswith("access to 3 Opportunity")]
    assert (access.state, "Need__c" in access.detail) == ("created", True)
    with connected(account) as crm:
        assert "Need__c" in crm.schema().fields["deal"]


@pytest.mark.parametrize(
    ("field", "state", "says"),
    [
        (FieldSpec("Amount", "Amount", "string"), "differs", "holds number"),
        (FieldSpec("Amount", "Amount", "number"), "exists", ""),
        (FieldSpec("MtgPlanner_CRM__Loan__c", "Loan", "number"), "needs_person", "installed package"),
        (FieldSpec("Nowhere", "Nowhere", "string"), "needs_person", "standard field"),
        (FieldSpec("No__Such__Name__c", "Odd", "string"), "needs_person", ""),
        (FieldSpec("Colour__c", "Colour", "colour"), "needs_person", "not a field type"),
        (FieldSpec("Notes__c", "Notes", "string", long=True), "created", ""),
        (FieldSpec("Closing__c", "Closing", "date"), "created", ""),
        (FieldSpec("Arrived__c", "Arrived", "datetime"), "created", ""),
        (FieldSpec("Veteran__c", "Veteran", "bool"), "created", ""),
        (FieldSpec("NextStep", "Next step", "string", unique=True), "differs", "unique external id"),
    ],
)
def test_what_a_field_needs(account: SalesforceAccount, field: FieldSpec, state: str, says: str) -> None:
    step = provision(account, only(field))[0]
    assert (step.what, step.state) == (f"Opportunity field {field.name}", state)
    assert says in step.detail


def test_a_stage_that_is_missing_comes_with_the_clicks(account: SalesforceAccount) -> None:
    steps = provision(account, Wanted({}, PipelineSpec(PIPELINE, (*STAGES, "Waiting"))))
    assert [step.state for step in steps] == ["exists"] * len(STAGES) + ["needs_person"]
    assert "Setup" in steps[-1].detail
    assert '"Waiting"' in steps[-1].detail


def test_a_restricted_picklist_without_an_option_is_a_persons_to_extend(account: SalesforceAccount) -> None:
    wanted = only(FieldSpec("LeadSource", "Source", "enumeration", ("Web", "Billboard")))
    assert provision(account, wanted)[0].state == "exists"  # an open picklist takes any value
    with account.sandbox.state.lock:
        account.sandbox.state.schema.replace("Opportunity", "LeadSource", restricted=True)
    step = provision(account, wanted)[0]
    assert step.state == "needs_person"
    assert "without Billboard" in step.detail


def test_a_user_who_may_not_customise_gets_the_steps_as_a_persons(account: SalesforceAccount) -> None:
    account.sandbox.configure(may_customize=False)
    steps = provision(account)
    made = [step for step in steps if step.what.startswith("Contact field")]
    assert [step.state for step in made] == ["needs_person"]
    assert made[0].detail


def test_a_check_names_what_is_missing(sandbox: RunningSandbox) -> None:
    account = bare(sandbox, opt_out_fields=False)
    with connected(account) as crm:
        report = crm.check()
    assert not report.ok
    said = " ".join(report.problems)
    assert f"Contact.{KEY} does not exist or is hidden from us: run `firstpath provision`" in said
    assert f"Opportunity.{KEY}" in said
    assert "Contact.HasOptedOutOfEmail" in said
    assert "Contact.DoNotCall" in said
    assert report.scopes["create Contact"]
    assert not report.scopes[f"edit Contact.{KEY}"]


@pytest.mark.parametrize("mode", MODES)
def test_the_opt_out_fields_that_salesforce_hides_are_made_visible(
    sandbox: RunningSandbox, mode: str
) -> None:
    """Without them an opt-out could not be written, and nothing of its inquiry either."""
    account = bare(sandbox, mode, opt_out_fields=False)  # type: ignore[arg-type]
    planned = states(provision(account, dry=True))
    assert planned["access to the opt-out fields"] == "will_create"
    assert states(provision(account))["access to the opt-out fields"] == "created"
    with connected(account) as crm:
        assert crm.check().ok
        assert set(crm.schema().fields["contact"]) >= set(MODES_OF[mode].opt_outs)  # type: ignore[index]
    assert "access to the opt-out fields" not in states(provision(account))


def test_a_check_tells_the_org_and_its_limit(sandbox: RunningSandbox) -> None:
    account = fresh(sandbox, daily_limit=5_000)
    with connected(account) as crm:
        report = crm.check()
    assert report.ok
    assert "Sandbox Brokerage" in report.account
    assert report.calls_a_day == 5_000
    assert report.calls_left_today is not None
    assert report.calls_left_today < 5_000


def test_a_schema_speaks_the_common_words(sandbox: RunningSandbox) -> None:
    account = fresh(sandbox)
    with account.sandbox.state.lock:
        account.sandbox.state.schema.replace("Opportunity", "Need__c", restricted=True)
    with connected(account) as crm:
        schema = crm.schema()
    assert schema.fields["contact"]["Email"].type == "string"
    assert schema.fields["contact"]["DoNotCall"].type == "bool"
    assert schema.fields["deal"]["Amount"].type == "number"
    assert schema.fields["deal"]["CloseDate"].type == "date"
    assert schema.fields["deal"]["Need__c"].options == ("purchase", "pre_approval")
    assert schema.fields["deal"]["LeadSource"].options == ()  # it takes any value
    assert schema.fields["contact"][KEY].unique
    assert schema.owners[OWNER] == account.user(OWNER)
    (pipeline,) = schema.pipelines
    assert (pipeline.label, pipeline.stages) == ("Opportunity stages", STAGES)


def test_leads_may_belong_to_a_queue(sandbox: RunningSandbox) -> None:
    account = fresh(sandbox, "lead")
    with connected(account) as crm:
        assert "web_leads" in crm.schema().owners
        assert crm.schema().pipelines[0].label == "Lead status"
        queued = replace(account.borrower(), owner_email="Web_leads")
        links = links_in(crm.deliver(work(account.inquiry(queued))))
    assert account.contacts()[links["contact", "B1"]]["owner"].startswith("00G")


@pytest.mark.parametrize(
    ("mode", "objects"),
    [
        ("contact", ("Contact", "Opportunity")),
        ("lead", ("Lead", "Lead")),
        ("person_account", ("Account", "Opportunity")),
    ],
)
def test_a_record_has_an_address(sandbox: RunningSandbox, mode: str, objects: tuple[str, str]) -> None:
    account = SalesforceAccount(sandbox, mode)  # type: ignore[arg-type]
    crm = connect(account)
    person, deal = objects
    assert crm.record_url("contact", "003A") == f"{sandbox.url}/lightning/r/{person}/003A/view"
    assert crm.record_url("deal", "006A") == f"{sandbox.url}/lightning/r/{deal}/006A/view"
    assert crm.record_url("task", "00TA") == f"{sandbox.url}/lightning/r/Task/00TA/view"
    assert crm.record_url("task", "") == ""
    crm.close()
