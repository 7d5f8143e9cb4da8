"""Who is this? Evidence in bits, then gates, then two lines: the same borrower, a new one, or a question."""

# deciding.py has the question, gates.py what keeps relatives apart, evidence.py and contacts.py the
# comparisons, weights.py what each weighs, common_names.py how little a common name says.

from mapping.identity.deciding import identify
from mapping.identity.known import KnownBorrower, Place
from mapping.identity.verdict import Identity, Match, Verdict
from mapping.lookup_keys import identity_keys, search_keys

__all__ = [
    "Identity",
    "KnownBorrower",
    "Match",
    "Place",
    "Verdict",
    "identify",
    "identity_keys",
    "search_keys",
]
