"""A playbook's own words for inquiry types, and what the answers of one path mean."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime

import pytest

from mapping.answers import Answer, Answers
from mapping.inquiry import Inquiry, InquiryType
from mapping.playbook import PlaybookInvalid, load_playbook, shipped
from mapping.playbook.reading import Reading
from mapping.reading.classify import classify
from mapping.reading.locales import Locale
from mapping.reading.understand import PathRules, understand

US = shipped("mortgage_us")
OPTIONS = """
[paths.website.fields]
"Your goal" = "inquiry_type"
Newsletter = "ignore"
[paths.website.values]
inquiry_type = { "Option 3" = "construction", "OPTION 4" = "renewal" }
[paths.website.defaults]
property_state = "TX"
"""


def reading(more: str = OPTIONS) -> Reading:
    return load_playbook(US + more, name="us").reading


def read(rules: Reading, **said: str) -> Inquiry:
    path = rules.paths.get("website")
    assert path is not None
    items = tuple(Answer(key, "", (text,)) for key, text in said.items())
    answers = Answers(vendor="form", items=items)
    path_rules = PathRules("website", path.fields, path.defaults, path.values, rules.categories)
    locale = Locale("US", "America/New_York", "MDY")
    return understand(answers, path_rules, locale, received_at=datetime(2026, 11, 17, tzinfo=UTC))


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ({"Your goal": "Option 3"}, InquiryType.CONSTRUCTION),
        ({"your goal": "option 4"}, InquiryType.RENEWAL),
        ({"Your goal": "Refinance"}, InquiryType.REFINANCE),
        ({"Your goal": "D.S.C.R. loan"}, InquiryType.GENERAL_ADVICE),
        ({"Your goal": "a dscr loan"}, InquiryType.COMMERCIAL),
        ({"message": "We were told to ask for a Bridge-Loan."}, InquiryType.COMMERCIAL),
        ({"message": "My husband has a hard money problem with his refinance"}, InquiryType.COMMERCIAL),
        ({"Your goal": "Purchase", "message": "maybe a bridge loan later"}, InquiryType.PURCHASE),
        ({"message": "abridge loaned"}, InquiryType.GENERAL_ADVICE),
    ],
)
def test_the_playbooks_words_are_asked_before_ours(said: dict[str, str], kind: InquiryType) -> None:
    assert read(reading(), **said).type is kind


def test_the_reason_says_that_it_was_the_playbooks_word_and_quotes_nothing() -> None:
    inquiry = read(reading(), message="about a bridge loan on Elm Street")
    assert inquiry.type_reason == "the words used have one of the playbook for commercial"


def test_answers_are_dropped_and_assumed_as_the_path_says() -> None:
    inquiry = read(reading(), Newsletter="yes please", first_name="Ana")
    assert inquiry.unmapped == ()
    assert inquiry.property.state == "TX"
    assert read(reading(), property_state="CA").property.state == "CA"


@pytest.mark.parametrize("name", ["mortgage_us", "mortgage_ca"])
def test_shipped_words_say_what_ours_do_not(name: str) -> None:
    """A word that our own vocabulary understands the same way is not needed in the playbook."""
    text = shipped(name)
    own = load_playbook(text, name=name).reading.categories
    for kind, listed in tomllib.loads(text)["categories"].items():
        for word in listed:
            assert classify("", f"It is about {word}, please", own)[0] == kind
            assert classify("", f"It is about {word}, please")[0] != kind, f"{word} is known already"


@pytest.mark.parametrize(
    ("table", "line", "key", "words"),
    [
        ("fields", 'Goal = "inquiry_typ"', "fields.Goal", '"inquiry_type"'),
        ("values.inquiry_type", 'A = "buying"', "values.inquiry_type.A", "no such value"),
        ("values", 'goal = { A = "purchase" }', "values.goal", "field does not exist"),
        ("defaults", 'consent_sms = "yes"', "defaults.consent_sms", "Remove this line"),
        ("defaults", 'timeframe = "soon"', "defaults.timeframe", "no such value"),
        ("fields_", 'Goal = "message"', "fields_", 'Write "fields".'),
    ],
)
def test_mistakes_are_told_on_their_line(table: str, line: str, key: str, words: str) -> None:
    with pytest.raises(PlaybookInvalid) as caught:
        load_playbook(f"{US}[paths.website.{table}]\n{line}\n", name="us")
    (problem,) = caught.value.problems
    assert problem.key == f"paths.website.{key}"
    assert problem.line == US.count("\n") + (1 if table.endswith("_") else 2)
    assert words in f"{problem.message}. {problem.remedy}"


def test_one_word_stands_for_one_type() -> None:
    text = US.replace('"bridge loan", "hard money"', '"bridge loan", "Land-Loan"', 1)
    with pytest.raises(PlaybookInvalid) as caught:
        load_playbook(text, name="us")
    (problem,) = caught.value.problems
    assert problem.key == "categories.commercial.2"
    assert "construction already" in problem.message
