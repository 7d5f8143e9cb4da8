"""Words of portals for how far an application is, and what news do to an inquiry."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.follow_up.news import OUTCOMES, heard_together, next_stage, what_happened
from mapping.inquiry import (
    Application,
    ApplicationStatus,
    Consent,
    Contact,
    CreditBand,
    Inquiry,
    Meeting,
    Party,
    Stage,
    Timeframe,
)
from mapping.reading.application import STAGE_OF, in_order, read_status

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


def test_what_the_checklist_asks_for_is_filled_from_news() -> None:
    known = inquiry(ApplicationStatus.STARTED, credit_band=CreditBand.UNKNOWN)
    day, reach = date(2027, 6, 1), {"preferred_contact": Contact.SMS, "preferred_time": "evenings"}
    heard = inquiry(None, timeframe=Timeframe.ASAP, credit_band=CreditBand.GOOD, **reach)
    after = heard_together(known, heard)
    assert (after.timeframe, after.credit_band) == (Timeframe.ASAP, CreditBand.GOOD)
    assert (after.preferred_contact, after.preferred_time) == (Contact.SMS, "evenings")
    later = inquiry(None, timeframe=Timeframe.RESEARCHING, credit_band=CreditBand.POOR)
    assert heard_together(after, later) == after, "what was said first stays"
    dated = inquiry(None, timeframe=Timeframe.MONTHS_6_12, timeframe_date=day)
    assert heard_together(after, dated).timeframe_date == day, "a day says more than a span"


def test_how_a_partner_wants_a_borrower_reached_is_no_wish_of_the_borrowers() -> None:
    partner = Party(first_name="Lena", last_name="Hart", email="lena@harbour.example.com")
    known = inquiry(None, partner=partner)
    heard = inquiry(None, borrower=partner, preferred_contact=Contact.SMS, timeframe=Timeframe.ASAP)
    after = heard_together(known, heard)
    assert (after.preferred_contact, after.timeframe) == (None, Timeframe.ASAP)


@given(st.lists(st.tuples(st.sampled_from(ApplicationStatus), st.integers(0, 50)), min_size=1, max_size=8))
def test_the_newest_status_counts_in_whatever_order_they_come(
    told: list[tuple[ApplicationStatus, int]],
) -> None:
    late = _AT + timedelta(days=9)
    events = [inquiry(s, received_at=late, submitted_at=_AT + timedelta(minutes=m)) for s, m in told]
    known = events[0]
    for heard in events[1:]:
        known = heard_together(known, in_order(known, heard))
    newest = max(minute for _, minute in told)
    last = [status for status, minute in told if minute == newest][-1]
    assert known.application is not None
    assert known.application.status is last


def test_news_say_nothing_personal() -> None:
    heard = inquiry(None, message="My number is 415-555-0100", attachments=("ada-statement.pdf",))
    assert what_happened(heard).summary == "1 document came in."
