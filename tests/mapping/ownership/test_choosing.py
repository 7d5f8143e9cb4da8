"""Who gets it by partner, campaign, duty and capacity; under which licence; and everything in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapping.hours.business import Absence, BusinessHours, DutyHours
from mapping.hours.windows import after_open, is_open
from mapping.inquiry import Attribution, InquiryType, Party
from mapping.ownership.capacity import Load, day_began, limited, no_room, with_one_more
from mapping.ownership.owner import OwnerDecision, Standing, after_turn, choose_owner
from mapping.ownership.rules import matches, partner_of
from mapping.playbook import Licence, OwnerRule, Playbook, load_playbook, shipped
from mapping.playbook.team import Capacity, KnownPartner, Shift
from tests.mapping.people import DANIEL, MAYA, NOON, PRIYA, US, inquiry

REALTY = KnownPartner("Harbour Realty", ("@harbour.example.com",), "realtor")
LENA = KnownPartner("Lena Brandt", ("lena@harbour.example.com",), "planner", PRIYA.email)
PLAIN = replace(US, owner_rules=(), partners=(REALTY, LENA))
EVENING = BusinessHours("America/New_York", "Evenings", (((17 * 60 + 30, 21 * 60),),) * 7)
NIGHT = datetime(2026, 6, 11, 0, 0, tzinfo=UTC)  # Wednesday, 20:00 in New York
ROSTER = replace(
    PLAIN,
    duty=(Shift("Evenings", (PRIYA.email,), EVENING),),
    team=(MAYA, DANIEL, replace(PRIYA, duty=(EVENING,))),
)
RULE = OwnerRule("r", (MAYA.email,))
SHIPPED = load_playbook(shipped("mortgage_us"), name="mortgage_us")


def sent_by(address: str, **changes: Any) -> Any:
    return inquiry(partner=Party(email=address), **changes)


def decide(
    asked: Any = None, playbook: Playbook = PLAIN, *, now: datetime = NOON, **standing: Any
) -> OwnerDecision:
    return choose_owner(asked or inquiry(), playbook, Standing(**{"turns": {}, **standing}), now=now)


# --- rules


@pytest.mark.parametrize(
    ("condition", "address", "expected"),
    [
        ({"partners": {"harbour realty"}}, "Sam@Harbour.example.com", True),
        ({"partners": {"harbour realty"}}, "sam@elsewhere.example.com", False),
        ({"partners": {"any"}}, "sam@elsewhere.example.com", True),
        ({"partners": {"sam@elsewhere.example.com"}}, "sam@elsewhere.example.com", True),
        ({"partners": {"@elsewhere.example.com"}}, "sam@elsewhere.example.com", True),
        ({"partners": {"lena brandt"}}, "lena@harbour.example.com", True),
        ({"partners": {"harbour realty"}}, "lena@harbour.example.com", False),  # her own entry comes first
        ({"partner_kinds": {"realtor"}}, "sam@harbour.example.com", True),
        ({"partner_kinds": {"builder"}}, "sam@harbour.example.com", False),
        ({"partner_kinds": {"realtor"}}, "sam@elsewhere.example.com", False),
        ({"partners": {"any"}, "partner_kinds": {"planner"}}, "lena@harbour.example.com", True),
        ({"partners": {"harbour realty"}, "partner_kinds": {"planner"}}, "sam@harbour.example.com", False),
    ],
)
def test_a_rule_knows_who_sent_the_borrower(
    condition: dict[str, set[str]], address: str, expected: bool
) -> None:
    rule = replace(RULE, **{name: frozenset(words) for name, words in condition.items()})  # type: ignore[arg-type]
    assert matches(rule, sent_by(address), PLAIN) is expected
    assert not matches(rule, inquiry(), PLAIN)


@pytest.mark.parametrize(
    ("condition", "changes", "expected"),
    [
        ({"campaigns": {"spring"}}, {"attribution": Attribution(campaign="Spring")}, True),
        ({"campaigns": {"spring"}}, {"attribution": Attribution(utm={"campaign": "SPRING"})}, True),
        ({"campaigns": {"spring"}}, {"attribution": Attribution(utm={"campaign": "autumn"})}, False),
        ({"campaigns": {"spring"}}, {}, False),
        ({"sources": {"typeform"}}, {}, True),
        ({"sources": {"google"}}, {"attribution": Attribution(utm={"source": "Google"})}, True),
        ({"sources": {"google"}}, {}, False),
        ({"languages": {"es"}}, {"language": "es-MX"}, True),
    ],
)
def test_a_rule_knows_what_brought_the_borrower(
    condition: dict[str, set[str]], changes: dict[str, Any], expected: bool
) -> None:
    rule = replace(RULE, **{name: frozenset(words) for name, words in condition.items()})  # type: ignore[arg-type]
    assert matches(rule, inquiry(**changes), PLAIN) is expected


def test_an_address_goes_before_its_domain() -> None:
    assert partner_of(sent_by("lena@harbour.example.com"), PLAIN) == LENA
    assert partner_of(sent_by("sam@harbour.example.com"), PLAIN) == REALTY
    assert partner_of(sent_by(""), PLAIN) is None
    assert partner_of(inquiry(), PLAIN) is None


# --- who works with whom already


def test_a_partner_has_a_loan_officer_of_their_own() -> None:
    decision = decide(sent_by("lena@harbour.example.com"), turns={PRIYA.email: 99.0})
    assert (decision.owner, decision.method) == (PRIYA.email, "partner")
    assert decision.reasons == ("The referral partner already works with Priya Raman.",)


def test_a_partner_without_one_stays_with_whoever_had_the_last_borrower() -> None:
    decision = decide(sent_by("sam@harbour.example.com"), partner_owner=PRIYA.email)
    assert (decision.owner, decision.method) == (PRIYA.email, "partner")


def test_the_borrowers_own_officer_goes_before_the_partners() -> None:
    decision = decide(sent_by("lena@harbour.example.com"), borrower_owner=MAYA.email)
    assert (decision.owner, decision.method) == (MAYA.email, "sticky")


def test_the_co_borrowers_officer_comes_after_the_borrowers_and_before_the_partners() -> None:
    asked = sent_by("lena@harbour.example.com")
    decision = decide(asked, co_borrower_owner=MAYA.email)
    assert (decision.owner, decision.method) == (MAYA.email, "sticky")
    assert decision.reasons == ("The co-borrower already works with Maya Whitfield.",)
    assert decide(asked, borrower_owner=PRIYA.email, co_borrower_owner=MAYA.email).owner == PRIYA.email
    left = decide(asked, borrower_owner="left@example.com", co_borrower_owner=MAYA.email)
    assert left.owner == MAYA.email
    assert "The borrower's present owner is not in the team." in left.reasons


def test_two_members_of_one_name_are_two() -> None:
    father, son = (replace(PRIYA, email=f"{one}@example.com", name="Sam Ortiz") for one in ("sr", "jr"))
    full = replace(father, capacity=Capacity(per_day=1))
    playbook = replace(PLAIN, team=(full, son))
    decision = decide(playbook=playbook, loads={full.email: Load(1, 1)})
    assert decision.owner == son.email
    assert decision.considered == (("Sam Ortiz", "has the 1 inquiry of a day already"),)
    away = replace(playbook, team=(replace(father, paused=True), son))
    assert (
        "Sam Ortiz, who cannot take it: paused" in decide(playbook=away, borrower_owner=father.email).because
    )


def test_of_two_rules_that_contradict_each_other_the_first_decides() -> None:
    one = OwnerRule("To Maya", (MAYA.email,), states=frozenset({"CA"}))
    other = OwnerRule("To Priya", (PRIYA.email,), states=frozenset({"CA"}))
    for first, second in ((one, other), (other, one)):
        decision = decide(playbook=replace(PLAIN, owner_rules=(first, second)))
        assert decision.owner == first.assign[0]
        assert first.name in decision.because
        assert second.name not in decision.because


def test_a_team_of_one_gets_everything_it_may_take() -> None:
    alone = replace(PLAIN, team=(MAYA,))
    assert decide(playbook=alone).owner == MAYA.email
    assert decide(playbook=alone, missed=(MAYA.email.upper(),)).method == "fallback"
    assert decide(inquiry(state="WY"), playbook=alone).method == "held"


def test_a_partners_officer_without_the_licence_gets_nothing() -> None:
    decision = decide(sent_by("lena@harbour.example.com", state="TX"))
    assert decision.owner in {MAYA.email, DANIEL.email}
    assert "Priya Raman, who cannot take it: not licensed in TX" in decision.because


def test_whoever_is_asked_for_costs_nobody_a_turn() -> None:
    turns = {MAYA.email: 1.0}
    for one in (
        decide(sent_by("lena@harbour.example.com")),
        decide(borrower_owner=MAYA.email),
        decide(inquiry(assigned_to="maya")),
        decide(inquiry(state="WY")),
    ):
        assert after_turn(turns, one, PLAIN) == turns


# --- duty


def test_who_is_on_duty_goes_first_and_says_so() -> None:
    decision = decide(playbook=ROSTER, now=NIGHT, turns={PRIYA.email: 99.0})
    assert (decision.owner, decision.method) == (PRIYA.email, "duty")
    assert decision.reasons == ("It is the turn of Priya Raman among one member on duty.",)
    assert dict(decision.considered)["Maya Whitfield"] == "not on duty now"


def test_by_day_the_roster_says_nothing() -> None:
    assert decide(playbook=ROSTER).method == "round_robin"


def test_duty_without_the_licence_is_no_duty() -> None:
    decision = decide(inquiry(state="TX"), ROSTER, now=NIGHT)
    assert (decision.method, decision.owner) == ("round_robin", MAYA.email)


def test_a_rule_goes_before_the_roster_and_prefers_whom_it_names_on_duty() -> None:
    only_maya = replace(ROSTER, owner_rules=(RULE,))
    assert decide(playbook=only_maya, now=NIGHT).owner == MAYA.email
    both = replace(ROSTER, owner_rules=(replace(RULE, assign=(MAYA.email, PRIYA.email)),))
    assert decide(playbook=both, now=NIGHT, turns={}).owner == PRIYA.email


def test_being_on_duty_is_being_at_work() -> None:
    strict = replace(ROSTER, route_in_hours_only=True)
    assert decide(playbook=strict, now=NIGHT).owner == PRIYA.email
    absent = replace(ROSTER.team[2], absences=(Absence(date(2026, 6, 1), date(2026, 6, 30)),))
    nobody = decide(playbook=replace(strict, team=(MAYA, DANIEL, absent)), now=NIGHT)
    assert (nobody.method, bool(nobody.alert)) == ("fallback", True)


def test_duty_is_done_on_holidays_and_across_midnight_of_another_zone() -> None:
    late = BusinessHours("America/Vancouver", "Late", (((20 * 60, 24 * 60),),) * 7)
    works = replace(MAYA, duty=(late,)).works
    independence = datetime(2026, 7, 3, tzinfo=UTC).date()  # observed: nobody works in their own hours
    assert works.ranges(independence) == ((0, 3 * 60), (23 * 60, 24 * 60))
    assert is_open(works, datetime(2026, 7, 4, 6, 59, tzinfo=UTC))
    assert not is_open(works, datetime(2026, 7, 4, 7, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("days", "holiday", "workday"),
    [("all", True, True), ("holidays", True, False), ("workdays", False, True)],
)
def test_a_shift_may_be_on_holidays_or_on_workdays_only(days: str, holiday: bool, workday: bool) -> None:
    shift = DutyHours("America/New_York", "Noon", (((12 * 60, 13 * 60),),) * 7, US.hours, days)
    assert bool(shift.ranges(date(2026, 7, 3))) is holiday  # Independence Day, observed
    assert bool(shift.ranges(date(2026, 7, 6))) is workday


def test_the_shipped_roster_has_somebody_on_a_holiday() -> None:
    noon = datetime(2026, 11, 26, 17, 0, tzinfo=UTC)  # Thanksgiving
    decision = choose_owner(inquiry(state="FL"), SHIPPED, Standing({}), now=noon)
    assert decision.method == "duty"
    assert choose_owner(inquiry(), SHIPPED, Standing({}), now=noon).owner == PRIYA.email


# --- capacity


FULL = Load(today=3, open=20)


@pytest.mark.parametrize(
    ("capacity", "why"),
    [
        (Capacity(), ""),
        (Capacity(per_day=4, open=21), ""),
        (Capacity(per_day=3), "has the 3 inquiries of a day already"),
        (Capacity(open=20), "has 20 inquiries open already"),
    ],
)
def test_capacity_is_told_in_words(capacity: Capacity, why: str) -> None:
    assert no_room(replace(MAYA, capacity=capacity), {MAYA.email: FULL}) == why
    assert not no_room(replace(MAYA, capacity=capacity), {})


SMALL = replace(PLAIN, team=(replace(MAYA, capacity=Capacity(per_day=3)), DANIEL, PRIYA))


def test_who_has_enough_gets_nothing_by_turn_or_rule() -> None:
    loads = {MAYA.email: FULL}
    decision = decide(playbook=SMALL, loads=loads, turns={PRIYA.email: 99.0})
    assert decision.owner == PRIYA.email
    assert dict(decision.considered)["Maya Whitfield"] == "has the 3 inquiries of a day already"
    ruled = decide(playbook=replace(SMALL, owner_rules=(RULE,)), loads=loads)
    assert (ruled.owner, ruled.method) == (PRIYA.email, "round_robin")


def test_who_is_asked_for_gets_it_on_top() -> None:
    loads = {MAYA.email: FULL}
    assert decide(playbook=SMALL, loads=loads, borrower_owner=MAYA.email).method == "sticky"
    assert decide(inquiry(assigned_to="maya"), SMALL, loads=loads).method == "named"


def test_everybody_full_goes_to_the_queue_with_an_alert() -> None:
    alone = replace(SMALL, team=SMALL.team[:1])
    decision = decide(playbook=alone, loads={MAYA.email: FULL})
    assert (decision.method, decision.owner) == ("fallback", "desk@example.com")
    assert decision.alert.startswith("Everybody who may take it has enough inquiries.")
    assert decision.considered == (("Maya Whitfield", "has the 3 inquiries of a day already"),)


def test_the_day_begins_at_midnight_of_the_brokerage() -> None:
    assert day_began(US, datetime(2026, 6, 11, 3, 59, tzinfo=UTC)) == datetime(2026, 6, 10, 4, tzinfo=UTC)
    assert day_began(US, datetime(2026, 11, 1, 12, 0, tzinfo=UTC)) == datetime(2026, 11, 1, 4, tzinfo=UTC)
    assert limited(replace(SMALL, team=SMALL.team[:2])) == {MAYA.email: Capacity(per_day=3)}
    assert with_one_more({}, MAYA.email) == {MAYA.email: Load(1, 1)}


# --- licence, and those who missed it


def test_the_licence_is_named_with_its_numbers() -> None:
    decision = decide(turns={PRIYA.email: 9.0})
    assert decision.licence == "Maya Whitfield: CA-DFPI-1000001 in CA, NMLS 1000001, valid until 2027-12-31."
    assert decide(inquiry(state="")).licence == ""
    assert decide(inquiry(state="WY")).licence == ""


def test_a_licence_that_begins_later_is_none_yet() -> None:
    soon = replace(MAYA, licences={"CA": Licence("X", date(2030, 1, 1), date(2026, 6, 11))})
    playbook = replace(PLAIN, team=(soon,))
    decision = decide(playbook=playbook)
    assert decision.method == "held"
    assert dict(decision.considered)["Maya Whitfield"] == "the licence in CA begins on 2026-06-11"
    assert decide(playbook=playbook, now=NOON + timedelta(days=1)).owner == soon.email


def test_nobody_gets_back_what_they_missed() -> None:
    decision = decide(
        inquiry(assigned_to="maya", type=InquiryType.PURCHASE),
        borrower_owner=MAYA.email,
        missed=(MAYA.email,),
    )
    assert decision.owner == PRIYA.email
    assert dict(decision.considered)["Maya Whitfield"] == "did not get in touch in time"
    last = decide(missed=(MAYA.email, PRIYA.email))
    assert (last.method, bool(last.alert)) == ("fallback", True)


EMAILS = [MAYA.email, DANIEL.email, PRIYA.email]


@settings(deadline=None)  # tables are read on first use
@given(
    at=st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 3), timezones=st.just(UTC)),  # noqa: DTZ001
    state=st.sampled_from(["", "CA", "TX", "FL", "WY"]),
    kind=st.sampled_from(InquiryType),
    sender=st.sampled_from(["", "lena@harbour.example.com", "sam@harbour.example.com"]),
    had=st.sampled_from(["", *EMAILS, "left@example.com"]),
    missed=st.sets(st.sampled_from(EMAILS)),
    today=st.lists(st.integers(0, 3), min_size=3, max_size=3),
)
def test_whoever_is_chosen_may_act_has_not_missed_it_and_has_room(
    at: datetime, state: str, kind: InquiryType, sender: str, had: str, missed: set[str], today: list[int]
) -> None:
    team = tuple(replace(one, capacity=Capacity(per_day=2)) for one in SHIPPED.team)
    playbook = replace(SHIPPED, team=team, partners=(REALTY, LENA))
    loads = {email: Load(count, count) for email, count in zip(EMAILS, today, strict=True)}
    asked = inquiry(state=state, type=kind, partner=Party(email=sender) if sender else None)
    decision = choose_owner(asked, playbook, Standing({}, had, "", loads, missed), now=at)
    assert decision.reasons
    assert {name for name, _ in decision.considered} >= {one.name for one in team} - {decision.name}
    member = playbook.member(decision.owner)
    if member is None:
        assert decision.alert
        assert not decision.may_act
        return
    assert member.email not in missed
    assert not state or member.licences[state].expires >= at.date() - timedelta(days=1)
    assert not any(one.covers(at.astimezone(ZoneInfo(member.timezone)).date()) for one in member.absences)
    if decision.method in ("rule", "duty", "round_robin"):
        assert loads[member.email].today < 2
    if decision.method == "duty":
        assert any(is_open(shift, at) for shift in member.duty)


# --- the clock of working time


@pytest.mark.parametrize(
    ("at", "minutes", "expected"),
    [
        ("2026-06-10 16:00", 5, "2026-06-10 16:05"),  # noon in New York
        ("2026-06-10 21:28", 5, "2026-06-11 13:03"),  # two minutes before closing: three on the next day
        ("2026-06-10 21:25", 5, "2026-06-10 21:30"),
        ("2026-06-10 02:00", 5, "2026-06-10 13:05"),
        ("2026-06-12 22:00", 60, "2026-06-15 14:00"),  # Friday evening: Monday
        ("2026-06-10 16:00", 600, "2026-06-11 17:30"),
    ],
)
def test_only_working_time_counts(at: str, minutes: int, expected: str) -> None:
    began = datetime.fromisoformat(at).replace(tzinfo=UTC)
    due = datetime.fromisoformat(expected).replace(tzinfo=UTC)
    assert after_open([MAYA.hours], began, timedelta(minutes=minutes)) == due


def test_who_never_works_has_no_such_time() -> None:
    closed = replace(MAYA.hours, week=((),) * 7)
    assert after_open([closed], NOON, timedelta(minutes=5)) is None
