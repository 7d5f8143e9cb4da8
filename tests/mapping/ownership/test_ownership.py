"""Ownership: gates before methods, the order of the methods, and fair turns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapping.hours.business import Absence
from mapping.inquiry import Amount, InquiryType, Loan
from mapping.ownership.owner import OwnerDecision, Standing, choose_owner
from mapping.ownership.rules import matches
from mapping.ownership.turns import CATCH_UP, advance, whose_turn
from mapping.playbook import Licence, Member, OwnerRule, Playbook
from tests.mapping.people import DANIEL, MAYA, NOON, PRIYA, US, inquiry

FAR = date(2030, 1, 1)
EVERYWHERE = {state: Licence("X-1", FAR) for state in ("CA", "TX", "FL")}


def decide(
    playbook: Playbook = US, *, now: datetime = NOON, sticky: str = "", **changes: Any
) -> OwnerDecision:
    return choose_owner(inquiry(**changes), playbook, Standing({}, sticky), now=now)


def team(*members: Member, **changes: Any) -> Playbook:
    return replace(US, team=members, **{"owner_rules": (), **changes})


# --- gates


@pytest.mark.parametrize(
    ("member", "why_not"),
    [
        (replace(MAYA, licences={}), "not licensed in CA"),
        (replace(MAYA, licences={"CA": Licence("X", date(2026, 6, 9))}), "expired on 2026-06-09"),
        (replace(MAYA, paused=True), "paused"),
        (replace(MAYA, absences=(Absence(date(2026, 6, 1), date(2026, 6, 10)),)), "absent until 2026-06-10"),
        (replace(MAYA, types=frozenset({InquiryType.RENEWAL})), "does not take purchase"),
    ],
)
def test_a_gate_removes_a_member_and_says_why(member: Member, why_not: str) -> None:
    decision = decide(team(member, replace(PRIYA, licences=EVERYWHERE)))
    assert decision.name == "Priya Raman"
    assert why_not in dict(decision.considered)["Maya Whitfield"]


def test_a_licence_holds_through_its_last_day_in_the_brokerage_zone() -> None:
    last_day = team(replace(MAYA, licences={"CA": Licence("X", date(2026, 6, 10))}))
    assert decide(last_day, now=datetime(2026, 6, 11, 3, 59, tzinfo=UTC)).owner == MAYA.email
    assert decide(last_day, now=datetime(2026, 6, 11, 4, 0, tzinfo=UTC)).method == "held"


def test_an_area_code_never_satisfies_the_licence_gate() -> None:
    decision = decide(state="TX")  # Renata's number is Californian
    assert decision.owner in {MAYA.email, DANIEL.email}
    assert decide(state="WY").method == "held"


def test_without_a_property_state_the_licence_gate_is_skipped_aloud() -> None:
    decision = decide(state="")
    assert decision.owner
    assert "licences were not checked" in decision.because


def test_nobody_licensed_is_held_for_the_queue_with_an_alert() -> None:
    decision = decide(state="WY")
    assert (decision.method, decision.owner) == ("held", "desk@example.com")
    assert "licensed in WY" in decision.alert
    assert len(decision.considered) == 3


def test_nobody_licensed_and_no_queue_is_nobody() -> None:
    decision = decide(replace(US, fallback=""), state="WY")
    assert (decision.method, decision.owner, decision.name) == ("held", "", "")
    assert decision.alert


def test_licensed_but_unavailable_goes_to_the_queue() -> None:
    decision = decide(team(replace(MAYA, paused=True)))
    assert (decision.method, decision.owner) == ("fallback", "desk@example.com")
    assert decision.alert


NIGHT = datetime(2026, 6, 10, 6, 0, tzinfo=UTC)


def test_business_hours_remove_nobody_by_default() -> None:
    assert decide(now=NIGHT).method == "round_robin"


def test_business_hours_are_a_gate_when_the_playbook_says_so() -> None:
    decision = decide(replace(US, route_in_hours_only=True), now=NIGHT)
    assert decision.method == "fallback"
    assert dict(decision.considered)["Maya Whitfield"] == "outside business hours"


# --- methods in their order


@pytest.mark.parametrize(
    "written", ["maya@example.com", "MAYA", "Maya Whitfield", "maya-whitfield", " Máya  whitfield "]
)
def test_the_officer_of_the_link_owns_the_inquiry(written: str) -> None:
    decision = decide(assigned_to=written, sticky=PRIYA.email)
    assert (decision.owner, decision.method) == (MAYA.email, "named")
    assert decision.reasons == ("The link names Maya Whitfield.",)


@pytest.mark.parametrize("written", ["somebody else", "@", "daniel"])
def test_a_link_that_names_nobody_who_may_act_is_said_and_passed_over(written: str) -> None:
    decision = decide(assigned_to=written)
    assert decision.method == "round_robin"
    assert "link names" in decision.because
    assert "somebody else" not in decision.because


def test_a_name_that_fits_two_members_decides_nothing() -> None:
    twin = replace(MAYA, email="maya@other.example.com")
    assert "several members" in decide(team(MAYA, twin), assigned_to="maya").because


def test_the_present_owner_stays() -> None:
    decision = decide(sticky="Priya@example.com")
    assert (decision.owner, decision.method) == (PRIYA.email, "sticky")


def test_the_present_owner_without_a_licence_does_not() -> None:
    decision = decide(sticky=DANIEL.email)
    assert decision.owner != DANIEL.email
    assert "Daniel Okonkwo, who cannot take it: not licensed in CA" in decision.because


def test_a_present_owner_outside_the_team_is_said() -> None:
    assert "not in the team" in decide(sticky="left@example.com").because


def test_a_rule_comes_before_the_turns() -> None:
    decision = decide(type=InquiryType.COMMERCIAL)
    assert (decision.owner, decision.method) == (PRIYA.email, "rule")
    assert "Commercial and construction" in decision.because


def test_a_rule_whose_members_may_not_act_leaves_it_to_the_team() -> None:
    decision = decide(state="TX", type=InquiryType.COMMERCIAL)
    assert decision.method == "round_robin"
    assert "nobody it names may take" in decision.because


def test_the_first_matching_rule_wins() -> None:
    rules = (OwnerRule("first", (PRIYA.email,)), OwnerRule("second", (MAYA.email,)))
    assert decide(replace(US, owner_rules=rules)).owner == PRIYA.email


def test_a_speaker_of_the_language_goes_first_and_the_others_are_listed() -> None:
    late = Standing({MAYA.email: 9.0})
    decision = choose_owner(inquiry(language="es-MX"), team(MAYA, PRIYA), late, now=NOON)
    assert decision.owner == MAYA.email
    assert 'does not speak "es"' in dict(decision.considered)["Priya Raman"]


def test_every_member_is_either_the_owner_or_listed_with_a_reason() -> None:
    for state in ("", "CA", "TX", "FL", "WY"):
        decision = decide(state=state)
        others = {member.name for member in US.team if member.email != decision.owner}
        assert {name for name, _ in decision.considered} == others
        assert all(why for _, why in decision.considered)
        assert decision.reasons


RULE = OwnerRule("r", (MAYA.email,))


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (RULE, True),
        (replace(RULE, types=frozenset({InquiryType.PURCHASE})), True),
        (replace(RULE, types=frozenset({InquiryType.RENEWAL})), False),
        (replace(RULE, states=frozenset({"CA"})), True),
        (replace(RULE, states=frozenset({"TX"})), False),
        (replace(RULE, paths=frozenset({"Purchase form"})), True),
        (replace(RULE, sources=frozenset({"json"})), False),
        (replace(RULE, languages=frozenset({"fr"})), False),
        (replace(RULE, amount_from=Decimal(400_000)), True),
        (replace(RULE, amount_from=Decimal(400_001)), False),
        (replace(RULE, amount_to=Decimal(500_000)), True),
        (replace(RULE, amount_to=Decimal(499_999)), False),
    ],
)
def test_a_rule_matches_on_all_its_conditions(rule: OwnerRule, expected: bool) -> None:
    asked = inquiry(loan=Loan(amount=Amount(low=Decimal(400_000), high=Decimal(500_000))))
    assert matches(rule, asked, US) is expected


def test_an_unknown_amount_is_in_no_range() -> None:
    assert not matches(replace(RULE, amount_from=Decimal(0)), inquiry(), US)


# --- turns


def serve(
    members: tuple[Member, ...], count: int, turns: Mapping[str, float]
) -> tuple[Counter[str], Mapping[str, float]]:
    playbook, served = team(*members), Counter[str]()
    for _ in range(count):
        owner = choose_owner(inquiry(), playbook, Standing(turns), now=NOON).owner
        turns = advance(turns, owner, members)
        served[owner] += 1
    return served, turns


def member(name: str, weight: float) -> Member:
    return replace(MAYA, name=name, email=f"{name}@example.com", weight=weight, licences=EVERYWHERE)


@settings(deadline=None)  # tables are read on first use
@given(st.lists(st.sampled_from([0.5, 1.0, 1.5, 2.0, 3.0, 7.0]), min_size=2, max_size=5))
def test_turns_follow_the_weights_closely_at_every_moment(weights: list[float]) -> None:
    members = tuple(member(f"m{index}", weight) for index, weight in enumerate(weights))
    turns: Mapping[str, float] = {}
    served = Counter[str]()
    for _ in range(300):
        owner = whose_turn(turns, members, members).email
        turns = advance(turns, owner, members)
        served[owner] += 1
    for one in members:
        assert abs(served[one.email] - 300 * one.weight / sum(weights)) <= len(members) + 1


def test_ten_thousand_turns_are_fair_within_one_percent() -> None:
    members = (member("a", 1), member("b", 2), member("c", 3.5))
    turns: Mapping[str, float] = {}
    served = Counter[str]()
    playbook = team(*members)
    asked = inquiry()
    for _ in range(10_000):
        owner = choose_owner(asked, playbook, Standing(turns), now=NOON).owner
        turns = advance(turns, owner, members)
        served[owner] += 1
    for one in members:
        assert served[one.email] == pytest.approx(10_000 * one.weight / 6.5, rel=0.01)


def test_a_newcomer_is_not_flooded() -> None:
    old = (member("a", 1), member("b", 1))
    _, turns = serve(old, 1000, {})
    served, _ = serve((*old, member("new", 1)), 30, turns)
    assert served["new@example.com"] in {10, 11}


def test_coming_back_from_absence_is_not_a_flood() -> None:
    a, b, away = member("a", 1), member("b", 1), member("away", 1)
    absent = replace(away, absences=(Absence(date(2026, 6, 1), date(2026, 6, 30)),))
    served, turns = serve((a, b, absent), 1000, {})
    assert served["away@example.com"] == 0
    served, _ = serve((a, b, away), 30, turns)
    assert served["away@example.com"] <= 10 + CATCH_UP + 1


def test_a_turn_of_somebody_outside_the_team_moves_nobody() -> None:
    assert advance({MAYA.email: 2.0}, "desk@example.com", (MAYA,)) == {MAYA.email: 2.0}


STATES = st.sampled_from(["", "CA", "TX", "FL", "NY", "WY", "ON"])
WORDS = st.sampled_from(["", "maya", "daniel@example.com", "Priya Raman", "nobody", "@@", "MAYA@EXAMPLE.COM"])


@settings(deadline=None)  # tables are read on first use
@given(STATES, WORDS, WORDS, st.sampled_from(InquiryType), st.sampled_from(["en", "es", "", "fr-CA"]))
def test_nobody_is_ever_assigned_without_a_licence_in_the_state(
    state: str, assigned_to: str, sticky: str, kind: InquiryType, language: str
) -> None:
    decision = decide(state=state, assigned_to=assigned_to, sticky=sticky, type=kind, language=language)
    owner = US.member(decision.owner)
    if owner is None:
        assert decision.method in {"held", "fallback"}
        assert decision.alert
    elif state:
        assert owner.licences[state].expires >= NOON.date()
