"""The playbook as data: the team, who owns what, what is written where, what happens next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mapping.hours.business import BusinessHours
from mapping.hours.calling_tables import HouseRule
from mapping.identity.rules import IdentityRules
from mapping.inquiry import Contact, InquiryType, Stage
from mapping.people.survivorship import Survivorship
from mapping.playbook.cadences import Cadence, DocumentRule, FollowUpWindow
from mapping.playbook.reading import Reading
from mapping.playbook.team import KnownPartner, Licence, Member, OwnerRule, Reassign, Shift
from mapping.playbook.templates import Brokerage, MessageTemplate
from mapping.priority.score import PriorityRules

__all__ = [
    "CHANNELS",
    "CRM_KINDS",
    "PRIORITIES",
    "CrmMapping",
    "FieldRule",
    "FirstTouch",
    "Licence",
    "Member",
    "OwnerRule",
    "Playbook",
]

CRM_KINDS = ("hubspot", "salesforce", "salesforce_lead", "salesforce_person_account", "highlevel")
CHANNELS = ("call", "text", "email", "document_request", "review")
AS_PREFERRED = "preferred"  # the channel that the borrower asked for
PRIORITIES = ("LOW", "MEDIUM", "HIGH")


@dataclass(frozen=True, slots=True)
class FieldRule:
    """One property of the CRM and where its value comes from.

    source is a canonical name of mapping.facts, values a translation (canonical value → CRM value),
    builtin a property that every account of this CRM has: it is written but never created.
    """

    property: str
    source: str
    label: str
    type: str
    options: tuple[str, ...] = ()
    values: Mapping[str, str] | None = None
    transform: str = ""
    overwrite: bool = False
    builtin: bool = False
    description: str = ""
    long: bool = False  # text that may have more than 255 characters


@dataclass(frozen=True, slots=True)
class CrmMapping:
    """How an inquiry is written in one kind of CRM; stages maps ours to the pipeline's labels."""

    pipeline: str
    stages: Mapping[Stage, str]
    contact: tuple[FieldRule, ...]
    deal: tuple[FieldRule, ...]
    deal_name: tuple[str, ...]
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FirstTouch:
    """The first follow-up for inquiries like this; channel may be "preferred"."""

    minutes: int
    channel: str
    priority: str
    purpose: str
    types: frozenset[InquiryType] = frozenset()
    preferred: frozenset[Contact] = frozenset()
    working_time: bool = False  # minutes count only while the owner works


@dataclass(frozen=True, slots=True)
class Playbook:
    """The consultant's document, checked and resolved. revision is a prefix of the text's SHA-256."""

    name: str
    revision: str
    country: str  # US or CA
    timezone: str
    hours: BusinessHours
    team: tuple[Member, ...]
    owner_rules: tuple[OwnerRule, ...]
    fallback: str  # email of the queue's owner, "" = nobody
    route_in_hours_only: bool
    crm: Mapping[str, CrmMapping]
    follow_up: tuple[FirstTouch, ...]  # first match wins; the last one matches everything
    checklists: Mapping[InquiryType, tuple[str, ...]]  # canonical names that are expected
    cadences: tuple[Cadence, ...] = ()  # at each moment the first one that matches decides
    documents: tuple[DocumentRule, ...] = ()
    in_crm: FollowUpWindow = field(default_factory=FollowUpWindow)
    review_days: int = 30  # how long a question of who is who waits for an answer
    identity: IdentityRules = field(default_factory=IdentityRules)
    survivorship: Survivorship = field(default_factory=Survivorship)
    priority: PriorityRules = field(default_factory=PriorityRules)
    partners: tuple[KnownPartner, ...] = ()
    duty: tuple[Shift, ...] = ()
    reassign: Reassign | None = None  # None = whoever has an inquiry keeps it
    stand_in_after_hours: int = 24  # what an absence may cost a task before somebody else does it

    calling: tuple[HouseRule, ...] = ()  # narrower than the law's hours, never wider
    reading: Reading = field(default_factory=Reading)
    brokerage: Brokerage = field(default_factory=Brokerage)
    templates: Mapping[str, MessageTemplate] = field(default_factory=dict)
    document_names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # es → name → in Spanish

    def member(self, email: str) -> Member | None:
        """The member with this email, in whatever case; None for anybody else."""
        wanted = email.casefold()
        return next((member for member in self.team if member.email.casefold() == wanted), None)
