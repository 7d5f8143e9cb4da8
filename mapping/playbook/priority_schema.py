"""The table of a playbook about who is called first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from mapping.playbook import values as read
from mapping.playbook.faults import Checked, Fault
from mapping.playbook.table import Table, told
from mapping.priority.score import FACTORS, PriorityRules

_USUAL = PriorityRules()


def _weight(name: str, about: str) -> Checked:
    usual = int(_USUAL.weights[name])
    return Checked(read.number, load_default=usual, metadata=told(about, usual))


class PrioritySchema(Table):
    """[priority]"""

    timeframe = _weight("timeframe", "How much it counts that the borrower wants to act soon.")
    credit = _weight("credit", "How much the credit band counts that the borrower stated.")
    source = _weight(
        "source", "How much it counts how many inquiries of the same intake path were funded so far."
    )
    completeness = _weight(
        "completeness", "How much of the checklist was answered, but for names and places."
    )
    engagement = _weight(
        "engagement",
        "What the borrower did since: a meeting, an application, a reply, an opened link.",
    )
    recency = _weight("recency", "How fresh the inquiry, or the last thing the borrower did, is.")
    half_life_days = Checked(
        read.count,
        load_default=int(_USUAL.half_life_days),
        metadata=told("After so many days without news the recency counts half.", 7),
    )
    not_compared = fields.List(
        Checked(read.text),
        load_default=list,
        metadata=told(
            "Paths that say who their borrowers are, such as one for a language or a neighbourhood: how "
            "their inquiries ended never counts.",
            ["website_es"],
            usual="none",
        ),
    )

    @validates_schema
    def something_counts(self, data: Mapping[str, Any], **_: Any) -> None:
        """Refuse weights that are all 0. Raises ValidationError."""
        if not any(data[name] for name in FACTORS):
            fault = Fault("nothing counts, so that nobody comes first", "Give at least one factor a weight.")
            raise ValidationError({"timeframe": [fault]})


def build_priority(data: Mapping[str, Any]) -> PriorityRules:
    """From data that PrioritySchema has loaded."""
    return PriorityRules(
        weights={name: float(data[name]) for name in FACTORS},
        half_life_days=float(data["half_life_days"]),
        not_compared=frozenset(data["not_compared"]),
    )
