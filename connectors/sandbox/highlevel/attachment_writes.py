"""Making, changing and deleting tasks and notes."""

from __future__ import annotations

from datetime import UTC

from connectors.sandbox.answers import JsonObject
from connectors.sandbox.highlevel.attachments import Note, Task
from connectors.sandbox.highlevel.shapes import Shape, checked, moment
from connectors.sandbox.highlevel.state import LocationState
from connectors.sandbox.timestamps import iso

_TASK = {"title": "text", "body": "text", "dueDate": "moment", "completed": "truth", "assignedTo": "text"}
CREATE_TASK = Shape(_TASK, ("title", "dueDate", "completed"))
UPDATE_TASK = Shape(_TASK)
COMPLETED = Shape({"completed": "truth"}, ("completed",))
_NOTE = {"userId": "text", "body": "text", "title": "text", "color": "text", "pinned": "truth"}
CREATE_NOTE = Shape(_NOTE, ("body",))
UPDATE_NOTE = Shape(_NOTE)


def create_task(state: LocationState, contact_id: str, body: object) -> Task:
    """A new task; nothing stops a second one like it. Raises: ApiError (400, 422)."""
    contact = state.contacts.get(contact_id)
    wanted = checked(body, CREATE_TASK)
    state.users.check_assignable(wanted.get("assignedTo", ""))
    task = Task(
        id=state.ids.record(),
        contact_id=contact.id,
        title=wanted["title"],
        body=wanted.get("body", ""),
        due=_utc(wanted["dueDate"]),
        completed=wanted["completed"],
        assigned_to=wanted.get("assignedTo", ""),
        added=state.clock(),
    )
    state.tasks.put(task)
    state.events.task("TaskCreate", task)
    return task


def update_task(
    state: LocationState, contact_id: str, task_id: str, body: object, shape: Shape = UPDATE_TASK
) -> Task:
    """Change what is sent. Raises: ApiError (400, 422)."""
    state.contacts.get(contact_id)
    task = state.tasks.get(contact_id, task_id)
    wanted = checked(body, shape)
    state.users.check_assignable(wanted.get("assignedTo", ""))
    task.title = wanted.get("title", task.title)
    task.body = wanted.get("body", task.body)
    task.due = _utc(wanted["dueDate"]) if "dueDate" in wanted else task.due
    task.assigned_to = wanted.get("assignedTo", task.assigned_to)
    if wanted.get("completed", task.completed) is not task.completed:
        task.completed = wanted["completed"]
        if task.completed:
            state.events.task("TaskComplete", task)
    return task


def delete_task(state: LocationState, contact_id: str, task_id: str) -> None:
    """Raises: ApiError (400)."""
    state.contacts.get(contact_id)
    state.events.task("TaskDelete", state.tasks.remove(contact_id, task_id))


def search_tasks(state: LocationState, body: object) -> list[JsonObject]:
    """Tasks of the whole sub-account, 25 a page unless asked for more. Raises: ApiError (422)."""
    shape = {"contactId": "texts", "completed": "truth", "assignedTo": "texts", "query": "text"}
    wanted = checked(body, Shape({**shape, "limit": "number", "skip": "number", "businessId": "text"}))
    words, skip, limit = wanted.get("query", "").lower(), wanted.get("skip", 0), wanted.get("limit", 25)
    found = [
        task
        for task in state.tasks.live.values()
        if task.contact_id in wanted.get("contactId", [task.contact_id])
        and task.assigned_to in wanted.get("assignedTo", [task.assigned_to])
        and task.completed is wanted.get("completed", task.completed)
        and words in f"{task.title} {task.body}".lower()
    ]
    return [task.json() for task in found[int(skip) : int(skip) + int(limit)]]


def _utc(text: str) -> str:
    at = moment(text)
    if at is None:  # the shape has refused it
        raise ValueError(text)
    return iso((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp())


def create_note(state: LocationState, contact_id: str, body: object) -> Note:
    """A new note. Raises: ApiError (400, 422)."""
    contact = state.contacts.get(contact_id)
    wanted = checked(body, CREATE_NOTE)
    note = Note(
        id=state.ids.record(),
        contact_id=contact.id,
        body=wanted["body"],
        user_id=wanted.get("userId", ""),
        title=wanted.get("title", ""),
        color=wanted.get("color", ""),
        pinned=wanted.get("pinned", False),
        added=state.clock(),
    )
    state.notes.put(note)
    state.events.note("NoteCreate", note)
    return note


def update_note(state: LocationState, contact_id: str, note_id: str, body: object) -> Note:
    """Change what is sent. Raises: ApiError (400, 422)."""
    state.contacts.get(contact_id)
    note = state.notes.get(contact_id, note_id)
    wanted = checked(body, UPDATE_NOTE)
    note.body = wanted.get("body", note.body)
    note.user_id = wanted.get("userId", note.user_id)
    note.title = wanted.get("title", note.title)
    note.color = wanted.get("color", note.color)
    note.pinned = wanted.get("pinned", note.pinned)
    state.events.note("NoteUpdate", note)
    return note


def delete_note(state: LocationState, contact_id: str, note_id: str) -> None:
    """Raises: ApiError (400)."""
    state.contacts.get(contact_id)
    state.events.note("NoteDelete", state.notes.remove(contact_id, note_id))
