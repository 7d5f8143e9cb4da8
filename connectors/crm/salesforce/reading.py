"""Reads what became of a transaction, and believes it only when it fits what was sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.crm.base import CrmError, Uncertain
from connectors.crm.salesforce.directory import Book
from connectors.crm.salesforce.errors import from_part
from connectors.crm.salesforce.failures import Halted
from connectors.crm.salesforce.modes import KEY
from connectors.crm.salesforce.parts import Part
from connectors.crm.salesforce.queries import status_of
from connectors.crm.salesforce.rows import is_id, same_id
from connectors.crm.salesforce.transactions import Answers
from connectors.crm.salesforce.writing import marked


@dataclass(frozen=True, slots=True)
class Done:
    """A part that was carried out: the record's id, whether it is new, and what was read back of it."""

    remote_id: str
    created: bool
    read_back: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a transaction was rolled back, and the part that is to blame."""

    part: Part
    error: CrmError


def read(parts: Sequence[Part], answers: Answers, book: Book) -> dict[str, Done] | Trouble:
    """What was done, by the references of the parts that write; or what went wrong first.

    Trouble with a Halted error says that the transaction was not attempted. Raises Uncertain for an answer
    that contradicts itself or names another record than the one that was written.
    """
    errors = [
        (part, from_part(status_of(answer), answer.get("body")))
        for part, answer in zip(parts, answers, strict=True)
        if not _fine(part, answer)
    ]
    if errors:
        # The culprit keeps its own error; everything beside it says only that it was rolled back.
        part, error = next((found for found in errors if not isinstance(found[1], Halted)), errors[0])
        return Trouble(part, error)
    bodies = {part.reference: answer.get("body") for part, answer in zip(parts, answers, strict=True)}
    backs = {part.confirms: bodies[part.reference] for part in parts if part.confirms}
    return {
        part.reference: _done(part, bodies[part.reference], backs.get(part.reference), book)
        for part in parts
        if part.method != "GET"
    }


def _fine(part: Part, answer: Mapping[str, Any]) -> bool:
    status = status_of(answer)
    if part.method == "GET":
        return status == 200
    if part.remote_id:
        return status in (200, 204)
    return status in (200, 201) if part.method == "PATCH" else status == 201


def _done(part: Part, body: Any, back: Any, book: Book) -> Done:
    if part.remote_id:
        return Done(part.remote_id, False, {})
    remote_id = body.get("id") if isinstance(body, dict) and body.get("success") is True else None
    if not isinstance(remote_id, str) or not is_id(remote_id):
        raise Uncertain("Salesforce did not say which record it wrote.")
    prefix = book.info(part.object).prefix
    if (prefix and not remote_id.startswith(prefix)) or not _confirmed(part, remote_id, back):
        raise Uncertain("Salesforce's answer names another record than the one that was written.")
    created = part.method == "POST" or body.get("created") is True
    return Done(remote_id, created, back if isinstance(back, dict) else {})


def _confirmed(part: Part, remote_id: str, back: Any) -> bool:
    """Whether what was read back is the record, and is ours."""
    if back is None:
        return True  # a role, which nobody refers to
    if not isinstance(back, dict) or not same_id(str(back.get("Id") or ""), remote_id):
        return False
    if part.object == "Task":
        return "Description" not in back or marked(str(back["Description"])) == part.name[1]
    return back.get(KEY) == part.name[1]
