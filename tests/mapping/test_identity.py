from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.identity import KnownBorrower, Verdict, identify, identity_keys, search_keys
from mapping.identity.first_names import Agreement, compare
from mapping.inquiry import Party

ANA = Party(first_name="Ana", last_name="Ruiz", email="ana@example.com", phone="+14155552671")
HASH, OTHER_HASH = "birth-hash-one", "birth-hash-two"


def known(id: str = "b1", first: str = "Ana", last: str = "Ruiz", **changes: Any) -> KnownBorrower:
    plain = KnownBorrower(
        id=id,
        first_names=(first,) if first else (),
        last_names=(last,) if last else (),
        suffix="",
        emails=("ana@example.com",),
        phones=("+14155552671",),
        birth_hash="",
        household_id="",
        inquiries=1,
    )
    return replace(plain, **changes)


EMAIL_ONLY: dict[str, Any] = {"phones": ()}
PHONE_ONLY: dict[str, Any] = {"emails": ()}


@pytest.mark.parametrize(
    ("one", "other", "agreement"),
    [
        ("José", "JOSE", Agreement.SAME),
        ("Jean-Luc", "Jean Luc", Agreement.SAME),
        ("Mary", "Mary Ann", Agreement.SAME),
        ("Robert", "Bob", Agreement.NICKNAME),
        ("Francisco", "Paco", Agreement.NICKNAME),
        ("Guadalupe", "Lupe", Agreement.NICKNAME),
        ("J.", "James", Agreement.INITIAL),
        ("Jonh", "John", Agreement.SLIP),
        ("Mario", "Maria", Agreement.UNLIKE),
        ("", "John", Agreement.UNKNOWN),
        ("Mary Ann", "Mary Beth", Agreement.UNLIKE),
        ("John", "Mary", Agreement.UNLIKE),
        ("Alexander", "Alexandra", Agreement.UNLIKE),
        ("Patrick", "Patricia", Agreement.UNLIKE),
    ],
)
def test_first_names_agree_or_do_not(one: str, other: str, agreement: Agreement) -> None:
    assert compare(one, other) is compare(other, one) is agreement


@pytest.mark.parametrize(
    ("party", "borrower"),
    [
        (ANA, known()),
        (ANA, known(**EMAIL_ONLY)),
        (ANA, known(**PHONE_ONLY)),
        (ANA, known(first="Aña")),
        (replace(ANA, first_name="A."), known()),
        (replace(ANA, first_name="Anita"), known()),
        (replace(ANA, last_name="Ruiz-Soto"), known(**PHONE_ONLY)),
        (replace(ANA, last_name="Soto"), known(**EMAIL_ONLY)),
        (replace(ANA, email="ANA@example.com"), known(**EMAIL_ONLY)),
        (replace(ANA, first_name="", last_name=""), known(**EMAIL_ONLY)),
        (ANA, known(first="", last="", **EMAIL_ONLY)),
        (replace(ANA, email="new@example.com", birth_hash=HASH), known(birth_hash=HASH)),
        (replace(ANA, email="new@example.com", phone="", birth_hash=HASH), known(birth_hash=HASH)),
    ],
)
def test_one_person_is_recognised(party: Party, borrower: KnownBorrower) -> None:
    identity = identify(party, [borrower])
    assert (identity.verdict, identity.borrower_id) == (Verdict.SAME, "b1")
    assert identity.reasons


@pytest.mark.parametrize(
    ("party", "borrower"),
    [
        (replace(ANA, first_name="Luis"), known()),
        (replace(ANA, first_name="Luis"), known(**PHONE_ONLY)),
        (replace(ANA, suffix="Jr"), known(suffix="Sr")),
    ],
)
def test_relatives_share_a_household_and_stay_apart(party: Party, borrower: KnownBorrower) -> None:
    identity = identify(party, [borrower])
    assert (identity.verdict, identity.borrower_id, identity.household_with) == (Verdict.NEW, "", "b1")


@pytest.mark.parametrize(
    ("party", "borrower"),
    [
        (replace(ANA, birth_hash=HASH), known(birth_hash=OTHER_HASH)),
        (replace(ANA, first_name="A.", last_name="Soto"), known()),
        (replace(ANA, first_name="", last_name=""), known(**PHONE_ONLY)),
        (replace(ANA, first_name="", last_name="Soto"), known(**EMAIL_ONLY)),
        (replace(ANA, last_name="Soto", email="new@example.com"), known()),
        (replace(ANA, email="", phone="", birth_hash=HASH, last_name="Soto"), known(birth_hash=HASH)),
    ],
)
def test_doubt_goes_to_a_person(party: Party, borrower: KnownBorrower) -> None:
    identity = identify(party, [borrower])
    assert (identity.verdict, identity.borrower_id, identity.candidates) == (Verdict.REVIEW, "", ("b1",))


def test_nobody_in_common_is_new() -> None:
    stranger = known(emails=("luis@example.com",), phones=())
    assert identify(ANA, [stranger]) == identify(ANA, [])
    assert identify(ANA, []).verdict is Verdict.NEW


def test_two_borrowers_who_match_go_to_review() -> None:
    identity = identify(ANA, [known("b1", **EMAIL_ONLY), known("b2", **PHONE_ONLY)])
    assert identity.verdict is Verdict.REVIEW
    assert set(identity.candidates) == {"b1", "b2"}


def test_two_whom_a_person_told_apart_are_not_asked_about_again() -> None:
    one = known("b1", apart_from=frozenset({"b2"}))
    other = known("b2", first="Anita", apart_from=frozenset({"b1"}))
    assert identify(ANA, [other, one]).borrower_id == "b1"


def test_what_is_worthless_is_no_evidence() -> None:
    keys = {("email", "ana@example.com"), ("phone", "+14155552671")}
    assert identify(ANA, [known()], worthless=keys, stored=1_000_000).verdict is Verdict.NEW


def test_somebody_is_found_by_the_name_with_a_place_and_by_the_address() -> None:
    party = Party(
        first_name="Ana María",
        last_name="de la Cruz",
        street="12 N. Oak St",
        city="San José",
        postal_code="95112-1234",
    )
    assert search_keys(party) == (("name", "ana cruz"), ("address", "12 oak 95112"))
    common = replace(party, first_name="Bob", last_name="Smith", street="")
    assert search_keys(common) == (
        ("name_city", "robert smith|san jose"),
        ("name_postal", "robert smith|95112"),
    )


def test_more_evidence_beats_a_part_of_it() -> None:
    father, son = known("b1", first="John"), known("b2", first="John", emails=("jr@example.com",))
    assert identify(replace(ANA, first_name="John"), [son, father]).borrower_id == "b1"


def test_a_spouse_on_the_same_number_does_not_disturb() -> None:
    spouse = known("b2", first="Luis", **PHONE_ONLY)
    assert identify(ANA, [spouse, known("b1")]).borrower_id == "b1"


def test_no_name_on_a_shared_inbox_goes_to_review() -> None:
    nameless = replace(ANA, first_name="", last_name="", phone="")
    assert identify(nameless, [known("b1"), known("b2", first="Luis")]).verdict is Verdict.REVIEW


def test_an_inbox_of_unrelated_people_makes_no_household() -> None:
    clients = [known("b1", "Kim", "Lee", **EMAIL_ONLY), known("b2", "Omar", "Haddad", **EMAIL_ONLY)]
    identity = identify(ANA, clients)
    assert (identity.verdict, identity.household_with) == (Verdict.NEW, "")


def test_the_named_co_borrower_is_never_taken_for_the_borrower() -> None:
    luis = Party(first_name="Luis", last_name="Ruiz")
    nameless = replace(ANA, first_name="", last_name="")
    identity = identify(nameless, [known(first="Luis")], other_party=luis)
    assert (identity.verdict, identity.household_with) == (Verdict.NEW, "b1")


def test_a_co_borrower_of_the_same_name_asks_for_proof() -> None:
    senior = Party(first_name="John", last_name="Ruiz", email="ana@example.com", phone="+14155552671")
    junior = Party(first_name="John", last_name="Ruiz")
    john = known(first="John", birth_hash=HASH)
    assert identify(senior, [john], other_party=junior).verdict is Verdict.REVIEW
    assert identify(replace(senior, birth_hash=HASH), [john], other_party=junior).verdict is Verdict.SAME


def test_a_co_borrower_of_another_name_does_not_disturb() -> None:
    assert (
        identify(ANA, [known()], other_party=Party(first_name="Luis", last_name="Ruiz")).borrower_id == "b1"
    )


def test_a_fictional_number_alone_needs_the_full_name() -> None:
    party = replace(ANA, email="", phone="+14155550132")
    borrower = known(emails=(), phones=("+14155550132",))
    assert identify(party, [borrower]).verdict is Verdict.SAME
    assert identify(replace(party, last_name=""), [borrower]).verdict is Verdict.REVIEW
    assert identify(replace(party, first_name="Luis"), [borrower]).household_with == ""


@pytest.mark.parametrize(
    ("party", "keys"),
    [
        (ANA, (("email", "ana@example.com"), ("phone", "+14155552671"))),
        (replace(ANA, email="Ana@Example.com", phone=""), (("email", "ana@example.com"),)),
        (replace(ANA, email="info@example.com", phone="+15555555555"), ()),
        (replace(ANA, email="no-reply@example.com", phone="+11234567890"), ()),
        (replace(ANA, email="none@example.com", phone="+14151234567"), ()),
        (replace(ANA, email="", phone="", birth_hash=HASH), (("birth", f"{HASH}|ana|ruiz"),)),
        (Party(birth_hash=HASH), ()),
    ],
)
def test_keys_leave_out_what_says_nothing(party: Party, keys: tuple[tuple[str, str], ...]) -> None:
    assert identity_keys(party) == keys


FIRST = st.sampled_from(["Ana", "Anna", "Anita", "A.", "Luis", "John", ""])
LAST = st.sampled_from(["Ruiz", "Soto", ""])
EMAILS = st.sampled_from(["ana@example.com", "luis@example.com", "info@example.com", ""])
PHONES = st.sampled_from(["+14155552671", "+14155550132", "+15555555555", ""])
BIRTHS = st.sampled_from([HASH, OTHER_HASH, ""])
SUFFIXES = st.sampled_from(["Jr", "Sr", ""])
PARTIES = st.builds(
    Party, first_name=FIRST, last_name=LAST, email=EMAILS, phone=PHONES, birth_hash=BIRTHS, suffix=SUFFIXES
)


@st.composite
def crowds(draw: st.DrawFn) -> list[KnownBorrower]:
    people = draw(st.lists(PARTIES, max_size=5))
    return [
        KnownBorrower(
            id=f"b{number}",
            first_names=(person.first_name,) if person.first_name else (),
            last_names=(person.last_name,) if person.last_name else (),
            suffix=person.suffix,
            emails=(person.email,) if person.email else (),
            phones=(person.phone,) if person.phone else (),
            birth_hash=person.birth_hash,
            household_id="",
            inquiries=draw(st.integers(1, 3)),
        )
        for number, person in enumerate(people)
    ]


@given(PARTIES, crowds(), st.none() | PARTIES, st.randoms(use_true_random=False))
def test_the_order_of_the_known_does_not_matter(
    party: Party, crowd: list[KnownBorrower], other: Party | None, random: object
) -> None:
    shuffled = list(crowd)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert identify(party, shuffled, other_party=other) == identify(party, crowd, other_party=other)


@given(PARTIES, crowds(), st.none() | PARTIES)
def test_what_differs_is_never_merged(party: Party, crowd: list[KnownBorrower], other: Party | None) -> None:
    identity = identify(party, crowd, other_party=other)
    assert (identity.verdict is Verdict.SAME) == bool(identity.borrower_id)
    for borrower in crowd:
        if borrower.id == identity.borrower_id:
            assert not (party.suffix and borrower.suffix and party.suffix != borrower.suffix)
            assert not (party.birth_hash and borrower.birth_hash and party.birth_hash != borrower.birth_hash)


@given(PARTIES, crowds())
def test_reasons_hold_no_personal_values(party: Party, crowd: list[KnownBorrower]) -> None:
    words = " ".join(identify(party, crowd).reasons)
    values = [party.email, party.phone, party.birth_hash, party.last_name]
    assert words
    assert not any(value in words for value in values if value)
