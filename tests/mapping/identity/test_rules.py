"""What the playbook says of who is who: the bits from which on, and what is nobody's own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mapping.crm.compile import BorrowerFacts, compile_contact
from mapping.identity import IdentityRules, KnownBorrower, Place, Verdict, identify
from mapping.identity.rules import NEVER
from mapping.inquiry import Party
from tests.mapping.identity.test_identity import ANA, EMAIL_ONLY, PHONE_ONLY, known
from tests.mapping.people import RENATA, US, inquiry, owned_by

PHONE, EMAIL = "+14155552671", "ana@example.com"
NOBODYS = IdentityRules(emails=frozenset((EMAIL,)), phones=frozenset((PHONE,)))
THE_DOMAIN = IdentityRules(domains=frozenset(("example.com",)))
IN_WORDS = "the playbook says that this {} is nobody's own"
#: A name that hardly anybody has.
RARE = Party(first_name="Zoraida", last_name="Ramitierra", email="zora@other.example")
RARE_KNOWN = known(first="Zoraida", last="Ramitierra", emails=("z@elsewhere.example",), phones=())


def bits_of(party: Party, borrower: KnownBorrower) -> float:
    """What the two come to, told by a question that is asked of everybody."""
    asked = identify(party, [borrower], rules=IdentityRules(same_from=1000, ask_from=-1000))
    return asked.matches[0].bits


@pytest.mark.parametrize("borrower", [known(), known(**EMAIL_ONLY), known(**PHONE_ONLY)])
def test_the_two_lines_stand_where_the_playbook_says(borrower: KnownBorrower) -> None:
    bits = bits_of(ANA, borrower)

    def verdict(same_from: float, ask_from: float) -> Verdict:
        rules = IdentityRules(same_from=same_from, ask_from=ask_from)
        return identify(ANA, [borrower], rules=rules).verdict

    assert verdict(bits, 4) is Verdict.SAME
    assert verdict(bits + 0.01, 4) is verdict(bits + 0.01, bits) is Verdict.REVIEW
    assert verdict(bits + 1, bits + 0.01) is Verdict.NEW


def test_no_line_is_so_low_that_it_opens_a_gate() -> None:
    """Spouses share everything but the first name."""
    lowest = IdentityRules(same_from=11, ask_from=4, ask_by_name_from=0)
    for first in ("Luis", "Ana"):
        told = identify(replace(ANA, first_name=first, suffix="Jr"), [known(suffix="Sr")], rules=lowest)
        assert (told.verdict, told.household_with) == (Verdict.NEW, "b1")


@pytest.mark.parametrize(
    ("from_bits", "verdict"), [(0, Verdict.REVIEW), (3, Verdict.NEW), (20, Verdict.NEW), (NEVER, Verdict.NEW)]
)
def test_a_name_alone_is_asked_about_as_the_playbook_says(from_bits: float, verdict: Verdict) -> None:
    """With another email even so rare a name comes to less than the usual three."""
    rules = IdentityRules(ask_by_name_from=from_bits)
    assert identify(RARE, [RARE_KNOWN], stored=1_000, rules=rules).verdict is verdict


def test_who_was_named_in_anothers_inquiry_is_of_that_household_although_nobody_is_asked() -> None:
    home = Place(city="Fresno", postal_code="93701")
    bare = known(first="Zoraida", last="Ramitierra", emails=(), phones=(), places=(home,))
    party = replace(RARE, city=home.city, postal_code=home.postal_code)
    for from_bits in (0, 3, NEVER):
        told = identify(party, [bare], stored=1_000, rules=IdentityRules(ask_by_name_from=from_bits))
        assert (told.verdict, told.household_with) == (Verdict.NEW, "b1")


@pytest.mark.parametrize("rules", [NOBODYS, THE_DOMAIN])
@pytest.mark.parametrize("email", [EMAIL, "Ana+quotes@example.com"])
def test_what_is_nobodys_own_tells_of_no_person(rules: IdentityRules, email: str) -> None:
    party = replace(ANA, email=email, phone="")
    told = identify(party, [known(**EMAIL_ONLY)], stored=1_000_000, rules=rules)
    assert told.verdict is Verdict.NEW
    assert told.reasons[0] == IN_WORDS.format("email")
    assert identify(party, [known(**EMAIL_ONLY)]).verdict is Verdict.SAME


def test_what_is_nobodys_own_tells_of_no_household() -> None:
    luis = replace(ANA, first_name="Luis", last_name="Okafor")
    told = identify(luis, [known()], rules=NOBODYS)
    assert (told.verdict, told.household_with) == (Verdict.NEW, "")
    assert told.reasons[:2] == (IN_WORDS.format("email"), IN_WORDS.format("phone"))
    assert identify(luis, [known()]).household_with == "b1"


@pytest.mark.parametrize("local", ["our.team@gmail.com", "OurTeam+leads@googlemail.com", "ourteam@gmial.com"])
def test_an_inbox_is_nobodys_own_however_it_is_written(local: str) -> None:
    rules = IdentityRules(emails=frozenset(("ourteam@gmail.com",)))
    assert not rules.is_evidence(("email", local.lower()))
    assert rules.is_evidence(("email", "our.teams@gmail.com"))
    assert rules.is_evidence(("phone", "ourteam@gmail.com"))


def test_the_offices_address_is_none_that_differs() -> None:
    """Who gave the office's email before gives an own one now: nothing speaks against their being one."""
    mine = replace(ANA, email="ana.ruiz@other.example")
    differs, same = (identify(mine, [known()], rules=rules) for rules in (IdentityRules(), THE_DOMAIN))
    assert "-1.0 email differs" in differs.reasons
    assert not any("email" in reason for reason in same.reasons)
    other = replace(ANA, phone="+14155559876")
    rules = IdentityRules(phones=frozenset((PHONE,)))
    assert not any("phone" in reason for reason in identify(other, [known()], rules=rules).reasons)


def test_the_offices_number_tells_no_couple_apart() -> None:
    """Father and son of one name, of whom the one has a number of his own and the other the office's."""
    son = Party(first_name="John", last_name="Hale", email="", phone="+14155559876")
    father = Party(first_name="John", last_name="Hale", phone=PHONE)
    borrower = known(first="John", last="Hale", emails=(), phones=("+14155559876",))
    apart, alike = (
        identify(son, [borrower], other_party=father, rules=rules) for rules in (IdentityRules(), NOBODYS)
    )
    assert apart.verdict is Verdict.SAME
    assert alike.verdict is Verdict.REVIEW


def test_a_question_says_first_what_counted_for_nothing_and_last_what_was_in_doubt() -> None:
    party = replace(ANA, email="ana@other.example", middle_name="Pilar")
    borrower = known(middle_names=("Quetzal",), emails=("ana@other.example",))
    told = identify(party, [borrower], rules=NOBODYS)
    (match,) = told.matches
    assert told.verdict is Verdict.REVIEW
    assert match.reasons[0] == told.reasons[0] == IN_WORDS.format("phone")
    assert match.reasons[1:] == identify(replace(party, phone=""), [borrower]).matches[0].reasons
    assert match.reasons[-1] == "middle name differs"


def test_what_is_nobodys_own_is_written_to_the_crm_and_nobody_is_looked_for_by_it() -> None:
    assert RENATA.email
    person = BorrowerFacts(
        "b1", RENATA, (RENATA.email, "own@other.example"), (RENATA.phone,), ("Renata",), shared_email=False
    )

    def contact(rules: IdentityRules) -> tuple[dict[str, str], tuple[str, ...], tuple[str, ...], bool]:
        playbook = replace(US, identity=rules)
        (made,) = compile_contact(
            key="d1",
            inquiry=inquiry(),
            person=person,
            decision=owned_by("maya@example.com"),
            playbook=playbook,
            crm="hubspot",
        ).contacts
        return made.fields, made.emails, made.phones, made.shared_email

    usual = contact(IdentityRules())
    assert usual[1:] == (person.emails, person.phones, False)
    named = contact(IdentityRules(emails=frozenset((RENATA.email,)), phones=frozenset((RENATA.phone,))))
    assert named == (usual[0], ("own@other.example",), (), True)
    # An address at a forwarding domain is this borrower's only one: the CRM may send to it.
    assert contact(THE_DOMAIN) == (usual[0], ("own@other.example",), person.phones, False)
