"""What happened in the sub-account, as the events that a Marketplace app receives."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from connectors.sandbox.answers import JsonObject
from connectors.sandbox.highlevel.attachments import Note, Task
from connectors.sandbox.highlevel.contact import Contact
from connectors.sandbox.highlevel.ids import IdMaker
from connectors.sandbox.highlevel.opportunity import Opportunity
from connectors.sandbox.timestamps import iso

KEPT = 5_000


class Events:
    """The latest events, oldest first, and who hears of them. Used under the account's lock."""

    def __init__(
        self,
        ids: IdMaker,
        clock: Callable[[], float],
        location_id: str,
        listener: Callable[[JsonObject], None],
    ) -> None:
        self._ids = ids
        self._clock = clock
        self._location_id = location_id
        self.latest: deque[JsonObject] = deque(maxlen=KEPT)
        self._listener = listener

    def contact(self, kind: str, contact: Contact) -> None:
        """ContactCreate, ContactUpdate, ContactDelete, ContactTagUpdate or ContactDndUpdate."""
        self._emit(kind, {**contact.json(self._location_id), "attachments": []})

    def task(self, kind: str, task: Task) -> None:
        """TaskCreate, TaskComplete or TaskDelete. TaskCreate lacks body and contact, as it does in truth."""
        record = {
            "id": task.id,
            "assignedTo": task.assigned_to,
            "title": task.title,
            "dateAdded": iso(task.added),
            "dueDate": task.due,
        }
        if kind != "TaskCreate":
            record.update(body=task.body, contactId=task.contact_id)
        self._emit(kind, record)

    def note(self, kind: str, note: Note) -> None:
        """NoteCreate, NoteUpdate or NoteDelete."""
        record = {"id": note.id, "body": note.body, "contactId": note.contact_id}
        self._emit(kind, {**record, "dateAdded": iso(note.added)})

    def opportunity(self, kind: str, one: Opportunity) -> None:
        """OpportunityCreate, -Update, -StageUpdate, -StatusUpdate, -AssignedToUpdate, ... -Delete."""
        record = {
            "id": one.id,
            "assignedTo": one.assigned_to,
            "contactId": one.contact_id,
            "monetaryValue": one.monetary_value,
            "name": one.name,
            "pipelineId": one.pipeline_id,
            "pipelineStageId": one.stage_id,
            "source": one.source,
            "status": one.status,
            "dateAdded": iso(one.added),
        }
        self._emit(kind, record)

    def _emit(self, kind: str, record: JsonObject) -> None:
        event = {
            **record,
            "type": kind,  # a contact has a type of its own, which events do not show
            "locationId": self._location_id,
            "timestamp": iso(self._clock()),
            "webhookId": self._ids.uuid(),
        }
        self.latest.append(event)
        self._listener(event)
