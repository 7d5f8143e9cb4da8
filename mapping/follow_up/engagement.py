"""When the borrower was heard of: from then on nobody hunts them, somebody is in touch with them."""

from __future__ import annotations

from datetime import datetime

from mapping.follow_up.news import News
from mapping.inquiry import ApplicationStatus, Inquiry

_GONE = ("canceled", "cancelled", "no_show")
_THEIRS = (ApplicationStatus.STARTED, ApplicationStatus.SUBMITTED)


def engaged_at_first(inquiry: Inquiry) -> datetime | None:
    """Whether a new inquiry is a conversation already: a meeting was booked, or a call was answered."""
    meeting, call = inquiry.meeting, inquiry.call
    if meeting and meeting.start and meeting.status not in _GONE:
        return max(meeting.start, inquiry.received_at)
    return inquiry.received_at if call and call.answered else None


def engaged_by(known: Inquiry, news: News, heard: Inquiry, now: datetime) -> datetime | None:
    """When the news says that the borrower was heard of, None when it does not.

    A meeting counts from when it is; what a partner or a lender did is no word of the borrower.
    """
    if known.partner and heard.borrower.email and heard.borrower.email == known.partner.email:
        return None
    if news.kind == "meeting" and heard.meeting:
        stands = heard.meeting.start and heard.meeting.status not in _GONE
        return max(heard.meeting.start or now, now) if stands else None
    if news.kind == "application":
        return now if heard.application and heard.application.status in _THEIRS else None
    return now if news.kind in ("call", "message", "documents") else None
