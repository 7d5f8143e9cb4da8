"""Emails of two people: the same inbox, nearly the same, or another, and whose it is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz.distance import OSA

from mapping.identity import weights
from mapping.identity.contacts import Contact, Contacts, Standing
from mapping.identity.known import KnownBorrower
from mapping.inquiry import Party
from mapping.normalize.text import fold
from mapping.people.family_names import family_words
from mapping.people.inboxes import inbox, is_family_inbox, is_named_for
from mapping.people.nicknames import is_given_name

_SHORTEST_NEAR = 6


def compare_emails(mine: Contacts, party: Party, borrower: KnownBorrower) -> Contact:
    """The party's email with those of the borrower."""
    theirs = [email for one in borrower.emails if (email := mine.rules.email_key(one))]
    if not mine.email or not theirs:
        return Contact()
    if mine.email in theirs:
        return _same_inbox(mine, party, weights.EMAIL, "email same")
    here = inbox(mine.email)
    for there in map(inbox, theirs):
        if there.address == here.address:
            names = (party.first_name, *borrower.first_names)
            if any(tag != "" and _names_somebody(tag, names) for tag in (here.tag, there.tag)):
                words = "inbox same, marked for one person"
                return Contact(weights.SHARED, words, True, Standing.HOUSEHOLD, marked=True)
            if here.mistyped or there.mistyped:
                return _same_inbox(mine, party, weights.EMAIL_MISTYPED, "email same but for a typing slip")
            return _same_inbox(mine, party, weights.EMAIL_REWRITTEN, "email same, written another way")
    # Namesakes make like addresses of their name: only another's likeness tells.
    family = "".join(family_words(party.last_name)[:1])
    made_of_name = bool(family) and family in mine.email
    made_of_name = made_of_name or bool(is_named_for(mine.email, party.first_name, party.last_name))
    if not made_of_name and any(_emails_near(mine.email, other) for other in theirs):
        return Contact(weights.EMAIL_NEAR, "email nearly the same", True, Standing.HOUSEHOLD, near=True)
    numbered = any(_numbered_apart(mine.email, other) for other in theirs)
    words = "email differs by a number" if numbered else "email differs"
    return Contact(weights.EMAIL_DIFFERS, words, differs=True, numbered=numbered)


def _same_inbox(mine: Contacts, party: Party, bits: float, words: str) -> Contact:
    """One inbox: whose it is depends on who else reads it and on the name it bears."""
    if mine.email_standing is Standing.NOTHING:
        return Contact(0.0, "email of several unrelated people")
    if is_family_inbox(mine.email, party.first_name, party.last_name):
        return Contact(weights.SHARED, f"{words}, a family's", True, Standing.HOUSEHOLD)
    named = is_named_for(mine.email, party.first_name, party.last_name)
    if mine.email_standing is Standing.HOUSEHOLD and not named:
        return Contact(weights.SHARED, f"{words}, shared by a household", True, Standing.HOUSEHOLD)
    if named is False:
        return Contact(weights.SHARED, f"{words}, bears another's name", True, Standing.HOUSEHOLD)
    return Contact(bits, words, True, Standing.PERSON)


def _names_somebody(tag: str, names: Sequence[str]) -> bool:
    """ "john+mary@": the tag names a person; "john+quotes@" is noise."""
    return is_given_name(tag) or any(tag in fold(name).split() for name in names)


def _emails_near(one: str, other: str) -> bool:
    """One slip apart, and not in a digit: john.smith1 and john.smith2 are two people."""
    local, _, domain = one.partition("@")
    also_local, _, also_domain = other.partition("@")
    if min(len(local), len(also_local)) < _SHORTEST_NEAR:
        return False
    if local == also_local:
        return not local.isalpha() or OSA.distance(domain, also_domain, score_cutoff=2) <= 2
    digits, also_digits = ([char for char in text if char.isdigit()] for text in (local, also_local))
    return (
        domain == also_domain
        and digits == also_digits
        and OSA.distance(local, also_local, score_cutoff=1) <= 1
    )


def _numbered_apart(one: str, other: str) -> bool:
    """ "robert.brooks@" and "robertbrooks2@" of one provider: the second had to take what was left."""
    (local, _, domain), (also_local, _, also_domain) = one.partition("@"), other.partition("@")
    letters, also_letters = (re.sub("[^a-z]", "", text) for text in (local, also_local))
    digits, also_digits = (re.sub("[^0-9]", "", text) for text in (local, also_local))
    return domain == also_domain and letters == also_letters and digits != also_digits
