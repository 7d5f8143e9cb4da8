"""Brings follow-up tasks into HighLevel, each on its borrower's contact, each once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from connectors.crm.base import Uncertain
from connectors.crm.highlevel.custom_fields import fitting
from connectors.crm.highlevel.errors import NotThere
from connectors.crm.highlevel.names import Names
from connectors.crm.highlevel.records import as_text, dicts, marked, reference_in
from connectors.crm.highlevel.transport import Transport
from connectors.crm.moving_on import due_as_left, hands_over, words_as_left
from mapping.crm.bundle import Bundle, TaskRecord


@dataclass(frozen=True, slots=True)
class Task:
    """A task as it stands there; owner is a user's id, due an ISO date and time ("" = none)."""

    title: str
    completed: bool
    owner: str
    due: str
    body: str


class Tasks:
    """The tasks of contacts: HighLevel hangs a task on a contact, never on an opportunity.

    A task has no field for our key, so its body names the follow-up on its last line. All may raise a
    CrmError; NotThere when the contact is gone.
    """

    def __init__(self, transport: Transport, names: Names) -> None:
        self._transport = transport
        self._names = names

    def by_reference(self, contact_id: str) -> dict[str, str]:
        """Task ids by our follow-up id, read from the database."""
        answer = self._transport.read("GET", f"/contacts/{contact_id}/tasks")
        if not isinstance(answer.body.get("tasks"), list):
            raise Uncertain("HighLevel's answer has no list of tasks.")
        tasks = [task for task in dicts(answer.body["tasks"]) if task.get("id")]
        return {key: str(task["id"]) for task in tasks if (key := reference_in(task.get("body")))}

    def read(self, contact_id: str, task_id: str) -> Task | None:
        """The task as the database has it; None when it, or its contact, is gone."""
        try:
            raw = self._transport.read("GET", _path(contact_id, task_id)).body.get("task")
        except NotThere:
            return None
        if not isinstance(raw, dict) or raw.get("id") not in (None, task_id):
            raise Uncertain("HighLevel's answer describes another task than the one asked for.")
        said = {name: as_text(raw.get(name)) for name in ("title", "assignedTo", "dueDate", "body")}
        done = raw.get("completed") is True
        return Task(said["title"], done, said["assignedTo"], said["dueDate"], said["body"])

    def close(self, contact_id: str, task_id: str, bundle: Bundle, key: str) -> bool:
        """Close a task of ours that the bundle closes; False when it is done, or gone."""
        task = self.read(contact_id, task_id)
        if task is None or task.completed:
            return False
        return self._change(
            contact_id, task_id, {"title": fitting(bundle.subject_closed(key, task.title)), "completed": True}
        )

    def hand_over(self, contact_id: str, task_id: str, task: TaskRecord) -> bool:
        """Give an open task to its next owner, if it is with the one we gave it; whether it was given."""
        there = self.read(contact_id, task_id)
        left, to = self._names.known_owner(task.owner_from), self._names.owner_id(task.owner_email)
        if there is None or there.completed or not hands_over(left, to, there.owner):
            return False
        due = {"dueDate": _due(task)} if due_as_left(task.due_from, there.due) else {}
        ours = bool(task.body_from) and words_as_left(marked(task.body_from, task.key), there.body)
        words = {"body": marked(task.body, task.key)} if ours else {}
        return self._change(contact_id, task_id, {"assignedTo": to, **due, **words})

    def _change(self, contact_id: str, task_id: str, body: Mapping[str, Any]) -> bool:
        try:
            self._transport.call("PUT", _path(contact_id, task_id), body=dict(body))
        except NotThere:
            return False
        return True

    def create(self, contact_id: str, task: TaskRecord) -> str:
        """Make a task; its id. Raises Rejected when its owner is no user there."""
        body = {
            "title": fitting(task.subject),
            "body": marked(task.body, task.key),
            "dueDate": _due(task),
            "completed": False,
        }
        if task.owner_email:
            body["assignedTo"] = self._names.owner_id(task.owner_email)
        made = self._transport.call("POST", f"/contacts/{contact_id}/tasks", body=body).body.get("task")
        if not isinstance(made, dict) or not made.get("id") or not isinstance(made["id"], str):
            raise Uncertain("HighLevel's answer names no task.")
        # The body may come back rewritten as HTML, so only its last line is held against ours.
        another = made.get("contactId") not in (None, contact_id)
        if another or (made.get("body") and reference_in(made["body"]) != task.key):
            raise Uncertain("HighLevel's answer describes another task than the one sent.")
        return made["id"]


def _path(contact_id: str, task_id: str) -> str:
    return f"/contacts/{contact_id}/tasks/{task_id}"


def _due(task: TaskRecord) -> str:
    return task.due_at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
