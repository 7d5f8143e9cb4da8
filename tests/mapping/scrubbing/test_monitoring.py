"""What the law has lenders ask and nobody here may know: gone by name, by path and by shape; idempotent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.scrubbing.fnm_text import is_fnm, redact_fnm
from mapping.scrubbing.monitoring import MARK, asks_for_monitoring, redact_monitoring
from mapping.scrubbing.scrub import JsonLike, scrub_json, scrub_pairs, scrub_text

CANARY = "Zcanary"


def hashed(value: str) -> str:
    return "h" * 20


@pytest.mark.parametrize(
    "name",
    [
        *("race", "HMDARaceType", "applicantRace", "borrower_ethnicity", "hmdaGenderType", "sex", "gender"),
        *("maritalStatus", "MaritalStatusType", "GOVERNMENT_MONITORING", "hispanicOrLatino", "État civil"),
        *("estado civil", "Sexe", "sexo", "etnia", "demographicInformation", "nationalOrigin", "hmda"),
    ],
)
def test_names_that_ask_for_it(name: str) -> None:
    assert asks_for_monitoring(name)
    document: JsonLike = {"a": [{name: {"deep": [CANARY, True, 7]}}], "firstName": "Ana"}
    clean, count = scrub_json(document, hashed)
    assert clean == {"a": [{name: MARK}], "firstName": "Ana"}
    assert count == 1
    assert scrub_json(clean, hashed) == (clean, 0)
    assert scrub_pairs(((name, CANARY), ("email", "a@example.com")), hashed)[0][0][1] == MARK


@pytest.mark.parametrize(
    "name",
    [
        *("street", "Race Street address of the property that you would like to buy with us", "message"),
        *("embrace", "Middlesex county", "trace_id", "general", "civic address", "raceway"),
    ],
)
def test_names_that_do_not(name: str) -> None:
    assert scrub_json({name: "12 Race Street"}, hashed) == ({name: "12 Race Street"}, 0)


@pytest.mark.parametrize(
    "text",
    [
        f"<PARTY><HMDARaceType>{CANARY}</HMDARaceType><FirstName>Ana</FirstName>",
        f"<x:GenderType seq='1'>{CANARY}</x:GenderType>",
        f'{{"maritalStatus": "{CANARY}", "name": "Jo"',
        f'"race": ["{CANARY}", "other"], "x": 1',
        f'<BORROWER MaritalStatusType="{CANARY}" Name="Jo"/>',
        f"Name: Ana\nMarital status: {CANARY}\nPhone: 208-555-0100",
        f"Ethnicity = {CANARY}; Purpose: purchase",
    ],
)
def test_shapes_in_text_that_could_not_be_read_as_data(text: str) -> None:
    clean, count = scrub_text(text, hashed)
    assert CANARY not in clean
    assert count == 1
    assert scrub_text(clean, hashed) == (clean, 0)


def test_prose_about_other_things_stays() -> None:
    text = "We got married in May: looking for a house on Race Street, near Middlesex. Phone: 208-555-0100"
    assert redact_monitoring(text) == (text, 0)


def test_a_label_speaks_for_its_value() -> None:
    field: JsonLike = {"fieldName": "CX.RACE", "stringValue": CANARY}
    other: JsonLike = {"fieldName": "CX.FP", "stringValue": "kept"}
    clean, _ = scrub_json({"customFields": [field, other]}, hashed)
    assert CANARY not in str(clean)
    assert "kept" in str(clean)


def test_an_fnm_copy_keeps_names_and_addresses_and_no_number() -> None:
    name = "Nora".ljust(35) + "".ljust(35) + "Quill".ljust(35) + "    "
    applicant = f"03ABW078051120{name}2085550144037" + "16M0119710405nora@example.com"
    text = f"EH 1\r\nTH 2\r\nTPI1.0\r\n{applicant}\r\n10A078051120 F1\r\n06C078051120 Bank\r\n"
    assert is_fnm(text)
    clean, count = redact_fnm(text)
    assert "Nora" in clean
    assert "nora@example.com" in clean
    assert not {"078051120", "19710405", "2085550144", "F1"} & set(clean.replace("[", " ").split())
    assert "078051120" not in clean
    assert count > 3
    assert not is_fnm("Hello\nTPI is a word")


@given(st.text(max_size=300))
def test_no_text_breaks_it_and_a_second_pass_changes_nothing(text: str) -> None:
    once, _ = redact_monitoring(text)
    assert redact_monitoring(once) == (once, 0)
