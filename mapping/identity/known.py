"""A borrower we have, as far as recognising people needs to know them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct, field


class Place(Struct, frozen=True):
    """Where somebody said to live; "" = not said."""

    street: str = ""
    city: str = ""
    state: str = ""  # two letters
    postal_code: str = ""


class KnownBorrower(Struct, frozen=True):
    """A borrower we have, with every name and identifier they were seen with; inquiries counts theirs.

    apart_from are the borrowers whom a person said this one is not, of one household or of none;
    asked_with those with whom somebody is, or was, asked whether they are one. last_seen
    says for an email or phone on which day (2026-06-10) it was last heard from them, last_heard when
    anything was.
    """

    id: str
    first_names: tuple[str, ...]
    last_names: tuple[str, ...]
    suffix: str
    emails: tuple[str, ...]
    phones: tuple[str, ...]
    birth_hash: str
    household_id: str
    inquiries: int
    apart_from: frozenset[str] = frozenset()
    asked_with: frozenset[str] = frozenset()
    middle_names: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    last_seen: Mapping[str, str] = field(default_factory=dict)
    last_heard: datetime | None = None

    @property
    def is_bare(self) -> bool:
        """Nothing but a name and a town is known, as of co-borrowers: there would be nothing to merge."""
        return not (self.emails or self.phones or self.birth_hash or any(one.street for one in self.places))
