"""Learning from outcomes: it finds what decides, is judged on what it has not seen, and may say no."""

from __future__ import annotations

import random
from math import log

import pytest

from mapping.priority.score import Outcomes, PriorityRules
from mapping.priority.training import LEARNED, LEAST_OUTCOMES, Ended, TooFew, auc, train

RULES = PriorityRules()


def invented(count: int, seed: int, *, hidden: dict[str, float]) -> list[Ended]:
    """Outcomes of a world in which these weights decide."""
    dice = random.Random(seed)
    ended = []
    for _ in range(count):
        factors = {name: dice.random() for name in LEARNED} | {"recency": 1.0}
        total = -2.0 + sum(weight * (factors[name] - 0.5) for name, weight in hidden.items())
        chance = 1 / (1 + 2.718281828 ** (-total))
        ended.append(Ended(factors, dice.random() < chance))
    return ended


def test_it_is_better_where_the_rules_are_wrong_about_what_decides() -> None:
    trained = train(invented(2000, 1, hidden={"completeness": 6.0, "timeframe": -3.0}), RULES)
    assert trained.model.weights["completeness"] == pytest.approx(6.0, abs=1.5)
    assert trained.model.weights["timeframe"] == pytest.approx(-3.0, abs=1.5)
    assert trained.learned.auc > 0.75
    assert trained.rules.auc < 0.6
    assert trained.better
    assert trained.held_back == 500


def test_rules_that_are_wrong_the_whole_way_are_not_read_backwards() -> None:
    true = {name: -RULES.weights[name] / 5 for name in LEARNED}
    trained = train(invented(800, 11, hidden=true), RULES)
    assert trained.rules.auc < 0.35
    assert trained.learned.auc > 0.65


def test_it_is_not_used_where_nothing_is_to_be_learned() -> None:
    trained = [train(invented(600, seed, hidden={}), RULES) for seed in range(30)]
    assert sum(one.learned.auc for one in trained) / 30 == pytest.approx(0.5, abs=0.03)
    assert sum(one.better for one in trained) <= 3, "chance is taken for knowledge once in twenty times"


def test_ways_in_that_all_do_alike_teach_nothing_about_any() -> None:
    """What became of an inquiry itself must not shine through in how its source did."""
    used = 0
    for seed in range(20):
        dice, before, ended = random.Random(seed), Outcomes(), []
        for _ in range(600):
            path, funded = f"path {dice.randrange(40)}", dice.random() < 0.25
            factors = {**dict.fromkeys(LEARNED, 0.4), "recency": 1.0, "source": before.factor(path)}
            ended.append(Ended(factors, funded))
            before = before.and_then(path, funded=funded)
        used += train(ended, RULES).better
    assert used <= 2


def test_it_is_not_used_where_the_rules_are_right_already() -> None:
    true = {name: RULES.weights[name] / 5 for name in LEARNED}
    trained = train(invented(1500, 4, hidden=true), RULES)
    assert abs(trained.learned.auc - trained.rules.auc) < 0.02
    assert trained.learned.auc > 0.65


def test_it_is_judged_on_the_newest_outcomes() -> None:
    older = invented(600, 5, hidden={"completeness": 6.0})
    newer = invented(200, 6, hidden={"completeness": -6.0})
    trained = train([*older, *newer], RULES)
    assert trained.learned.auc < 0.4, "the world has changed, and it shows"
    assert not trained.better


def test_too_few_or_only_one_kind_is_said() -> None:
    with pytest.raises(TooFew, match="499 inquiries have ended so far; 500 are needed"):
        train(invented(LEAST_OUTCOMES - 1, 1, hidden={}), RULES)
    lost = [Ended(one.factors, False) for one in invented(600, 1, hidden={})]
    with pytest.raises(TooFew, match="Funded and lost"):
        train(lost, RULES)


def test_the_shares_of_pairs_and_ties() -> None:
    assert auc([0.1, 0.4, 0.35, 0.8], [False, False, True, True]) == 0.75
    assert auc([0.5, 0.5, 0.5], [True, False, False]) == 0.5
    trained = train(invented(800, 9, hidden={"engagement": 5.0}), RULES)
    assert trained.learned.log_loss < log(2)
