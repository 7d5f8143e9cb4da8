"""What is wrong with a value of a playbook, in a sentence, and what to write instead."""

from __future__ import annotations

from collections.abc import Callable, Collection
from difflib import get_close_matches
from typing import Any, NamedTuple

from marshmallow import ValidationError, fields


class Fault(NamedTuple):
    """What is wrong with a value, and what to write instead.

    meant is the name that a misspelled one stands for, as far as that can be guessed; line the line, from 1,
    inside a text of several lines.
    """

    message: str
    remedy: str
    meant: str = ""
    line: int = 0


def fault(message: str, remedy: str, meant: str = "") -> ValidationError:
    """One fault in the form marshmallow collects."""
    return ValidationError([Fault(message, remedy, meant)])


def likely(word: str, words: Collection[str]) -> str:
    """The known word that an unknown one most likely stands for, "" when none is near."""
    close = get_close_matches(word, words, n=1, cutoff=0.6) or get_close_matches(
        word.casefold(), words, n=1, cutoff=0.6
    )
    return close[0] if close else ""


def nearest(word: str, words: Collection[str]) -> str:
    """What to write instead of an unknown word: the nearest known one, or the choice when it is short."""
    if close := likely(word, words):
        return f'Write "{close}".'
    if len(words) <= 15:
        return f"Choose one of: {', '.join(sorted(words))}."
    return "docs/playbook.md lists the names."


class Checked(fields.Field[Any]):
    """A field read by a function such as those of values.py, which return the value or raise a fault.

    The first line of the function's docstring is what docs/playbook.md says the value may be.
    """

    def __init__(self, read: Callable[[Any], object], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.read = read

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        return self.read(value)
