"""The first follow-up: channel, due time, words, and what is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapping.follow_up.first_task import PlannedFollowUp, missing_information, plan_first_touch
from mapping.follow_up.reminders import plan_reminder
from mapping.hours.business import Absence
from mapping.hours.calling import calling_hours
from mapping.hours.calling_tables import calling_tables
from mapping.hours.windows import is_open
from mapping.inquiry import (
    Amount,
    Consent,
    Contact,
    CreditBand,
    InquiryType,
    Loan,
    Meeting,
    Party,
    Property,
    Timeframe,
)
from mapping.ownership.owner import Standing, choose_owner
from mapping.playbook import Playbook
from tests.mapping.people import CA, DANIEL, MAYA, NOON, PRIYA, RENATA, US, inquiry, owned_by


def plan(
    playbook: Playbook = US,
    *,
    owner: str = "maya@example.com",
    received: datetime = NOON,
    now: datetime | None = None,
    returning: bool = False,
    **changes: Any,
) -> PlannedFollowUp:
    asked = inquiry(received_at=received, **changes)
    decision = owned_by(owner, playbook)
    return plan_first_touch(asked, decision, playbook, now=now or received, returning=returning)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# --- when


@pytest.mark.parametrize(
    ("received", "state", "due", "words"),
    [
        ("2026-06-10 16:00", "CA", "2026-06-10 16:05", "5 minutes after"),
        # 13:00 UTC is 9:00 in New York, where Maya begins, and 6:00 in California
        ("2026-06-10 13:00", "CA", "2026-06-10 15:00", "calls to CA"),
        # 17:28 in New York: five minutes later Maya is off, and California opens at 11:00 by her clock
        ("2026-06-10 21:28", "CA", "2026-06-11 15:00", "Maya Whitfield"),
        # Friday evening: nobody works on Saturday and Sunday
        ("2026-06-12 21:30", "CA", "2026-06-15 15:00", "Mon 15 Jun 11:00 EDT"),
        # the eve of a holiday (Friday 3 July is Independence Day, observed)
        ("2026-07-02 21:30", "CA", "2026-07-06 15:00", "Mon 06 Jul"),
    ],
)
def test_a_call_is_due_inside_business_and_calling_hours(
    received: str, state: str, due: str, words: str
) -> None:
    planned = plan(received=utc(received), state=state)
    assert planned.due_at == utc(due)
    assert words in planned.reason


def test_an_email_needs_business_hours_only() -> None:
    planned = plan(received=utc("2026-06-10 13:00"), preferred_contact=Contact.EMAIL)
    assert (planned.channel, planned.due_at) == ("email", utc("2026-06-10 13:05"))


def test_an_old_inquiry_is_due_now_and_never_in_the_past() -> None:
    planned = plan(received=NOON - timedelta(days=3), now=NOON)
    assert planned.due_at == NOON


def test_a_holiday_of_the_owner_moves_the_task_and_one_of_another_province_does_not() -> None:
    fete_nationale = utc("2026-06-24 14:00")
    borrower = replace(RENATA, phone="+14165550132")
    in_quebec = plan(CA, owner="etienne@example.com", received=fete_nationale, state="ON", borrower=borrower)
    in_ontario = plan(CA, owner="olivia@example.com", received=fete_nationale, state="ON", borrower=borrower)
    assert in_quebec.due_at == utc("2026-06-25 13:00")
    assert in_ontario.due_at == utc("2026-06-24 14:05")


def test_an_absence_that_begins_tomorrow_moves_the_task_past_it() -> None:
    hours = replace(MAYA.hours, absences=(Absence(date(2026, 6, 11), date(2026, 6, 14)),))
    playbook = replace(US, team=(replace(MAYA, hours=hours), *US.team[1:]))
    assert plan(playbook, received=utc("2026-06-10 21:30")).due_at == utc("2026-06-15 15:00")


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-06-10 16:00", "2026-06-10 17:00"),
        (
            "2026-06-10 21:00",
            "2026-06-11 13:30",
        ),  # half an hour before Maya goes, and half an hour after she came
        ("2026-06-10 23:00", "2026-06-11 14:00"),  # nothing counts at night
        ("2026-06-12 20:30", "2026-06-15 13:30"),  # nor on the weekend
    ],
)
def test_minutes_may_count_in_working_time(received: str, due: str) -> None:
    planned = plan(type=InquiryType.DOCUMENT_REQUEST, received=utc(received))
    assert planned.due_at == utc(due)
    assert "60 working minutes" in planned.reason


def test_a_day_on_which_the_office_is_shut_counts_for_everybody() -> None:
    assert date(2026, 12, 24) in US.hours.closed
    email = plan(received=utc("2026-12-23 22:40"), preferred_contact=Contact.EMAIL)
    assert email.due_at == utc("2026-12-28 14:00")  # 24 shut, 25 a holiday, then a weekend


def test_an_owner_who_is_away_is_named_with_the_day_of_return() -> None:
    planned = plan(owner="priya@example.com", state="NY", received=utc("2026-12-28 15:00"))
    assert planned.due_at == utc("2027-01-04 16:00")  # eight o'clock in California
    assert "Priya Raman is away until Sat 02 Jan: hand it to somebody else" in planned.reason


def test_hours_that_never_meet_leave_the_decision_to_the_law() -> None:
    guam = replace(RENATA, phone="+16715550132")
    planned = plan(state="GU", borrower=guam, received=utc("2026-06-08 16:00"))
    window = calling_hours(inquiry("GU", borrower=guam), country="US")
    assert all(is_open(one, planned.due_at) for one in window)
    assert "the law decided" in planned.reason


def test_an_owner_who_is_away_for_weeks_is_said_to_be_and_not_to_work_at_odd_hours() -> None:
    away = Absence(date(2026, 6, 1), date(2026, 7, 20))
    maya = replace(MAYA, absences=(away,), hours=replace(MAYA.hours, absences=(away,)))
    team = replace(US, team=(maya, DANIEL, PRIYA))
    planned = plan_first_touch(inquiry(), owned_by(maya.email, team), team, now=NOON, returning=True)
    assert planned.due_at == NOON + timedelta(minutes=5)
    assert "Maya Whitfield are closed for weeks, please assign a deputy; the law decided" in planned.reason
    assert "do not meet" not in planned.reason


def test_places_without_a_lawful_hour_in_common_leave_the_decision_to_the_phone() -> None:
    samoan = replace(RENATA, phone="+16845550132", state="RI")
    planned = plan(state="GU", borrower=samoan, received=utc("2026-06-08 16:00"))
    local = planned.due_at.astimezone(ZoneInfo("Pacific/Pago_Pago"))
    assert 8 <= local.hour < 21
    assert "calls to AS counts" in planned.reason


NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
MOMENTS = st.timedeltas(timedelta(0), timedelta(days=660)).map(lambda later: NEW_YEAR + later)
STATES = st.sampled_from(["", *sorted(calling_tables().country_of.keys() - {"GU", "MP", "AS"})])
CODES = st.sampled_from(sorted(calling_tables().area_codes.keys() - {"671", "670", "684"}))


@settings(deadline=None)  # tables are read on first use
@given(MOMENTS, st.timedeltas(timedelta(0), timedelta(days=9)), STATES, CODES, st.sampled_from(US.team))
def test_a_call_is_always_inside_both_windows_and_never_before_now(
    received: datetime, late: timedelta, state: str, code: str, member: Any
) -> None:
    borrower = replace(RENATA, phone=f"+1{code}5550132")
    asked = inquiry(state, received_at=received, borrower=borrower)
    now = received + late
    planned = plan_first_touch(asked, owned_by(member.email), US, now=now, returning=False)
    assert planned.due_at >= now
    assert planned.due_at >= received + timedelta(minutes=5)
    assert all(is_open(window, planned.due_at) for window in calling_hours(asked, country="US"))
    assert is_open(member.hours, planned.due_at) or "do not meet" in planned.reason


# --- by which channel

NO_PHONE = replace(RENATA, phone="")
NO_EMAIL = replace(RENATA, email="")


@pytest.mark.parametrize(
    ("preferred", "borrower", "consent", "channel", "words"),
    [
        (None, RENATA, Consent(), "call", ""),
        (Contact.ANY, RENATA, Consent(), "call", ""),
        (Contact.PHONE, NO_PHONE, Consent(), "email", "no phone number"),
        (Contact.PHONE, RENATA, Consent(phone=False), "email", "refused calls"),
        (Contact.PHONE, NO_EMAIL, Consent(phone=False, sms=True), "text", "refused calls"),
        (Contact.EMAIL, NO_EMAIL, Consent(), "call", "no email address"),
        (Contact.EMAIL, RENATA, Consent(email=False), "call", "refused email"),
        (Contact.SMS, RENATA, Consent(), "text", ""),
        (Contact.SMS, RENATA, Consent(sms=True), "text", ""),
        (Contact.SMS, RENATA, Consent(sms=False), "call", "refused texts"),
        (Contact.SMS, NO_PHONE, Consent(sms=True), "email", "no phone number"),
        (None, NO_EMAIL, Consent(phone=False), "review", "no other way"),
        (None, RENATA, Consent(phone=False, email=False, sms=False), "review", "no other way"),
        (None, Party(first_name="Renata"), Consent(), "review", "no phone number"),
    ],
)
def test_the_channel_is_the_wanted_one_or_the_next_permitted(
    preferred: Contact | None, borrower: Party, consent: Consent, channel: str, words: str
) -> None:
    planned = plan(preferred_contact=preferred, borrower=borrower, consent=consent)
    assert planned.channel == channel
    assert words in planned.reason


def test_a_document_request_has_a_channel_and_a_pace_of_its_own() -> None:
    planned = plan(type=InquiryType.DOCUMENT_REQUEST)
    assert (planned.channel, planned.purpose, planned.priority) == (
        "document_request",
        "answer_document_request",
        "MEDIUM",
    )
    assert planned.due_at == NOON + timedelta(minutes=60)


def test_nobody_unlicensed_is_told_to_call() -> None:
    asked = inquiry("WY")
    decision = choose_owner(asked, US, Standing({}), now=NOON)
    planned = plan_first_touch(asked, decision, US, now=NOON, returning=False)
    assert (planned.channel, planned.purpose) == ("review", "assign_owner")
    assert planned.subject == "Find a licensed owner for Renata Okafor: purchase in WY"
    assert "Attention: Nobody in the team is licensed in WY" in planned.body


def test_the_queue_may_answer_what_is_no_loan() -> None:
    asked, noon = inquiry("CA", type=InquiryType.DOCUMENT_REQUEST), NOON.date()
    away = tuple(replace(one, absences=(Absence(noon, noon),)) for one in US.team)
    playbook = replace(US, team=away)
    decision = choose_owner(asked, playbook, Standing({}), now=NOON)
    planned = plan_first_touch(asked, decision, playbook, now=NOON, returning=False)
    assert (decision.owner, planned.purpose) == ("desk@example.com", "answer_document_request")


def test_the_queue_is_not_told_to_call_while_who_may_is_away() -> None:
    asked, noon = inquiry("CA"), NOON.date()
    away = tuple(replace(one, absences=(Absence(noon, noon),)) for one in US.team)
    for queue in ("desk@example.com", ""):
        playbook = replace(US, team=away, fallback=queue)
        decision = choose_owner(asked, playbook, Standing({}), now=NOON)
        planned = plan_first_touch(asked, decision, playbook, now=NOON, returning=False)
        assert (decision.method, planned.channel, planned.purpose) == ("fallback", "review", "assign_owner")
        assert "What to say" not in planned.body
        later = plan_reminder(asked, "started", decision, playbook, now=NOON)
        assert later.channel == "review"
        assert later.reason.startswith("Only a licensed loan officer may act.")


# --- in which words


def test_the_subject_says_who_and_what() -> None:
    assert plan().subject == "Call Renata Okafor: purchase in CA"
    assert plan(returning=True).subject == "Call Renata Okafor (returning): purchase in CA"
    assert plan(state="", type=InquiryType.PRE_APPROVAL).subject == "Call Renata Okafor: pre approval"
    assert plan(borrower=NO_PHONE).subject == "Email Renata Okafor: purchase in CA"
    assert plan(borrower=Party(phone="+14155550132")).subject == "Call the borrower: purchase in CA"


def test_the_body_says_what_is_known_missing_allowed_and_why() -> None:
    planned = plan(
        property=Property(state="FL", city="Tampa", value=Amount(Decimal(650_000))),
        loan=Loan(amount=Amount(low=Decimal(400_000), high=Decimal(450_000)), currency="USD"),
        borrower=replace(RENATA, phone="+18135550132"),
        timeframe=Timeframe.MONTHS_1_3,
        unmapped=(("Favourite colour", "green"),),
    )
    lines = planned.body.splitlines()
    assert "Property value: 650,000 USD" in lines
    assert "Loan amount: 400,000 to 450,000 USD" in lines
    assert "Timeframe: 1–3 months" in lines
    assert "Other answers: Favourite colour: green" in lines
    assert "Missing: Down payment, Credit band" in lines
    assert "Calling is allowed: Wed 10 Jun 08:00 EDT to 20:00 your time (FL)" in lines
    assert "At most 3 calls or texts in 24 hours." in lines
    assert "Dial by hand: no consent to automated calls is on record." in lines
    assert any(line.startswith("Why Maya Whitfield: ") for line in lines)


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (Amount(low=Decimal(1_000_000)), "from 1,000,000"),
        (Amount(high=Decimal(300_000)), "up to 300,000"),
    ],
)
def test_an_open_range_stays_a_range(amount: Amount, said: str) -> None:
    assert f"Loan amount: {said}" in plan(loan=Loan(amount=amount)).body


# --- what is missing


def test_what_is_missing_is_told_in_the_order_of_the_checklist() -> None:
    assert missing_information(inquiry(""), US) == (
        "Property state",
        "Property value",
        "Down payment",
        "Timeframe",
        "Credit band",
    )


def test_a_range_answers_the_question() -> None:
    asked = inquiry(
        property=Property(state="CA", value=Amount(low=Decimal(1))),
        loan=Loan(down_payment=Amount(high=Decimal(2))),
        timeframe=Timeframe.ASAP,
        credit_band=CreditBand.UNKNOWN,
    )
    assert missing_information(asked, US) == ()


def test_a_type_without_a_checklist_has_nothing_missing() -> None:
    assert missing_information(inquiry(), replace(US, checklists={})) == ()


@pytest.mark.parametrize(
    ("consent", "reminded_by"),
    [
        (Consent(sms=True), "text"),
        (Consent(), "email"),
        (Consent(sms=False), "email"),
        (Consent(sms=False, email=False), ""),
    ],
)
def test_of_a_meeting_nobody_is_reminded_by_a_way_that_is_closed(consent: Consent, reminded_by: str) -> None:
    booked = plan(meeting=Meeting(start=NOON + timedelta(days=2)), consent=consent)
    assert booked.purpose == "meeting"
    ways = [way for way in ("text", "email") if f"Ready to send by {way}" in booked.body]
    assert ways == [reminded_by] * bool(reminded_by)


@pytest.mark.parametrize("status", ["canceled", "cancelled", "no_show"])
def test_a_meeting_that_was_given_up_is_no_date(status: str) -> None:
    given_up = plan(meeting=Meeting(start=NOON + timedelta(days=2), status=status))
    assert given_up.purpose == "first_touch"
