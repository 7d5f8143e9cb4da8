"""How names, inboxes, numbers and places of two people are compared."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from mapping.identity import KnownBorrower, Place, first_names, last_names, places
from mapping.identity.contacts import Standing, contacts_of
from mapping.identity.emails import compare_emails
from mapping.identity.first_names import Agreement
from mapping.identity.last_names import LastNames
from mapping.identity.phones import compare_phones
from mapping.identity.places import Nearness
from mapping.inquiry import Party
from mapping.people.common_names import first_name_bits, is_rare, last_name_bits
from mapping.people.inboxes import inbox, is_family_inbox, is_named_for
from mapping.people.lookup_keys import identity_keys, search_keys

NOON = datetime(2026, 6, 10, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("one", "other", "agreement"),
    [
        ("Małgorzata", "Gosia", Agreement.NICKNAME),
        ("Katarzyna", "Kasia", Agreement.NICKNAME),
        ("Mohammed", "Mo", Agreement.NICKNAME),
        ("Leticia", "Lety", Agreement.NICKNAME),
        ("Brian", "Bryan", Agreement.NICKNAME),
        ("Mary Ann", "Mary A.", Agreement.INITIAL),
        ("W.", "Billy", Agreement.INITIAL),
        ("Jean-Luc", "Jeanluc", Agreement.SAME),
        ("Paul A.", "Paula", Agreement.UNLIKE),
        ("Xiomara", "Xiomaar", Agreement.SLIP),
        ("Renata", "Renatta", Agreement.SLIP),
        ("Katelin", "Katelyn", Agreement.ALIKE),
        ("Renata", "Renato", Agreement.UNLIKE),
        ("Daniel", "Daniela", Agreement.UNLIKE),
        ("Darren", "Darrell", Agreement.UNLIKE),
        ("Jayden", "Hayden", Agreement.UNLIKE),
        ("Marla", "Maria", Agreement.UNLIKE),
        ("Ann", "Ian", Agreement.UNLIKE),
    ],
)
def test_first_names(one: str, other: str, agreement: Agreement) -> None:
    assert first_names.compare(one, other) is first_names.compare(other, one) is agreement


@pytest.mark.parametrize(
    ("one", "other", "agreement"),
    [
        ("O'Brien", "OBRIEN", LastNames.SAME),
        ("De la Cruz", "Cruz", LastNames.SAME),
        ("Núñez", "Nunez", LastNames.SAME),
        ("Smith-Jones", "Smith Jones", LastNames.SAME),
        ("Smith-Jones", "Jones", LastNames.PART),
        ("García López", "Garcia", LastNames.PART),
        ("Hernandez", "Hernandes", LastNames.ALIKE),
        ("Kowalski", "Kowlaksi", LastNames.ALIKE),
        ("Smith", "Jones", LastNames.UNLIKE),
        ("Lee", "Li", LastNames.UNLIKE),
        ("", "Smith", LastNames.UNKNOWN),
    ],
)
def test_last_names(one: str, other: str, agreement: LastNames) -> None:
    assert last_names.compare(one, other) is last_names.compare(other, one) is agreement


def test_a_common_name_says_less() -> None:
    assert last_name_bits("Smith") < last_name_bits("Hughes") < last_name_bits("Xiquital")
    assert first_name_bits("Jim") == first_name_bits("James") < first_name_bits("Xiomara")
    assert is_rare("bob", "xiquital")
    assert is_rare("xiquital", "bob")
    assert not is_rare("bob", "smith")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("j.o.h.n@gmail.com", "john@gmail.com"),
        ("John@GoogleMail.com", "john@gmail.com"),
        ("john+refi@example.com", "john@example.com"),
        ("john@gmial.com", "john@gmail.com"),
        ("john@example.con", "john@example.com"),
    ],
)
def test_one_inbox_has_many_spellings(one: str, other: str) -> None:
    assert inbox(one).address == inbox(other).address
    keys = [dict.fromkeys(identity_keys(Party(email=email.lower()))) for email in (one, other)]
    assert not keys[0].keys().isdisjoint(keys[1])


def test_dots_count_outside_gmail() -> None:
    assert inbox("j.smith@example.com") != inbox("jsmith@example.com")


@pytest.mark.parametrize(
    ("email", "first", "last", "named"),
    [
        ("xiomarahernandez@example.com", "Xiomara", "Hernandez", True),
        ("xiomarahernandez@example.com", "Jorge", "Hernandez", False),
        ("bob.smith@example.com", "Robert", "Smith", True),
        ("rsmith82@example.com", "Bob", "Smith", True),
        ("jsmith82@example.com", "Robert", "Smith", False),
        ("john+mary@example.com", "Mary", "Smith", True),
        ("john+mary@example.com", "John", "Smith", False),
        ("sunnygolf12@example.com", "Mary", "Smith", None),
        ("smith@example.com", "Mary", "Smith", None),
        ("mary@example.com", "", "Smith", None),
    ],
)
def test_whose_name_is_in_an_address(email: str, first: str, last: str, named: bool | None) -> None:
    assert is_named_for(email, first, last) is named


@pytest.mark.parametrize(
    ("email", "first", "last", "of_all"),
    [
        ("smithfamily@example.com", "John", "Smith", True),
        ("thesmiths@example.com", "John", "Smith", True),
        ("casaruiz@example.com", "Ana", "Ruiz", True),
        ("anaandluis@example.com", "Ana", "Ruiz", True),
        ("ana.luis@example.com", "Ana", "Ruiz", True),
        # Names that no list has: one of them is the writer's.
        ("manpreetandsangeeta@example.com", "Sangeeta", "Gill", True),
        ("zelindraandquillan@example.com", "", "Gill", False),
        ("zelindra.robert@example.com", "Zelindra", "Gill", True),
        ("brandonsmith@example.com", "Brandon", "Smith", False),
        ("alexandra.kim@example.com", "Alexandra", "Kim", False),
        ("bob.robert@example.com", "Robert", "Ruiz", False),
        ("ana.ruiz@example.com", "Ana", "Ruiz", False),
        ("johnthomas@example.com", "John", "Thomas", False),
        ("smith@example.com", "John", "Smith", False),
        ("johnsmith@example.com", "John", "Smith", False),
        ("family@example.com", "", "", False),
    ],
)
def test_whether_an_inbox_is_a_familys(email: str, first: str, last: str, of_all: bool) -> None:
    assert is_family_inbox(email, first, last) is of_all


def borrower(id_: str = "b1", first: str = "Ana", last: str = "Ruiz", **more: object) -> KnownBorrower:
    plain = KnownBorrower(id_, (first,), (last,), "", ("ana.ruiz@example.com",), ("+14155552671",), "", "", 1)
    return structs.replace(plain, **more)


ANA = Party(first_name="Ana", last_name="Ruiz", email="ana.ruiz@example.com", phone="+14155552671")


@pytest.mark.parametrize(
    ("email", "agrees", "standing"),
    [
        ("ana.ruiz@example.com", True, Standing.PERSON),
        ("ana.ruiz+zillow@example.com", True, Standing.PERSON),
        ("ana.ruiz+luis@example.com", True, Standing.HOUSEHOLD),
        ("ana.ruiz2@example.com", False, Standing.NOTHING),
        ("info@example.com", False, Standing.NOTHING),
        ("", False, Standing.NOTHING),
    ],
)
def test_emails(email: str, agrees: bool, standing: Standing) -> None:
    party = replace(ANA, email=email)
    found = compare_emails(contacts_of(party, [borrower()], NOON, ()), party, borrower())
    assert (found.agrees, found.standing) == (agrees, standing)


def test_a_slip_in_an_inbox_that_bears_no_name_agrees_and_in_a_digit_does_not() -> None:
    golfer = borrower(emails=("sunnygolf12@example.com",))
    for email, agrees in (("sunnyglof12@example.com", True), ("sunnygolf13@example.com", False)):
        party = replace(ANA, email=email)
        assert compare_emails(contacts_of(party, [golfer], NOON, ()), party, golfer).agrees is agrees


def test_what_two_unlike_people_use_is_a_households_and_three_strangers_nobodys() -> None:
    plain = replace(ANA, email="sunnygolf12@example.com")
    holders = [
        borrower(f"b{number}", first, last, emails=(plain.email,))
        for number, (first, last) in enumerate(
            [("Ana", "Ruiz"), ("Luis", "Ruiz"), ("Kim", "Lee"), ("Omar", "Aziz")]
        )
    ]
    standings = [
        contacts_of(plain, holders[:count], NOON, ()).email_standing for count in range(1, len(holders) + 1)
    ]
    assert standings == [Standing.PERSON, Standing.HOUSEHOLD, Standing.HOUSEHOLD, Standing.NOTHING]


@pytest.mark.parametrize(
    ("phone", "agrees", "standing"),
    [
        ("+14155552671", True, Standing.PERSON),
        ("+14155552617", True, Standing.HOUSEHOLD),
        ("+14155559999", False, Standing.NOTHING),
        ("+15555555555", False, Standing.NOTHING),
        ("+14155551212", False, Standing.NOTHING),
        ("", False, Standing.NOTHING),
    ],
)
def test_phones(phone: str, agrees: bool, standing: Standing) -> None:
    party = replace(ANA, phone=phone)
    found = compare_phones(contacts_of(party, [borrower()], NOON, ()), borrower())
    assert (found.agrees, found.standing) == (agrees, standing)


def test_a_number_says_less_the_longer_it_was_not_heard() -> None:
    mine = contacts_of(ANA, [borrower()], NOON, ())
    days = ("2026-06-01", "2024-06-10", "2019-06-10")
    found = [compare_phones(mine, borrower(last_seen={ANA.phone: day})) for day in days]
    assert [one.stale for one in found] == [False, True, True]
    assert found[0].bits > found[1].bits > found[2].bits > 0


HOME = Place("12 N. Oak St, Apt 4", "San José", "CA", "95112")


@pytest.mark.parametrize(
    ("other", "nearness"),
    [
        (Place("12 oak street apt 4", "", "CA", "95112-1234"), Nearness.ADDRESS),
        (Place("12 Oak Ave", "San Jose", "CA", ""), Nearness.ADDRESS),
        (Place("12 Oak St #7", "San Jose", "CA", "95112"), Nearness.BUILDING),
        (Place("14 Oak St", "San Jose", "CA", "95112"), Nearness.POSTAL),
        (Place("", "San Jose", "CA", ""), Nearness.CITY),
        (Place("", "Fresno", "CA", ""), Nearness.ELSEWHERE),
        (Place("12 Oak St", "San Jose", "TX", "95112"), Nearness.OTHER_STATE),
        (Place("", "", "CA", ""), Nearness.UNKNOWN),
        (Place(), Nearness.UNKNOWN),
    ],
)
def test_places(other: Place, nearness: Nearness) -> None:
    assert places.compare(HOME, other) is places.compare(other, HOME) is nearness


@pytest.mark.parametrize(
    ("one", "other", "agreement"),
    [
        ("Miek", "Miguel", Agreement.SLIP),  # of Mike
        ("Ryn", "Ryan", Agreement.SLIP),
        ("Tomy", "Anthony", Agreement.SLIP),
        ("Anj", "Anjali", Agreement.NICKNAME),
        ("JP", "Jean-Philippe", Agreement.NICKNAME),
        ("Betsy", "Elizabeth", Agreement.NICKNAME),
        # Couples' and others' names are no slips of one another.
        ("Julian", "Juliana", Agreement.UNLIKE),
        ("Don", "Donna", Agreement.UNLIKE),
        ("Paul", "Paula", Agreement.UNLIKE),
    ],
)
def test_slips_and_short_forms_of_first_names(one: str, other: str, agreement: Agreement) -> None:
    assert first_names.compare(one, other) is first_names.compare(other, one) is agreement


def test_who_is_known_by_the_whole_name_is_not_compared_by_an_initial() -> None:
    assert first_names.best("Mat", ("M.",)) is Agreement.INITIAL
    assert first_names.best("Mat", ("Marie", "M.")) is Agreement.UNLIKE


@pytest.mark.parametrize(
    ("mine", "theirs", "near", "numbered"),
    [
        ("rosemoon32@example.com", "rosemon32@example.com", True, False),
        ("mpruiz@example.com", "mruiz@example.com", False, False),  # made of the name: a namesake's
        ("ana.ruiz@example.com", "anaruiz2@example.com", False, True),
        ("ana.ruiz@example.com", "anaruiz2@example.org", False, False),
    ],
)
def test_emails_that_are_nearly_the_same(mine: str, theirs: str, near: bool, numbered: bool) -> None:
    party, known = Party(first_name="Ana", last_name="Ruiz", email=mine), borrower(emails=(theirs,))
    found = compare_emails(contacts_of(party, [known], NOON, ()), party, known)
    assert (found.near, found.numbered) == (near, numbered)


def test_keys_meet_whatever_way_a_common_or_rare_name_is_given() -> None:
    for one, other in (
        (Party(first_name="Bob", last_name="Smith"), Party(first_name="Smith", last_name="Robert")),
        (
            Party(first_name="Lupe", last_name="De la Xiquital"),
            Party(first_name="Guadalupe", last_name="Xiquital"),
        ),
    ):
        mine, theirs = (search_keys(replace(party, city="Fresno")) for party in (one, other))
        assert mine == theirs != ()


WORDS = st.sampled_from(
    [
        "",
        "Ana",
        "Anna",
        "Anne",
        "J.",
        "Jim",
        "James",
        "Jaems",
        "Mary Ann",
        "Mary A",
        "José",
        "Jose",
        "Xiomara",
        "Xiomra",
    ]
)
FAMILIES = st.sampled_from(
    ["", "Smith", "Smyth", "Smith-Jones", "Jones", "O'Brien", "de la Cruz", "Cruz", "Kowalski"]
)
PLACES = st.builds(
    Place,
    street=st.sampled_from(["", "12 Oak St", "12 Oak Ave Apt 2", "12 Oak Ave Apt 3", "9 Elm St"]),
    city=st.sampled_from(["", "Austin", "Dallas"]),
    state=st.sampled_from(["", "TX", "CA"]),
    postal_code=st.sampled_from(["", "78704", "78704-1111", "75201"]),
)


@settings(deadline=None)
@given(WORDS, WORDS, FAMILIES, FAMILIES, PLACES, PLACES)
def test_comparisons_are_symmetric(
    first: str, other_first: str, last: str, other_last: str, here: Place, there: Place
) -> None:
    assert first_names.compare(first, other_first) is first_names.compare(other_first, first)
    assert last_names.compare(last, other_last) is last_names.compare(other_last, last)
    assert places.compare(here, there) is places.compare(there, here)
