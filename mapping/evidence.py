"""What a person and one known borrower have in common, and what speaks against their being one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from mapping.first_names import Agreement, best
from mapping.inquiry import Party
from mapping.lookup_keys import Key, email_key, is_fictional, phone_key
from mapping.normalize.text import fold, word_set

_PARTICLES = word_set("de la del los las y van von der den du le st el al di da dos das bin san santa")


@dataclass(frozen=True, slots=True)
class KnownBorrower:
    """A borrower we have, with every name and identifier they were seen with; inquiries counts theirs.

    apart_from are the borrowers whom a person said this one is not, of one household or of none.
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


@dataclass(frozen=True, slots=True)
class Evidence:
    """One comparison. shared names the identifiers that agree: email, phone, birth date (in that order).

    None means that one side did not say. fictional_only: nothing but a 555-01xx number is shared;
    all_changed: both sides have an email and a phone and neither agrees.
    """

    borrower: KnownBorrower
    shared: tuple[str, ...]
    first_name: Agreement
    last_name: bool | None
    suffix: bool | None
    birth_date: bool | None
    fictional_only: bool
    all_changed: bool

    @property
    def shared_in_words(self) -> str:
        """ "same email and phone"."""
        return f"same {' and '.join(self.shared)}"


def compare(party: Party, borrower: KnownBorrower, worthless: Collection[Key] = ()) -> Evidence:
    """The evidence for and against party being borrower. Dummies and role inboxes count for nothing."""
    email, phone = email_key(party.email), phone_key(party.phone)
    email = "" if ("email", email) in worthless else email
    phone = "" if ("phone", phone) in worthless else phone
    same_email = bool(email) and email in {known.lower() for known in borrower.emails}
    same_phone = bool(phone) and phone in borrower.phones
    birth_date = _agree(party.birth_hash, borrower.birth_hash)
    checks = (("email", same_email), ("phone", same_phone), ("birth date", birth_date))
    can_differ = bool(email and phone and borrower.emails and borrower.phones)
    return Evidence(
        borrower=borrower,
        shared=tuple(kind for kind, agrees in checks if agrees),
        first_name=best(party.first_name, borrower.first_names),
        last_name=_last_names_agree(party.last_name, borrower.last_names),
        suffix=_agree(party.suffix.strip(".").lower(), borrower.suffix.strip(".").lower()),
        birth_date=birth_date,
        fictional_only=same_phone and not same_email and not birth_date and is_fictional(phone),
        all_changed=can_differ and not same_email and not same_phone,
    )


def _agree(one: str, other: str) -> bool | None:
    return one == other if one and other else None


def _last_names_agree(name: str, others: tuple[str, ...]) -> bool | None:
    """True when a part is shared: hyphenated and double surnames carry both families' names."""
    words = _parts(name)
    known = [parts for parts in map(_parts, others) if parts]
    if not words or not known:
        return None
    return any(words & parts for parts in known)


def _parts(name: str) -> frozenset[str]:
    words = fold(name.replace("'", "").replace("’", "")).split()
    return frozenset(words) - _PARTICLES or frozenset(words)
