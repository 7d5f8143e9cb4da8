"""What comes next: which cadence decides, which touches in which order, and never outside the hours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapping.follow_up.cadence import PlannedTouch, applies, next_touches, why
from mapping.follow_up.cadence_choice import Situation
from mapping.follow_up.checklist import missing_documents, still_missing
from mapping.follow_up.first_task import CALLED
from mapping.hours.calling import calling_hours
from mapping.hours.windows import is_open
from mapping.inquiry import (
    Application,
    ApplicationStatus,
    Consent,
    Contact,
    Inquiry,
    InquiryType,
    Property,
    Stage,
    Timeframe,
)
from mapping.ownership.owner import OwnerDecision
from mapping.playbook import Playbook
from mapping.playbook.cadences import DocumentRule
from tests.mapping.people import CA, NOON, RENATA, US, inquiry, owned_by

MAYA = owned_by("maya@example.com")
NOBODY = OwnerDecision("", "", "held", ("Nobody is licensed.",), (), "")
QUEUE = OwnerDecision("desk@example.com", "Queue", "sticky", ("The owner of the inquiry stays.",), (), "")
YES = Consent(email=True, phone=True, sms=True)


def situation(
    stage: Stage = Stage.NEW, owner: OwnerDecision = MAYA, playbook: Playbook = US, **changes: Any
) -> Situation:
    """An inquiry that came at NOON; what is no field of a Situation is one of the inquiry."""
    ours = {name: changes.pop(name) for name in tuple(changes) if name in _FIELDS}
    asked = inquiry(**{"consent": YES, **changes})
    anchors = {"received": asked.received_at, "stage": NOON, **ours.pop("anchors", {})}
    missing = ours.pop("missing", still_missing(asked, playbook, stage))
    return Situation(asked, stage, owner, missing, anchors, **{"since": NOON, **ours})


_FIELDS = ("missing", "anchors", "since", "planned", "dues", "carried", "stopped")


def plan(
    at: Situation, now: datetime = NOON, most: int = 30, playbook: Playbook = US
) -> Sequence[PlannedTouch]:
    return next_touches(at, playbook, now=now, most=most)


def names(touches: Sequence[PlannedTouch]) -> list[str]:
    return ["/".join(one.key.split("/")[:2]) for one in touches]


# --- which cadence decides


def test_the_first_ninety_days_of_a_lead_nobody_reaches() -> None:
    found = plan(situation(), most=16)
    assert [one.cadence.phase for one in found] == [*["hot pursuit"] * 7, *["warm nurture"] * 8, "long game"]
    days = [(one.plan.due_at - NOON).days for one in found]
    assert days == sorted(days)
    assert days[6] <= 8 <= days[7]
    assert days[14] <= 91 <= days[15]


def test_the_long_game_goes_on_for_years() -> None:
    later = NOON + timedelta(days=4 * 365)
    found = plan(situation(since=later), now=later, most=3)
    assert names(found) == ["long_game_annual/annual"] * 3
    assert [one.plan.due_at.year for one in found] == [2030, 2031, 2032]


@pytest.mark.parametrize(
    ("stage", "changes", "first"),
    [
        (Stage.NEW, {}, "hot_pursuit/text_after"),
        (Stage.NEW, {"timeframe": Timeframe.RESEARCHING}, "slow_start/introduction"),
        (Stage.NEW, {"anchors": {"engaged": NOON}}, "in_touch/next_step"),
        (Stage.COLLECTING_DOCUMENTS, {}, "documents/first_list"),
        (Stage.COLLECTING_DOCUMENTS, {"missing": ()}, "documents_complete/submit"),
        (Stage.LENDER_REVIEW, {}, "lender_review/where_it_stands"),
        (Stage.WAITING, {"type": InquiryType.REFINANCE}, "rate_drop/compare"),
        (Stage.WAITING, {}, "waiting/check_in"),
        (Stage.NEW, {"type": InquiryType.LENDER_UPDATE}, "not_a_loan/answered"),
        (
            Stage.NEW,
            {
                "application": Application(status=ApplicationStatus.STARTED),
                "anchors": {"application": NOON},
            },
            "application_started/help",
        ),
        (Stage.FUNDED, {"anchors": {"funded": NOON}}, "past_client/settled_in"),
        (Stage.NEW, {"carried": True}, "next_step/ask"),
        (Stage.NEW, {"stopped": True}, "next_step/ask"),
        (Stage.NEW, {"owner": NOBODY}, "assign_owner/ask"),
        (Stage.NEW, {"owner": QUEUE}, "assign_owner/ask"),
        (Stage.COLLECTING_DOCUMENTS, {"owner": QUEUE}, "assign_owner/ask"),
        (Stage.NEW, {"owner": QUEUE, "stopped": True}, "next_step/ask"),
        (Stage.NEW, {"owner": QUEUE, "type": InquiryType.LENDER_UPDATE}, "not_a_loan/answered"),
        (Stage.NEW, {"owner": NOBODY, "stopped": True}, "next_step/ask"),
    ],
)
def test_the_first_cadence_that_matches_decides(stage: Stage, changes: dict[str, Any], first: str) -> None:
    at = situation(stage, **changes)
    assert names(plan(at))[0] == first
    assert why(at, US, NOON).endswith(".")


def test_a_queue_that_is_a_member_pursues_where_that_one_is_licensed() -> None:
    hers = replace(US, fallback="maya@example.com")
    assert names(plan(situation(), playbook=hers))[0] == "hot_pursuit/text_after"
    elsewhere = situation(property=Property(state="WY"))
    assert names(plan(elsewhere, playbook=hers))[0] == "assign_owner/ask"


def test_what_a_queue_was_told_to_do_is_called_off() -> None:
    (first, *_) = plan(situation())
    assert applies(first.key, first.plan.channel, situation(), US)
    assert not applies(first.key, first.plan.channel, situation(owner=QUEUE), US)
    (asked, *_) = plan(situation(owner=QUEUE))
    assert (asked.plan.channel, "loan officer" in asked.plan.body) == ("review", False)
    assert not applies(asked.key, "review", situation(), US)


def test_whom_nobody_may_reach_follows_no_cadence() -> None:
    alone = situation(consent=Consent(email=False, phone=False, sms=False))
    assert names(plan(alone)) == ["next_step/ask"]
    assert why(alone, US, NOON) == (
        "The cadence hot pursuit has nothing more that may be done: a person is asked what comes next."
    )


@pytest.mark.parametrize("stage", [Stage.LOST, Stage.OPTED_OUT, Stage.SPAM])
def test_an_outcome_is_followed_by_nothing(stage: Stage) -> None:
    assert plan(situation(stage)) == ()


def test_a_renewal_is_followed_up_before_its_term_ends() -> None:
    ends = date(2027, 6, 1)
    at = situation(type=InquiryType.RENEWAL, timeframe_date=ends)
    found = [one for one in plan(at, most=40) if one.cadence.name == "renewal"]
    assert [round((ends - one.plan.due_at.date()).days, -1) for one in found] == [180, 120, 90, 30, -10]
    first = names(plan(at, most=40))
    assert first[:7] == [f"hot_pursuit/{one}" for one in _HOT]


_HOT = (
    "text_after",
    "second_try",
    "introduction",
    "third_try",
    "second_text",
    "fourth_try",
    "last_of_the_week",
)


def test_a_term_in_canada_ends_after_five_years() -> None:
    since = NOON + timedelta(days=1640)
    at = situation(
        Stage.FUNDED, owned_by(CA.team[0].email, CA), CA, state="ON", anchors={"funded": NOON}, since=since
    )
    days = [(one.plan.due_at - NOON).days for one in plan(at, since, 5, CA)]
    assert [round(day, -1) for day in days[:4]] == [1640, 1700, 1740, 1800]


@pytest.mark.parametrize("playbook", [US, CA])
@pytest.mark.parametrize(
    ("funded", "days"),
    [
        ((2024, 2, 29), [(2025, 2, 28), (2026, 2, 28), (2027, 2, 28), (2028, 2, 29)]),
        ((2027, 6, 10), [(2028, 6, 10), (2029, 6, 10), (2030, 6, 10), (2031, 6, 10)]),
        ((2026, 12, 31), [(2027, 12, 31), (2028, 12, 31), (2029, 12, 31), (2030, 12, 31)]),
    ],
)
def test_the_anniversary_comes_every_year_on_its_day(
    funded: tuple[int, int, int], days: list[tuple[int, int, int]], playbook: Playbook
) -> None:
    began = datetime(*funded, 18, tzinfo=UTC)
    at = situation(Stage.FUNDED, anchors={"funded": began, "stage": began}, since=began, playbook=playbook)
    found = [one for one in plan(at, began, 40, playbook) if "/anniversary/" in one.key]
    open_days = [one.plan.due_at.date() for one in found][: len(days)]
    assert len(open_days) == len(days)
    for due, day in zip(open_days, days, strict=True):
        assert timedelta(0) <= due - date(*day) <= timedelta(days=5), "on the day, or when work begins again"


def test_a_touch_that_waits_for_another_says_so() -> None:
    due = NOON.replace(hour=20)  # within the hours of both
    at = situation(dues=((due, "call"),), planned=frozenset())
    text = next(one for one in plan(at) if one.key.startswith("hot_pursuit/text_after"))
    assert text.plan.due_at - due >= timedelta(hours=5) or due - text.plan.due_at >= timedelta(hours=5)
    assert "two calls or texts are 5 hours apart at least" in text.plan.reason
    assert "0 minutes" not in " ".join(one.plan.reason for one in plan(at))


# --- keys, channels, hours


def test_planning_twice_gives_the_same_keys() -> None:
    first = plan(situation(), most=12)
    later = plan(situation(planned=frozenset(one.key for one in first[:5])), most=7)
    assert [one.key for one in later] == [one.key for one in first[5:]]
    assert len({one.key for one in first}) == 12


def test_of_what_was_overdue_for_long_only_the_latest_counts() -> None:
    after_a_week = NOON + timedelta(days=6)
    assert names(plan(situation(), after_a_week, 2)) == [
        "hot_pursuit/fourth_try",
        "hot_pursuit/last_of_the_week",
    ]


def test_after_years_in_one_place_there_is_still_something_to_come() -> None:
    for at in (
        situation(owner=NOBODY),
        situation(Stage.WAITING),
        situation(Stage.COLLECTING_DOCUMENTS),
        situation(stopped=True),
    ):
        found = plan(at, NOON + timedelta(days=3000), 2)
        assert found
        assert found[0].plan.due_at <= NOON + timedelta(days=3035)


def test_a_closed_channel_gives_way_to_the_nearest_open_one_or_the_touch_drops() -> None:
    no_texts = plan(situation(consent=replace(YES, sms=False)))
    assert "text" not in {one.plan.channel for one in no_texts}
    assert "Changed from text to email" in no_texts[0].plan.reason
    nothing = situation(consent=Consent(email=False, phone=False, sms=False))
    assert names(plan(nothing)) == ["next_step/ask"]
    assert plan(nothing)[0].plan.channel == "review"


ETIENNE = owned_by("etienne@example.com", CA)
NO_ANSWER = Consent()


def in_ontario(stage: Stage = Stage.NEW, **changes: Any) -> Situation:
    owner = changes.pop("owner", ETIENNE)
    return situation(stage, owner, CA, **{"state": "ON", "consent": NO_ANSWER, **changes})


def test_in_canada_nobody_is_written_to_for_longer_than_an_inquiry_implies_consent() -> None:
    found = plan(in_ontario(), most=40, playbook=CA)
    written = [one.plan.due_at for one in found if one.plan.channel in ("email", "text")]
    assert written, "for a while it does"
    assert max(written) < datetime(2026, 12, 10, tzinfo=UTC)
    assert any(one.plan.due_at > datetime(2027, 6, 1, tzinfo=UTC) for one in found), "it is called instead"
    for asked, playbook in ((in_ontario(consent=YES), CA), (situation(consent=NO_ANSWER), US)):
        later = plan(asked, most=40, playbook=playbook)
        assert max(one.plan.due_at for one in later if one.plan.channel == "email").year > 2028


def test_a_word_of_the_borrower_implies_it_anew_and_a_loan_for_longer() -> None:
    replied = datetime(2026, 9, 1, 16, tzinfo=UTC)
    anchors = {"engaged": replied}
    found = plan(in_ontario(anchors=anchors, since=replied), replied, 40, CA)
    written = [one.plan.due_at for one in found if one.plan.channel == "email"]
    assert datetime(2026, 12, 10, tzinfo=UTC) < max(written) < datetime(2027, 3, 1, tzinfo=UTC)
    client = in_ontario(Stage.FUNDED, anchors={"funded": NOON}, since=NOON)
    told = {one.key.split("/")[1]: one.plan for one in plan(client, most=40, playbook=CA)}
    assert told["referral"].channel == "email"
    assert told["days_120"].channel == "call", "five years later"
    assert "the consent that the inquiry implied has ended" in told["days_120"].reason


def test_about_a_loan_under_way_the_borrower_is_written_to_whenever_it_is() -> None:
    later = NOON + timedelta(days=400)
    at = in_ontario(Stage.COLLECTING_DOCUMENTS, anchors={"stage": later}, since=later)
    assert "text" not in {one.plan.channel for one in plan(at, later, 4, CA)}, "no consent to texts at all"
    review = in_ontario(Stage.LENDER_REVIEW, anchors={"stage": later}, since=later)
    assert plan(review, later, 1, CA)[0].plan.channel == "email"


@pytest.mark.parametrize(
    ("changes", "channel"),
    [
        ({}, "document_request"),
        ({"borrower": replace(RENATA, email="")}, "text"),
        ({"consent": Consent(email=False, phone=True, sms=True)}, "text"),
        ({"consent": Consent(email=False, phone=True)}, "call"),
    ],
)
def test_documents_are_asked_for_by_a_way_that_is_open(changes: dict[str, Any], channel: str) -> None:
    chased = situation(Stage.COLLECTING_DOCUMENTS, missing=("Photo ID",))
    first = plan(chased, most=1)[0]
    at = situation(Stage.COLLECTING_DOCUMENTS, missing=("Photo ID",), **changes)
    asked = plan(at, most=1)[0]
    assert (asked.key, asked.plan.channel) == (first.key, channel)
    assert applies(first.key, "document_request", at, US) is (channel == "document_request")
    assert "Ready to send by email" in asked.plan.body or channel != "document_request"
    assert "photo id" in asked.plan.body.casefold()


def test_what_no_longer_fits_is_known() -> None:
    new = situation()
    (text, call, *_), last = plan(new), plan(new)[-1]
    assert applies(text.key, "text", new, US)
    assert not applies(text.key, "text", situation(consent=replace(YES, sms=False)), US)
    for moved in (
        situation(Stage.COLLECTING_DOCUMENTS),
        situation(Stage.LOST),
        situation(anchors={"engaged": NOON}),
        situation(carried=True),
        situation(stopped=True),
        situation(owner=NOBODY),
    ):
        assert not applies(call.key, "call", moved, US)
    assert applies(last.key, last.plan.channel, new, US)
    stopped = situation(stopped=True)
    assert applies(plan(stopped)[0].key, "review", stopped, US)


def test_the_task_says_what_is_missing_and_why_it_is_there() -> None:
    found = plan(
        situation(Stage.COLLECTING_DOCUMENTS, attachments=("Drivers_License.jpg", "paystub-may.pdf"))
    )[0]
    assert found.plan.channel == "document_request"
    assert "Bank statements of the last two months" in found.plan.body
    assert "Photo ID" not in found.plan.body
    assert found.plan.reason.startswith("Day 1 of documents.")
    assert "Renata" not in found.plan.reason


def test_files_fill_the_list_of_documents_by_their_names() -> None:
    asked = inquiry(attachments=("W2 2025.pdf", "Bank_Statement-05.pdf"))
    assert missing_documents(asked, US) == (
        "Photo ID",
        "Pay stubs of the last 30 days",
        "Purchase contract",
        "Proof of the down payment",
    )
    assert "Photo ID" not in still_missing(asked, US, Stage.NEW)
    assert "Photo ID" in still_missing(asked, US, Stage.COLLECTING_DOCUMENTS)
    assert missing_documents(inquiry(type=InquiryType.LENDER_UPDATE), US) == ()


@pytest.mark.parametrize(
    ("playbook", "name", "document"),
    [
        (US, "bankstatement_jan.pdf", "Bank statements of the last two months"),
        (US, "Identificación.jpg", "Photo ID"),
        (US, "estado de cuenta mayo.PDF", "Bank statements of the last two months"),
        (US, "Offer letter - Acme Corp.pdf", ""),  # of an employer
        (US, "Offer to Purchase 12 Elm.pdf", "Purchase contract"),
        (US, "business license.pdf", ""),
        (US, "IMG_1234.jpg", ""),
        (CA, "Relevé bancaire - mars.pdf", "Bank statements of the last 90 days"),
        (CA, "Avis de cotisation 2025.pdf", "T4 slips or notices of assessment of the last two years"),
        (CA, "PROMESSE D’ACHAT.PDF", "Agreement of purchase and sale"),
        (CA, "Permis de conduire.heic", "Government photo ID"),
        (CA, "job offer.pdf", ""),
    ],
)
def test_a_file_is_told_by_its_name_in_the_languages_of_the_borrowers(
    playbook: Playbook, name: str, document: str
) -> None:
    asked = inquiry("ON" if playbook is CA else "CA")
    came = set(missing_documents(asked, playbook)) - set(
        missing_documents(replace(asked, attachments=(name,)), playbook)
    )
    assert came == ({document} if document else set())


def test_a_sign_is_no_word_of_a_file() -> None:
    odd = replace(US, documents=(DocumentRule("Photo ID", ("#", "—")),))
    assert missing_documents(inquiry(attachments=("IMG_1.jpg",)), odd) == ("Photo ID",)


@pytest.mark.parametrize("playbook", [US, CA])
def test_when_all_papers_come_at_once_the_next_task_is_to_send_them_on(playbook: Playbook) -> None:
    asked = inquiry("ON" if playbook is CA else "CA")
    lacking = situation(Stage.COLLECTING_DOCUMENTS, missing=("Photo ID",), playbook=playbook)
    chased = plan(lacking, most=3, playbook=playbook)
    assert {one.cadence.name for one in chased} == {"documents"}
    files = tuple(
        f"{next(word for rule in playbook.documents if rule.name == name for word in rule.words)}.pdf"
        for name in missing_documents(asked, playbook)
    )
    assert missing_documents(replace(asked, attachments=files), playbook) == ()
    complete = situation(Stage.COLLECTING_DOCUMENTS, missing=(), playbook=playbook)
    assert not any(applies(one.key, one.plan.channel, complete, playbook) for one in chased)
    first = plan(complete, most=1, playbook=playbook)[0]
    assert (first.cadence.name, first.plan.purpose) == ("documents_complete", "send_to_the_lender")


CASES = st.fixed_dictionaries(
    {
        "received_at": st.integers(0, 365 * 24 * 60).map(lambda minutes: NOON + timedelta(minutes=minutes)),
        "state": st.sampled_from(["CA", "AZ", "TX", "FL", "NY", "NV", "IL"]),
        "type": st.sampled_from(list(InquiryType)),
        "timeframe": st.sampled_from([None, *Timeframe]),
        "preferred_contact": st.sampled_from([None, *Contact]),
        "borrower": st.sampled_from(
            [
                RENATA,
                replace(RENATA, phone=""),
                replace(RENATA, email=""),
                replace(RENATA, phone="+18085550132"),
            ]
        ),
        "consent": st.builds(
            Consent,
            st.sampled_from([True, None, False]),
            st.sampled_from([True, None, False]),
            st.sampled_from([True, None, False]),
        ),
    }
)


@settings(max_examples=150, deadline=None)
@given(CASES, st.sampled_from(list(Stage)), st.sampled_from(US.team), st.integers(0, 500))
def test_no_call_or_text_is_due_outside_the_owners_and_the_legal_hours(
    case: dict[str, Any], stage: Stage, member: Any, days: int
) -> None:
    asked: Inquiry = inquiry(**case)
    now = asked.received_at + timedelta(days=days)
    anchors = {"received": asked.received_at, "stage": now, "funded": now}
    at = Situation(asked, stage, owned_by(member.email), (), anchors, since=asked.received_at)
    found = next_touches(at, US, now=now, most=12)
    assert len({one.key for one in found}) == len(found)
    for one in found:
        assert one.plan.due_at >= now
        hours = calling_hours(asked, country="US") if one.plan.channel in CALLED else ()
        does = US.member(one.plan.owner) or member  # while the owner is away somebody else may stand in
        assert all(is_open(each, one.plan.due_at) for each in (does.hours, *hours))
    called = [one.plan.due_at for one in found if one.plan.channel in CALLED]
    assert all(later - earlier >= timedelta(hours=5) for earlier, later in pairwise(sorted(called)))


@settings(max_examples=150, deadline=None)
@given(
    CASES,
    st.sampled_from([one for one in Stage if one not in (Stage.LOST, Stage.OPTED_OUT, Stage.SPAM)]),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
def test_what_is_open_always_has_something_to_come(
    case: dict[str, Any], stage: Stage, carried: bool, stopped: bool, owned: bool
) -> None:
    asked = inquiry(**case)
    anchors = {"received": asked.received_at, "stage": asked.received_at, "funded": asked.received_at}
    at = Situation(
        asked,
        stage,
        MAYA if owned else NOBODY,
        (),
        anchors,
        since=asked.received_at,
        carried=carried,
        stopped=stopped,
    )
    assert next_touches(at, US, now=asked.received_at, most=2) or stage is Stage.FUNDED
