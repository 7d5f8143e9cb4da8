"""Two outcomes side by side: what differs is counted by kind and holds no personal value."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from mapping.playbook.simulation import FollowUp, Outcome, Report, differences

DUE = datetime(2026, 11, 17, 18, 0, tzinfo=UTC)
CALL = FollowUp("first_touch", "call", DUE)
BEFORE = Outcome(
    "purchase", "new", "a", "maya@example.com", (CALL,), {"hubspot deal amount": "1", "hubspot tags": "x"}
)


def later(**span: float) -> tuple[FollowUp, ...]:
    return (replace(CALL, due_at=DUE + timedelta(**span)),)


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (BEFORE, []),
        (replace(BEFORE, type="refinance"), [("types", ["purchase → refinance"])]),
        (replace(BEFORE, verdict="same"), [("matches", ["new → same"])]),
        (replace(BEFORE, who="b"), [("matches", ["new, another borrower"])]),
        (replace(BEFORE, owner=""), [("owners", ["maya@example.com → nobody"])]),
        (replace(BEFORE, follow_ups=later(minutes=59)), [("due", ["less than an hour later"])]),
        (replace(BEFORE, follow_ups=later(hours=1)), [("due", ["less than a day later"])]),
        (replace(BEFORE, follow_ups=later(hours=-30)), [("due", ["less than a week earlier"])]),
        (replace(BEFORE, follow_ups=later(days=7)), [("due", ["a week or more later"])]),
        (
            replace(BEFORE, follow_ups=()),
            [("due", ["no task any more"]), ("follow_ups", ["first_touch by call removed"])],
        ),
        (
            replace(BEFORE, follow_ups=(CALL, replace(CALL, purpose="second_try", due_at=DUE))),
            [("follow_ups", ["second_try by call added"])],
        ),
        (
            replace(BEFORE, follow_ups=(CALL, replace(CALL, purpose="b"))),
            [("follow_ups", ["b by call added"])],
        ),
        (
            replace(BEFORE, fields={"hubspot deal amount": "2", "hubspot deal stage": "New"}),
            [("fields", ["hubspot deal amount", "hubspot tags", "hubspot deal stage"])],
        ),
    ],
)
def test_each_aspect_is_compared_by_itself(after: Outcome, said: list[tuple[str, list[str]]]) -> None:
    assert list(differences(BEFORE, after)) == said


def test_a_later_touch_that_is_moved_is_told() -> None:
    second = replace(CALL, purpose="second_try", due_at=DUE + timedelta(days=1))
    moved = replace(second, due_at=DUE + timedelta(days=3))
    before, after = replace(BEFORE, follow_ups=(CALL, second)), replace(BEFORE, follow_ups=(CALL, moved))
    assert list(differences(before, after)) == [("follow_ups", ["second_try by call less than a week later"])]


def test_a_report_counts_inquiries_once_and_keeps_a_few_examples() -> None:
    report = Report(examples=2)
    for number in range(5):
        report.add(f"i{number}", BEFORE, replace(BEFORE, owner="priya@example.com", fields={}))
    report.add("i5", BEFORE, BEFORE)
    report.add("i6", BEFORE, Outcome(failed="KeyError"))
    assert (report.replayed, report.changed) == (7, 5)
    assert report.aspects["owners"].changed == 5
    assert report.aspects["owners"].examples == ["i0", "i1"]
    assert report.owners == {"maya@example.com": [7, 1], "priya@example.com": [0, 5]}
    assert report.failed["draft"] == {"KeyError": 1}
