"""Workflows, which people build there, and the log of who was enrolled."""

from __future__ import annotations

from dataclasses import dataclass

from connectors.sandbox.answers import JsonObject
from connectors.sandbox.highlevel.errors import not_found
from connectors.sandbox.highlevel.ids import IdMaker
from connectors.sandbox.timestamps import iso


@dataclass(frozen=True, slots=True)
class WorkflowSeed:
    """A workflow the sub-account should start with; a draft takes people in and does nothing."""

    name: str
    published: bool = True


@dataclass(frozen=True, slots=True)
class Workflow:
    """One workflow."""

    id: str
    seed: WorkflowSeed
    made_at: float

    def json(self, location_id: str) -> JsonObject:
        """The workflow as the API lists it."""
        return {
            "id": self.id,
            "name": self.seed.name,
            "status": "published" if self.seed.published else "draft",
            "version": 1,
            "createdAt": iso(self.made_at),
            "updatedAt": iso(self.made_at),
            "locationId": location_id,
        }


class Workflows:
    """All workflows, who is inside, and everything that was asked for."""

    def __init__(self, ids: IdMaker) -> None:
        self._ids = ids
        self._all: dict[str, Workflow] = {}
        self._inside: set[tuple[str, str]] = set()
        self.log: list[JsonObject] = []

    def add(self, seed: WorkflowSeed, now: float) -> Workflow:
        """What a person does under Automation."""
        workflow = Workflow(self._ids.uuid(), seed, now)
        self._all[workflow.id] = workflow
        return workflow

    def enrol(self, contact_id: str, workflow_id: str, now: float, start_at: str = "") -> None:
        """Take a contact in. One that is inside already is skipped; a draft runs for nobody.

        Raises: ApiError (400).
        """
        workflow = self._get(workflow_id)
        place = (contact_id, workflow_id)
        result = "skipped" if place in self._inside else "enrolled" if workflow.seed.published else "not run"
        if result == "enrolled":
            self._inside.add(place)
        self._note("add", contact_id, workflow_id, now, result, start_at)

    def remove(self, contact_id: str, workflow_id: str, now: float) -> None:
        """Take a contact out. Raises: ApiError (400)."""
        self._get(workflow_id)
        place = (contact_id, workflow_id)
        result = "removed" if place in self._inside else "skipped"
        self._inside.discard(place)
        self._note("remove", contact_id, workflow_id, now, result, "")

    def forget(self, contact_id: str) -> None:
        """A contact was deleted: it leaves every workflow."""
        self._inside = {place for place in self._inside if place[0] != contact_id}

    def of(self, contact_id: str) -> list[str]:
        """The workflows that a contact is inside of."""
        return sorted(workflow for contact, workflow in self._inside if contact == contact_id)

    def _get(self, workflow_id: str) -> Workflow:
        if workflow_id not in self._all:
            raise not_found("Workflow", workflow_id)
        return self._all[workflow_id]

    def _note(
        self, action: str, contact_id: str, workflow_id: str, now: float, result: str, start: str
    ) -> None:
        self.log.append(
            {
                "action": action,
                "contactId": contact_id,
                "workflowId": workflow_id,
                "at": iso(now),
                "result": result,
                "eventStartTime": start,
            }
        )

    def list(self) -> list[Workflow]:
        """All of them."""
        return list(self._all.values())
