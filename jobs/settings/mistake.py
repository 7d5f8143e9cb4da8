"""What a check says about a value that it refuses."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from marshmallow import ValidationError

Key = tuple[str | int, ...]  # names of tables and keys, positions in lists


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with one value, and what to do about it."""

    message: str
    remedy: str


def refusal(message: str, remedy: str) -> ValidationError:
    """The error to raise from a check."""
    return ValidationError([Mistake(message, remedy)])


def mistakes_of(error: ValidationError) -> list[Mistake]:
    """What a check refused, outside of a schema."""
    return [message for message in error.messages if isinstance(message, Mistake)]


def nearest(name: str, known: Iterable[str], most: int = 20) -> str:
    """A remedy: the most similar known name, or all of them, up to so many, when none is similar."""
    spellings = {choice.lower(): choice for choice in known}
    similar = difflib.get_close_matches(name.lower(), spellings, n=1)
    if similar:
        return f'Did you mean "{spellings[similar[0]]}"?'
    return f"Possible: {', '.join(spellings.values())}." if len(spellings) <= most else ""
