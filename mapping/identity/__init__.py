"""Who is this? Evidence in bits, then gates, then two lines: the same borrower, a new one, or a question."""

# deciding.py has the question, gates.py and doubts.py what keeps relatives apart, by_name.py what a name
# alone is worth, evidence.py, emails.py, phones.py and the names' files the comparisons, weights.py what
# each weighs.

from mapping.identity.deciding import identify
from mapping.identity.known import KnownBorrower, Place
from mapping.identity.rules import IdentityRules
from mapping.identity.verdict import Identity, Match, Verdict
from mapping.people.lookup_keys import identity_keys, search_keys

__all__ = [
    "Identity",
    "IdentityRules",
    "KnownBorrower",
    "Match",
    "Place",
    "Verdict",
    "identify",
    "identity_keys",
    "search_keys",
]
