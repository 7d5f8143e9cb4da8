"""Which value of a borrower is shown: by the rules, never by the order in which we learnt of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from mapping.inquiry import Application, Inquiry, Party
from mapping.people.survivorship import (
    COLLECTING,
    MAY_COLLECT,
    MOST_HEARD,
    PERSON,
    PREFERENCES,
    SOURCES,
    TOPICS,
    USUAL_RULES,
    Heard,
    Survivorship,
    as_before,
    bounded,
    facts_of,
    hear,
    shown,
)
from mapping.playbook import PlaybookInvalid, load_playbook, shipped

NOON = datetime(2026, 11, 17, 12, tzinfo=UTC)
USUAL = Survivorship()


def said(number: int, source: str = "form", **facts: str) -> Heard:
    """What inquiry number said, a day after the one before."""
    return Heard(f"I{number}", NOON + timedelta(days=number), source, facts)


@pytest.mark.parametrize(
    ("name", "heard", "expected"),
    [
        ("first_name", [said(1, first_name="Robert"), said(2, first_name="Bob")], "Robert"),
        ("first_name", [said(1, first_name="ROBERT"), said(2, first_name="Robert")], "Robert"),
        ("first_name", [said(1, first_name="José"), said(2, first_name="Jose")], "José"),
        ("first_name", [said(1, "partner", first_name="Roberta"), said(2, first_name="Robertas")], "Roberta"),
        ("first_name", [said(1, "application", first_name="Al"), said(2, "partner", first_name="Alf")], "Al"),
        ("first_name", [said(1, PERSON, first_name="Al"), said(2, "application", first_name="Albert")], "Al"),
        ("email", [said(1, email="old@example.com"), said(2, email="new@example.com")], "new@example.com"),
        ("email", [said(1, email="own@example.com"), said(2, email="none@example.com")], "own@example.com"),
        ("phone", [said(1, phone="+14155550123"), said(2, phone="+15555555555")], "+14155550123"),
        ("company", [said(1, company="Old Ltd"), said(2, company="New Ltd")], "New Ltd"),
        ("birth_hash", [said(1, birth_hash="a"), said(2, birth_hash="b")], "a"),
        ("birth_hash", [said(1, birth_hash="a"), said(2, "application", birth_hash="b")], "b"),
        ("tags", [said(1, tags="renewal"), said(2, tags="construction")], "construction, renewal"),
        ("notes", [said(2, notes="Second."), said(1, notes="First.")], "First.\nSecond."),
    ],
)  # fmt: skip
def test_each_fact_follows_its_usual_rule(name: str, heard: list[Heard], expected: str) -> None:
    assert shown(heard, USUAL)[name] == expected


def test_an_email_of_the_household_never_leads_over_an_own_one() -> None:
    shared = structs.replace(said(2, email="family@example.com"), shared=("email",))
    assert shown([said(1, email="own@example.com"), shared], USUAL)["email"] == "own@example.com"


def test_an_address_is_taken_whole_from_one_inquiry() -> None:
    whole = said(1, street="1 Elm St", city="Fresno", state="CA", postal_code="93650")
    found = shown([whole, said(2, city="Reno", state="NV")], USUAL)
    assert (found["street"], found["city"], found["state"]) == ("1 Elm St", "Fresno", "CA")


def test_a_number_comes_with_its_own_extension() -> None:
    found = shown([said(1, phone="+14155550101", phone_ext="7"), said(2, phone="+14155550102")], USUAL)
    assert found == {"phone": "+14155550102"}


def test_what_was_known_before_values_were_told_apart_is_older_than_everything() -> None:
    before = as_before(Party(first_name="Renata", email="old@example.com"))
    assert shown([said(1, email="new@example.com"), before], USUAL) == {
        "first_name": "Renata",
        "email": "new@example.com",
    }


def test_an_inquiry_is_heard_with_its_kind_of_source() -> None:
    form = Inquiry("typeform", "website", NOON, Party(first_name="Renata"), message="x" * 400)
    heard = hear(form.borrower, form, "I1")
    assert (heard.source, heard.facts["tags"], len(heard.facts["notes"])) == ("form", "general_advice", 300)
    assert hear(form.borrower, replace(form, partner=Party(first_name="Kofi")), "I1").source == "partner"
    assert hear(form.borrower, replace(form, application=Application()), "I1").source == "application"
    assert hear(form.borrower, form, "I1", borrower=False).facts == {"first_name": "Renata"}


def test_competing_values_are_shown_with_who_said_them() -> None:
    heard = [said(1, first_name="Robert"), said(2, first_name="Bob"), said(3, first_name="Bob")]
    (fact,) = facts_of(heard, USUAL)
    assert (fact.value, fact.said_by.inquiry_id) == ("Robert", "I1")
    assert [(value, one.inquiry_id) for value, one in fact.others] == [("Bob", "I3")]


RULES = st.builds(
    Survivorship,
    st.permutations(SOURCES).map(tuple),
    st.fixed_dictionaries(
        {
            topic: st.one_of(
                st.lists(st.sampled_from(PREFERENCES), min_size=1, unique=True).map(tuple),
                *([st.sampled_from([(one,) for one in COLLECTING])] if topic in MAY_COLLECT else []),
            )
            for topic in TOPICS
        }
    ),
)
FACTS = st.fixed_dictionaries(
    {},
    optional={
        **{name: st.sampled_from(["Robert", "Bob", "ROBERT", "Ana"]) for name in ("first_name", "last_name")},
        "email": st.sampled_from(["a@example.com", "b@example.com", "none@example.com"]),
        "phone": st.sampled_from(["+14155550101", "+15555555555"]),
        "phone_ext": st.sampled_from(["7", "8"]),
        "street": st.sampled_from(["1 Elm St", "2 Oak Ave"]),
        "city": st.sampled_from(["Fresno", "Reno"]),
        "company": st.sampled_from(["One Ltd", "Two Ltd"]),
        "birth_hash": st.sampled_from(["a", "b"]),
        "tags": st.sampled_from(["purchase", "renewal"]),
        "notes": st.sampled_from(["Call me.", "Do not call me."]),
    },
)
HEARD = st.builds(
    Heard,
    st.sampled_from(["", "I1", "I2", "I3"]),
    st.one_of(st.none(), st.integers(0, 2).map(lambda days: NOON + timedelta(days=days))),
    st.sampled_from(["", PERSON, *SOURCES]),
    FACTS,
    st.sampled_from([(), ("email",), ("phone",)]),
)


@given(st.data(), st.lists(HEARD, min_size=1, max_size=6), RULES)
def test_what_is_shown_does_not_depend_on_the_order(
    data: st.DataObject, heard: list[Heard], rules: Survivorship
) -> None:
    other_order = data.draw(st.permutations(heard))
    assert shown(heard, rules) == shown(other_order, rules)
    assert bounded(heard, rules) == bounded(other_order, rules)
    assert facts_of(heard, rules) == facts_of(other_order, rules)


@given(st.lists(HEARD, min_size=1, max_size=6), RULES)
def test_a_value_is_shown_whenever_one_was_said_and_hearing_it_again_changes_nothing(
    heard: list[Heard], rules: Survivorship
) -> None:
    values = shown(heard, rules)
    assert all(value for value in values.values())
    assert {"first_name", "email"} & values.keys() == {"first_name", "email"} & {
        name for one in heard for name in one.facts
    }
    assert shown([*heard, heard[0]], rules) == values


def test_many_inquiries_stay_bounded_and_what_is_shown_stays_shown() -> None:
    heard: tuple[Heard, ...] = ()
    for number in range(100):
        facts = {"first_name": "Robert" if number == 1 else "Bob", "email": f"r{number}@example.com"}
        heard = bounded((*heard, said(number, **facts)), USUAL)
    assert len(heard) == MOST_HEARD
    assert heard[0].inquiry_id == "I0"
    assert shown(heard, USUAL) == {"first_name": "Robert", "email": "r99@example.com"}


def test_a_tag_of_long_ago_is_not_lost_among_many_inquiries() -> None:
    heard: tuple[Heard, ...] = ()
    for number in range(60):
        tag = "renewal" if number == 3 else "purchase"
        heard = bounded((*heard, said(number, first_name="Ana", tags=tag)), USUAL)
    assert len(heard) == MOST_HEARD
    assert shown(heard, USUAL)["tags"] == "purchase, renewal"


@settings(max_examples=25, deadline=None)
@given(st.lists(HEARD, min_size=MOST_HEARD, max_size=40, unique_by=lambda one: str(one)), RULES)
def test_what_is_forgotten_of_many_inquiries_shows_nowhere(heard: list[Heard], rules: Survivorship) -> None:
    kept = bounded(heard, rules)
    assert len(kept) <= MOST_HEARD
    before, after = shown(heard, rules), shown(kept, rules)
    assert {**before, "notes": ""} == {**after, "notes": ""}


def test_the_playbook_says_the_rules_and_the_shipped_ones_say_the_usual() -> None:
    for name in ("mortgage_us", "mortgage_ca"):
        playbook = load_playbook(shipped(name), name=name)
        assert playbook.survivorship == Survivorship(SOURCES, dict(USUAL_RULES))
        assert playbook.review_days == 30


def test_mistakes_in_the_rules_are_told_with_their_lines() -> None:
    text = shipped("mortgage_us")
    for right, wrong in {
        'tags = ["union"]': 'tags = ["union", "newest"]',
        'company = ["typed_by_person", "newest"]': "company = []",
        'notes = ["append"]': 'notes = ["newst"]',
        'email = ["typed_by_person", "not_shared"': 'email = ["append", "newest"',
        "close_after_days = 30": "close_after_days = 0",
    }.items():
        text = text.replace(right, wrong)
    with pytest.raises(PlaybookInvalid) as caught:
        load_playbook(text, name="broken")
    told = {problem.key: problem for problem in caught.value.problems}
    assert told["survivorship.tags"].remedy == 'Write ["union"] alone.'
    assert told["survivorship.company"].message == "this list is empty"
    assert told["survivorship.notes.0"].remedy == 'Write "newest".'
    assert told["survivorship.email.0"].message == "this survivorship rule does not exist"
    assert told["reviews.close_after_days"].message == "this is not a number from 1 to 365"
    lines = text.splitlines()
    assert all(problem.key.split(".")[1] in lines[problem.line - 1] for problem in told.values())
