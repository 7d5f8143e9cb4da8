from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.normalize.dates import read_date

ORDERS = st.sampled_from(["MDY", "DMY", "YMD"])


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("2025-08-15", "MDY", date(2025, 8, 15)),
        ("2025/8/5", "DMY", date(2025, 8, 5)),
        ("2025-08-15T10:00:00Z", "MDY", date(2025, 8, 15)),
        ("03/04/2025", "MDY", date(2025, 3, 4)),
        ("03/04/2025", "DMY", date(2025, 4, 3)),
        ("3.4.25", "DMY", date(2025, 4, 3)),
        ("15/08/2025", "MDY", date(2025, 8, 15)),
        ("08/15/2025", "DMY", date(2025, 8, 15)),
        ("05/05/2025", "YMD", date(2025, 5, 5)),
        ("25-03-04", "YMD", date(2025, 3, 4)),
        ("August 15, 2025", "MDY", date(2025, 8, 15)),
        ("Friday, March 7, 2025", "MDY", date(2025, 3, 7)),
        ("Aug 15th 2025", "MDY", date(2025, 8, 15)),
        ("1er mars 2025", "DMY", date(2025, 3, 1)),
        ("15 août 2025", "DMY", date(2025, 8, 15)),
        ("15 de agosto de 2025", "MDY", date(2025, 8, 15)),
    ],
)
def test_days_are_read_in_the_order_of_the_brokerage(text: str, order: str, day: date) -> None:
    assert read_date(text, order) == day


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("03/04/2025", "YMD"),
        ("03-04-05", "YMD"),
        ("Aug 2025", "MDY"),
        ("2025-13-01", "MDY"),
        ("31/02/2025", "DMY"),
        ("next spring", "MDY"),
        ("5 6 August 2025", "MDY"),
        ("0001-01-01", "MDY"),
        ("", "MDY"),
    ],
)
def test_what_is_no_day_or_may_be_two_is_not_read(text: str, order: str) -> None:
    assert read_date(text, order) is None


@given(st.text(), ORDERS)
def test_any_text_is_survived(text: str, order: str) -> None:
    read_date(text, order)


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)), ORDERS)
def test_an_iso_day_reads_back_in_every_order(day: date, order: str) -> None:
    assert read_date(day.isoformat(), order) == day
