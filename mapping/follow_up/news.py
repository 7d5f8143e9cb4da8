"""What happened to an inquiry since it came: what is known now, its stage, and the task that follows."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from mapping.consent.agreed import CHANNELS, without
from mapping.follow_up.first_task import (
    CALLED,
    MEETING,
    PlannedFollowUp,
    channel_for,
    in_hours,
    reminder_channel,
)
from mapping.follow_up.standing_in import Doer, doer
from mapping.follow_up.task_text import news_body
from mapping.inquiry import (
    Amount,
    Application,
    Consent,
    CreditBand,
    Inquiry,
    InquiryType,
    Loan,
    Meeting,
    Party,
    Property,
    Stage,
)
from mapping.messages.filling import message_lines
from mapping.ownership.owner import OwnerDecision
from mapping.ownership.turns import Turns
from mapping.playbook.model import FirstTouch, Playbook
from mapping.reading.application import STAGE_OF

_ORDER = (Stage.NEW, Stage.CONTACTED, Stage.COLLECTING_DOCUMENTS, Stage.LENDER_REVIEW, Stage.WAITING)
OUTCOMES = frozenset({Stage.FUNDED, Stage.LOST, Stage.OPTED_OUT, Stage.SPAM})
_GONE = ("canceled", "cancelled", "no_show")
_MINUTES = 30  # in which news want a person's look, when the playbook says nothing of them

Facts = TypeVar("Facts", Party, Application, Meeting)
Gaps = TypeVar("Gaps", Party, Property, Loan)


@dataclass(frozen=True, slots=True)
class News:
    """One thing that happened: kind is application, meeting, documents, call or message; summary has no
    personal data."""

    kind: str
    summary: str


def heard_together(known: Inquiry, heard: Inquiry) -> Inquiry:
    """What is known after the news: said anew wins for application and meeting, fills gaps elsewhere."""
    # A partner who writes again in the same thread is not the borrower.
    by_partner = known.partner and heard.borrower.email and heard.borrower.email == known.partner.email
    return replace(
        known,
        borrower=known.borrower if by_partner else _filled(known.borrower, heard.borrower),
        co_borrower=known.co_borrower or heard.co_borrower,
        partner=known.partner or heard.partner,
        **_need(known, heard),
        **_when(known, heard),
        credit_band=_credit(known) or heard.credit_band or known.credit_band,
        **({} if by_partner else _how_to_reach(known, heard)),
        property=_filled(known.property, heard.property),
        loan=_filled(known.loan, heard.loan),
        employment=known.employment or heard.employment,
        application=_newest(known.application, heard.application),
        meeting=_newest(known.meeting, heard.meeting),
        call=heard.call or known.call,
        attachments=tuple(dict.fromkeys((*known.attachments, *heard.attachments))),
        consent=_with_refusals(known.consent, heard.consent),
        refs=tuple(dict.fromkeys((*known.refs, *heard.refs))),
    )


def is_nothing_new(known: Inquiry, heard: Inquiry) -> bool:
    """Whether an event about the application tells what is known: portals send one for every change."""
    now = heard.application
    if now is None or heard.meeting or heard.call or not set(heard.attachments) <= set(known.attachments):
        return False
    before = known.application or Application()
    same = (now.status, now.status_raw.casefold()) == (before.status, before.status_raw.casefold())
    return same or not now.status_raw


def says_the_same(known: Inquiry, after: Inquiry) -> bool:
    """Whether the CRMs hold all of what is known after the news: names for it and times are ours alone."""
    now, then = after.application, known.application
    told = replace(now, status_at=then.status_at) if now and then else now
    return replace(after, refs=known.refs, application=told) == known


def next_stage(stage: Stage, heard: Inquiry) -> Stage:
    """Where the inquiry stands after the news: only ever further on; an outcome stays."""
    status = heard.application.status if heard.application else None
    if status is None or stage in OUTCOMES:
        return stage
    reached = STAGE_OF[status]
    return reached if is_further(stage, reached) else stage


def is_further(stage: Stage, reached: Stage) -> bool:
    """Whether an open inquiry moves on when it reaches that stage."""
    return reached in OUTCOMES or _ORDER.index(reached) > _ORDER.index(stage)


def what_happened(heard: Inquiry) -> News:
    """The news in a few words."""
    if heard.application and heard.application.status_raw:
        return News("application", f"The application is now: {_status_words(heard.application)}.")
    if heard.application and not (heard.meeting or heard.attachments or heard.call):
        return News("application", "The application was updated.")
    if heard.meeting:
        return News("meeting", f"The meeting was {_meeting_words(heard.meeting)}.")
    if heard.attachments:
        count = len(heard.attachments)
        return News("documents", f"{count} document{'' if count == 1 else 's'} came in.")
    if heard.call:
        return News("call", "The borrower called.")
    return News("message", "The borrower or partner wrote again.")


def came_late(said: Inquiry, news: News) -> News:
    """The news of an event with an older status than the one known: only what came beside it is news."""
    if news.kind != "application" or said.application is None:
        return news
    words = _status_words(said.application)
    return News(news.kind, f"An earlier word about the application came late and changed nothing: {words}.")


def _status_words(application: Application) -> str:
    return application.status.replace("_", " ") if application.status else "a status that is not known here"


def told_elsewhere(heard: Inquiry) -> bool:
    """A booking that was given up for another: the other one's own event says when and plans for it."""
    meeting = heard.meeting
    return meeting is not None and meeting.status == "rescheduled" and meeting.start is None


def plan_after_news(
    after: Inquiry,
    news: News,
    heard: Inquiry,
    decision: OwnerDecision,
    playbook: Playbook,
    *,
    now: datetime,
    turns: Turns | None = None,
) -> PlannedFollowUp:
    """The task that the news asks for: a meeting is its own date, everything else wants a look soon.

    turns tell who stands in for an owner who is away.
    """
    purpose, wanted = _task(news, heard)
    channel, why = channel_for(after, FirstTouch(_MINUTES, wanted, "HIGH", purpose), decision, playbook)
    meeting, does = heard.meeting, Doer(decision)
    if purpose == MEETING and meeting and meeting.start:
        due, why_due = meeting.start.astimezone(UTC), "Due when the meeting begins."
    else:
        wish = now.astimezone(UTC) + timedelta(minutes=_MINUTES)
        called = channel in CALLED
        does = doer(after, decision, playbook, wish, legal=called, turns=turns)
        due, why_due = in_hours(after, does.who, playbook, wish, _MINUTES, legal=called)
    reason = " ".join(filter(None, (why, does.why, why_due)))
    written = reminder_channel(after) if purpose == MEETING else channel
    message = message_lines(playbook, after, does.who, (), channel=written, purpose=purpose)
    return PlannedFollowUp(
        purpose=purpose,
        channel=channel,
        due_at=due,
        subject=f"{_SUBJECTS[purpose]} {after.borrower.full_name or 'the borrower'}",
        body=news_body(news.summary, heard, reason, message),
        priority="HIGH",
        reason=reason,
        owner=does.stand_in,
    )


_SUBJECTS = {
    "meeting": "Meet",
    "rebook_meeting": "Rebook the meeting with",
    "review_documents": "Review documents of",
    "application_update": "Tell about the application:",
    "call_back": "Call back",
    "answer_message": "Answer",
}


def _task(news: News, heard: Inquiry) -> tuple[str, str]:
    """Purpose and channel."""
    if news.kind == "meeting":
        gone = heard.meeting is not None and heard.meeting.status in _GONE
        return ("rebook_meeting", "call") if gone else ("meeting", "call")
    return {
        "application": ("application_update", "call"),
        "documents": ("review_documents", "review"),
        "call": ("call_back", "call"),
    }.get(news.kind, ("answer_message", "review"))


def _meeting_words(meeting: Meeting) -> str:
    return {"canceled": "cancelled", "no_show": "missed", "": "booked", "active": "booked"}.get(
        meeting.status, meeting.status
    )


def _need(known: Inquiry, heard: Inquiry) -> dict[str, Any]:
    """What kind of help it is about, when only the news tells."""
    if known.type is not InquiryType.GENERAL_ADVICE or heard.type is InquiryType.GENERAL_ADVICE:
        return {}
    return {"type": heard.type, "type_reason": heard.type_reason}


def _when(known: Inquiry, heard: Inquiry) -> dict[str, Any]:
    """When the borrower wants to act: a day says more than a span, else what was said first stays."""
    said = known.timeframe_date or (known.timeframe and not heard.timeframe_date)
    return {} if said else {"timeframe": heard.timeframe, "timeframe_date": heard.timeframe_date}


def _credit(inquiry: Inquiry) -> CreditBand | None:
    """What was said of it; "I do not know" says nothing."""
    return None if inquiry.credit_band is CreditBand.UNKNOWN else inquiry.credit_band


def _how_to_reach(known: Inquiry, heard: Inquiry) -> dict[str, Any]:
    """The borrower's own wish, when only the news tells."""
    return {
        "preferred_contact": known.preferred_contact or heard.preferred_contact,
        "preferred_time": known.preferred_time or heard.preferred_time,
    }


def _filled(known: Gaps, heard: Gaps) -> Gaps:
    gaps = {
        one.name: value
        for one in fields(heard)
        if _said(value := getattr(heard, one.name)) and not _said(getattr(known, one.name))
    }
    return replace(known, **gaps)


def _said(value: object) -> bool:
    return value.known if isinstance(value, Amount) else bool(value)


def _newest(known: Facts | None, heard: Facts | None) -> Facts | None:
    """What was heard, with what is known where nothing was said."""
    if known is None or heard is None:
        return heard or known
    said = {one.name: value for one in fields(heard) if (value := getattr(heard, one.name)) not in (None, "")}
    return replace(known, **said)


def _with_refusals(known: Consent, heard: Consent) -> Consent:
    """A later yes needs its own evidence and stays with its event; a no counts at once."""
    return without(known, [channel for channel in CHANNELS if getattr(heard, channel) is False])
