"""The runner finds what is wrong: a grade that cannot fail would mean nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.samples.cases import read_cases
from tests.samples.grading import Grade, grade
from tests.samples.matching import matches
from tests.samples.run import run_case
from tests.samples.stand import Stand

_FIELDS = {"first_name": "Nadia", "email": "nadia.ferro@example.com", "loan_amount": "$350,000"}
_RECORD = {"first_name": "Nadia", "email": "nadia.ferro@example.com", "loan_amount": 350000}


def played(stand: Stand, folder: Path, fields: dict[str, str], **expected: Any) -> Grade:
    """The grade of a JSON form with this expectation."""
    (folder / "made.json").write_text(json.dumps(fields), encoding="utf-8")
    (folder / "made.headers").write_text(":method: POST\nContent-Type: application/json\n", encoding="utf-8")
    whole = {
        "file": "made.json",
        "vendor": "json",
        "channel": "webform",
        "tenant": {"country": "US"},
        "received_at": "2025-03-04T18:00:00Z",
        "outcome": "accepted",
        "http_status": [200],
        **expected,
    }
    (folder / "made.expected.json").write_text(json.dumps(whole), encoding="utf-8")
    (case,) = read_cases(folder)
    return grade(case, run_case(stand, case))


def test_a_right_case_passes(stand: Stand, tmp_path: Path) -> None:
    found = played(stand, tmp_path, _FIELDS, records=[_RECORD])
    assert (found.safe, found.right, found.complete) == ([], [], [])


def test_a_wrong_value_is_not_right(stand: Stand, tmp_path: Path) -> None:
    found = played(stand, tmp_path, _FIELDS, records=[{**_RECORD, "loan_amount": 1}])
    assert "loan_amount" in found.right[0]


def test_a_missing_value_is_not_complete(stand: Stand, tmp_path: Path) -> None:
    found = played(stand, tmp_path, _FIELDS, records=[{**_RECORD, "property_city": "Fresno"}])
    assert "property_city" in found.complete[0]


@pytest.mark.parametrize("outcome", ["quarantined", "rejected", "ignored"])
def test_letting_through_what_should_be_stopped_is_not_safe(
    stand: Stand, tmp_path: Path, outcome: str
) -> None:
    assert "outcome" in played(stand, tmp_path, _FIELDS, outcome=outcome).safe[0]


def test_a_forbidden_string_that_was_kept_is_not_safe(stand: Stand, tmp_path: Path) -> None:
    found = played(stand, tmp_path, _FIELDS, must_not_contain=["nadia.ferro@"])
    assert "must_not_contain" in found.safe[0]


def test_a_number_that_is_scrubbed_is_nowhere(stand: Stand, tmp_path: Path) -> None:
    number = "-".join(("078", "05", "1120"))  # never issued
    fields = {**_FIELDS, "message": f"My SSN is {number}"}
    forbidden = [number, number.replace("-", "")]
    assert played(stand, tmp_path, fields, must_not_contain=forbidden).safe == []


def test_the_same_again_is_one_inquiry(stand: Stand, tmp_path: Path) -> None:
    found = played(stand, tmp_path, _FIELDS, send_times=5, parallel=5, expect_total_records=1)
    assert (found.safe, found.right) == ([], [])
    again = played(stand, tmp_path, _FIELDS, expect_total_records=2)
    assert "inquiries in all" in again.safe[0]


def test_too_many_records_are_not_right(stand: Stand, tmp_path: Path) -> None:
    assert "1 records, wanted 2" in played(stand, tmp_path, _FIELDS, records=[_RECORD, _RECORD]).right[0]


@pytest.mark.parametrize(
    ("actual", "wanted", "same"),
    [
        ("a@EXAMPLE.com", "A@example.com", True),
        (None, {"$absent": True}, True),
        ("x", {"$absent": True}, False),
        ("", {"$any_of": ["y", None]}, True),
        ("Réno à Québec", {"$contains": "québec"}, True),
        (["a.pdf", "b.pdf"], ["a.pdf", "b.pdf"], True),
        (["a.pdf"], {"$contains": "B.PDF"}, False),
        (True, 1, False),
        ("2025-03-04", {"$date": "2025-03-04"}, True),
    ],
)
def test_matchers(actual: object, wanted: object, same: bool) -> None:
    assert matches(actual, wanted) is same
