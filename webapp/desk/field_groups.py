"""The canonical fields in the groups in which a person looks for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mapping.canonical import CANONICAL_FIELDS, CLICK_IDS, UTM
from mapping.facts import SOURCES

_PREFIXES: Sequence[tuple[str, tuple[str, ...]]] = (
    ("Co-borrower", ("co_",)),
    ("Referral partner", ("partner_",)),
    ("Property", ("property_",)),
    ("Consent", ("consent", "certificate", "lead_id")),
    ("Application", ("application_",)),
    ("Meeting and call", ("meeting_", "call_")),
)
_PERSON = frozenset(
    ("full_name", "first_name", "middle_name", "last_name", "suffix", "email", "phone", "phone_ext",
     "company", "street", "city", "state", "postal_code", "country", "date_of_birth", "employment")
)  # fmt: skip
_ORIGIN = frozenset((*UTM, *CLICK_IDS, "landing_page", "referrer", "page_url", "external_id", "campaign"))


def _group(name: str) -> str:
    if name in _PERSON:
        return "Borrower"
    if name in _ORIGIN:
        return "Where it came from"
    return next((title for title, starts in _PREFIXES if name.startswith(starts)), "What they want")


def field_label(name: str) -> str:
    """A canonical field as people read it."""
    if name in SOURCES:
        return SOURCES[name].label
    words = name.replace("_", " ")
    return (words[:1].upper() + words[1:]).replace("Utm", "UTM").replace("Co ", "Co-borrower ", 1)


def _grouped() -> Mapping[str, Mapping[str, str]]:
    order = ("Borrower", "What they want", *(title for title, _ in _PREFIXES), "Where it came from")
    found: dict[str, dict[str, str]] = {title: {} for title in order}
    for name in CANONICAL_FIELDS:
        found[_group(name)][name] = field_label(name)
    return {title: fields for title, fields in found.items() if fields}


FIELD_GROUPS = _grouped()
