from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.inquiry import Amount
from mapping.normalize.money import read_amount


def value(number: int | str) -> Amount:
    return Amount(value=Decimal(number))


def between(low: int | None, high: int | None) -> Amount:
    return Amount(low=None if low is None else Decimal(low), high=None if high is None else Decimal(high))


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("850000", value(850_000)),
        ("850000.0", value(850_000)),
        ("$350k", value(350_000)),
        ("1.2M", value(1_200_000)),
        ("$1.5 million", value(1_500_000)),
        ("1,2 M$", value(1_200_000)),
        ("1,200,000.00", value(1_200_000)),
        ("1.200.000,50", value("1200000.50")),
        ("350 000 $", value(350_000)),
        ("350\u202f000\u00a0$", value(350_000)),
        ("３５０，０００", value(350_000)),
        ("1'200'000", value(1_200_000)),
        ("85,000", value(85_000)),
        ("350.000", value(350_000)),
        ("350 mil", value(350_000)),
        ("2 millones", value(2_000_000)),
        ("US$ 500,000", value(500_000)),
        ("500k CAD", value(500_000)),
        ("about 350k", value(350_000)),
        ("environ 350 000 dollars", value(350_000)),
        ("0", value(0)),
        ("350-400K", between(350_000, 400_000)),
        ("$500,000 - $600,000", between(500_000, 600_000)),
        ("$200,000_-_$300,000", between(200_000, 300_000)),
        ("between 400 and 450k", between(400_000, 450_000)),
        ("300k to $350,000", between(300_000, 350_000)),
        ("300,000-350k", between(300_000, 350_000)),
        ("entre 300 000 et 350 000 $", between(300_000, 350_000)),
        ("de 350 000 à 400 000", between(350_000, 400_000)),
        ("de 200 a 250 mil", between(200_000, 250_000)),
        ("under 300k", between(None, 300_000)),
        ("moins de 300 000 $", between(None, 300_000)),
        ("hasta 300 mil", between(None, 300_000)),
        ("300k or less", between(None, 300_000)),
        ("over $1M", between(1_000_000, None)),
        ("$750,000+", between(750_000, None)),
        ("100000 or more", between(100_000, None)),
        ("más de 500,000", between(500_000, None)),
    ],
)
def test_amounts_are_read_as_they_are_meant(text: str, amount: Amount) -> None:
    assert read_amount(text) == amount


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not sure",
        "350",
        "350-400",
        "under 300",
        "20%",
        "-5000",
        "1.250k",
        "1e9",
        "1,00,000",
        "12,34",
        "99999999999",
        "$5 billion",
        "400-350k",
        "85000 plus 20000",
        "410k, owe 225k",
        "300k 400k 500k",
        "half a million",
        "350k for a 3 bedroom",
    ],
)
def test_what_may_mean_two_things_is_not_read(text: str) -> None:
    assert read_amount(text) is None


@given(st.text())
def test_any_text_is_survived(text: str) -> None:
    read_amount(text)


@given(st.integers(1_000, 999_999_999))
def test_an_amount_written_out_reads_back(number: int) -> None:
    assert read_amount(f"${number:,}") == read_amount(str(number)) == value(number)


@given(
    st.integers(1_000, 400_000_000), st.integers(1, 400_000_000), st.sampled_from(["-", " to ", " à ", " – "])
)
def test_a_range_never_becomes_a_single_value(low: int, more: int, joint: str) -> None:
    assert read_amount(f"{low}{joint}{low + more}") == between(low, low + more)
