"""How well inquiries were put together, judged by the truth.

precision, recall: of pairs of inquiries, after everything that was linked to one record is one cluster.
wrong_merges: in each cluster, the persons beyond the first: how often somebody ended in another's record.
wrong_pairs: pairs of persons who are together in some cluster; of these, across: of different households,
unlike: of one household, whose first names are no form of one another (spouses, siblings).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from mapping.identity.first_names import Agreement, compare


@dataclass(frozen=True, slots=True)
class Truth:
    """person by inquiry, household and first names by person."""

    persons: Mapping[str, str]
    households: Mapping[str, str]
    first_names: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Score:
    """As the module says; pairs are (person, person)."""

    precision: float
    recall: float
    wrong_merges: int
    wrong_pairs: tuple[tuple[str, str], ...]
    across: tuple[tuple[str, str], ...]
    unlike: tuple[tuple[str, str], ...]


def score(clusters: Mapping[str, str], truth: Truth) -> Score:
    """Of the cluster by inquiry."""
    together: dict[str, Counter[str]] = defaultdict(Counter)
    for inquiry, cluster in clusters.items():
        together[cluster][truth.persons[inquiry]] += 1
    linked = sum(_pairs(persons.total()) for persons in together.values())
    right = sum(_pairs(count) for persons in together.values() for count in persons.values())
    true = sum(_pairs(count) for count in Counter(truth.persons[one] for one in clusters).values())
    pairs = sorted({pair for persons in together.values() for pair in combinations(sorted(persons), 2)})
    within = [pair for pair in pairs if len({truth.households[one] for one in pair}) == 1]
    return Score(
        precision=right / linked if linked else 1.0,
        recall=right / true if true else 1.0,
        wrong_merges=sum(len(persons) - 1 for persons in together.values()),
        wrong_pairs=tuple(pairs),
        across=tuple(pair for pair in pairs if pair not in set(within)),
        unlike=tuple(pair for pair in within if _unlike(*(truth.first_names[one] for one in pair))),
    )


def _pairs(count: int) -> int:
    return count * (count - 1) // 2


def _unlike(names: Iterable[str], others: tuple[str, ...]) -> bool:
    return all(compare(one, other) <= Agreement.ALIKE for one in names for other in others)
