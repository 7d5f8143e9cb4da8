from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapping.normalize.names import Name, proper_case, read_name, read_name_parts


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Renata Okafor", Name("Renata", last="Okafor")),
        ("JOHN MCDONALD", Name("John", last="McDonald")),
        ("mary o'brien", Name("Mary", last="O'Brien")),
        ("anne-marie st. james", Name("Anne-Marie", last="St. James")),
        ("JOSÉ DE LA CRUZ", Name("José", last="de la Cruz")),
        ("Jan van der Berg", Name("Jan", last="van der Berg")),
        ("JP Smith", Name("JP", last="Smith")),
        ("Smith, John", Name("John", last="Smith")),
        ("Dr. John Q. Smith Jr.", Name("John", "Q.", "Smith", "Jr")),
        ("John Smith III", Name("John", last="Smith", suffix="III")),
        ("Smith Jr, John", Name("John", last="Smith", suffix="Jr")),
        ("Mr. and Mrs. John Smith", Name("John", last="Smith")),
        ("José Ortega y Gasset", Name("José", last="Ortega y Gasset")),
        ("<b>Bob</b> Jones", Name("Bob", last="Jones")),
        ("Cher", Name("Cher")),
        ("Grunwald Cold Storage LLC", Name(company="Grunwald Cold Storage LLC")),
        ("Smith & Sons", Name(company="Smith & Sons")),
        ("12345", Name()),
        ("x" * 200, Name()),
    ],
)
def test_one_person_is_read(text: str, name: Name) -> None:
    assert read_name(text) == (name, None)


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("John & Mary Smith", Name("John", last="Smith"), Name("Mary", last="Smith")),
        ("john and mary smith", Name("John", last="Smith"), Name("Mary", last="Smith")),
        ("Smith, John & Mary", Name("John", last="Smith"), Name("Mary", last="Smith")),
        ("John Smith & Mary", Name("John", last="Smith"), Name("Mary", last="Smith")),
        ("Jean Tremblay et Marie Roy", Name("Jean", last="Tremblay"), Name("Marie", last="Roy")),
        ("Ana y Luis Ruiz", Name("Ana", last="Ruiz"), Name("Luis", last="Ruiz")),
        ("John/Mary Smith", Name("John", last="Smith"), Name("Mary", last="Smith")),
    ],
)
def test_a_couple_is_two_people(text: str, first: Name, second: Name) -> None:
    assert read_name(text) == (first, second)


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        ("RENATA", "OKAFOR", Name("Renata", last="Okafor")),
        ("mary", "Smith", Name("Mary", last="Smith")),
        ("Dr. Al", "de la Cruz", Name("Al", last="de la Cruz")),
        ("john", "smith jr.", Name("John", last="Smith", suffix="Jr")),
        ("MARÍA JOSÉ", "LÓPEZ", Name("María José", last="López")),
        ("AJ", "Stone", Name("AJ", last="Stone")),
        ("", "MCDONALD", Name(last="McDonald")),
        ("", "", Name()),
    ],
)
def test_parts_asked_apart_stay_apart(first: str, last: str, name: Name) -> None:
    assert read_name_parts(first, last) == (name, None)


def test_a_couple_in_the_first_name_shares_the_last() -> None:
    assert read_name_parts("John & Mary", "Smith") == (Name("John", last="Smith"), Name("Mary", last="Smith"))


NAMES = st.text(st.characters(categories=["L", "Mn", "P", "Zs"]), max_size=30)


@settings(deadline=None)
@given(NAMES | st.text(), NAMES)
def test_any_text_is_survived(one: str, other: str) -> None:
    read_name(f"{one} {other}")
    read_name_parts(one, other)


@settings(deadline=None)
@given(NAMES, NAMES)
def test_proper_case_is_idempotent(first: str, last: str) -> None:
    once = proper_case(first, last)
    assert proper_case(*once) == once
