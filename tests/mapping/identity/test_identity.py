from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from mapping.identity import KnownBorrower, Place, Verdict, identify, identity_keys, search_keys
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
    return structs.replace(plain, **changes)


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
        (replace(ANA, first_name="", last_name=""), known()),
        (ANA, known(first="", last="")),
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
        # Who gave no first name before may have used another's inbox.
        (ANA, known(first="", last="", **EMAIL_ONLY)),
        (replace(ANA, first_name="", last_name=""), known(**EMAIL_ONLY)),
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


def test_who_is_one_with_two_known_borrowers_is_added_to_one_and_a_person_asked_about_the_other() -> None:
    identity = identify(ANA, [known("b1", **EMAIL_ONLY), known("b2", **PHONE_ONLY)])
    assert (identity.verdict, identity.borrower_id, identity.candidates) == (Verdict.SAME, "b1", ("b2",))
    named = replace(ANA, email="", phone="")
    bare = [
        known("b1", emails=(), phones=(), household_id="h1"),
        known("b2", household_id="h1", **EMAIL_ONLY),
    ]
    luis = Party(first_name="Luis", last_name="Ruiz")
    husband = known("b3", first="Luis", emails=("luis@example.com",), phones=(), household_id="h1")
    told = identify(named, [*bare, husband], other_party=luis)
    # Who is named in an inquiry again is the one who was named before: nobody is asked.
    assert (told.verdict, told.borrower_id, told.candidates) == (Verdict.SAME, "b1", ())


def test_two_of_one_name_go_to_review_when_either_may_be_meant() -> None:
    father = known("b1", first="John", suffix="Sr", **PHONE_ONLY)
    son = known("b2", first="John", suffix="Jr", **PHONE_ONLY)
    identity = identify(replace(ANA, first_name="John", email=""), [father, son])
    assert (identity.verdict, set(identity.candidates)) == (Verdict.REVIEW, {"b1", "b2"})
    # The email is the other one's: the phone alone decides nothing.
    one, other = known("b1", emails=("old@example.com",)), known("b2", first="Anita", phones=(), suffix="Sr")
    assert identify(ANA, [one, other]).borrower_id != "b1"


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
    assert search_keys(party) == (("name", "annette cruz"), ("address", "12 oak 95112"))
    common = replace(party, first_name="Bob", last_name="Smith", street="")
    assert [kind for kind, _ in search_keys(common)] == ["name_city", "name_postal"]
    for form in ("Robert", "Rob", "Bobby"):
        assert search_keys(replace(common, first_name=form)) == search_keys(common)
    # Of two last names either may be given, and a nickname of several names meets them all.
    both = {value for _, value in search_keys(Party(first_name="Zoraida", last_name="Ramitierra Ibarra"))}
    assert both > {value for _, value in search_keys(Party(first_name="Zoraida", last_name="Ramitierra"))}
    assert both > {value for _, value in search_keys(Party(first_name="Zoraida", last_name="Ibarra"))}
    steve, steven, stephen = (
        search_keys(Party(first_name=form, last_name="Farsmith")) for form in ("Steve", "Steven", "Stephen")
    )
    assert steve == steven == stephen


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


@settings(deadline=None)
@given(PARTIES, crowds(), st.none() | PARTIES, st.randoms(use_true_random=False))
def test_the_order_of_the_known_does_not_matter(
    party: Party, crowd: list[KnownBorrower], other: Party | None, random: object
) -> None:
    shuffled = list(crowd)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert identify(party, shuffled, other_party=other) == identify(party, crowd, other_party=other)


@settings(deadline=None)
@given(PARTIES, crowds(), st.none() | PARTIES)
def test_what_differs_is_never_merged(party: Party, crowd: list[KnownBorrower], other: Party | None) -> None:
    identity = identify(party, crowd, other_party=other)
    assert (identity.verdict is Verdict.SAME) == bool(identity.borrower_id)
    for borrower in crowd:
        if borrower.id == identity.borrower_id:
            assert not (party.suffix and borrower.suffix and party.suffix != borrower.suffix)
            assert not (party.birth_hash and borrower.birth_hash and party.birth_hash != borrower.birth_hash)


@settings(deadline=None)
@given(PARTIES, crowds())
def test_reasons_hold_no_personal_values(party: Party, crowd: list[KnownBorrower]) -> None:
    words = " ".join(identify(party, crowd).reasons)
    values = [party.email, party.phone, party.birth_hash, party.last_name]
    assert words
    assert not any(value in words for value in values if value)


def test_every_weight_is_a_reason_and_the_sum_is_theirs() -> None:
    identity = identify(ANA, [known()])
    bits = [float(reason.split()[0]) for reason in identity.reasons[:-1]]
    assert identity.reasons[-1] == f"{sum(bits):.1f} bits in all"
    assert "+10.0 email same" in identity.reasons
    review = identify(replace(ANA, birth_hash=HASH), [known(birth_hash=OTHER_HASH)])
    assert review.matches[0].reasons[-1] == "birth date differs"
    assert review.matches[0].bits == pytest.approx(sum(bits) - 10)


FATHER: dict[str, Any] = {"first_names": ("John",), "emails": ("john@example.com",)}
JOHN = replace(ANA, first_name="John", email="john@example.com")
FAMILYS, GOLF = "ruizfamily@example.com", "golf12@example.com"
XIOMARA = Party(first_name="Xiomara", last_name="Ruiz", email="x@example.com", city="San Jose")
OAK_STREET: dict[str, Any] = {
    "first": "Xiomara", "emails": ("other@example.com",), "phones": (),
    "places": (Place("1 Oak Street", "San Jose", "CA", "95112"),),
}  # fmt: skip
NOW = datetime(2026, 6, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("party", "borrower", "verdict"),
    [
        # A suffix seen on one side only: a namesake is about, and the phone may be both men's.
        (replace(JOHN, suffix="Jr", email="jr@example.com"), known(**FATHER), Verdict.REVIEW),
        (replace(JOHN, suffix="Jr"), known(**FATHER), Verdict.SAME),
        # An inbox marked for one of its readers.
        (replace(JOHN, email="john+mary@example.com", phone=""), known(**FATHER), Verdict.REVIEW),
        (replace(JOHN, first_name="Mary", email="john+mary@example.com"), known(**FATHER), Verdict.NEW),
        # What a household shares, and something that differs.
        (replace(ANA, email=FAMILYS, phone="+14155559999"), known(emails=(FAMILYS,)), Verdict.SAME),
        (replace(ANA, email=FAMILYS, phone="+14155559999", first_name="Anna Lucia"),
         known(emails=(FAMILYS,), first="Anna"), Verdict.SAME),
        (replace(XIOMARA, street="1 Oak St", postal_code="95112"), known(**OAK_STREET), Verdict.REVIEW),
        (replace(ANA, email=FAMILYS, phone=""), known(emails=(FAMILYS,)), Verdict.SAME),
        # Only nearly the same first name needs more than a phone.
        (replace(ANA, first_name="A.", email=""), known(household_id="h1"), Verdict.REVIEW),
        (replace(ANA, first_name="A.", email="a@example.com"), known(), Verdict.REVIEW),
        (replace(ANA, first_name="A.", email=""), known(), Verdict.REVIEW),
        (replace(ANA, first_name="A.", email=""), known(first_names=("Lucía", "A")), Verdict.NEW),
        # One letter stands for too many names to be the other's middle one.
        (replace(ANA, first_name="A.", email=""), known(first="Luis", middle_names=("A",)), Verdict.NEW),
        # An initial may be a spouse's who writes from the other's inbox: both ways must lead to one.
        # Two initials before the last name may be a couple's.
        (replace(ANA, first_name="A.", phone="", email="alruiz@example.com"),
         known(emails=("alruiz@example.com",)), Verdict.REVIEW),
        (replace(ANA, first_name="A.", phone=""), known(), Verdict.REVIEW),
        (replace(ANA, first_name="A.", email=FAMILYS), known(emails=(FAMILYS,)), Verdict.SAME),
        # Two names that changed are two people; a nameless one must have the last name as it is.
        (replace(ANA, first_name="Annna", last_name="Soto", email=GOLF, phone=""),
         known(first="Anna", emails=(GOLF,)), Verdict.REVIEW),
        (replace(ANA, first_name="", last_name="Riuz", phone=""), known(), Verdict.REVIEW),
        # Father and son share a phone: another email, and another form of the name.
        (replace(ANA, first_name="Anita", email="x@example.com"), known(), Verdict.REVIEW),
        (replace(ANA, email="ana2@example.com"), known(), Verdict.REVIEW),
        (replace(ANA, email="xiomara@example.com"), known(), Verdict.SAME),
        # Nobody's name in the inbox, and none given: anybody of the house may write.
        (replace(ANA, first_name="", phone="", email=GOLF), known(emails=(GOLF,)), Verdict.REVIEW),
        (replace(ANA, first_name="", phone="", last_name="Soto"), known(), Verdict.NEW),
        (replace(ANA, first_name="Xiomaar", email=""), known(first="Xiomara"), Verdict.SAME),
        (replace(ANA, first_name="Xiomaar", email="x@example.com"), known(first="Xiomara"), Verdict.REVIEW),
        # People marry: their own inbox stays.
        (replace(ANA, last_name="Soto", phone=""), known(), Verdict.SAME),
        (replace(ANA, last_name="Soto", email=""), known(), Verdict.REVIEW),
        # The same number, but from elsewhere.
        (replace(ANA, email="", state="TX"), known(places=(Place(state="CA"),)), Verdict.REVIEW),
        # First and last name changed about, the middle name used.
        (replace(ANA, first_name="Ruiz", last_name="Ana"), known(), Verdict.SAME),
        (replace(ANA, first_name="Lucia", email=""), known(middle_names=("Lucía",)), Verdict.SAME),
        (replace(ANA, middle_name="B"), known(middle_names=("Carmen",)), Verdict.REVIEW),
        (replace(ANA, first_name="Ana Sofía"), known(middle_names=("Carmen",)), Verdict.REVIEW),
        (replace(ANA, first_name="Ana Sofía"), known(middle_names=("S",)), Verdict.SAME),
        # The tag says that it is somebody else who writes.
        (replace(ANA, first_name="", email="ana+luis@example.com"), known(), Verdict.REVIEW),
    ],
)  # fmt: skip
def test_each_gate(party: Party, borrower: KnownBorrower, verdict: Verdict) -> None:
    assert identify(party, [borrower], stored=1_000).verdict is verdict


def test_a_number_given_out_again_makes_no_household() -> None:
    old = known(first="Luis", last="Soto", last_seen={ANA.phone: "2023-05-01"}, **PHONE_ONLY)
    lately = structs.replace(old, last_seen={ANA.phone: "2026-05-01"})
    assert identify(ANA, [old], at=NOW).household_with == ""
    assert identify(ANA, [lately], at=NOW).household_with == "b1"


def test_a_realtors_own_address_on_clients_forms_is_no_evidence() -> None:
    agent = "casey@realty.example.com"
    first_client = known("b1", "Kim", "Lee", emails=(agent,), phones=())
    told = identify(replace(ANA, email=agent), [first_client], worthless={("email", agent)})
    assert (told.verdict, told.household_with) == (Verdict.NEW, "")
    clients = [first_client, known("b2", "Omar", "Aziz", emails=(agent,), phones=())]
    assert identify(replace(ANA, email=agent), clients).household_with == ""


RARE = replace(ANA, first_name="Xiomara", last_name="Quintanilla", email="", phone="", city="Fresno")
RARE_KNOWN: dict[str, Any] = {"first": "Xiomara", "last": "Quintanilla", "places": (Place(city="Fresno"),)}


def test_a_name_and_a_town_are_asked_about_when_the_name_is_rare_for_so_many_borrowers() -> None:
    stranger = known(**RARE_KNOWN, phones=())
    party = replace(RARE, phone="+14155550000")
    assert identify(party, [stranger], stored=3_000).verdict is Verdict.REVIEW
    assert identify(party, [stranger], stored=3_000_000).verdict is Verdict.NEW
    # Most who return give what they gave before: another email speaks for a namesake.
    another = replace(party, email="other@example.com")
    assert identify(another, [stranger], stored=3_000).verdict is Verdict.NEW
    smith = known(first="John", last="Smith", places=(Place(city="Fresno"),))
    common = replace(party, first_name="John", last_name="Smith")
    assert identify(common, [smith], stored=3_000).verdict is Verdict.NEW


def test_who_is_known_by_name_only_is_linked_to_the_household_and_not_asked_about() -> None:
    told = identify(RARE, [known(**RARE_KNOWN)], stored=3_000)
    assert (told.verdict, told.household_with) == (Verdict.NEW, "b1")
    # A rare name is borne by strangers too: without the town it makes no household.
    told = identify(replace(RARE, city=""), [known(**RARE_KNOWN, last_heard=NOW)], stored=3_000, at=NOW)
    assert (told.verdict, told.household_with) == (Verdict.NEW, "")


def test_the_co_borrower_of_the_same_household_vouches() -> None:
    husband = known("b1", "Luis", "Quintanilla", household_id="h1")
    wife = known("b2", emails=(), phones=(), household_id="h1", **RARE_KNOWN)
    luis = Party(first_name="Luis", last_name="Quintanilla")
    told = identify(replace(RARE, email="xq@example.com"), [husband, wife], other_party=luis, stored=100_000)
    assert (told.verdict, told.borrower_id) == (Verdict.SAME, "b2")
    assert identify(RARE, [husband, wife], other_party=luis, taken=["b2"]).borrower_id == ""


def test_minutes_later_the_same_name_is_a_correction() -> None:
    at = datetime(2026, 6, 10, 12, 0, tzinfo=UTC)
    sent = known(emails=(), phones=(), last_heard=at - timedelta(minutes=3), **RARE_KNOWN)
    corrected = replace(RARE, email="right@example.com")
    assert identify(corrected, [sent], at=at, stored=100_000).verdict is Verdict.SAME
    another = structs.replace(sent, emails=("left@example.com",))
    assert identify(corrected, [another], at=at, stored=100_000).verdict is not Verdict.SAME
    same_instant = structs.replace(sent, last_heard=at)
    assert identify(corrected, [same_instant], at=at, stored=100_000).verdict is Verdict.NEW


def test_a_pair_that_was_asked_about_is_not_asked_about_again() -> None:
    one = known("b1", emails=("ana@example.com",), phones=())
    other = known("b2", emails=("ana@example.com",), phones=(), middle_names=("Lucía",))
    party = replace(ANA, middle_name="Lucía")
    asked = identify(party, [one, other])
    assert (asked.borrower_id, asked.candidates) == ("b2", ("b1",))
    told = [
        structs.replace(one, asked_with=frozenset({"b2"})),
        structs.replace(other, asked_with=frozenset({"b1"})),
    ]
    again = identify(party, told)
    assert (again.borrower_id, again.candidates) == ("b2", ())


def test_a_review_names_three_at_most() -> None:
    many = [known(f"b{number}", **EMAIL_ONLY) for number in range(6)]
    assert len(identify(ANA, many).candidates) == 3


UNRELATED = known("zz", "Oluwaseun", "Adeyemi", emails=("seun@example.org",), phones=("+12125550000",))


@settings(deadline=None)
@given(PARTIES, crowds(), st.none() | PARTIES)
def test_somebody_unrelated_changes_nothing(
    party: Party, crowd: list[KnownBorrower], other: Party | None
) -> None:
    alone, beside = (identify(party, people, other_party=other) for people in (crowd, [*crowd, UNRELATED]))
    assert (alone.verdict, alone.borrower_id, alone.household_with, alone.candidates) == (
        beside.verdict, beside.borrower_id, beside.household_with, beside.candidates,
    )  # fmt: skip


@settings(deadline=None)
@given(crowds())
def test_blanks_agree_with_nobody(crowd: list[KnownBorrower]) -> None:
    identity = identify(Party(), crowd)
    assert (identity.verdict, identity.household_with, identity.candidates) == (Verdict.NEW, "", ())


@settings(deadline=None)
@given(PARTIES, crowds())
def test_blanks_conflict_with_nobody(party: Party, crowd: list[KnownBorrower]) -> None:
    blanks = [
        structs.replace(one, suffix="", birth_hash="", emails=(), phones=(), first_names=(), last_names=())
        for one in crowd
    ]
    words = " ".join(identify(party, blanks).reasons)
    assert "differs" not in words
    assert "same" not in words


def test_without_a_first_name_inbox_and_number_must_lead_to_somebody_who_is_alone() -> None:
    nameless = replace(ANA, first_name="")
    assert identify(nameless, [known()]).verdict is Verdict.SAME
    assert identify(nameless, [known(household_id="h1")]).verdict is Verdict.REVIEW
    assert identify(nameless, [known(first="Bruno")]).verdict is Verdict.REVIEW
    assert identify(replace(nameless, phone=""), [known()]).verdict is Verdict.REVIEW
    long_ago = known(last_seen={ANA.phone: "2023-05-01"})
    assert identify(nameless, [long_ago], at=NOW).verdict is Verdict.REVIEW
