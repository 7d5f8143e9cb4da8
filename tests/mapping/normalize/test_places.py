from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.normalize.places import (
    Address,
    country_of,
    read_address,
    read_country,
    read_postal_code,
    read_state,
    state_of_postal_code,
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("TX", "TX"),
        ("tx", "TX"),
        ("California", "CA"),
        ("Californie", "CA"),
        ("Nueva York", "NY"),
        ("N.Y.", "NY"),
        ("Washington", "WA"),
        ("Washington, D.C.", "DC"),
        ("Texas, USA", "TX"),
        ("TX - Texas", "TX"),
        ("California (CA)", "CA"),
        ("Québec", "QC"),
        ("Colombie-Britannique", "BC"),
        ("B.C.", "BC"),
        ("Île-du-Prince-Édouard", "PE"),
        ("P.E.I.", "PE"),
        ("Terre-Neuve-et-Labrador", "NL"),
        ("Ont.", "ON"),
        ("Newfoundland & Labrador", "NL"),
        ("Terre-Neuve–Labrador", "NL"),
        ("Alta.", "AB"),
        ("Wash.", "WA"),
        ("Washington State", "WA"),
        ("State of Washington", "WA"),
        ("Tex.", "TX"),
        ("Ill.", "IL"),
        ("Penna.", "PA"),
        ("N. Carolina", "NC"),
        ("W. Virginia", "WV"),
        ("Hawaiʻi", "HI"),
        ("New York City", "NY"),
        ("New York State", "NY"),
        ("Estado de California", "CA"),
        ("Province of Ontario", "ON"),
        ("Province de Québec", "QC"),
        ("Commonwealth of Massachusetts", "MA"),
        ("CA-ON", "ON"),
        ("US-CA", "CA"),
        ("ca-qc", "QC"),
        ("CA-CA", "CA"),
    ],
)
def test_states_and_provinces_are_read_in_three_languages(text: str, code: str) -> None:
    assert read_state(text) == code


@pytest.mark.parametrize(
    "text",
    ["", "Bavaria", "TX or CA", "Texas, California", "Canada", "-", "Man", "Miss", "state of"],
)
def test_other_places_are_no_state(text: str) -> None:
    assert read_state(text) is None


@pytest.mark.parametrize(
    ("text", "code", "state"),
    [
        ("78704", "78704", "TX"),
        ("78704-1234", "78704-1234", "TX"),
        ("00501", "00501", "NY"),
        ("05501", "05501", "MA"),
        ("20001", "20001", "DC"),
        ("20101", "20101", "VA"),
        ("73301", "73301", "TX"),
        ("88510", "88510", "TX"),
        ("96701", "96701", "HI"),
        ("09012", "09012", ""),
        ("m5v2t6", "M5V 2T6", "ON"),
        ("H2X 1Y4", "H2X 1Y4", "QC"),
        ("X0A 0H0", "X0A 0H0", "NU"),
        ("X1A 1A1", "X1A 1A1", "NT"),
        ("V6B 1A1", "V6B 1A1", "BC"),
    ],
)
def test_postal_codes_tell_their_state(text: str, code: str, state: str) -> None:
    assert read_postal_code(text) == code
    assert state_of_postal_code(code) == state


@pytest.mark.parametrize("text", ["", "1234", "123456", "D1A 1A1", "W1A 1A1", "SW1A 1AA"])
def test_other_codes_are_not_read(text: str) -> None:
    assert read_postal_code(text) is None


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Austin, TX", Address(city="Austin", state="TX")),
        ("Austin", Address(city="Austin")),
        ("12 Elm St", Address(street="12 Elm St")),
        ("12 Elm St, Unit 4", Address(street="12 Elm St, Unit 4")),
        ("2204 Pecan Hollow Dr, Austin, TX 78704", Address("2204 Pecan Hollow Dr", "Austin", "TX", "78704")),
        (
            "12 Elm St, Unit 4, Toronto, ON M5V2T6, Canada",
            Address("12 Elm St, Unit 4", "Toronto", "ON", "M5V 2T6"),
        ),
        ("", Address()),
    ],
)
def test_a_one_line_address_is_taken_apart(text: str, address: Address) -> None:
    assert read_address(text) == address


def test_codes_of_the_two_countries_never_meet() -> None:
    assert country_of("CA") == "US"
    assert country_of("NS") == "CA"
    assert country_of("") == ""
    assert read_country("États-Unis") == "US"
    assert read_country("France") is None


@given(st.text())
def test_reading_is_idempotent_and_survives_any_text(text: str) -> None:
    state, code = read_state(text), read_postal_code(text)
    read_address(text)
    assert state is None or read_state(state) == state
    assert code is None or (read_postal_code(code) == code and state_of_postal_code(code) is not None)
