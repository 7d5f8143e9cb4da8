"""Cadences as data: for which inquiries, from which moment on, which touches in which order."""

from __future__ import annotations

from dataclasses import dataclass

from mapping.inquiry import ApplicationStatus, CreditBand, InquiryType, Stage, Timeframe

#: The moments that touches may be counted from.
ANCHORS = ("received", "engaged", "stage", "application", "maturity", "funded", "rates")
#: What the borrower did since: nothing that we know of, or anything.
ENGAGEMENTS = ("none", "replied")
REPEATS = ("daily", "weekly", "biweekly", "monthly", "quarterly", "annual")
OPEN_STAGES = frozenset(
    {Stage.NEW, Stage.CONTACTED, Stage.COLLECTING_DOCUMENTS, Stage.LENDER_REVIEW, Stage.WAITING}
)


@dataclass(frozen=True, slots=True)
class Touch:
    """One contact: day and minutes after the cadence's anchor (before it when negative).

    A repeated one comes again until the cadence ends. template names what is sent ("" = nothing ready).
    """

    name: str
    channel: str  # preferred, call, text, email, document_request, review
    purpose: str
    day: int = 0
    minutes: int = 0
    priority: str = "MEDIUM"
    template: str = ""
    repeat: str = ""  # "" = once


@dataclass(frozen=True, slots=True)
class Cadence:
    """Touches for inquiries like this; every empty condition is met by anything.

    It runs from from_day (None = always) until until_day (None = for good), counted from its anchor. missing
    asks whether the checklist has gaps. pursuit: it pursues the borrower, not one loan, so that only the
    newest of a borrower's inquiries has it. waits_for_owner: its touches may wait for an owner who is away.
    workflow and tag are for HighLevel, which then does the touching.
    """

    name: str
    anchor: str
    touches: tuple[Touch, ...]
    phase: str = ""
    from_day: int | None = None
    until_day: int | None = None
    types: frozenset[InquiryType] = frozenset()
    timeframes: frozenset[Timeframe] = frozenset()
    credit: frozenset[CreditBand] = frozenset()
    sources: frozenset[str] = frozenset()
    paths: frozenset[str] = frozenset()
    engagement: frozenset[str] = frozenset()
    stages: frozenset[Stage] = OPEN_STAGES
    application: frozenset[ApplicationStatus] = frozenset()
    missing: bool | None = None
    pursuit: bool = True
    waits_for_owner: bool = True
    workflow: str = ""
    tag: str = ""

    @property
    def left_to_highlevel(self) -> bool:
        """Whether HighLevel follows up by itself once it was started."""
        return bool(self.workflow or self.tag)


@dataclass(frozen=True, slots=True)
class DocumentRule:
    """A document that these types need (none named = all loans), known by words in a file's name.

    employments: only borrowers who said one of these; none named = whatever they said.
    """

    name: str
    words: tuple[str, ...]
    types: frozenset[InquiryType] = frozenset()
    employments: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class FollowUpWindow:
    """How much of a plan stands in the CRM: so many touches, none that is due later than days from now.

    review_days: when a cadence has nothing more, after so many days somebody decides what comes next.
    """

    touches: int = 2
    days: int = 7
    review_days: int = 30
