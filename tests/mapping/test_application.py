"""Words of portals for how far an application is, and what news do to an inquiry."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.application import STAGE_OF, read_status
from mapping.inquiry import Application, ApplicationStatus, Consent, Inquiry, Meeting, Party, Stage
from mapping.news import OUTCOMES, heard_together, next_stage, what_happened

_AT = datetime(2026, 11, 17, 17, 30, tzinfo=UTC)


def inquiry(status: ApplicationStatus | None = None, **more: object) -> Inquiry:
    application = Application(id="A-1", status=status, status_raw=status or "") if status else None
    known = Inquiry("portal", "path", _AT, Party(email="ada@example.com"), application=application)
    from dataclasses import replace

    return replace(known, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("Conditional Approval", ApplicationStatus.CONDITIONAL_APPROVAL),
        ("COND. APPROVAL", ApplicationStatus.CONDITIONAL_APPROVAL),
        ("clear_to_close", ApplicationStatus.CLEAR_TO_CLOSE),
        ("In Underwriting", ApplicationStatus.IN_REVIEW),
        ("Denied", ApplicationStatus.DECLINED),
        ("not approved yet", None),
        ("", None),
    ],
)
def test_status_words(words: str, status: ApplicationStatus | None) -> None:
    assert read_status(words) is status


def test_every_status_has_a_stage() -> None:
    assert set(STAGE_OF) == set(ApplicationStatus)


@given(st.sampled_from(Stage), st.sampled_from(ApplicationStatus))
def test_a_stage_only_moves_on(stage: Stage, status: ApplicationStatus) -> None:
    after = next_stage(stage, inquiry(status))
    order = [Stage.NEW, Stage.CONTACTED, Stage.COLLECTING_DOCUMENTS, Stage.LENDER_REVIEW, Stage.WAITING]
    if stage in OUTCOMES:
        assert after is stage
    elif after not in OUTCOMES:
        assert order.index(after) >= order.index(stage)
    assert next_stage(after, inquiry(status)) is after


def test_what_is_said_anew_wins_and_silence_erases_nothing() -> None:
    known = inquiry(ApplicationStatus.SUBMITTED, attachments=("a.pdf",), consent=Consent(sms=True))
    heard = inquiry(
        None,
        application=Application(reference="HP-1"),
        meeting=Meeting(start=_AT),
        attachments=("a.pdf", "b.pdf"),
        consent=Consent(sms=False, email=True),
    )
    after = heard_together(known, heard)
    assert after.application == Application("A-1", "HP-1", ApplicationStatus.SUBMITTED, "submitted")
    assert after.attachments == ("a.pdf", "b.pdf")
    assert (after.consent.sms, after.consent.email) == (False, None)
    assert heard_together(after, heard) == after


def test_news_say_nothing_personal() -> None:
    heard = inquiry(None, message="My number is 415-555-0100", attachments=("ada-statement.pdf",))
    assert what_happened(heard).summary == "1 document came in."
