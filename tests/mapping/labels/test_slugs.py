"""Questions and choices that were written as one word."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.inquiry import Amount
from mapping.labels.slugs import days, question_of_slug, score_range, words_of_slug
from mapping.normalize.money import read_amount
from mapping.reading.choices import read_credit_band, read_timeframe
from mapping.reading.classify import stated_type


@pytest.mark.parametrize(
    ("slug", "words"),
    [
        ("lower_my_payment", "lower my payment"),
        ("$200,000_-_$300,000", "$200,000 - $300,000"),
        ("300_000_$_-_400_000_$", "300 000 $ - 400 000 $"),
        ("renouvellement_hypothécaire", "renouvellement hypothécaire"),
        ("ana_b@example.com", "ana_b@example.com"),
        ("https://example.com/a_b", "https://example.com/a_b"),
        ("two words_here", "two words_here"),
        ("plain", "plain"),
        ("_", "_"),
        ("", ""),
    ],
)
def test_a_slug_is_read_as_what_was_shown(slug: str, words: str) -> None:
    assert words_of_slug(slug) == words


def test_slugs_mean_what_their_words_mean() -> None:
    assert stated_type(words_of_slug("lower_my_payment")) == "refinance"
    assert stated_type("HomeEquity") == "second_mortgage"
    amount = read_amount(words_of_slug("$200,000_-_$300,000"))
    assert amount == Amount(low=Decimal(200_000), high=Decimal(300_000))
    assert read_amount("100000 or more") == Amount(low=Decimal(100_000))


@pytest.mark.parametrize(
    ("text", "band"),
    [
        ("R_760_", "excellent"),
        ("R_740_759", "excellent"),
        ("R_720_739", "good"),
        ("R_700_719", "good"),
        ("R_660_679", "fair"),
        ("R_620_639", "fair"),
        ("R_560_579", "poor"),
        ("R_300_559", "poor"),
        (score_range("620", "659"), "fair"),
        (score_range("", "719"), "good"),
    ],
)
def test_credit_ranges(text: str, band: str) -> None:
    assert read_credit_band(text) == band


@pytest.mark.parametrize(
    ("number", "frame"),
    [("7", "within_30_days"), ("45", "1_3_months"), ("120", "3_6_months"), ("400", "over_12_months")],
)
def test_days_until_closing(number: str, frame: str) -> None:
    assert read_timeframe(days(number)) == frame


def test_what_is_no_number_of_days_stays() -> None:
    assert days("soon") == "soon"


def test_a_question_begins_with_a_capital() -> None:
    assert question_of_slug("what_would_you_like_to_do?") == "What would you like to do?"


@given(st.text(max_size=100))
def test_any_text_is_read(text: str) -> None:
    assert isinstance(question_of_slug(words_of_slug(text)), str)
