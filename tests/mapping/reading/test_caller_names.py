"""Caller ids: names of people, and what networks say instead."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.reading.caller_names import callable_number, trusted_caller_name


@pytest.mark.parametrize(
    "name", ["OSGOOD W", "Marie-Ève Côté", "LAMB HUMPHREY", "Ng", "O'SHEA EVANDER", "Virginia Woods"]
)
def test_a_persons_name_is_taken(name: str) -> None:
    assert trusted_caller_name(name, "Fresno") == name


@pytest.mark.parametrize(
    "name",
    [
        *(
            "ANONYMOUS",
            "WIRELESS CALLER",
            "Unknown",
            "UNAVAILABLE",
            "Private Number",
            "TOLL FREE CALL",
            "Cell Phone",
        ),
        *(
            "FRESNO CA",
            "Fresno, CA",
            "DALLAS TX",
            "+15595550126",
            "V12345",
            "",
            " ",
            "SPAM RISK",
            "Inconnu",
            "FRESNO",
        ),
        *("SCAM LIKELY", "RESTRICTED", "NUMERO PRIVADO", "X", "US", "POTENTIAL SPAM"),
    ],
)
def test_what_stands_instead_of_a_name_is_not(name: str) -> None:
    assert trusted_caller_name(name, "Fresno" if "Fresno" in name.title() else "") == ""


@pytest.mark.parametrize("number", ["+266696687", "266696687", "+17378742833", "+86282452253"])
def test_a_withheld_number_is_nobodys(number: str) -> None:
    assert callable_number(number) == ""


def test_any_other_number_stays_as_it_is() -> None:
    assert callable_number("+15595550126") == "+15595550126"


@given(st.text(max_size=200), st.text(max_size=50))
def test_any_text_is_judged(name: str, city: str) -> None:
    assert trusted_caller_name(name, city) in (name.strip(), "")
