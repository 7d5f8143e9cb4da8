"""Brings the follow-up tasks of a delivery run into HubSpot, each on its contact and deal, each once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from connectors.crm.base import Rejected, Work
from connectors.crm.hubspot.directory import Names
from connectors.crm.hubspot.errors import NotThere
from connectors.crm.hubspot.objects import Objects
from connectors.crm.hubspot.records import (
    BODY,
    LONGEST_VALUE,
    MARKER,
    OWNER,
    Association,
    NewRecord,
    ObjectType,
    Record,
    marked,
)
from connectors.crm.moving_on import due_as_left, hands_over, words_as_left
from connectors.crm.progress import Progress
from mapping.crm.bundle import TaskRecord

STATUS, DONE, _DUE = "hs_task_status", "COMPLETED", "hs_timestamp"
TASK_TO_CONTACT = 204  # HubSpot's association type ids, seen from the new record
TASK_TO_DEAL = 216
_TYPES: Mapping[str, str] = {"call": "CALL", "email": "EMAIL"}
_DELETED = Rejected(
    "The deal or contact that this follow-up belongs to was deleted in HubSpot.",
    remedy="Restore it in HubSpot and press retry, or cancel the follow-up.",
)


class TaskStep:
    """The follow-up tasks of one delivery run."""

    def __init__(self, objects: Objects, names: Names, progress: Progress, work: Sequence[Work]) -> None:
        self._objects = objects
        self._names = names
        self._progress = progress
        self._work = work

    def run(self) -> None:
        """Deliver every task whose contact and deal are there; raises a CrmError when a whole call fails."""
        pieces = [piece for piece in self._work if piece.bundle.tasks and self._ready(piece)]
        for piece in pieces:
            for task in piece.bundle.tasks:
                if link := piece.links.get(("task", task.key), ""):
                    self._progress.done("task", task.key, link, "unchanged")
        self._look([piece for piece in pieces if piece.look_first and any(self._missing(piece))])
        self._hand_over([task for piece in pieces for task in piece.bundle.tasks if task.owner_from])
        self._create(pieces)

    def _ready(self, piece: Work) -> bool:
        return bool(self._progress.contact_ids(piece)) and (
            piece.bundle.deal is None or bool(self._deal_id(piece))
        )

    def _deal_id(self, piece: Work) -> str:
        deal = piece.bundle.deal
        return self._progress.remote_id("deal", deal.key) if deal is not None else ""

    def _missing(self, piece: Work) -> Iterator[TaskRecord]:
        return (task for task in piece.bundle.tasks if not self._progress.settled("task", task.key))

    def _look(self, pieces: list[Work]) -> None:
        """Find by their marker the tasks that an earlier attempt left on the deal (or the contact)."""
        on_deals = [deal_id for piece in pieces if (deal_id := self._deal_id(piece))]
        on_contacts = [self._progress.contact_ids(piece)[0] for piece in pieces if not self._deal_id(piece)]
        there = marked_tasks(self._objects, "deals", on_deals)
        there |= marked_tasks(self._objects, "contacts", on_contacts)
        for piece in pieces:
            for task in list(self._missing(piece)):
                if task.key in there:
                    self._progress.done("task", task.key, there[task.key], "unchanged", "our reference")

    def _hand_over(self, tasks: Sequence[TaskRecord]) -> None:
        """Give open tasks that stand there, with the owner we gave them, to their next one."""
        there = {id_: task for task in tasks if (id_ := self._progress.remote_id("task", task.key))}
        if not there:
            return
        changes: dict[str, dict[str, str]] = {}
        for record in self._objects.fetch("tasks", there, (STATUS, OWNER, _DUE, BODY)):
            task = there[record.id]
            left, to = self._names.known_owner(task.owner_from), self._names.owner_id(task.owner_email)
            is_open = record.properties.get(STATUS) != DONE
            if is_open and hands_over(left, to, record.properties.get(OWNER, "")):
                ours = due_as_left(task.due_from, record.properties.get(_DUE, ""))
                changes[record.id] = {OWNER: to} | ({_DUE: _milliseconds(task)} if ours else {})
                if words_as_left(_body_left(task), record.properties.get(BODY, "")):
                    changes[record.id][BODY] = _body(task)
        for remote_id, result in self._objects.update("tasks", changes):
            key = there[remote_id].key
            if isinstance(result, Record):
                self._progress.done("task", key, remote_id, "updated", "handed over")
            elif not isinstance(result, NotThere):
                self._progress.failed("task", key, result)

    def _create(self, pieces: list[Work]) -> None:
        new: dict[str, NewRecord] = {}
        for piece in pieces:
            links = [Association(self._progress.contact_ids(piece)[0], TASK_TO_CONTACT)]
            links += [Association(deal_id, TASK_TO_DEAL)] if (deal_id := self._deal_id(piece)) else []
            for task in self._missing(piece):
                try:
                    new[task.key] = NewRecord(self._properties(task), tuple(links))
                except Rejected as error:
                    self._progress.failed("task", task.key, error)
        for key, result in self._objects.create("tasks", new):
            if isinstance(result, Record):
                self._progress.done("task", key, result.id, "created")
            else:
                self._progress.failed("task", key, _DELETED if isinstance(result, NotThere) else result)

    def _properties(self, task: TaskRecord) -> dict[str, str]:
        properties = {
            "hs_task_subject": task.subject,
            BODY: _body(task),
            _DUE: _milliseconds(task),
            "hs_task_type": _TYPES.get(task.channel, "TODO"),
            STATUS: "NOT_STARTED",
            "hs_task_priority": task.priority,
        }
        if task.owner_email:
            properties[OWNER] = self._names.owner_id(task.owner_email)
        return properties


def marked_tasks(objects: Objects, kind: ObjectType, ids: Sequence[str]) -> dict[str, str]:
    """Ids of the tasks on these deals or contacts, by the follow-up that their body names."""
    if not ids:
        return {}
    tasks = (task for listed in objects.associated(kind, "tasks", ids).values() for task in listed)
    records = objects.fetch("tasks", tasks, (BODY,))
    marks = ((marked(record.properties.get(BODY, "")), record.id) for record in records)
    return {key: remote_id for key, remote_id in marks if key}


def _milliseconds(task: TaskRecord) -> str:
    """When the task is due, as HubSpot counts time."""
    return str(round(task.due_at.timestamp() * 1000))


def _body_left(task: TaskRecord) -> str:
    """What it said before it was handed over, "" where its words stay."""
    return _body(replace(task, body=task.body_from)) if task.body_from else ""


def _body(task: TaskRecord) -> str:
    """The body with the marker as its last line, which a long text must not push out."""
    mark = f"\n\n{MARKER}{task.key}"
    room = LONGEST_VALUE - len(mark)
    text = task.body if len(task.body) <= room else task.body[: room - 1] + "…"
    return text + mark
