"""The mapping engine: types, transforms, options, and blanks that stay away."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.crm.fields import MAX_TEXT, TRANSFORMS, humanised, properties, render, written
from mapping.facts import FIELD_TYPES, SOURCES, Facts, Value, is_known
from mapping.inquiry import Amount, Attribution, Consent, InquiryType, Loan, Party
from mapping.playbook import FieldRule
from tests.mapping.people import RENATA, US, inquiry

EMPTY = Facts(inquiry("", borrower=Party(), language=""), Party())


def rule(source: str, **changes: object) -> FieldRule:
    known = SOURCES[source]
    plain = FieldRule("property", source, known.label, known.type, known.options)
    return replace(plain, **changes)  # type: ignore[arg-type]  # field names are checked at run time


@pytest.mark.parametrize(
    ("value", "type_", "text"),
    [
        (None, "string", ""),
        (Decimal("350000"), "number", "350000"),
        (Decimal("3.5E+5"), "number", "350000"),
        (Decimal("0.1250"), "number", "0.1250"),
        (True, "bool", "true"),
        (False, "bool", "false"),
        (date(2026, 6, 10), "date", "2026-06-10"),
        (
            datetime(2026, 6, 10, 12, 30, 15, 99, tzinfo=ZoneInfo("America/New_York")),
            "datetime",
            "2026-06-10T16:30:15Z",
        ),
        (datetime(2026, 6, 10, 23, 30, tzinfo=ZoneInfo("America/New_York")), "date", "2026-06-11"),
        (InquiryType.PRE_APPROVAL, "enumeration", "pre_approval"),
    ],
)
def test_values_are_written_as_crms_read_them(value: Value, type_: str, text: str) -> None:
    assert written(value, type_) == text


@pytest.mark.parametrize(
    ("transform", "before", "after"),
    [
        ("upper", "ca", "CA"),
        ("lower", "CA", "ca"),
        ("humanised", "pre_approval", "Pre-approval"),
        ("whole", "350000.50", "350001"),
        ("whole", "not a number", "not a number"),
        ("national_phone", "+14155550132", "(415) 555-0132"),
        ("national_phone", "not a phone", "not a phone"),
    ],
)
def test_a_transform_changes_the_text(transform: str, before: str, after: str) -> None:
    assert TRANSFORMS[transform](before) == after


def test_a_value_is_translated_before_the_options_are_asked() -> None:
    translated = rule("inquiry_type", values={"purchase": "Purchase loan"}, options=("Purchase loan",))
    assert render(translated, Facts(inquiry(), RENATA)) == "Purchase loan"


def test_a_value_outside_the_options_is_left_out() -> None:
    assert render(rule("message", options=("a", "b")), Facts(inquiry(message="c"), RENATA)) == ""


def test_a_long_text_is_cut_and_says_so() -> None:
    text = render(rule("message"), Facts(inquiry(message="x" * 70_000), RENATA))
    assert len(text) == MAX_TEXT
    assert text.endswith("…")


def test_blanks_never_reach_the_record() -> None:
    rules = tuple(rule(name, property=name) for name in SOURCES)
    found = properties(rules, EMPTY)
    assert set(found) == {
        "inquiry_type",
        "source",
        "path",
        "received_at",
        "consent_email",
        "consent_phone",
        "consent_sms",
    }


def test_a_range_fills_low_and_high_and_never_the_value() -> None:
    facts = Facts(inquiry(loan=Loan(amount=Amount(low=Decimal(1), high=Decimal(2)))), RENATA)
    names = ("loan_amount", "loan_amount_low", "loan_amount_high")
    assert [render(rule(name), facts) for name in names] == ["", "1", "2"]
    assert all(is_known(name, facts) for name in names)


@pytest.mark.parametrize(("answer", "state"), [(True, "given"), (False, "refused"), (None, "unknown")])
def test_consent_is_written_per_channel(answer: bool | None, state: str) -> None:
    assert render(rule("consent_sms"), Facts(inquiry(consent=Consent(sms=answer)), RENATA)) == state


def test_tracking_words_come_from_the_attribution() -> None:
    attribution = Attribution(utm={"source": "spring"}, click_ids={"gclid": "abc"})
    facts = Facts(inquiry(attribution=attribution), RENATA)
    assert (render(rule("utm_source"), facts), render(rule("gclid"), facts)) == ("spring", "abc")


def test_every_source_has_a_label_a_type_and_a_value_for_an_empty_inquiry() -> None:
    for name, source in SOURCES.items():
        assert source.label
        assert source.type in FIELD_TYPES
        assert bool(source.options) == (source.type == "enumeration")
        assert isinstance(written(source.read(EMPTY)), str)
        assert is_known(name, EMPTY) in (True, False)


def test_words_of_ours_read_well() -> None:
    assert [humanised(word) for word in ("second_mortgage", "asap", "within_30_days")] == [
        "Second mortgage",
        "As soon as possible",
        "Within 30 days",
    ]


@given(st.sampled_from(sorted(TRANSFORMS)), st.text())
def test_no_transform_ever_raises(name: str, text: str) -> None:
    assert isinstance(TRANSFORMS[name](text), str)


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_a_number_is_written_without_an_exponent_and_reads_back(value: Decimal) -> None:
    text = written(value, "number")
    assert "E" not in text
    assert Decimal(text) == value


@given(st.integers(0, 4_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)))
def test_an_instant_reads_back_to_the_second(moment: datetime) -> None:
    assert datetime.fromisoformat(written(moment, "datetime")) == moment


def test_shipped_rules_render_a_full_inquiry() -> None:
    found = properties(US.crm["hubspot"].deal, Facts(inquiry(), RENATA))
    assert found["mortgage_inquiry_type"] == "purchase"
    assert found["mortgage_property_state"] == "CA"
    assert "amount" not in found
