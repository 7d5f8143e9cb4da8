"""What the checks found in a playbook, in our words and each mistake once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from mapping.playbook.faults import Fault
from mapping.playbook.lines import Path
from mapping.playbook.team_checks import Finding

MISSING = "this key is missing"
_TABLE = Fault("this must be a table of keys", "Write it as a [table] or as { key = value }.")
# What marshmallow says by itself, in our words.
_PLAIN_WORDS = {
    "Missing data for required field.": Fault(MISSING, "Add it."),
    "Invalid input type.": _TABLE,
    "Not a valid list.": Fault("this must be a list", "Write it in square brackets: [ ... ]."),
    "Not a valid mapping type.": _TABLE,
}


def flattened(errors: Any, path: Path = ()) -> Iterator[Finding]:
    """marshmallow's errors; "_schema" and a mapping's "key" and "value" are no keys of ours."""
    if isinstance(errors, dict):
        unnamed = errors.keys() <= {"key", "value"}
        for key, inner in errors.items():
            yield from flattened(inner, path if unnamed or key == "_schema" else (*path, key))
        return
    for error in errors:
        if isinstance(error, Fault):
            yield path, error
        else:
            yield (
                path,
                _PLAIN_WORDS.get(error, Fault("this value cannot be used", "Compare it with the example.")),
            )


def each_once(findings: Sequence[Finding], left_out: Collection[str]) -> list[Finding]:
    """Without what is only missing because its name is misspelled or stands in a broken line.

    left_out are the names in broken lines.
    """
    excused: set[Path] = set()
    for path, fault in findings:
        if fault.meant:
            excused |= {path, (*path[:-1], fault.meant)}
    return [
        (path, fault)
        for path, fault in findings
        if fault.message != MISSING
        or not (path[-1] in left_out or any(path[:length] in excused for length in range(1, len(path) + 1)))
    ]
