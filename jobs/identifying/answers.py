"""Known verdicts on reviews: a file of answers, as a person at the desk would give them."""

from __future__ import annotations

from dataclasses import dataclass, field

from jobs.identifying.lines import LineProblem, as_object, as_text


@dataclass(slots=True)
class Answers:
    """inquiry_id → who it is the same as, in one of two forms, or in both.

    same_as: inquiry ids or cluster ids; none of them means a different person. persons: the true person
    behind each inquiry, for corpora with labels; co_persons the one behind its co-borrower.
    """

    same_as: dict[str, tuple[str, ...]] = field(default_factory=dict)
    persons: dict[str, str] = field(default_factory=dict)
    co_persons: dict[str, str] = field(default_factory=dict)
    _lines: dict[str, int] = field(default_factory=dict)

    def add(self, text: bytes, number: int = 0) -> None:
        """One line of the file, with its number. Raises LineProblem, also for a second answer."""
        line = as_object(text)
        inquiry_id = as_text(line.get("inquiry_id"), "inquiry_id")
        if not inquiry_id or not {"same_as", "person"} & line.keys():
            raise LineProblem(
                'an answer is {"inquiry_id": .., "same_as": ..} or {"inquiry_id": .., "person": ..}.'
            )
        if first := self._lines.get(inquiry_id):
            raise LineProblem(f'inquiry "{inquiry_id}" has its answer in line {first}. Leave one of them.')
        self._lines[inquiry_id] = number
        if "same_as" in line:
            self.same_as[inquiry_id] = _names(line["same_as"])
        if person := as_text(line.get("person"), "person"):
            self.persons[inquiry_id] = person
        if co_person := as_text(line.get("co_person"), "co_person"):
            self.co_persons[inquiry_id] = co_person


def _names(value: object) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(name for one in values if (name := as_text(one, "same_as")))
