"""The names people use in HubSpot (owners, pipelines, stages) and the ids that HubSpot wants instead."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any, Generic, TypeVar

from connectors.crm.base import PipelineSpec, Rejected
from connectors.crm.hubspot.transport import Transport

_T = TypeVar("_T")
_KEPT_SECONDS = 900.0
_OWNERS_PER_PAGE = 100


class _Remembered(Generic[_T]):
    """A value loaded on first need and kept for a while."""

    def __init__(self, load: Callable[[], _T], clock: Callable[[], float]) -> None:
        self._load, self._clock, self._lock = load, clock, Lock()
        self._kept: tuple[float, _T] | None = None

    def forget(self) -> None:
        with self._lock:
            self._kept = None

    def get(self, *, fresh: bool = False) -> _T:
        with self._lock:
            now = self._clock()
            if fresh or self._kept is None or now - self._kept[0] > _KEPT_SECONDS:
                self._kept = (now, self._load())
            return self._kept[1]


class Directory:
    """Owners and deal pipelines, shared by all deliveries and kept for 15 minutes."""

    def __init__(self, transport: Transport, clock: Callable[[], float]) -> None:
        self._transport = transport
        self._owners = _Remembered(self._load_owners, clock)
        self._pipelines = _Remembered(self._load_pipelines, clock)

    def owners(self, *, fresh: bool = False) -> Mapping[str, str]:
        """Lower-cased email → owner id."""
        return self._owners.get(fresh=fresh)

    def pipelines(self, *, fresh: bool = False) -> tuple[PipelineSpec, ...]:
        """The deal pipelines with their stages, in order."""
        return self._pipelines.get(fresh=fresh)

    def forget(self) -> None:
        """Look again on next need: HubSpot refused an id that was remembered."""
        self._owners.forget()
        self._pipelines.forget()

    def _load_owners(self) -> Mapping[str, str]:
        owners_api = self._transport.client.crm.owners.owners_api
        owners: dict[str, str] = {}
        page: dict[str, Any] = {"limit": _OWNERS_PER_PAGE}
        while page:
            body = self._transport.call(owners_api.get_page, **page).body
            for owner in body.get("results") or ():
                if owner.get("email") and not owner.get("archived"):
                    owners[str(owner["email"]).lower()] = str(owner["id"])
            after = ((body.get("paging") or {}).get("next") or {}).get("after")
            page = page | {"after": after} if after else {}
        return owners

    def _load_pipelines(self) -> tuple[PipelineSpec, ...]:
        pipelines_api = self._transport.client.crm.pipelines.pipelines_api
        found = self._transport.call(pipelines_api.get_all, "deals").body.get("results") or ()
        return tuple(_pipeline(p) for p in sorted(found, key=_order) if not p.get("archived"))


class Names:
    """Names resolved for one delivery run: the first unknown name makes the directory look once more."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._fresh_owners = self._fresh_pipelines = False

    def owner_id(self, email: str) -> str:
        """The owner's id. Raises Rejected when HubSpot has no such user."""
        owner = self._directory.owners().get(email.lower())
        if owner is None and not self._fresh_owners:
            self._fresh_owners = True
            owner = self._directory.owners(fresh=True).get(email.lower())
        if owner is None:
            raise Rejected(
                "The owner of this record is not a user in HubSpot.",
                field_name="hubspot_owner_id",
                remedy="Invite this person to HubSpot or set another owner in the playbook.",
            )
        return owner

    def stage_ids(self, pipeline: str, stage: str) -> tuple[str, str]:
        """(pipeline id, stage id) for two labels. Raises Rejected when HubSpot has no such label."""
        found = _stage_in(self._directory.pipelines(), pipeline, stage)
        if "" in found and not self._fresh_pipelines:
            self._fresh_pipelines = True
            found = _stage_in(self._directory.pipelines(fresh=True), pipeline, stage)
        if not found[0]:
            raise Rejected(
                f'HubSpot has no deal pipeline called "{pipeline}".',
                field_name="pipeline",
                remedy="Run provisioning, or name an existing pipeline in the playbook.",
            )
        if not found[1]:
            raise Rejected(
                f'HubSpot\'s pipeline "{pipeline}" has no stage called "{stage}".',
                field_name="dealstage",
                remedy="Run provisioning, or map this stage to an existing one in the playbook.",
            )
        return found


def same_label(a: str, b: str) -> bool:
    """Whether two labels are the same to a reader."""
    return a.strip().casefold() == b.strip().casefold()


def _stage_in(pipelines: tuple[PipelineSpec, ...], pipeline: str, stage: str) -> tuple[str, str]:
    chosen = next((p for p in pipelines if same_label(p.label, pipeline)), None)
    if chosen is None:
        return "", ""
    stages = zip(chosen.stages, chosen.stage_ids, strict=True)
    return chosen.id, next((stage_id for label, stage_id in stages if same_label(label, stage)), "")


def _pipeline(raw: Mapping[str, Any]) -> PipelineSpec:
    stages = [s for s in sorted(raw.get("stages") or (), key=_order) if not s.get("archived")]
    return PipelineSpec(
        label=str(raw["label"]),
        stages=tuple(str(s["label"]) for s in stages),
        id=str(raw["id"]),
        stage_ids=tuple(str(s["id"]) for s in stages),
    )


def _order(raw: Mapping[str, Any]) -> int:
    return int(raw.get("displayOrder") or 0)
