"""Never trample: which of our values may be written over what a person may have typed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation


def changes(
    wanted: Mapping[str, str],
    present: Mapping[str, str],
    overwrite: frozenset[str] = frozenset(),
    *,
    ours: str = "",
) -> dict[str, str]:
    """The part of wanted that may be written: only where nothing stands, or where the playbook may replace.

    ours is the property that carries our key: it is never replaced, so a contact that stands for two
    borrowers keeps the key it has.
    """
    return {
        name: value
        for name, value in wanted.items()
        if value
        and (
            not present.get(name)
            or (name in overwrite and name != ours and not same_value(value, present[name]))
        )
    }


def same_value(ours: str, theirs: str) -> bool:
    """Whether two spellings say the same: CRMs rewrite numbers, times and the case of emails."""
    if ours.strip().casefold() == theirs.strip().casefold():
        return "@" in ours or ours.strip() == theirs.strip()
    try:
        return Decimal(ours) == Decimal(theirs)
    except InvalidOperation:
        return moment(ours) is not None and moment(ours) == moment(theirs)


def moment(value: str) -> datetime | None:
    """An ISO date and time as the moment it names, UTC where it has no zone; None for anything else."""
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
