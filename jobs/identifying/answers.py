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

    def add(self, text: bytes) -> None:
        """One line of the file. Raises LineProblem."""
        line = as_object(text)
        inquiry_id = as_text(line.get("inquiry_id"), "inquiry_id")
        if not inquiry_id or not {"same_as", "person"} & line.keys():
            raise LineProblem(
                'an answer is {"inquiry_id": .., "same_as": ..} or {"inquiry_id": .., "person": ..}.'
            )
        if "same_as" in line:
            self.same_as[inquiry_id] = _names(line["same_as"])
        if person := as_text(line.get("person"), "person"):
            self.persons[inquiry_id] = person
        if co_person := as_text(line.get("co_person"), "co_person"):
            self.co_persons[inquiry_id] = co_person


def _names(value: object) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(name for one in values if (name := as_text(one, "same_as")))
