from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.normalize.emails import is_sole_email, read_email


@pytest.mark.parametrize(
    ("text", "email"),
    [
        ("ana@example.com", "ana@example.com"),
        (" Renata.Okafor@EXAMPLE.com ", "renata.okafor@example.com"),
        ("leopold@grunwald.example.com", "leopold@grunwald.example.com"),
        ("ana@branch.example", "ana@branch.example"),
        ("ana@site.test", "ana@site.test"),
        ("john+mary@example.com", "john+mary@example.com"),
        ("mailto:ana@example.com", "ana@example.com"),
        ("Ana Ruiz <ana@example.com>", "ana@example.com"),
        ("ana@example.com.", "ana@example.com"),
        ("ana@example.com, luis@example.com", "ana@example.com"),
        ("ana@example.com or luis@example.com", "ana@example.com"),
        ("josé@example.com", "josé@example.com"),
    ],
)
def test_addresses_are_found(text: str, email: str) -> None:
    assert read_email(text) == email


@pytest.mark.parametrize(
    "text",
    [
        "",
        "none",
        "ana@",
        "@example.com",
        "ana@example",
        "john smith@example.com",
        "ana@@example.com",
        "a@b@c",
    ],
)
def test_what_is_no_address_is_not_read(text: str) -> None:
    assert read_email(text) is None


def test_two_addresses_are_not_one() -> None:
    assert is_sole_email("ana@example.com")
    assert not is_sole_email("ana@example.com, luis@example.com")


@given(st.text() | st.emails())
def test_reading_is_idempotent_and_survives_any_text(text: str) -> None:
    email = read_email(text)
    assert email is None or read_email(email) == email
