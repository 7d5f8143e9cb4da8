"""A mistake in the settings: where it is, what is wrong, what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake.

    key is dotted as in the file ("paths.buy.crm") or the name of a variable; line counts from 1, 0 means
    that the mistake is not in the file. Neither message nor remedy repeats a secret.
    """

    key: str
    line: int
    message: str
    remedy: str

    def __str__(self) -> str:
        place = f"line {self.line}, {self.key}" if self.line else self.key
        return f"{place}: {self.message} {self.remedy}".rstrip()


class SettingsInvalid(Exception):
    """The settings cannot be used; problems holds every mistake, in the order of the file."""

    def __init__(self, file: str, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        count = "1 mistake" if len(self.problems) == 1 else f"{len(self.problems)} mistakes"
        super().__init__("\n".join([f"{file}: {count}", *(f"  {problem}" for problem in self.problems)]))
