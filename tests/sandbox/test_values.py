"""What a property takes: one table of values and what becomes of them."""

from __future__ import annotations

import json

import pytest

from tests.sandbox.hub import DEAL, OBJECTS, TASK, Hub

ACCEPTED = [
    ("contacts", "email", " Ana@Example.com ", "ana@example.com"),
    ("contacts", "hs_email_optout", "TRUE", "true"),
    ("deals", "amount", "500000.00", "500000.00"),
    ("deals", "closedate", "2026-03-02", "2026-03-02T00:00:00.000Z"),
    ("deals", "closedate", "1772409600000", "2026-03-02T00:00:00.000Z"),
    ("tasks", "hs_timestamp", "2026-03-02T15:00:00+02:00", "2026-03-02T13:00:00.000Z"),
    ("tasks", "hs_task_priority", "HIGH", "HIGH"),
    ("contacts", "birthday", "2026-03-02", "2026-03-02"),
    ("contacts", "birthday", "1772409600000", "2026-03-02"),
    ("contacts", "interests", "a;b", "a;b"),
    ("contacts", "firstname", "Zoë 陳 🏡", "Zoë 陳 🏡"),
]
REFUSED = [
    ("contacts", "no_such_property", "x", "PROPERTY_DOESNT_EXIST"),
    ("contacts", "createdate", "2026-03-02", "READ_ONLY_VALUE"),
    ("contacts", "email", "ana@example", "INVALID_EMAIL"),
    ("contacts", "email", "ana", "INVALID_EMAIL"),
    ("contacts", "lifecyclestage", "Lead", "INVALID_OPTION"),
    ("contacts", "hs_email_optout", "yes", "INVALID_OPTION"),
    ("contacts", "firstname", None, "INVALID_TYPE"),
    ("contacts", "firstname", 5, "INVALID_TYPE"),
    ("contacts", "firstname", "x" * 65_537, "VALUE_TOO_LONG"),
    ("contacts", "birthday", "1772409600001", "INVALID_DATE"),
    ("contacts", "birthday", "02/03/2026", "INVALID_DATE"),
    ("contacts", "interests", "a;c", "INVALID_OPTION"),
    ("contacts", "hubspot_owner_id", "1", "INVALID_OWNER_ID"),
    ("contacts", "hubspot_owner_id", "9000001", "INVALID_OWNER_ID"),
    ("deals", "amount", "$500", "INVALID_NUMBER"),
    ("deals", "amount", "nan", "INVALID_NUMBER"),
    ("deals", "closedate", "soon", "INVALID_LONG"),
    ("deals", "dealstage", "lead", "INVALID_OPTION"),
    ("deals", "pipeline", "mortgages", "INVALID_OPTION"),
    ("tasks", "hs_task_type", "TEXT", "INVALID_OPTION"),
]
BASE = {"contacts": {"firstname": "Ana"}, "deals": DEAL, "tasks": TASK}


@pytest.fixture
def typed(hub: Hub) -> Hub:
    """An account with a date and a multi-select property on contacts."""
    group = {"groupName": "contactinformation"}
    options = [{"label": x.upper(), "value": x, "hidden": False} for x in "ab"]
    for body in (
        {"name": "birthday", "label": "Birthday", "type": "date", "fieldType": "date", **group},
        {
            "name": "interests",
            "label": "Interests",
            "type": "enumeration",
            "fieldType": "checkbox",
            "options": options,
            **group,
        },
    ):
        assert hub.post("/crm/v3/properties/contacts", body).status_code == 201
    return hub


@pytest.mark.parametrize(("kind", "name", "value", "stored"), ACCEPTED)
def test_a_fitting_value_is_stored_in_one_form(
    typed: Hub, kind: str, name: str, value: str, stored: str
) -> None:
    record = typed.create(kind, **{**BASE[kind], name: value})
    assert typed.properties(kind, record)[name] == stored


@pytest.mark.parametrize(("kind", "name", "value", "code"), REFUSED)
def test_a_wrong_value_is_refused_with_its_property_and_reason(
    typed: Hub, kind: str, name: str, value: object, code: str
) -> None:
    answer = typed.post(f"{OBJECTS}/{kind}", {"properties": {**BASE[kind], name: value}})
    assert (answer.status_code, answer.json()["category"]) == (400, "VALIDATION_ERROR")
    prefix, problems = answer.json()["message"].split(": ", 1)
    assert prefix == "Property values were not valid"
    assert [(p["name"], p["error"]) for p in json.loads(problems)] == [(name, code)]
    assert answer.json()["errors"][0]["code"] == code
    assert typed.sandbox.state.counts()[kind] == 0


def test_all_wrong_values_of_a_record_are_named_at_once(hub: Hub) -> None:
    properties = {"email": "nobody", "nonsense": "x", "firstname": "Ana"}
    answer = hub.post(f"{OBJECTS}/contacts", {"properties": properties})
    assert [one["code"] for one in answer.json()["errors"]] == ["INVALID_EMAIL", "PROPERTY_DOESNT_EXIST"]


def test_an_active_owner_can_be_assigned_and_an_archived_one_cannot(hub: Hub) -> None:
    owners = [
        {"email": "in@brokerage.example.com"},
        {"email": "out@brokerage.example.com", "active": False},
    ]
    active, gone = hub.post("/_sandbox/seed", {"owners": owners}).json()["owners"]
    contact = hub.contact(firstname="Ana")
    assert hub.patch("contacts", contact, hubspot_owner_id=active).status_code == 200
    assert hub.patch("contacts", contact, hubspot_owner_id=gone).status_code == 400


def test_a_stage_must_belong_to_the_deals_own_pipeline(hub: Hub) -> None:
    body = {"label": "Mortgages", "displayOrder": 1, "stages": [_stage("New", "0.1")]}
    pipeline = hub.post("/crm/v3/pipelines/deals", body).json()
    stage = pipeline["stages"][0]["id"]
    deal = hub.deal()
    assert hub.patch("deals", deal, dealstage=stage).status_code == 400
    assert hub.patch("deals", deal, pipeline=pipeline["id"], dealstage=stage).status_code == 200


def _stage(label: str, probability: str) -> dict[str, object]:
    return {"label": label, "displayOrder": 0, "metadata": {"probability": probability}}


def test_a_lifecycle_stage_goes_back_only_after_it_was_cleared(hub: Hub) -> None:
    contact = hub.contact(firstname="Ana", lifecyclestage="opportunity")
    assert hub.patch("contacts", contact, lifecyclestage="lead", city="Toronto").status_code == 200
    kept = hub.properties("contacts", contact)
    assert (kept["lifecyclestage"], kept["city"]) == ("opportunity", "Toronto")
    hub.patch("contacts", contact, lifecyclestage="")
    hub.patch("contacts", contact, lifecyclestage="lead")
    assert hub.properties("contacts", contact)["lifecyclestage"] == "lead"


def test_a_leading_semicolon_adds_to_a_multi_select(typed: Hub) -> None:
    contact = typed.contact(firstname="Ana", interests="a")
    typed.patch("contacts", contact, interests=";b")
    assert typed.properties("contacts", contact)["interests"] == "a;b"
    typed.patch("contacts", contact, interests="b")
    assert typed.properties("contacts", contact)["interests"] == "b"
