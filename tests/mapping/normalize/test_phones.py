from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.normalize.phones import Phone, read_phone


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("702.555.0110", Phone("+17025550110")),
        ("(305) 555-0166", Phone("+13055550166")),
        ("15125550191", Phone("+15125550191")),
        ("+1 (780) 555-0120", Phone("+17805550120")),
        ("1 415 555 0123", Phone("+14155550123")),
        ("４１５５５５０１２３", Phone("+14155550123")),
        ("cell: 415-555-0123", Phone("+14155550123")),
        ("415-555-0123 x12", Phone("+14155550123", "12")),
        ("415-555-0123 ext. 12", Phone("+14155550123", "12")),
        ("514 555-0123 poste 45", Phone("+15145550123", "45")),
        ("+52 55 1234 5678", Phone("+525512345678")),
        ("4155550123 / 4155550124", Phone("+14155550123", alone=False)),
        ("(415) 555-0123 or 415 555 0999", Phone("+14155550123", alone=False)),
        ("4155550123, 4155550124", Phone("+14155550123", alone=False)),
    ],
)
def test_numbers_are_read(text: str, phone: Phone) -> None:
    assert read_phone(text, "US") == phone


@pytest.mark.parametrize(
    "text",
    [
        "",
        "call me",
        "555-0123",
        "12345678",
        "000-000-0000",
        "115-555-0123",
        "415-155-0123",
        "4.15E+09",
        "none",
    ],
)
def test_impossible_numbers_are_not_read(text: str) -> None:
    assert read_phone(text, "US") is None


@given(
    st.integers(200, 999),
    st.integers(200, 999),
    st.integers(0, 9999),
    st.integers(1, 99999),
    st.sampled_from([" x{}", " ext. {}", " poste {}", ", ext {}", " #{}"]),
)
def test_an_extension_is_never_lost(area: int, exchange: int, line: int, extension: int, form: str) -> None:
    phone = read_phone(f"({area}) {exchange}-{line:04}{form.format(extension)}", "CA")
    assert phone == Phone(f"+1{area}{exchange}{line:04}", str(extension))


@given(st.text(), st.sampled_from(["US", "CA"]))
def test_reading_is_idempotent_and_survives_any_text(text: str, country: str) -> None:
    phone = read_phone(text, country)
    assert phone is None or read_phone(phone.number, country) == Phone(phone.number)
