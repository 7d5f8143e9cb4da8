"""Tasks and notes: what hangs on a contact and goes with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from connectors.sandbox.answers import JsonObject
from connectors.sandbox.highlevel.errors import not_found
from connectors.sandbox.timestamps import iso


class Attachment(Protocol):
    """Has an id of its own and the id of its contact."""

    id: str
    contact_id: str


@dataclass(slots=True)
class Task:
    """A dated task. due is ISO 8601 in UTC; there is no field for an id of ours."""

    id: str
    contact_id: str
    title: str
    body: str
    due: str
    completed: bool
    assigned_to: str
    added: float

    def json(self) -> JsonObject:
        """The task as the API shows it."""
        body: JsonObject = {
            "id": self.id,
            "title": self.title,
            "body": self.body,
            "dueDate": self.due,
            "completed": self.completed,
            "contactId": self.contact_id,
        }
        return {**body, "assignedTo": self.assigned_to} if self.assigned_to else body


@dataclass(slots=True)
class Note:
    """A text on a contact."""

    id: str
    contact_id: str
    body: str
    user_id: str
    title: str
    color: str
    pinned: bool
    added: float

    def json(self) -> JsonObject:
        """The note as the API shows it."""
        return {
            "id": self.id,
            "body": self.body,
            "userId": self.user_id,
            "title": self.title,
            "color": self.color,
            "pinned": self.pinned,
            "dateAdded": iso(self.added),
            "contactId": self.contact_id,
        }


T = TypeVar("T", bound=Attachment)


class Attachments(Generic[T]):
    """All tasks, or all notes. kind is the word for one in messages: "Task"."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self.live: dict[str, T] = {}
        self._of: dict[str, list[str]] = {}

    def get(self, contact_id: str, one_id: str) -> T:
        """One of this contact's. Raises: ApiError (400)."""
        found = self.live.get(one_id)
        if found is None or found.contact_id != contact_id:
            raise not_found(self._kind, one_id)
        return found

    def put(self, one: T) -> None:
        """Take in a new one."""
        self.live[one.id] = one
        self._of.setdefault(one.contact_id, []).append(one.id)

    def remove(self, contact_id: str, one_id: str) -> T:
        """Raises: ApiError (400)."""
        found = self.get(contact_id, one_id)
        self._of[contact_id].remove(one_id)
        del self.live[one_id]
        return found

    def of(self, contact_id: str) -> list[T]:
        """A contact's, oldest first."""
        return [self.live[one] for one in self._of.get(contact_id, ())]

    def hand_over(self, ones: Iterable[T], contact_id: str) -> None:
        """Give them to another contact, as a merge does."""
        for one in ones:
            self._of[one.contact_id].remove(one.id)
            one.contact_id = contact_id
            self._of.setdefault(contact_id, []).append(one.id)
