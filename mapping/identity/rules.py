"""What a brokerage says itself of who is who: from how many bits on, and what is nobody's own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf

from mapping.identity import weights
from mapping.inquiry import Party
from mapping.people import lookup_keys
from mapping.people.inboxes import inbox
from mapping.people.lookup_keys import Key

#: From so many bits on: no evidence ever comes to that.
NEVER = inf


@dataclass(frozen=True, slots=True)
class IdentityRules:
    """The bits from which on it is one person, or a person is asked; and what many give.

    emails are inboxes in their shortest form, domains whole domains, phones E.164: they are stored and
    delivered like any other, and tell neither of a person nor of a household.
    """

    same_from: float = weights.LINK
    ask_from: float = weights.REVIEW
    ask_by_name_from: float = weights.REVIEW_BY_NAME
    emails: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()

    @property
    def sets_aside(self) -> bool:
        """Whether there is anything that is nobody's own."""
        return bool(self.emails or self.domains or self.phones)

    def is_many_peoples(self, email: str) -> bool:
        """Whether this very address was named as one that many give, and not only its domain."""
        return bool(self.emails) and inbox(email).address in self.emails

    def is_evidence(self, key: Key) -> bool:
        """Whether a key tells of somebody; most kinds always do."""
        kind, value = key
        if kind == "email" and (self.emails or self.domains):
            address = inbox(value).address
            return address not in self.emails and address.rpartition("@")[2] not in self.domains
        return kind != "phone" or value not in self.phones

    def own(self, kind: str, values: Iterable[str]) -> tuple[str, ...]:
        """Those of somebody's emails or phones that are evidence."""
        return tuple(value for value in values if self.is_evidence((kind, value)))

    def email_key(self, email: str) -> str:
        """The address for comparing, "" when it is nobody's own."""
        key = lookup_keys.email_key(email)
        return key if not self.sets_aside or self.is_evidence(("email", key)) else ""

    def phone_key(self, phone: str) -> str:
        """The number for comparing, "" when it is nobody's own."""
        key = lookup_keys.phone_key(phone)
        return "" if key in self.phones else key

    def explained(self, party: Party) -> tuple[str, ...]:
        """What of the party's counts for nothing, in words."""
        if not self.sets_aside:
            return ()
        given = (("email", party.email), ("phone", party.phone))
        return tuple(
            f"the playbook says that this {kind} is nobody's own"
            for kind, value in given
            if value and not self.is_evidence((kind, value))
        )


#: Where the playbook says nothing.
USUAL = IdentityRules()
