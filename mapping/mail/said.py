"""Answers made of what a mail says, and which of them are still unsaid."""

from __future__ import annotations

from collections.abc import Sequence

from mapping.answers import Answer


def said(field: str, value: str) -> Answer:
    """The answer to a canonical field, in the words of the mail."""
    return Answer(f"mail {field.replace('_', ' ')}", "", (value,), field)


def named(who: str) -> list[Answer]:
    """The borrower's name, as a list that is empty without one."""
    return [Answer("mail name", "", (who,), "full_name")] if who else []


def has(found: Sequence[Answer], field: str) -> bool:
    """Somebody has answered the field."""
    return any(item.field == field for item in found)


def unsaid(more: Sequence[Answer], found: Sequence[Answer]) -> list[Answer]:
    """Those of the further answers whose field nobody has answered yet."""
    known = {item.field for item in found}
    return [item for item in more if item.field not in known or item.field == ""]
