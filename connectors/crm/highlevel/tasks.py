"""Brings follow-up tasks into HighLevel, each on its borrower's contact, each once."""

from __future__ import annotations

from datetime import UTC

from connectors.crm.base import Uncertain
from connectors.crm.highlevel.custom_fields import fitting
from connectors.crm.highlevel.errors import NotThere
from connectors.crm.highlevel.names import Names
from connectors.crm.highlevel.records import dicts, marked, reference_in
from connectors.crm.highlevel.transport import Transport
from mapping.bundle import TaskRecord, called_off


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

    def close(self, contact_id: str, task_id: str) -> bool:
        """Close a task that is not needed any more; False when it is done, or gone."""
        path = f"/contacts/{contact_id}/tasks/{task_id}"
        try:
            task = self._transport.read("GET", path).body.get("task")
            if not isinstance(task, dict) or task.get("id") not in (None, task_id):
                raise Uncertain("HighLevel's answer describes another task than the one asked for.")
            if task.get("completed") is True:
                return False
            title = called_off(str(task.get("title") or ""))
            self._transport.call("PUT", path, body={"title": fitting(title), "completed": True})
        except NotThere:
            return False
        return True

    def create(self, contact_id: str, task: TaskRecord) -> str:
        """Make a task; its id. Raises Rejected when its owner is no user there."""
        body = {
            "title": fitting(task.subject),
            "body": marked(task.body, task.key),
            "dueDate": task.due_at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
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
