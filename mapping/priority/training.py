"""Learning from outcomes: a small logistic model, and whether it is better than the rules.

Plain Python: five weights need no library, and the one that would fit takes 62 MB to install.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt
from statistics import fmean, stdev

from mapping.priority.score import FACTORS, Model, PriorityRules, as_chance, judge

LEAST_OUTCOMES = 500
#: Recency says nothing about an inquiry that has ended.
LEARNED = tuple(name for name in FACTORS if name != "recency")
_HELD_BACK = 0.25  # of the outcomes, the newest
_RIDGE = 1.0  # keeps weights small where outcomes say little
_ROUNDS = 12
_BETTER_AUC = 0.005  # less than that is no reason to change
_SURE = 1.64  # standard errors of the mean by which it must be surer: chance does that once in twenty times

Row = Sequence[float]


@dataclass(frozen=True, slots=True)
class Ended:
    """An inquiry that has ended: its factors as they were known, and whether it was funded."""

    factors: Mapping[str, float]
    funded: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """How well something told funded from lost on outcomes that it had not seen.

    auc: the share of pairs it orders rightly (0.5 is chance); log_loss: the lower the better.
    """

    auc: float
    log_loss: float


@dataclass(frozen=True, slots=True)
class Trained:
    """The model, and how it and the rules did on the newest quarter of the outcomes.

    surer: by how many standard errors the model's log-loss is lower, outcome by outcome.
    """

    model: Model
    learned: Figures
    rules: Figures
    held_back: int
    surer: float

    @property
    def better(self) -> bool:
        """Whether the model is to be used: it orders better, and is surer by more than chance would be."""
        return self.learned.auc >= self.rules.auc + _BETTER_AUC and self.surer >= _SURE


class TooFew(Exception):
    """There are too few outcomes, or only of one kind, to learn from."""


def train(ended: Sequence[Ended], rules: PriorityRules) -> Trained:
    """Learn from outcomes in the order of time: the newest quarter only judges. Raises TooFew."""
    if len(ended) < LEAST_OUTCOMES:
        raise TooFew(f"{len(ended)} inquiries have ended so far; {LEAST_OUTCOMES} are needed to learn from.")
    at = len(ended) - int(len(ended) * _HELD_BACK)
    older, newer = ended[:at], ended[at:]
    for part in (older, newer):
        if len({one.funded for one in part}) < 2:
            raise TooFew("Funded and lost inquiries are needed, among the older and the newest ones.")
    first = _fitted(older, _factors)
    # The rules' score is no chance yet: one weight of its own makes it one, learned from the same outcomes.
    calibrated = _fitted(older, lambda one: (_points(one, rules),))
    answers = [one.funded for one in newer]
    learned = [_chance(first, _factors(one)) for one in newer]
    points = [_points(one, rules) for one in newer]
    losses = _losses(learned, answers)
    of_rules = _losses([_chance(calibrated, (one,)) for one in points], answers)
    return Trained(
        model=_model(ended),
        learned=Figures(auc(learned, answers), fmean(losses)),
        # Ordered by the score itself: a score that is wrong the whole way must not be read backwards.
        rules=Figures(auc(points, answers), fmean(of_rules)),
        held_back=len(newer),
        surer=_surer([rule - model for rule, model in zip(of_rules, losses, strict=True)]),
    )


def _surer(gains: Sequence[float]) -> float:
    """The mean of what was gained with each outcome, in its standard errors."""
    spread = stdev(gains)
    return fmean(gains) / spread * sqrt(len(gains)) if spread else 0.0


def _model(ended: Sequence[Ended]) -> Model:
    """Learned from all of them, for use."""
    weights = _fitted(ended, _factors)
    chances = sorted(_chance(weights, _factors(one)) for one in ended)
    best = chances[int(len(chances) * 0.95)]
    return Model(dict(zip(("", *LEARNED), weights, strict=True)), max(best, 1e-6), len(ended))


def _factors(one: Ended) -> Row:
    return [one.factors[name] for name in LEARNED]


def _points(one: Ended, rules: PriorityRules) -> float:
    return judge({**one.factors, "recency": 0.0}, rules).score / 100


def _chance(weights: Row, row: Row) -> float:
    return as_chance(weights[0] + sum(weight * value for weight, value in zip(weights[1:], row, strict=True)))


def _fitted(ended: Sequence[Ended], read: Callable[[Ended], Row]) -> list[float]:
    """The constant and the weights of a logistic regression with a small ridge, by Newton's method."""
    rows = [(1.0, *read(one)) for one in ended]
    answers = [float(one.funded) for one in ended]
    size = len(rows[0])
    weights = [0.0] * size
    for _ in range(_ROUNDS):
        slope = [-(_RIDGE if place else 0.0) * weights[place] for place in range(size)]
        curve = [[(_RIDGE if a == b and a else 0.0) for b in range(size)] for a in range(size)]
        for row, answer in zip(rows, answers, strict=True):
            chance = _chance(weights, row[1:])
            spread = max(chance * (1 - chance), 1e-9)
            for a in range(size):
                slope[a] += row[a] * (answer - chance)
                for b in range(size):
                    curve[a][b] += spread * row[a] * row[b]
        step = _solved(curve, slope)
        weights = [weight + one for weight, one in zip(weights, step, strict=True)]
        if max(map(abs, step)) < 1e-6:
            break
    return weights


def _solved(matrix: list[list[float]], right: list[float]) -> list[float]:
    """x in matrix · x = right, by elimination; the matrix is positive definite."""
    size = len(right)
    rows = [[*matrix[place], right[place]] for place in range(size)]
    for place in range(size):
        pivot = rows[place][place]
        rows[place] = [value / pivot for value in rows[place]]
        for other in range(size):
            if other != place:
                times = rows[other][place]
                rows[other] = [a - times * b for a, b in zip(rows[other], rows[place], strict=True)]
    return [row[-1] for row in rows]


def _losses(chances: Sequence[float], answers: Sequence[bool]) -> list[float]:
    told = [chance if answer else 1 - chance for chance, answer in zip(chances, answers, strict=True)]
    return [-log(max(1e-9, one)) for one in told]


def auc(chances: Sequence[float], answers: Sequence[bool]) -> float:
    """The share of pairs of a funded and a lost one in which the funded one has the higher chance."""
    order = sorted(range(len(chances)), key=lambda place: chances[place])
    ranks = [0.0] * len(chances)
    start = 0
    while start < len(order):
        end = start
        while end + 1 < len(order) and chances[order[end + 1]] == chances[order[start]]:
            end += 1
        for place in order[start : end + 1]:
            ranks[place] = (start + end) / 2 + 1
        start = end + 1
    funded = sum(answers)
    lost = len(answers) - funded
    total = sum(rank for rank, answer in zip(ranks, answers, strict=True) if answer)
    return (total - funded * (funded + 1) / 2) / (funded * lost)
