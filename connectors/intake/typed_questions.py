"""What the type of a form's field says when its label does not: the one email field asks for the email."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from mapping.answers import Answer
from mapping.labels.vocabulary import field_for

_FIELD_OF = {
    "email": "email",
    "tel": "phone",
    "phone": "phone",
    "phone_number": "phone",
    "textarea": "message",
    "long_text": "message",
    "acceptance": "consent",
    "upload": "attachments",
    "file": "attachments",
    "file_upload": "attachments",
}
_ONE_PERSONS = frozenset(("email", "phone"))


def with_types(typed: Iterable[tuple[str, Answer]]) -> list[Answer]:
    """The answers, those whose words say nothing named by their type; of two email fields neither is."""
    pairs = list(typed)
    counts = Counter(_FIELD_OF.get(kind, "") for kind, _ in pairs)
    return [_with_type(kind, answer, counts) for kind, answer in pairs]


def _with_type(kind: str, answer: Answer, counts: Counter[str]) -> Answer:
    field = _FIELD_OF.get(kind, "")
    if not field or (field in _ONE_PERSONS and counts[field] > 1):
        return answer
    return answer if field_for(answer.key, answer.label) else replace(answer, field=field)
