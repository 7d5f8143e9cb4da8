"""Whom to call first: the score's table, what raises it, and that nobody's name or place ever counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.inquiry import CreditBand, Inquiry, InquiryType, Loan, Party, Property, Timeframe
from mapping.playbook import PlaybookInvalid, load_playbook, shipped
from mapping.priority.score import (
    FACTORS,
    TRAITS,
    Engagement,
    Model,
    Outcomes,
    PriorityRules,
    factors_of,
    judge,
)

NOW = datetime(2026, 11, 17, 17, 30, tzinfo=UTC)
RULES = PriorityRules()
EXPECTED = ("full_name", "phone", "email", "property_state", "timeframe", "credit_band")
PLAIN = Inquiry(
    "html-form",
    "website",
    NOW,
    Party("Ana", last_name="Quill", email="ana@example.com", phone="+14155550123"),
)
OUTCOMES = Outcomes({"website": (10, 90), "partners": (40, 60), "bought": (2, 198)})


def score(
    inquiry: Inquiry = PLAIN,
    engagement: Engagement = Engagement(),  # noqa: B008 - frozen
    *,
    rules: PriorityRules = RULES,
    days: float = 0,
) -> int:
    """What it comes to."""
    now = NOW + timedelta(days=days)
    return judge(factors_of(inquiry, EXPECTED, OUTCOMES, engagement, rules, now=now), rules).score


@pytest.mark.parametrize(
    ("inquiry", "engagement", "days", "expected"),
    [
        (PLAIN, Engagement(), 0, 39),
        (replace(PLAIN, timeframe=Timeframe.ASAP), Engagement(), 0, 60),
        (replace(PLAIN, timeframe=Timeframe.RESEARCHING), Engagement(), 0, 33),
        (replace(PLAIN, credit_band=CreditBand.EXCELLENT), Engagement(), 0, 51),
        (replace(PLAIN, credit_band=CreditBand.POOR), Engagement(), 0, 39),
        (replace(PLAIN, path="partners"), Engagement(), 0, 48),
        (replace(PLAIN, path="bought"), Engagement(), 0, 34),
        (PLAIN, Engagement(opened=True), 0, 47),
        (PLAIN, Engagement(replies=3), 0, 53),
        (PLAIN, Engagement(applied=True), 0, 57),
        (PLAIN, Engagement(met=True), 0, 59),
        (PLAIN, Engagement(), 7, 34),
        (PLAIN, Engagement(), 90, 29),
        (PLAIN, Engagement(replies=1, last_at=NOW + timedelta(days=90)), 90, 53),
        (
            replace(PLAIN, path="partners", timeframe=Timeframe.ASAP, credit_band=CreditBand.EXCELLENT),
            Engagement(met=True),
            0,
            100,
        ),
    ],
)
def test_the_table(inquiry: Inquiry, engagement: Engagement, days: float, expected: int) -> None:
    assert score(inquiry, engagement, days=days) == expected


TIMEFRAMES = [Timeframe.OVER_12_MONTHS, Timeframe.MONTHS_6_12, Timeframe.MONTHS_3_6, Timeframe.MONTHS_1_3,
              Timeframe.WITHIN_30_DAYS, Timeframe.ASAP]  # fmt: skip
CREDIT = [CreditBand.POOR, CreditBand.FAIR, CreditBand.GOOD, CreditBand.EXCELLENT]
weights = st.fixed_dictionaries({name: st.integers(0, 50) for name in FACTORS}).map(
    lambda chosen: PriorityRules(weights={name: float(weight) for name, weight in chosen.items()})
)


@given(weights, st.integers(0, 4), st.integers(0, 2), st.floats(0, 400))
def test_sooner_better_credit_and_fresher_never_lower_it(
    rules: PriorityRules, when: int, band: int, days: float
) -> None:
    def here(at: int, credit: int, age: float) -> int:
        asked = replace(PLAIN, timeframe=TIMEFRAMES[at], credit_band=CREDIT[credit])
        return score(asked, rules=rules, days=age)

    base = here(when, band, days)
    assert 0 <= base <= 100
    assert here(when + 1, band, days) >= base
    assert here(when, band + 1, days) >= base
    assert here(when, band, days / 2) >= base


@given(weights, st.integers(0, 30), st.integers(0, 30))
def test_doing_more_never_lowers_it(rules: PriorityRules, replies: int, more: int) -> None:
    steps = [
        Engagement(),
        Engagement(opened=True),
        Engagement(opened=True, replies=1 + replies),
        Engagement(opened=True, replies=1 + replies + more, applied=True),
        Engagement(opened=True, replies=1 + replies + more, applied=True, met=True),
    ]
    found = [score(PLAIN, one, rules=rules) for one in steps]
    assert found == sorted(found)


names = st.text(min_size=1, max_size=20)
PEOPLE = st.builds(
    Party,
    first_name=names,
    middle_name=names,
    last_name=names,
    suffix=names,
    company=names,
    email=st.just("x@example.com"),
    phone=st.sampled_from(["+13135550100", "+19025550100", "+12125550100"]),
    street=names,
    city=names,
    state=st.sampled_from(["CA", "MS", "QC", ""]),
    postal_code=st.sampled_from(["48201", "90210", "H3Z 2Y7", ""]),
    birth_hash=names,
    relationship=names,
)


@given(PEOPLE, PEOPLE, st.sampled_from(["en", "es", "fr", "zh"]), names)
def test_who_somebody_is_and_where_they_live_never_counts(
    who: Party, spouse: Party, language: str, words: str
) -> None:
    other = replace(
        PLAIN,
        borrower=who,
        co_borrower=spouse,
        language=language,
        employment=words,
        message=words,
        preferred_time=words,
        property=Property(street=words, city=words, state="MS", postal_code="39201", country="US"),
        loan=Loan(currency="CAD"),
        unmapped=(("Are you married?", words), ("Citizenship", words), ("Number of children", words)),
    )
    ours = factors_of(other, EXPECTED, OUTCOMES, Engagement(), RULES, now=NOW)
    assert ours == factors_of(PLAIN, EXPECTED, OUTCOMES, Engagement(), RULES, now=NOW)


#: What a change of each part of an inquiry may do to the score: everything else must change nothing.
COUNTS = {"timeframe", "credit_band", "path", "received_at"}
CHANGES: dict[str, Any] = {
    "type": InquiryType.PURCHASE,
    "submitted_at": NOW,
    "attachments": ("a.pdf",),
    "timeframe_date": date(2026, 12, 1),
    "flags": ("ambiguous_phone",),
    "refs": ("x",),
}


@pytest.mark.parametrize("name", [one.name for one in fields(Inquiry) if one.name not in COUNTS])
def test_no_other_part_of_an_inquiry_counts(name: str) -> None:
    present = getattr(PLAIN, name)
    changed: Callable[[], Any] = lambda: "changed" if isinstance(present, str) else CHANGES.get(name, present)  # noqa: E731
    assert score(replace(PLAIN, **{name: changed()})) == score()


def test_a_path_that_tells_who_its_borrowers_are_counts_as_the_average() -> None:
    rules = replace(RULES, not_compared=frozenset({"bought"}))
    assert score(replace(PLAIN, path="bought"), rules=rules) == score(replace(PLAIN, path="unheard-of"))


def test_the_reasons_say_what_counted_and_nobodys_data() -> None:
    asked = replace(PLAIN, timeframe=Timeframe.ASAP, credit_band=CreditBand.POOR)
    found = judge(factors_of(asked, EXPECTED, OUTCOMES, Engagement(met=True), RULES, now=NOW), RULES)
    assert found.reasons[0] == "30 of 30 for timeframe"
    assert len(found.reasons) == len(FACTORS)
    assert not any(
        word in " ".join(found.reasons).lower() for word in ("poor", "asap", "ana", "quill", "415")
    )


def test_a_model_orders_by_chance_and_freshness() -> None:
    model = Model({"": -3.0, "timeframe": 4.0, "credit": 1.0}, best=0.7, outcomes=812)
    soon = replace(PLAIN, timeframe=Timeframe.ASAP)

    def with_model(inquiry: Inquiry, days: float = 0) -> int:
        now = NOW + timedelta(days=days)
        return judge(
            factors_of(inquiry, EXPECTED, OUTCOMES, Engagement(), RULES, now=now), RULES, model
        ).score

    assert 0 <= with_model(PLAIN) < with_model(soon) <= 100
    assert with_model(soon, days=30) < with_model(soon)


def test_no_weight_can_be_given_to_a_trait() -> None:
    text = shipped("mortgage_us")
    assert load_playbook(text, name="x").priority == PriorityRules()
    for word in ("language", "postal_code", "age", "marital_status"):
        with pytest.raises(PlaybookInvalid, match=f"priority.{word}: this key does not exist here"):
            load_playbook(text.replace("[priority]\n", f"[priority]\n{word} = 5\n"), name="x")
    assert not TRAITS & {"timeframe", "credit_band", "loan_amount"}
