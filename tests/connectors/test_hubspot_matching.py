"""Who is the same person, and what may be written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.crm.hubspot.matching import best_match, same_person, without_email
from connectors.crm.hubspot.records import KEY, Record
from connectors.crm.people import national_digits
from connectors.crm.trampling import changes
from tests.connectors.hubspot_account import borrower

ANA = borrower(1)  # Ana Quill, ana1@example.com, +14165550001


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"firstpath_key": "B1"}, "our key"),
        ({"firstpath_key": "B2", "email": "ana1@example.com", "firstname": "Ana"}, None),
        ({"email": "ANA1@example.com", "firstname": "ANA"}, "the same email and first name"),
        ({"email": "ana1@example.com", "firstname": "Aña"}, "the same email and first name"),
        ({"email": "ana1@example.com"}, "the same email and first name"),
        ({"email": "ana1@example.com", "firstname": "Ana Maria"}, "the same email and first name"),
        ({"email": "ana1@example.com", "firstname": "Ben"}, None),
        ({"hs_additional_emails": "x@example.com;ana1@example.com"}, "the same email and first name"),
        (
            {"phone": "(416) 555-0001", "firstname": "Ana", "lastname": "QUILL"},
            "the same phone, first and last name",
        ),
        (
            {"mobilephone": "4165550001", "firstname": "Ana", "lastname": "Quill"},
            "the same phone, first and last name",
        ),
        ({"phone": "+14165550001", "firstname": "Ana", "lastname": "Quill-Ash"}, None),
        ({"phone": "+14165550001", "firstname": "Ana"}, None),
        ({"phone": "+14165550001", "lastname": "Quill"}, None),
        ({"phone": "+14165550002", "firstname": "Ana", "lastname": "Quill"}, None),
        ({}, None),
    ],
)
def test_a_contact_is_the_borrower_when(properties: dict[str, str], expected: str | None) -> None:
    found = best_match(ANA, [Record("5", properties)])
    assert (found.matched_by if found else None) == expected


def test_our_key_wins_then_email_then_phone_then_the_oldest() -> None:
    by_phone = Record("1", {"phone": "+14165550001", "firstname": "Ana", "lastname": "Quill"})
    by_email = [Record("20", {"email": "ana1@example.com"}), Record("3", {"email": "ana1@example.com"})]
    by_key = Record("99", {"firstpath_key": "B1"})
    for candidates, expected in (
        ([by_phone, *by_email, by_key], "99"),
        ([by_phone, *by_email], "3"),
        ([by_phone], "1"),
    ):
        found = best_match(ANA, candidates)
        assert found is not None
        assert found.remote_id == expected


def test_several_matches_are_said() -> None:
    found = best_match(
        ANA, [Record("2", {"email": "ana1@example.com"}), Record("3", {"email": "ana1@example.com"})]
    )
    assert found is not None
    assert "2 contacts match" in found.matched_by


@pytest.mark.parametrize(
    ("first_name", "names", "same"),
    [
        ("Ana", ("Ana",), True),
        ("Annie", ("Ana", "Annie"), True),
        ("", ("Ana",), True),
        ("Ben", ("Ana",), False),
        ("Jean Marie", ("Jean Paul",), False),
        ("Jean", ("Jean Paul",), True),
    ],
)
def test_spouses_are_told_apart_by_first_name(first_name: str, names: tuple[str, ...], same: bool) -> None:
    holder = Record("1", {"email": "ana1@example.com", "firstname": first_name})
    assert same_person(borrower(1, names=names), holder) is same


def test_a_contact_with_another_borrowers_key_is_another_person() -> None:
    assert not same_person(ANA, Record("1", {"firstname": "Ana", "firstpath_key": "B7"}))


@pytest.mark.parametrize(
    ("ours", "theirs", "written"),
    [
        ("5000", "5000.00", False),
        ("Ana@Example.com", "ana@example.com", False),
        ("2026-11-21T10:00:00+00:00", "2026-11-21T10:00:00Z", False),
        ("Guelph ", "Guelph", False),
        ("guelph", "Guelph", True),
        ("5001", "5000", True),
        ("2026-11-22", "2026-11-21", True),
    ],
)
def test_another_spelling_of_the_same_value_is_not_written(ours: str, theirs: str, written: bool) -> None:
    assert bool(changes({"x": ours}, {"x": theirs}, frozenset({"x"}))) is written


names = st.sampled_from(["firstpath_key", "firstname", "email", "city", "phone"])
values = st.dictionaries(names, st.text("aA1. ", max_size=3))


@given(wanted=values, present=values, overwrite=st.frozensets(names))
def test_nothing_a_person_typed_is_replaced_and_nothing_is_erased(
    wanted: dict[str, str], present: dict[str, str], overwrite: frozenset[str]
) -> None:
    written = changes(wanted, present, overwrite, ours=KEY)
    assert all(written.values())
    assert all(not present.get(name) or name in overwrite - {"firstpath_key"} for name in written)
    assert all(written[name] == wanted[name] for name in written)
    assert changes(wanted, present | written, overwrite, ours=KEY) == {}


@given(wanted=values, present=values)
def test_everything_that_was_blank_is_filled_in(wanted: dict[str, str], present: dict[str, str]) -> None:
    written = changes(wanted, present)
    assert all(name in written for name, value in wanted.items() if value and not present.get(name))


records = st.lists(
    st.builds(
        Record,
        st.integers(1, 40).map(str),
        st.fixed_dictionaries(
            {},
            optional={
                "firstpath_key": st.sampled_from(["B1", "B2"]),
                "email": st.sampled_from(["ana1@example.com", "ben@example.com"]),
                "firstname": st.sampled_from(["Ana", "Ben"]),
                "lastname": st.just("Quill"),
                "phone": st.just("+14165550001"),
            },
        ),
    ),
    unique_by=lambda record: record.id,
    max_size=6,
)


@given(records=records, seed=st.randoms())
def test_the_match_does_not_depend_on_the_order_of_the_answer(records: list[Record], seed: object) -> None:
    shuffled = list(records)
    seed.shuffle(shuffled)  # type: ignore[attr-defined]
    assert best_match(ANA, records) == best_match(ANA, shuffled)


@given(records=records)
def test_another_borrowers_contact_is_never_matched(records: list[Record]) -> None:
    found = best_match(ANA, records)
    assert found is None or found.properties.get("firstpath_key", "B1") == "B1"


def test_a_shared_email_moves_to_its_own_property() -> None:
    moved = without_email({"email": "ana1@example.com", "city": "Guelph"}, ANA)
    assert moved == {"city": "Guelph", "firstpath_shared_email": "ana1@example.com"}


@pytest.mark.parametrize(
    ("phone", "digits"),
    [("+1 (416) 555-0123", "4165550123"), ("416.555.0123", "4165550123"), ("555-0123", ""), ("", "")],
)
def test_national_digits(phone: str, digits: str) -> None:
    assert national_digits(phone) == digits
