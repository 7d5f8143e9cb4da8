"""What a location has by name (users, pipelines, custom fields, workflows, settings), kept for a while."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.crm.base import PipelineSpec, Uncertain
from connectors.crm.highlevel.custom_fields import CustomField, Model, field_of
from connectors.crm.highlevel.records import as_text, dicts
from connectors.crm.highlevel.transport import Answer, Transport
from connectors.crm.remembered import Remembered


@dataclass(frozen=True, slots=True)
class Location:
    """The sub-account and its two duplicate preferences."""

    id: str
    name: str
    duplicate_contacts: bool
    duplicate_opportunities: bool


@dataclass(frozen=True, slots=True)
class Workflow:
    """A follow-up that the brokerage built; status is "draft" or "published"."""

    id: str
    name: str
    status: str


class Directory:
    """One location's names, shared by all deliveries and kept for 15 minutes. All may raise a CrmError."""

    def __init__(self, transport: Transport, location: str, clock: Callable[[], float]) -> None:
        self.location_id = location
        self._transport = transport
        self._location = Remembered(self._load_location, clock)
        self._users = Remembered(self._load_users, clock)
        self._pipelines = Remembered(self._load_pipelines, clock)
        self._fields = Remembered(self._load_fields, clock)
        self._workflows = Remembered(self._load_workflows, clock)

    def location(self, *, fresh: bool = False) -> Location:
        """The location itself."""
        return self._location.get(fresh=fresh)

    def users(self, *, fresh: bool = False) -> Mapping[str, str]:
        """Lower-cased email → user id."""
        return self._users.get(fresh=fresh)

    def pipelines(self, *, fresh: bool = False) -> tuple[PipelineSpec, ...]:
        """The pipelines with their stages, in order."""
        return self._pipelines.get(fresh=fresh)

    def fields(self, model: Model, *, fresh: bool = False) -> Mapping[str, CustomField]:
        """The custom fields of contacts or opportunities by key, without "contact." or "opportunity."."""
        return self._fields.get(fresh=fresh)[model]

    def workflows(self, *, fresh: bool = False) -> Sequence[Workflow]:
        """The workflows."""
        return self._workflows.get(fresh=fresh)

    def forget(self) -> None:
        """Look again on next need: HighLevel refused something that was remembered."""
        for remembered in (self._location, self._users, self._pipelines, self._fields, self._workflows):
            remembered.forget()

    def _load_location(self) -> Location:
        answer = self._transport.read("GET", f"/locations/{self.location_id}")
        raw = answer.body.get("location")
        if not isinstance(raw, dict) or str(raw.get("id") or self.location_id) != self.location_id:
            raise Uncertain("HighLevel's answer does not describe the location that was asked for.")
        settings = raw.get("settings")
        allowed = settings if isinstance(settings, dict) else {}
        return Location(
            id=self.location_id,
            name=as_text(raw.get("name")),
            duplicate_contacts=allowed.get("allowDuplicateContact") is True,
            duplicate_opportunities=allowed.get("allowDuplicateOpportunity") is True,
        )

    def _load_users(self) -> Mapping[str, str]:
        # Deprecated but answering; /users/search wants the agency's id and pages besides.
        users = _listed(self._asked("/users/"), "users")
        return {
            as_text(user["email"]).strip().lower(): as_text(user["id"])
            for user in users
            if user.get("email") and user.get("id") and user.get("deleted") is not True
        }

    def _load_pipelines(self) -> tuple[PipelineSpec, ...]:
        found = _listed(self._asked("/opportunities/pipelines"), "pipelines")
        return tuple(_pipeline(raw) for raw in found if raw.get("id"))

    def _load_fields(self) -> Mapping[Model, Mapping[str, CustomField]]:
        path = f"/locations/{self.location_id}/customFields"
        raw = _listed(self._transport.read("GET", path, query={"model": "all"}), "customFields")
        found: dict[Model, dict[str, CustomField]] = {"contact": {}, "opportunity": {}}
        for field in filter(None, map(field_of, raw)):
            found[field.model][field.name] = field
        return found

    def _load_workflows(self) -> Sequence[Workflow]:
        found = _listed(self._asked("/workflows/"), "workflows")
        return [
            Workflow(as_text(raw["id"]), as_text(raw.get("name")), as_text(raw.get("status")).lower())
            for raw in found
            if raw.get("id")
        ]

    def _asked(self, path: str) -> Answer:
        return self._transport.read("GET", path, query={"locationId": self.location_id})


def _listed(answer: Answer, name: str) -> list[dict[str, Any]]:
    if not isinstance(answer.body.get(name), list):
        raise Uncertain(f"HighLevel's answer has no list of {name}.")
    return dicts(answer.body[name])


def _pipeline(raw: Mapping[str, Any]) -> PipelineSpec:
    stages = sorted((s for s in dicts(raw.get("stages")) if s.get("id")), key=_position)
    return PipelineSpec(
        label=as_text(raw.get("name")),
        stages=tuple(as_text(stage.get("name")) for stage in stages),
        id=as_text(raw["id"]),
        stage_ids=tuple(as_text(stage["id"]) for stage in stages),
    )


def _position(stage: Mapping[str, Any]) -> float:
    position = stage.get("position")
    return position if isinstance(position, int | float) else 0
