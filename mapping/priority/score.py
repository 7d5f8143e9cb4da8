"""Whom to call first: a score from 0 to 100 with its reasons, from the need, never from who somebody is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from math import exp
from types import MappingProxyType

from mapping.facts import Facts, is_known
from mapping.inquiry import CreditBand, Inquiry, Timeframe

#: What a score is made of, each from 0 to 1, in the order of the reasons.
FACTORS = ("timeframe", "credit", "source", "completeness", "engagement", "recency")
#: Canonical names that tell who somebody is or where they live: nothing of them counts, not even that they
#: were said (ECOA, Fair Housing Act, human rights acts of the provinces).
TRAITS = frozenset(
    {
        *("full_name", "first_name", "middle_name", "last_name", "suffix", "language", "employment"),
        *("street", "city", "state", "postal_code", "co_full_name", "co_relationship", "message"),
        *("property_street", "property_city", "property_state", "property_postal_code", "property_country"),
        *("company", "currency", "preferred_time", "other_answers"),
    }
)
_UNKNOWN = 0.4
_TIMEFRAMES: Mapping[Timeframe | None, float] = MappingProxyType(
    {
        Timeframe.ASAP: 1.0,
        Timeframe.WITHIN_30_DAYS: 0.9,
        Timeframe.MONTHS_1_3: 0.7,
        Timeframe.MONTHS_3_6: 0.45,
        Timeframe.MONTHS_6_12: 0.25,
        Timeframe.OVER_12_MONTHS: 0.1,
        Timeframe.RESEARCHING: 0.1,
    }
)
_CREDIT: Mapping[CreditBand | None, float] = MappingProxyType(
    {CreditBand.EXCELLENT: 1.0, CreditBand.GOOD: 0.85, CreditBand.FAIR: 0.5, CreditBand.POOR: 0.2}
)
_GONE = ("canceled", "cancelled", "no_show")
_PRIOR = 20  # outcomes by which a young source is held to the average
_NAMES = {
    "timeframe": "timeframe",
    "credit": "credit as stated",
    "source": "how this way in has turned out before",
    "completeness": "how complete it is",
    "engagement": "what the borrower has done since",
    "recency": "how fresh it is",
}


@dataclass(frozen=True, slots=True)
class PriorityRules:
    """How much each factor counts, by FACTORS; they need not add up to anything.

    half_life_days: after so many days without news the recency counts half. not_compared are paths that say
    something about who their borrowers are (one language, one neighbourhood): they count as the average.
    """

    weights: Mapping[str, float] = field(
        default_factory=lambda: {
            "timeframe": 30,
            "credit": 15,
            "source": 15,
            "completeness": 10,
            "engagement": 20,
            "recency": 10,
        }
    )
    half_life_days: float = 7.0
    not_compared: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Outcomes:
    """How inquiries have ended so far: path → (funded, lost)."""

    by_path: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    def factor(self, path: str) -> float:
        """0.5 for a way in that does as well as all together, 1 for one twice as good or better."""
        won = sum(one for one, _ in self.by_path.values())
        ended = won + sum(lost for _, lost in self.by_path.values())
        if not won:
            return 0.5
        usual, (here, lost) = won / ended, self.by_path.get(path, (0, 0))
        return min(1.0, 0.5 * ((here + _PRIOR * usual) / (here + lost + _PRIOR)) / usual)

    def and_then(self, path: str, *, funded: bool) -> Outcomes:
        """The same with one more."""
        won, lost = self.by_path.get(path, (0, 0))
        now = (won + 1, lost) if funded else (won, lost + 1)
        return Outcomes({**self.by_path, path: now})


@dataclass(frozen=True, slots=True)
class Engagement:
    """What the borrower did since the inquiry came; last_at is the newest of it (None: nothing)."""

    replies: int = 0
    met: bool = False
    applied: bool = False
    opened: bool = False
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Model:
    """What was learned from outcomes: factor → weight ("" is the constant), plain numbers.

    best is the chance that counts as 1; outcomes is how many it learned from.
    """

    weights: Mapping[str, float]
    best: float
    outcomes: int

    def chance(self, factors: Mapping[str, float]) -> float:
        """The chance, 0 to 1, that an inquiry with these factors ends well."""
        total = self.weights.get("", 0.0)
        total += sum(weight * factors[name] for name, weight in self.weights.items() if name)
        return as_chance(total)


def as_chance(total: float) -> float:
    """A sum of weights as a chance from 0 to 1."""
    return 1 / (1 + exp(-max(-30.0, min(30.0, total))))


@dataclass(frozen=True, slots=True)
class Priority:
    """score is 0 to 100; reasons say in words what it is made of, without anybody's data."""

    score: int
    reasons: tuple[str, ...]


def factors_of(
    inquiry: Inquiry,
    expected: Sequence[str],
    outcomes: Outcomes,
    engagement: Engagement,
    rules: PriorityRules,
    *,
    now: datetime,
) -> dict[str, float]:
    """Each of FACTORS, from 0 to 1. expected are the canonical names that the checklist asks for."""
    newest = max(filter(None, (inquiry.received_at, engagement.last_at)))
    days = max(0.0, (now - newest) / timedelta(days=1))
    compared = inquiry.path not in rules.not_compared
    return {
        "timeframe": _TIMEFRAMES.get(inquiry.timeframe, _UNKNOWN),
        "credit": _CREDIT.get(inquiry.credit_band, _UNKNOWN),
        "source": outcomes.factor(inquiry.path) if compared else 0.5,
        "completeness": _completeness(inquiry, expected),
        "engagement": _engaged(engagement),
        "recency": 0.5 ** (days / rules.half_life_days),
    }


def judge(factors: Mapping[str, float], rules: PriorityRules, model: Model | None = None) -> Priority:
    """The score of these factors: by the rules, or by what was learned of all but recency."""
    weights = rules.weights
    total = sum(weights[name] for name in FACTORS) or 1.0
    if model is None:
        points = {name: 100 * weights[name] * factors[name] / total for name in FACTORS}
        most = {name: 100 * weights[name] / total for name in FACTORS}
        ranked = sorted(FACTORS, key=lambda name: -points[name])
        reasons = [f"{points[name]:.0f} of {most[name]:.0f} for {_NAMES[name]}" for name in ranked]
        return Priority(round(sum(points.values())), tuple(reasons))
    fresh = 100 * weights["recency"] / total
    learned = (100 - fresh) * min(1.0, model.chance(factors) / model.best)
    return Priority(
        round(learned + fresh * factors["recency"]),
        (
            f"{learned:.0f} of {100 - fresh:.0f} by what {model.outcomes} earlier outcomes teach",
            f"{fresh * factors['recency']:.0f} of {fresh:.0f} for {_NAMES['recency']}",
        ),
    )


def shown_in(inquiry: Inquiry, engagement: Engagement) -> Engagement:
    """What was done, with what the inquiry itself shows: a meeting that stands, an application, a call."""
    meeting, application, call = inquiry.meeting, inquiry.application, inquiry.call
    return replace(
        engagement,
        met=meeting is not None and meeting.status not in _GONE and meeting.start is not None,
        applied=engagement.applied or (application is not None and application.status is not None),
        replies=engagement.replies + (1 if call is not None and call.direction == "inbound" else 0),
        opened=engagement.opened or (application is not None and bool(application.link)),
    )


def _completeness(inquiry: Inquiry, expected: Sequence[str]) -> float:
    asked = [name for name in expected if name not in TRAITS]
    if not asked:
        return 1.0
    facts = Facts(inquiry, inquiry.borrower)
    return sum(is_known(name, facts) for name in asked) / len(asked)


def _engaged(engagement: Engagement) -> float:
    """The most that was done counts; more of it does not count more."""
    if engagement.met:
        return 1.0
    if engagement.applied:
        return 0.9
    if engagement.replies:
        return 0.7
    return 0.4 if engagement.opened else 0.0
