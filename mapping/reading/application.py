"""The loan application in an inquiry: which one, and how far it has come, whatever its portal calls that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from mapping.inquiry import Application, ApplicationStatus, Inquiry, Stage
from mapping.normalize.text import fold
from mapping.reading.sheet import Sheet

_S = ApplicationStatus

# Portals and loan origination systems: Blend, Encompass, nCino, Finmo, Velocity, Filogix (intake-formats §6).
_WORDS: Mapping[str, ApplicationStatus] = {
    **dict.fromkeys(
        ("started", "application started", "created", "in progress", "invited", "prequalification"),
        _S.STARTED,
    ),
    **dict.fromkeys(
        (
            *("submitted", "application submitted", "application completed", "completed application"),
            *("application", "application taken", "received", "new application"),
        ),
        _S.SUBMITTED,
    ),
    **dict.fromkeys(
        (
            *(
                "documents pending",
                "documents needed",
                "documents requested",
                "conditions",
                "needs documents",
            ),
            *("pending documents", "document collection", "collecting documents"),
        ),
        _S.DOCUMENTS_PENDING,
    ),
    **dict.fromkeys(
        (
            *("in review", "processing", "in underwriting", "underwriting", "submittal", "live deal"),
            *("lender review", "submitted to lender", "in process"),
        ),
        _S.IN_REVIEW,
    ),
    **dict.fromkeys(
        ("conditional approval", "cond approval", "conditionally approved", "approved with conditions"),
        _S.CONDITIONAL_APPROVAL,
    ),
    **dict.fromkeys(("approved", "approval", "final approval", "committed", "commitment"), _S.APPROVED),
    **dict.fromkeys(("clear to close", "ctc", "cleared to close", "broker complete"), _S.CLEAR_TO_CLOSE),
    **dict.fromkeys(("funded", "closed", "completion", "funding", "purchased", "settled"), _S.FUNDED),
    **dict.fromkeys(("declined", "denied", "adverse", "rejected", "turned down"), _S.DECLINED),
    **dict.fromkeys(("withdrawn", "cancelled", "canceled", "archived"), _S.WITHDRAWN),
}

#: Where an inquiry stands when its application has come so far; an outcome is only ever told by the portal.
STAGE_OF: Mapping[ApplicationStatus, Stage] = {
    _S.STARTED: Stage.CONTACTED,
    _S.SUBMITTED: Stage.COLLECTING_DOCUMENTS,
    _S.DOCUMENTS_PENDING: Stage.COLLECTING_DOCUMENTS,
    _S.IN_REVIEW: Stage.LENDER_REVIEW,
    _S.CONDITIONAL_APPROVAL: Stage.LENDER_REVIEW,
    _S.APPROVED: Stage.WAITING,
    _S.CLEAR_TO_CLOSE: Stage.WAITING,
    _S.FUNDED: Stage.FUNDED,
    _S.DECLINED: Stage.LOST,
    _S.WITHDRAWN: Stage.LOST,
}


def read_status(words: str) -> ApplicationStatus | None:
    """The status that a portal's word stands for; None for a word we do not know (it changes nothing)."""
    return _WORDS.get(fold(words))


def read_application(sheet: Sheet) -> Application | None:
    """The application that the answers speak of, if any; an unknown status is flagged and kept as written."""
    words = sheet.text("application_status")
    status = read_status(words) if words else None
    if words and status is None:
        sheet.flag("unknown_application_status")
    application = Application(
        id=sheet.text("application_id"),
        reference=sheet.text("application_ref"),
        status=status,
        status_raw=words,
        link=sheet.text("application_link"),
    )
    return application if application != Application() else None


def is_late(known: Inquiry, heard: Inquiry) -> bool:
    """Whether what was heard tells an older status than the one known: events may arrive in any order."""
    now, then = known.application, heard.application
    if now is None or then is None or not now.status_raw or not then.status_raw:
        return False
    return _told_at(heard) < (now.status_at or _told_at(known))


def in_order(known: Inquiry, heard: Inquiry) -> Inquiry:
    """What was heard with the moment of its status; an older status than the one known is left out.

    Whatever else an older event says of the application only fills gaps.
    """
    application = heard.application
    if application is None or not application.status_raw:
        return heard
    if not is_late(known, heard) or known.application is None:
        return replace(heard, application=replace(application, status_at=_told_at(heard)))
    now = known.application
    gaps = {
        name: getattr(application, name) for name in ("id", "reference", "link") if not getattr(now, name)
    }
    return replace(heard, application=Application(**gaps))


def _told_at(heard: Inquiry) -> datetime:
    """When the sender told it, as far as it says so: not later than it arrived, whatever its clock shows."""
    return min(heard.submitted_at or heard.received_at, heard.received_at)
