"""How well inquiries were put together, judged by the truth.

precision, recall: of pairs of inquiries, after everything that was linked to one record is one cluster.
wrong_merges: in each cluster, the persons beyond the first: how often somebody ended in another's record.
wrong_pairs: pairs of persons who are together in a cluster, summed over clusters; of these, across: who never
shared a household, unlike: of one household, whose first names are no forms of one another (as spouses').
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from mapping.identity.first_names import Agreement, compare


@dataclass(frozen=True, slots=True)
class Truth:
    """person by inquiry; by person, every household they lived in and every first name they go by."""

    persons: Mapping[str, str]
    households: Mapping[str, frozenset[str]]
    first_names: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Score:
    """As the module says."""

    precision: float
    recall: float
    wrong_merges: int
    wrong_pairs: int
    across: int
    unlike: int


def score(clusters: Mapping[str, str], truth: Truth) -> Score:
    """Of the cluster by inquiry."""
    together = _together(clusters, truth)
    linked = sum(_pairs(persons.total()) for persons in together)
    right = sum(_pairs(count) for persons in together for count in persons.values())
    true = sum(_pairs(count) for count in Counter(truth.persons[one] for one in clusters).values())
    # Counted, not listed: a cluster may hold thousands.
    wrong = sum(_pairs(len(persons)) for persons in together)
    related = [pair for persons in together for pair in _related(persons, truth)]
    return Score(
        precision=right / linked if linked else 1.0,
        recall=right / true if true else 1.0,
        wrong_merges=sum(len(persons) - 1 for persons in together),
        wrong_pairs=wrong,
        across=wrong - len(related),
        unlike=sum(_unlike(*(truth.first_names[one] for one in pair)) for pair in related),
    )


def wrong_pairs(clusters: Mapping[str, str], truth: Truth) -> Iterator[tuple[str, str]]:
    """The pairs of persons, to be looked at."""
    for persons in _together(clusters, truth):
        yield from combinations(sorted(persons), 2)


def _together(clusters: Mapping[str, str], truth: Truth) -> Collection[Counter[str]]:
    """The persons in each cluster, with how many inquiries of theirs."""
    together: dict[str, Counter[str]] = defaultdict(Counter)
    for inquiry, cluster in clusters.items():
        together[cluster][truth.persons[inquiry]] += 1
    return together.values()


def _related(persons: Iterable[str], truth: Truth) -> set[tuple[str, str]]:
    """The pairs who have shared a household."""
    members: dict[str, list[str]] = defaultdict(list)
    for person in sorted(persons):
        for household in truth.households[person]:
            members[household].append(person)
    return {pair for those in members.values() for pair in combinations(those, 2)}


def _pairs(count: int) -> int:
    return count * (count - 1) // 2


def _unlike(names: Iterable[str], others: tuple[str, ...]) -> bool:
    return all(compare(one, other) <= Agreement.ALIKE for one in names for other in others)
