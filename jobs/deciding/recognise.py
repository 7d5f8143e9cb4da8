"""Who an inquiry is from: parties recognised as borrowers, kept with their keys and households."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from msgspec import Struct
from msgspec.structs import replace

from jobs.ledger import profiles
from jobs.ledger.borrowers import Borrower
from mapping.crm.compile import BorrowerFacts
from mapping.identity import Identity, IdentityRules, Verdict, identify, identity_keys, search_keys
from mapping.inquiry import Inquiry, Party
from mapping.people.lookup_keys import Key
from mapping.people.survivorship import Heard, Survivorship, hear

#: So many of those whom somebody may be are asked about, the likeliest first.
MOST_CANDIDATES = 3
_USUAL = Survivorship()
_USUAL_IDENTITY = IdentityRules()


class Recognised(Struct, frozen=True):
    """A party with the borrower it turned out to be, and the (kind, hash) keys heard from it."""

    borrower: Borrower
    known_before: bool
    identity: Identity
    shared_email: bool
    keys: tuple[tuple[str, str], ...]
    opted_out: frozenset[str] = frozenset()  # channels that this person asked us to leave

    @property
    def facts(self) -> BorrowerFacts:
        """What the CRM is to know."""
        profile = self.borrower.profile
        return BorrowerFacts(
            id=self.borrower.id,
            party=profile.party,
            emails=profile.emails,
            phones=profile.phones,
            first_names=profile.first_names,
            shared_email=self.shared_email,
            formerly=profile.formerly,
            opted_out=self.opted_out,
        )


@dataclass(frozen=True, slots=True)
class HouseholdLink:
    """Borrowers who belong together but are not the same person; new: nobody was in that household before."""

    household_id: str
    members: tuple[str, ...]
    new: bool


def parties_of(inquiry: Inquiry) -> tuple[Party, ...]:
    """Who is named in it, borrower first."""
    return tuple(party for party in (inquiry.borrower, inquiry.co_borrower) if party is not None)


def telling_keys(
    inquiry: Inquiry, keys: Sequence[tuple[tuple[str, str], ...]], rules: IdentityRules
) -> list[tuple[str, str]]:
    """The (kind, hash) keys by which the parties are looked up: all but what is nobody's own."""
    parties = parties_of(inquiry)
    if not any(map(rules.explained, parties)):
        return [key for each in keys for key in each]
    return [hashed for key, hashed in _paired(parties, keys) if rules.is_evidence(key)]


def recognise(
    inquiry: Inquiry,
    keys: Sequence[tuple[tuple[str, str], ...]],
    known: list[Borrower],
    crowded: Collection[str],
    new_id: Callable[[], str],
    *,
    inquiry_id: str = "",
    rules: Survivorship = _USUAL,
    identity_rules: IdentityRules = _USUAL_IDENTITY,
    stored: int = 0,
) -> list[Recognised]:
    """Each party as a borrower, known or opened now. keys are each party's; known are all who have one.

    crowded are the hashes of keys that too many borrowers share for all of them to be among known; stored is
    how many there are. Pure but for new_id, so that a file can be tried without a ledger.
    """
    parties = parties_of(inquiry)
    worthless = _worthless(parties, keys, crowded, inquiry.partner)
    facts = [one.known() for one in known]
    result: list[Recognised] = []
    for index, party in enumerate(parties):
        other = parties[1 - index] if len(parties) > 1 else None
        identity = identify(
            party,
            facts,
            other_party=other,
            # The co-borrower is a different person by their own word: never the one just recognised.
            taken=[one.borrower.id for one in result],
            at=inquiry.received_at,
            worthless=worthless,
            stored=stored,
            rules=identity_rules,
        )
        heard = hear(party, inquiry, inquiry_id, borrower=index == 0)
        who, known_before = _who(new_id, heard, identity, known, rules, identity_rules)
        shared = _shares_email(party, who, known, [one.borrower for one in result])
        result.append(Recognised(who, known_before, identity, shared, keys[index]))
    return result


def _worthless(
    parties: Sequence[Party],
    keys: Sequence[tuple[tuple[str, str], ...]],
    crowded: Collection[str],
    partner: Party | None,
) -> frozenset[Key]:
    """Which of the parties' keys are no evidence: what too many share, and the referral partner's own."""
    pairs = _paired(parties, keys) if crowded else ()
    shared = {key for key, (_, hash_) in pairs if hash_ in crowded}
    own = [key for key in identity_keys(partner) if key[0] != "birth"] if partner else []
    return frozenset((*shared, *own))


def _paired(
    parties: Sequence[Party], keys: Sequence[tuple[tuple[str, str], ...]]
) -> Iterator[tuple[Key, tuple[str, str]]]:
    """Each key of each party as it was said, and as it is stored."""
    for party, hashed in zip(parties, keys, strict=True):
        yield from zip(search_keys(party), hashed, strict=True)


def _who(
    new_id: Callable[[], str],
    heard: Heard,
    identity: Identity,
    known: list[Borrower],
    rules: Survivorship,
    identity_rules: IdentityRules,
) -> tuple[Borrower, bool]:
    """The borrower who was heard, with what was heard now, and whether we knew them before."""
    same = identity.verdict is Verdict.SAME
    before = next((one for one in known if same and one.id == identity.borrower_id), None)
    heard = _with_shared(heard, [one for one in known if one is not before], identity_rules)
    if before is not None:
        profile = profiles.merged(before.profile, heard, rules)
        return replace(before, profile=profile, inquiries=before.inquiries + 1), True
    relative = next((one for one in known if one.id == identity.household_with), None)
    household = relative.household_id if relative else ""
    return Borrower(new_id(), profiles.merged(None, heard, rules), household, "", 1), False


def _with_shared(heard: Heard, others: list[Borrower], rules: IdentityRules) -> Heard:
    """The same, telling which of its email and phone other borrowers use too, or are nobody's own."""
    if not others and not rules.sets_aside:
        return heard
    email, phone = heard.facts.get("email", ""), heard.facts.get("phone", "")
    shared = [
        name
        for name, value, used in (
            ("email", email, bool(email) and any(email in one.profile.emails for one in others)),
            ("phone", phone, bool(phone) and any(phone in one.profile.phones for one in others)),
        )
        if used or not rules.is_evidence((name, value))
    ]
    return replace(heard, shared=tuple(shared)) if shared else heard


def _shares_email(party: Party, who: Borrower, known: list[Borrower], named_first: list[Borrower]) -> bool:
    """A CRM may keep an address on one contact only: who came first, or was named first, keeps it."""
    earlier = [*named_first, *(one for one in known if one.id < who.id)]
    return bool(party.email) and any(party.email in one.profile.emails for one in earlier)


def household_links(recognised: Sequence[Recognised], new_id: Callable[[], str]) -> tuple[HouseholdLink, ...]:
    """The households to be formed or joined, in this order."""
    links: list[HouseholdLink] = []
    joined = {one.borrower.id: one.borrower.household_id for one in recognised}
    pairs = [(one.identity.household_with, one.borrower.id) for one in recognised]
    if len(recognised) > 1:
        pairs.append((recognised[0].borrower.id, recognised[1].borrower.id))
    for earlier, later in pairs:
        if earlier:
            known = joined[later] or joined.get(earlier, "")
            household = known or new_id()
            joined[earlier] = joined[later] = household
            links.append(HouseholdLink(household, (earlier, later), not known))
    return tuple(links)
