"""Who else is about: the co-borrower, namesakes, and others of a household, for each borrower compared."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from mapping.identity import first_names, weights
from mapping.identity.contacts import contacts_of
from mapping.identity.evidence import Evidence, Weight, compare
from mapping.identity.first_names import Agreement
from mapping.identity.known import KnownBorrower
from mapping.identity.last_names import LastNames
from mapping.identity.rules import USUAL, IdentityRules
from mapping.inquiry import Party
from mapping.people.lookup_keys import Key, identity_keys


class Company(Struct, frozen=True):
    """other is what the co-borrower of the inquiry has in common with the borrower."""

    other: Evidence | None = None
    told_apart: bool = False  # party and co-borrower have contact points of their own
    namesake: bool = False  # somebody else of that name is about
    named_alike: bool = False  # others who may be that person are called so too


def company_of(
    party: Party,
    compared: Sequence[Evidence],
    other: Party | None,
    worthless: Collection[Key],
    rules: IdentityRules = USUAL,
) -> list[tuple[Evidence, Company]]:
    """Each comparison with its company; what the rest of a household adds to it is weighed in."""
    others = _as_the_other(other, compared, worthless, rules) if other else {}
    keys, also_keys = (_evident_keys(party, rules), _evident_keys(other, rules)) if other else ((), ())
    return [
        (
            _with_household(evidence, compared, others),
            Company(
                other=(theirs := others.get(evidence.borrower.id)),
                told_apart=bool(theirs and also_keys) and keys != also_keys and not _shares(theirs),
                namesake=_is_namesake_about(party, evidence.borrower, compared),
                named_alike=any(one is not evidence and _is_called_alike(one) for one in compared),
            ),
        )
        for evidence in compared
    ]


def _evident_keys(party: Party, rules: IdentityRules) -> tuple[Key, ...]:
    return tuple(filter(rules.is_evidence, identity_keys(party)))


def _as_the_other(
    other: Party, compared: Sequence[Evidence], worthless: Collection[Key], rules: IdentityRules
) -> Mapping[str, Evidence]:
    borrowers = [evidence.borrower for evidence in compared]
    return {
        one.id: compare(other, contacts_of(other, (one,), None, worthless, rules), one) for one in borrowers
    }


def _shares(evidence: Evidence | None) -> bool:
    return evidence is not None and (
        evidence.email.agrees or evidence.phone.agrees or bool(evidence.birth_date)
    )


def _with_household(
    evidence: Evidence, compared: Sequence[Evidence], others: Mapping[str, Evidence]
) -> Evidence:
    """The co-borrower, or an email or phone given now, belongs to somebody of the borrower's household."""
    household = evidence.borrower.household_id
    if not household or evidence.first_name <= Agreement.ALIKE:
        return evidence
    relatives = [one for one in compared if one is not evidence and one.borrower.household_id == household]
    if any(_is_called_like(others.get(one.borrower.id)) for one in relatives):
        weight = Weight(weights.CO_BORROWER, "co-borrower is of the household")
        return replace(evidence.with_weight(weight), vouched=True)
    if not (evidence.email.agrees or evidence.phone.agrees) and any(map(_reaches, relatives)):
        weight = Weight(weights.SHARED, "email or phone is the household's")
        return replace(evidence.with_weight(weight), related=True)
    return evidence


def _is_called_alike(one: Evidence) -> bool:
    return one.first_name > Agreement.UNKNOWN and one.last_name >= LastNames.PART


def _is_called_like(other: Evidence | None) -> bool:
    return other is not None and other.first_name >= Agreement.NICKNAME and other.last_name >= LastNames.PART


def _reaches(evidence: Evidence) -> bool:
    contacts = (evidence.email, evidence.phone)
    return any(one.agrees and not one.near and not one.stale for one in contacts)


def _is_namesake_about(party: Party, borrower: KnownBorrower, compared: Sequence[Evidence]) -> bool:
    """A suffix was seen on one side only, or somebody else of the borrower's name is known."""
    suffix_seen = bool(party.suffix) != bool(borrower.suffix)
    return suffix_seen or any(
        _are_namesakes(borrower, one.borrower) for one in compared if _is_near(one, borrower)
    )


def _is_near(evidence: Evidence, borrower: KnownBorrower) -> bool:
    """Of one household, or with something of the party's in common."""
    household = evidence.borrower.household_id
    return evidence.identified or bool(household and household == borrower.household_id)


def _are_namesakes(one: KnownBorrower, other: KnownBorrower) -> bool:
    """Two of one name whom a household, a person, a suffix or a birth date tells apart."""
    if one is other or not (one.first_names and one.last_names):
        return False
    # Who is known by name only may be the same one, named in another's inquiry.
    together = bool(one.household_id) and one.household_id == other.household_id
    together = together and not (one.is_bare or other.is_bare)
    told = together or other.id in one.apart_from or _differ(one.suffix, other.suffix)
    if not told and not _differ(one.birth_hash, other.birth_hash):
        return False
    alike = any(first_names.best(name, other.first_names) > Agreement.UNKNOWN for name in one.first_names)
    return alike and not set(one.last_names).isdisjoint(other.last_names)


def _differ(one: str, other: str) -> bool:
    return bool(one and other and one != other)
