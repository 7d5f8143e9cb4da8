"""Record linkage libraries set up with care, to measure ourselves by: splink and recordlinkage.

Both get what intake cleaned: names apart and in proper case, emails and numbers that stand for somebody,
birth dates. They see all records at once, which nobody does who takes in one inquiry after the other.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from bench.identity_data import Data
from bench.vendor_rules import joined_pairs
from mapping.normalize.text import fold
from mapping.people.lookup_keys import email_key, phone_key

Row = Mapping[str, str | None]
COLUMNS = ("first_name", "last_name", "email", "phone", "street", "city", "postal_code", "birth_date")
THRESHOLDS = (0.95, 0.9999)
# What belongs to a person, the surest first.
_IDENTIFIERS = ("birth_date", "email", "phone")
# Whom it is worth comparing: a single one of these, or several together.
_BLOCKS = (
    *(("email",), ("phone",), ("birth_date",), ("first_name", "last_name"), ("street", "last_name")),
    *(("street", "first_name"), ("last_name", "city"), ("first_name", "postal_code")),
)
_MOST_PAIRS = 2_000_000


def rows_of(data: Data) -> list[Row]:
    """One for each inquiry, None where nothing is known; columns in which all are alike are left out."""
    rows = [
        {
            "first_name": fold(one.first_name),
            "last_name": fold(one.last_name),
            "email": email_key(one.email),
            "phone": phone_key(one.phone),
            "street": fold(one.street),
            "city": fold(one.city),
            "postal_code": one.postal_code[:5],
            "birth_date": birth_date,
        }
        for one, birth_date in zip(data.people, data.birth_dates, strict=True)
    ]
    telling = [
        name for name in COLUMNS if len({row[name] for row in rows}) > 1 + any(not r[name] for r in rows)
    ]
    return [{name: row[name] or None for name in telling} for row in rows]


def splink(rows: Sequence[Row]) -> dict[float, list[int]]:
    """Clusters at each of the thresholds. Trained without ever blocking on what a household shares alone."""
    from pandas import DataFrame
    from splink import Linker, SettingsCreator, block_on
    from splink.backends.duckdb import DuckDBAPI

    names = list(rows[0])
    table = DataFrame([{"unique_id": index, **row} for index, row in enumerate(rows)])
    blocks = [block_on(*columns) for columns in _blocks(rows)]
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=_comparisons(names),
        blocking_rules_to_generate_predictions=blocks,
    )
    linker = Linker(DuckDBAPI().register(table), settings, log_level=logging.ERROR)
    training = linker.training
    sure = [block_on("first_name", "last_name", name) for name in names if name in _IDENTIFIERS]
    training.estimate_probability_two_random_records_match(sure, recall=0.7)
    training.estimate_u_using_random_sampling(max_pairs=_MOST_PAIRS, seed=1)
    training.estimate_parameters_using_expectation_maximisation(block_on("first_name", "last_name"))
    person = next(name for name in ("email", "birth_date") if name in names)
    training.estimate_parameters_using_expectation_maximisation(block_on(person))
    found = linker.inference.predict(threshold_match_probability=min(THRESHOLDS)).as_pandas_dataframe()
    pairs = list(zip(found["unique_id_l"], found["unique_id_r"], found["match_probability"], strict=True))
    return {
        at: joined_pairs(len(rows), [(one, other) for one, other, likely in pairs if likely >= at])
        for at in THRESHOLDS
    }


def _comparisons(names: Sequence[str]) -> list[Any]:
    import splink.comparison_library as library

    ready: dict[str, Any] = {
        "first_name": library.NameComparison("first_name"),
        "last_name": library.NameComparison("last_name"),
        "email": library.EmailComparison("email"),
        "phone": library.ExactMatch("phone"),
        "street": library.JaroWinklerAtThresholds("street", [0.95, 0.88]),
        "city": library.ExactMatch("city").configure(term_frequency_adjustments=True),
        "postal_code": library.ExactMatch("postal_code"),
        "birth_date": library.DateOfBirthComparison("birth_date", input_is_string=True),
    }
    return [ready[name] for name in names]


def _blocks(rows: Sequence[Row]) -> list[tuple[str, ...]]:
    return [block for block in _BLOCKS if set(block) <= rows[0].keys()]


def recordlinkage_ecm(rows: Sequence[Row]) -> list[int]:
    """Clusters of the pairs that the ECM classifier calls a match.

    It counts what is missing as differing: columns that are mostly empty would make nearly all differ. And it
    learns from everybody it sees: neighbours by address or city would teach it that households are persons.
    """
    import recordlinkage
    from pandas import DataFrame

    table = DataFrame(rows)
    index = recordlinkage.Index()
    for block in _blocks(rows):
        if block[0] in _IDENTIFIERS or block == ("first_name", "last_name"):
            index.block(list(block))
    candidates = index.index(table)
    compare = recordlinkage.Compare()
    for name in table.columns[table.notna().mean() > 0.5]:
        if name in ("first_name", "last_name", "street", "city"):
            compare.string(name, name, method="jarowinkler", threshold=0.85, label=name)
        else:
            compare.exact(name, name, label=name)
    matches = recordlinkage.ECMClassifier().fit_predict(compare.compute(candidates, table))
    return joined_pairs(len(rows), list(matches))
