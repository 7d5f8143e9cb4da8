from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.inquiry import Inquiry, Party
from mapping.reading.spam import judge

AT = datetime(2026, 6, 10, 16, 0, tzinfo=UTC)
ANA = Party(first_name="Ana", last_name="Ruiz", email="ana@example.com", phone="+14155552671")


def asking(message: str = "We want to buy a house.", person: Party = ANA, **changes: object) -> Inquiry:
    plain = Inquiry(source="html-form", path="Contact", received_at=AT, borrower=person, message=message)
    return replace(plain, **changes)  # type: ignore[arg-type]


LINKS = "see https://a.example https://b.example https://c.example now"


@pytest.mark.parametrize(
    ("inquiry", "signals"),
    [
        (asking(), ("honeypot_filled",)),
        (asking(f"Rank #1 on Google! {LINKS}"), ()),
        (asking('Best pills <a href="https://a.example">buy</a>'), ()),
        (
            asking("hello", Party(first_name="qYxZkWbRtLp", last_name="fGhTrEwQaS")),
            ("submitted_in_1_second",),
        ),
        (
            asking("We sell backlinks, see https://a.example and https://b.example"),
            ("submitted_in_0_seconds",),
        ),
        (asking("", replace(ANA, first_name="Win www.a.example")), ("too_fast",)),
        (asking("Привет, у нас лучшие предложения для вашего бизнеса, SEO"), ()),
    ],
)
def test_several_signs_make_spam(inquiry: Inquiry, signals: tuple[str, ...]) -> None:
    assert judge(inquiry, signals)


@pytest.mark.parametrize(
    ("inquiry", "signals"),
    [
        (asking(), ()),
        (asking("CALL ME PLEASE!!! I NEED A MORTGAGE"), ()),
        (asking("This is the house: https://listing.example/12"), ()),
        (asking("", Party(first_name="Bo", last_name="Li", phone="+14155552671")), ()),
        (
            asking("", Party(first_name="Krzysztof", last_name="Brzęczyszczykiewicz", email="k@example.com")),
            (),
        ),
        (asking("", Party(first_name="Ronan", last_name="McDonald-MacLeod", email="r@example.com")), ()),
        (asking("ok", Party(email="x@yopmail.com")), ()),
        (asking("", Party()), ("stale_form",)),
        (asking(), ("submitted_in_2_seconds",)),
        (asking("", replace(ANA, phone=""), flags=("ambiguous_phone",)), ()),
        (asking("你好，我想买房子，请给我打电话，谢谢你们的帮助，我们很着急。"), ()),
    ],
)
def test_normal_people_pass(inquiry: Inquiry, signals: tuple[str, ...]) -> None:
    assert judge(inquiry, signals) == ()


def test_the_strongest_reason_comes_first() -> None:
    reasons = judge(asking(LINKS), ("submitted_in_1_second", "honeypot_filled"))
    assert reasons == ("honeypot_filled", "link_count>=3", "submitted_in_1_second")


def test_links_in_answers_nobody_mapped_count() -> None:
    assert judge(asking("", unmapped=(("More", LINKS),)), ("too_fast",))


@given(st.text(), st.text())
def test_any_text_is_judged(message: str, name: str) -> None:
    judge(asking(message, Party(first_name=name)), ())
