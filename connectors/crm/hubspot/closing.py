"""Closes the tasks of follow-ups that are not needed any more: those that nobody has done or taken away."""

from __future__ import annotations

from collections.abc import Sequence

from connectors.crm.base import Work
from connectors.crm.hubspot.errors import NotThere
from connectors.crm.hubspot.objects import Objects
from connectors.crm.hubspot.records import Record
from connectors.crm.hubspot.tasks import DONE, STATUS, marked_tasks
from connectors.crm.progress import Progress
from mapping.crm.bundle import closing_note

_SUBJECT = "hs_task_subject"


class CloseStep:
    """The closing part of one delivery run: two calls for a hundred tasks, none where there is nothing."""

    def __init__(self, objects: Objects, progress: Progress, work: Sequence[Work]) -> None:
        self._objects = objects
        self._progress = progress
        self._work = [piece for piece in work if piece.bundle.closed]

    def run(self) -> None:
        """Close what stands there open; raises a CrmError when a whole call fails."""
        ids = {key: id_ for piece in self._work for key, id_ in self._there(piece).items()}
        if not ids:
            return
        records = {one.id: one for one in self._objects.fetch("tasks", ids.values(), (STATUS, _SUBJECT))}
        bundles = {key: piece.bundle for piece in self._work for key in piece.bundle.closed}
        changes: dict[str, dict[str, str]] = {}
        for key, remote_id in ids.items():
            record = records.get(remote_id)
            if record is None or record.properties.get(STATUS) == DONE:
                self._progress.done("task", key, remote_id, "unchanged", "nothing was left to close")
            else:
                subject = bundles[key].subject_closed(key, record.properties.get(_SUBJECT, ""))
                changes[remote_id] = {STATUS: DONE, _SUBJECT: subject}
        keys = {remote_id: key for key, remote_id in ids.items()}
        for remote_id, result in self._objects.update("tasks", changes):
            key = keys[remote_id]
            if isinstance(result, Record):
                self._progress.done("task", key, remote_id, "updated", closing_note(bundles[key], key))
            elif isinstance(result, NotThere):
                self._progress.done("task", key, remote_id, "unchanged", "nothing was left to close")
            else:
                self._progress.failed("task", key, result)

    def _there(self, piece: Work) -> dict[str, str]:
        """The tasks that are to be closed, by their key; one without a link was never made, or just now."""
        found = {key: link for key in piece.bundle.closed if (link := piece.links.get(("task", key), ""))}
        unknown = [key for key in piece.bundle.closed if key not in found]
        if unknown and piece.look_first:
            deal = piece.bundle.deal
            on = [self._progress.remote_id("deal", deal.key)] if deal is not None else []
            marks = marked_tasks(self._objects, "deals", list(filter(None, on)))
            found |= {key: marks[key] for key in unknown if key in marks}
        return found
