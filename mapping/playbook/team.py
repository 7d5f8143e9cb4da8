"""The team as data: who may act where and when, what goes to whom, who is on duty, who takes over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from mapping.hours.business import Absence, BusinessHours, WorkingHours
from mapping.hours.windows import Hours
from mapping.inquiry import InquiryType

#: What a referral partner may be.
PARTNER_KINDS = (
    "realtor",
    "builder",
    "planner",
    "accountant",
    "attorney",
    "insurance",
    "lender",
    "employer",
    "past_client",
    "other",
)
ANY_PARTNER = "any"


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence in one state or province; valid up to and including the day it expires, from issued on."""

    number: str
    expires: date
    issued: date | None = None


@dataclass(frozen=True, slots=True)
class Capacity:
    """The most inquiries that rules and turns give to a member; None = no limit."""

    per_day: int | None = None  # that came since midnight in the brokerage's zone
    open: int | None = None  # that have no outcome yet


@dataclass(frozen=True, slots=True)
class Member:
    """A loan officer. email is how the CRM knows the owner; types empty = takes every inquiry type."""

    name: str
    email: str
    licences: Mapping[str, Licence]  # two-letter state or province → licence
    hours: BusinessHours
    weight: float = 1.0
    languages: tuple[str, ...] = ("en",)
    absences: tuple[Absence, ...] = ()
    paused: bool = False
    types: frozenset[InquiryType] = frozenset()
    nmls: str = ""  # the number that is the same in every state of the US
    capacity: Capacity = Capacity()
    duty: tuple[Hours, ...] = ()  # shifts of the roster that the member stands in

    @property
    def timezone(self) -> str:
        """The IANA zone the member works in."""
        return self.hours.zone

    @property
    def works(self) -> BusinessHours | WorkingHours:
        """When the member works: the own hours, and every hour on duty."""
        return WorkingHours(self.hours, self.duty) if self.duty else self.hours


@dataclass(frozen=True, slots=True)
class OwnerRule:
    """Inquiries like this go to these members (emails); every empty condition is met by anything."""

    name: str
    assign: tuple[str, ...]
    types: frozenset[InquiryType] = frozenset()
    states: frozenset[str] = frozenset()
    paths: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()  # in lower case, as are campaigns, partners and languages
    languages: frozenset[str] = frozenset()
    campaigns: frozenset[str] = frozenset()
    partners: frozenset[str] = frozenset()  # names of partners, addresses, "@domains", or ANY_PARTNER
    partner_kinds: frozenset[str] = frozenset()
    amount_from: Decimal | None = None
    amount_to: Decimal | None = None


@dataclass(frozen=True, slots=True)
class KnownPartner:
    """A referral partner of the brokerage; emails are addresses and "@domains", in lower case.

    owner is the email of the partner's own loan officer, "" = whoever had the partner's last borrower.
    """

    name: str
    emails: tuple[str, ...]
    kind: str = "other"
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Shift:
    """Hours of the duty roster, and the members (emails) who take turns in them."""

    name: str
    members: tuple[str, ...]
    hours: Hours
    only_holidays: bool = False


@dataclass(frozen=True, slots=True)
class Reassign:
    """When the first touch is not done in time, the next one gets the inquiry.

    after_minutes counts only while the owner works and the borrower may be contacted. After at_most times
    the fallback is told, and the inquiry stays where it is.
    """

    after_minutes: int
    at_most: int
