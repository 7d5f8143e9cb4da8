"""The canonical inquiry: what was asked, by whom, about which property, with which consent."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from mapping.values import quickly_made


class InquiryType(StrEnum):
    """What the borrower needs; the last three are not loans."""

    PURCHASE = "purchase"
    REFINANCE = "refinance"
    RENEWAL = "renewal"
    PRE_APPROVAL = "pre_approval"
    SECOND_MORTGAGE = "second_mortgage"
    DEBT_CONSOLIDATION = "debt_consolidation"
    CONSTRUCTION = "construction"
    COMMERCIAL = "commercial"
    GENERAL_ADVICE = "general_advice"
    DOCUMENT_REQUEST = "document_request"
    LENDER_UPDATE = "lender_update"
    PARTNER_INQUIRY = "partner_inquiry"


#: What is no loan: nobody is pursued for it, and it needs no documents.
NO_LOANS = frozenset({InquiryType.DOCUMENT_REQUEST, InquiryType.LENDER_UPDATE, InquiryType.PARTNER_INQUIRY})


class Stage(StrEnum):
    """Where an inquiry stands; the last four are outcomes."""

    NEW = "new"
    CONTACTED = "contacted"
    COLLECTING_DOCUMENTS = "collecting_documents"
    LENDER_REVIEW = "lender_review"
    WAITING = "waiting"
    FUNDED = "funded"
    LOST = "lost"
    OPTED_OUT = "opted_out"
    SPAM = "spam"


class Timeframe(StrEnum):
    """When the borrower wants to act."""

    ASAP = "asap"
    WITHIN_30_DAYS = "within_30_days"
    MONTHS_1_3 = "1_3_months"
    MONTHS_3_6 = "3_6_months"
    MONTHS_6_12 = "6_12_months"
    OVER_12_MONTHS = "over_12_months"
    RESEARCHING = "researching"


class CreditBand(StrEnum):
    """excellent 740+, good 680-739, fair 620-679, poor under 620."""

    EXCELLENT = "excellent"
    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"
    UNKNOWN = "unknown"


class Contact(StrEnum):
    """How the borrower wants to be reached."""

    PHONE = "phone"
    SMS = "sms"
    EMAIL = "email"
    ANY = "any"


class ApplicationStatus(StrEnum):
    """How far a loan application has come."""

    STARTED = "started"
    SUBMITTED = "submitted"
    DOCUMENTS_PENDING = "documents_pending"
    IN_REVIEW = "in_review"
    CONDITIONAL_APPROVAL = "conditional_approval"
    APPROVED = "approved"
    CLEAR_TO_CLOSE = "clear_to_close"
    FUNDED = "funded"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@quickly_made
@dataclass(frozen=True, slots=True)
class Party:
    """A person named in an inquiry. Empty text means not said."""

    first_name: str = ""
    middle_name: str = ""
    last_name: str = ""
    suffix: str = ""
    company: str = ""
    email: str = ""  # lower case
    phone: str = ""  # E.164
    phone_ext: str = ""
    street: str = ""
    city: str = ""
    state: str = ""  # two letters, US state or Canadian province
    postal_code: str = ""
    birth_hash: str = ""  # keyed hash of the birth date; the date itself is never kept
    relationship: str = ""  # of a co-borrower to the borrower, in the sender's words

    @property
    def full_name(self) -> str:
        """First, middle, last name and suffix, as far as known."""
        parts = (self.first_name, self.middle_name, self.last_name, self.suffix)
        return " ".join(part for part in parts if part)

    @property
    def reachable(self) -> bool:
        """True when there is a way to reach this person."""
        return bool(self.email or self.phone)


@dataclass(frozen=True, slots=True)
class Amount:
    """Money as it was said: one value, or a range that never becomes a single value."""

    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None

    @property
    def known(self) -> bool:
        """True when anything was said."""
        return self.value is not None or self.low is not None or self.high is not None


@dataclass(frozen=True, slots=True)
class Property:
    """The property the loan is about; state decides licensing."""

    street: str = ""
    city: str = ""
    state: str = ""  # two letters
    postal_code: str = ""
    country: str = ""  # US or CA
    value: Amount = field(default_factory=Amount)
    use: str = ""  # primary, second_home, investment
    kind: str = ""  # single_family, condo, townhouse, multi_family, land, commercial, ...


@dataclass(frozen=True, slots=True)
class Loan:
    """The money side of the need."""

    amount: Amount = field(default_factory=Amount)
    down_payment: Amount = field(default_factory=Amount)
    currency: str = ""  # USD or CAD


@quickly_made
@dataclass(frozen=True, slots=True)
class Consent:
    """What the person agreed to, per channel (None = not asked or not said), with its evidence."""

    email: bool | None = None
    phone: bool | None = None
    sms: bool | None = None
    text: str = ""
    captured_at: datetime | None = None
    ip: str = ""
    page_url: str = ""
    certificate_url: str = ""
    lead_id_token: str = ""
    checkboxes: dict[str, bool] = field(default_factory=dict)  # each box by the sender's name, as it was left
    words: dict[str, str] = field(default_factory=dict)  # shown for one channel, where told apart
    opted_out: tuple[str, ...] = ()  # channels that the person asked us to leave, which is more than a no


@dataclass(frozen=True, slots=True)
class Attribution:
    """What brought the person here."""

    utm: dict[str, str] = field(default_factory=dict)  # source, medium, campaign, term, content
    click_ids: dict[str, str] = field(default_factory=dict)  # gclid, fbclid, msclkid, ...
    landing_page: str = ""
    referrer: str = ""
    campaign: str = ""  # the campaign's name as the sender calls it, when it is no UTM tag


@dataclass(frozen=True, slots=True)
class Application:
    """The loan application that an inquiry has become elsewhere."""

    id: str = ""  # of the portal or the loan origination system
    reference: str = ""  # the number people quote
    status: ApplicationStatus | None = None
    status_raw: str = ""  # in the vendor's words
    link: str = ""  # code of our application link that it came from
    status_at: datetime | None = None  # when the status was told; None = with the inquiry itself


@dataclass(frozen=True, slots=True)
class Meeting:
    """A booked appointment; times are aware."""

    start: datetime | None = None
    end: datetime | None = None
    status: str = ""  # active, rescheduled, canceled, no_show
    title: str = ""
    url: str = ""  # where to reschedule or cancel


@dataclass(frozen=True, slots=True)
class Call:
    """A telephone call that was made before it became an inquiry."""

    direction: str = ""  # inbound, outbound
    duration_seconds: int | None = None
    answered: bool | None = None
    recording_url: str = ""


@quickly_made
@dataclass(frozen=True, slots=True)
class Inquiry:
    """A submission once understood: one borrower (and co-borrower), one need."""

    source: str  # vendor of the way in: typeform, html-form, json, hosted-form
    path: str  # name of the intake path
    received_at: datetime
    borrower: Party
    type: InquiryType = InquiryType.GENERAL_ADVICE
    type_reason: str = ""
    co_borrower: Party | None = None
    partner: Party | None = None
    property: Property = field(default_factory=Property)
    loan: Loan = field(default_factory=Loan)
    timeframe: Timeframe | None = None
    timeframe_date: date | None = None
    credit_band: CreditBand | None = None
    preferred_contact: Contact | None = None
    preferred_time: str = ""
    message: str = ""
    language: str = "en"
    assigned_to: str = ""  # loan officer named by the form's link, as written there
    consent: Consent = field(default_factory=Consent)
    attribution: Attribution = field(default_factory=Attribution)
    external_id: str = ""
    event_id: str = ""
    submitted_at: datetime | None = None
    employment: str = ""  # employed, self_employed, retired, ... or the employer's name
    application: Application | None = None
    meeting: Meeting | None = None
    call: Call | None = None
    attachments: tuple[str, ...] = ()  # file names; what they hold is kept apart or not at all
    refs: tuple[str, ...] = ()  # names under which the sender speaks of it again
    unmapped: tuple[tuple[str, str], ...] = ()  # (question, answer) nobody mapped: kept, shown in the note
    flags: tuple[str, ...] = ()  # advisory words: ambiguous_phone, ambiguous_amount, invalid_email, ...
