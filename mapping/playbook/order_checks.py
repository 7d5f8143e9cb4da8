"""What can never happen because something before it takes everything, and names that stand twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mapping.playbook.faults import Fault
from mapping.playbook.lines import Path
from mapping.playbook.team_checks import Finding, rows, table

_OF_TOUCHES = ("type", "preferred")
_OF_CADENCES = (
    *("type", "timeframe", "credit", "source", "path"),
    *("engagement", "stage", "application"),
)


def order_check(data: Mapping[str, Any]) -> Iterator[Finding]:
    """First touches and cadences that are never reached; partners, shifts, rules, documents of one name."""
    touches = rows(table(data.get("follow_up")).get("first_touch"))
    yield from _never(("follow_up", "first_touch"), "purpose", touches, _OF_TOUCHES)
    yield from _never(("cadence",), "name", rows(data.get("cadence")), _OF_CADENCES)
    for path, found in (
        (("partners",), data.get("partners")),
        (("owner_rules",), data.get("owner_rules")),
        (("owners", "duty"), table(data.get("owners")).get("duty")),
        (("document",), data.get("document")),
    ):
        yield from _twice(path, rows(found))


def _never(
    path: Path, key: str, listed: Sequence[Mapping[str, Any]], lists: Sequence[str]
) -> Iterator[Finding]:
    for index, later in enumerate(listed):
        for before, earlier in enumerate(listed[:index]):
            if _covers(earlier, later, lists):
                place = ".".join(map(str, (*path, before)))
                message = f"this never comes about: {place} takes all of its inquiries before"
                remedy = "Move it before that one, or give that one a condition."
                yield (*path, index, key), Fault(message, remedy)
                break


def _covers(earlier: Mapping[str, Any], later: Mapping[str, Any], lists: Sequence[str]) -> bool:
    """Whether whatever meets the later one meets the earlier one; False as soon as that is not certain."""
    if not earlier or not later:
        return False
    return (
        all(_wider(earlier.get(name), later.get(name)) for name in lists)
        and earlier.get("missing", later.get("missing")) == later.get("missing")
        and (earlier.get("pursuit") is False or later.get("pursuit") is not False)
        and _always_runs(earlier, later)
    )


def _wider(wide: Any, narrow: Any) -> bool:
    if wide is None or wide == []:
        return True
    if not isinstance(wide, list) or not isinstance(narrow, list) or not narrow:
        return False
    return all(one in wide for one in narrow)


def _always_runs(earlier: Mapping[str, Any], later: Mapping[str, Any]) -> bool:
    """Every inquiry has the moment it was received; of other anchors that is not certain."""
    anchor, other = earlier.get("anchor", "received"), later.get("anchor", "received")
    if not earlier.keys() & {"from_day", "until_day"}:
        return anchor in ("received", other)
    first, last = earlier.get("from_day"), earlier.get("until_day")
    return (
        anchor == other
        and (first is None or _at_most(first, later.get("from_day")))
        and (last is None or _at_most(later.get("until_day"), last))
    )


def _at_most(one: Any, other: Any) -> bool:
    return isinstance(one, int) and isinstance(other, int) and one <= other


def _twice(path: Path, listed: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    for index, row in enumerate(listed):
        name = row.get("name")
        if not isinstance(name, str) or not name.strip():
            continue
        first = seen.setdefault(name.strip().casefold(), index)
        if first != index:
            place = ".".join(map(str, (*path, first)))
            yield (*path, index, "name"), Fault(f"{place} has this name too", "Choose another name.")
