"""LendingTree's three shapes (XML, JSON, LTXML): in JSON the purpose is the name of a container."""

from __future__ import annotations

from dataclasses import replace

from connectors.intake.base import Document
from connectors.intake.lead_dialects import LENDING_TREE
from connectors.intake.lead_vendor import LeadVendor
from connectors.intake.xml_body import every
from mapping.answers import Answer, Answers

_CONTAINERS = (
    ("mortgagePurchase", "purchase"),
    ("mortgageRefinance", "refinance"),
    ("homeEquity", "home equity"),
    ("reverseMortgage", "reverse mortgage"),
)


class LendingTree(LeadVendor):
    """One lead per call."""

    def __init__(self) -> None:
        super().__init__(LENDING_TREE)

    def lead(self, document: Document) -> Answers:
        """The lead, with its purpose. Raises Unreadable: wrong_shape, too_many_fields."""
        answers = super().lead(document)
        if document.kind != "json" or any(item.field == "inquiry_type" for item in answers.items):
            return answers
        found = [
            Answer(name, "", (words,), "inquiry_type")
            for name, words in _CONTAINERS
            if _holds(document, name)
        ]
        return replace(answers, items=(*answers.items, *found[:1]))


def _holds(document: Document, name: str) -> bool:
    return any(isinstance(content, dict) and bool(content) for content in every(document.json, name))
