"""Of ten thousand inquiries everybody gets their share: with absences, restarts, rules and duty."""

from __future__ import annotations

import json
import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from mapping.hours.business import BusinessHours
from mapping.inquiry import InquiryType
from mapping.ownership.owner import Standing, after_turn, choose_owner
from mapping.ownership.turns import CATCH_UP, Turns, group_of, in_group
from mapping.playbook import Member, OwnerRule, Playbook
from mapping.playbook.team import Shift
from tests.mapping.people import MAYA, NOON, US, inquiry

COUNT = 10_000
NIGHT = datetime(2026, 6, 10, 23, 30, tzinfo=UTC)


def member(name: str, weight: float) -> Member:
    return replace(MAYA, name=name, email=f"{name}@example.com", weight=weight, duty=())


A, B, C = member("a", 1), member("b", 2), member("c", 3.5)
WEIGHTS = {one.email: one.weight for one in (A, B, C)}


def shares(served: Counter[str], expected: dict[str, float]) -> None:
    """Within one percent of everything that was given out."""
    total = sum(served.values())
    assert total
    for email, share in expected.items():
        assert served[email] == pytest.approx(share, abs=0.01 * total), (email, served)


def of_weights(emails: Sequence[str], count: int) -> dict[str, float]:
    return {email: count * WEIGHTS[email] / sum(WEIGHTS[one] for one in emails) for email in emails}


def reopened(turns: Turns) -> Turns:
    """The pointers as a new process reads them."""
    return dict(json.loads(json.dumps(dict(turns))))


@pytest.mark.parametrize("seed", [1, 2])
def test_absences_and_restarts_leave_the_shares_of_those_who_are_there(seed: int) -> None:
    dice = random.Random(seed)
    team, turns = {one.email: one for one in (A, B, C)}, nobody_had_a_turn()
    served, expected, comebacks = Counter[str](), dict.fromkeys(WEIGHTS, 0.0), 0
    away: str | None = None
    for number in range(COUNT):
        if number % 500 == 0:
            turns = reopened(turns)
            away, comebacks = dice.choice([None, *team]), comebacks + 1
        there = tuple(replace(one, paused=one.email == away) for one in team.values())
        playbook = replace(US, team=there, owner_rules=())
        decision = choose_owner(inquiry(), playbook, Standing(turns), now=NOON)
        turns = after_turn(turns, decision, playbook)
        served[decision.owner] += 1
        for email, share in of_weights([one.email for one in there if not one.paused], 1).items():
            expected[email] += share
    for email, share in expected.items():
        # Within one percent, and no more than what may be caught up after each absence.
        assert abs(served[email] - share) <= 0.01 * COUNT
        assert abs(served[email] - share) <= comebacks * (CATCH_UP + 1)


def nobody_had_a_turn() -> Turns:
    return {}


def test_a_rule_is_fair_among_those_it_names_and_the_team_as_a_whole_too() -> None:
    rule = OwnerRule("renewals", (B.email, A.email), types=frozenset({InquiryType.RENEWAL}))
    playbook = replace(US, team=(A, B, C), owner_rules=(rule,))
    kinds, turns = random.Random(7), nobody_had_a_turn()
    groups: dict[str, Counter[str]] = defaultdict(Counter)
    for _ in range(COUNT):
        kind = kinds.choices([InquiryType.RENEWAL, InquiryType.PURCHASE], [1, 4])[0]
        decision = choose_owner(inquiry(type=kind), playbook, Standing(turns), now=NOON)
        turns = after_turn(turns, decision, playbook)
        groups[decision.method][decision.owner] += 1
    shares(groups["rule"], of_weights(rule.assign, sum(groups["rule"].values())))
    shares(groups["rule"] + groups["round_robin"], of_weights(list(WEIGHTS), COUNT))


def test_licences_that_overlap_leave_the_shares_of_the_whole_team() -> None:
    a, b, c = (replace(one, licences={}) for one in (A, B, C))
    licence = MAYA.licences["CA"]
    a = replace(a, licences={"CA": licence})
    b = replace(b, licences={"CA": licence, "TX": licence})
    c = replace(c, licences={"CA": licence, "TX": licence})
    playbook, served, turns = replace(US, team=(a, b, c), owner_rules=()), Counter[str](), nobody_had_a_turn()
    places = random.Random(11)
    for _ in range(COUNT):
        decision = choose_owner(
            inquiry(state=places.choice(["CA", "CA", "TX"])), playbook, Standing(turns), now=NOON
        )
        turns = after_turn(turns, decision, playbook)
        served[decision.owner] += 1
    shares(served, of_weights(list(WEIGHTS), COUNT))


def test_duty_takes_turns_of_its_own() -> None:
    evening = BusinessHours("America/New_York", "Evenings", ((((17 * 60), 21 * 60),),) * 7)
    on_duty = [replace(one, duty=(evening,)) for one in (A, B)]
    shift = Shift("Evenings", (A.email, B.email), evening)
    playbook = replace(US, team=(*on_duty, C), duty=(shift,), owner_rules=())
    turns, nights, days = nobody_had_a_turn(), Counter[str](), Counter[str]()
    for number in range(COUNT):
        night = number % 5 == 0
        decision = choose_owner(inquiry(), playbook, Standing(turns), now=NIGHT if night else NOON)
        turns = after_turn(turns, decision, playbook)
        assert decision.method == ("duty" if night else "round_robin")
        (nights if night else days)[decision.owner] += 1
    shares(nights, of_weights([A.email, B.email], COUNT // 5))
    shares(nights + days, of_weights(list(WEIGHTS), COUNT))


def test_the_pointers_of_a_group_do_not_depend_on_how_it_is_written() -> None:
    assert group_of([A.email, B.email]) == group_of([B.email.upper(), A.email])
    assert group_of([A.email]) != group_of([B.email])
    assert len(in_group(group_of([A.email]), "x" * 250)) <= 254


def test_a_group_whose_turn_it_is_survives_a_change_of_the_team() -> None:
    rule = OwnerRule("both", (A.email, B.email))
    playbook: Playbook = replace(US, team=(A, B, C), owner_rules=(rule,))
    turns = nobody_had_a_turn()
    for _ in range(9):
        turns = after_turn(turns, choose_owner(inquiry(), playbook, Standing(turns), now=NOON), playbook)
    alone = replace(playbook, team=(A, C))
    decision = choose_owner(inquiry(), alone, Standing(turns), now=NOON + timedelta(minutes=1))
    assert decision.owner == A.email
