"""The names people use in HubSpot (owners, pipelines, stages) and the ids that HubSpot wants instead."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from connectors.crm.base import PipelineSpec, Rejected, Uncertain
from connectors.crm.hubspot.errors import MissingScopes, NotThere
from connectors.crm.hubspot.records import dicts, section
from connectors.crm.hubspot.transport import Answer, Transport
from connectors.crm.naming import Naming
from connectors.crm.remembered import Remembered

_OWNERS_PER_PAGE = 100
USER_DEFINED = "USER_DEFINED"


class Directory:
    """Owners and deal pipelines, shared by all deliveries and kept for 15 minutes."""

    def __init__(self, transport: Transport, clock: Callable[[], float]) -> None:
        self._transport = transport
        self._owners = Remembered(self._load_owners, clock)
        self._pipelines = Remembered(self._load_pipelines, clock)
        self._labels = Remembered(self._load_labels, clock)

    def owners(self, *, fresh: bool = False) -> Mapping[str, str]:
        """Lower-cased email → owner id."""
        return self._owners.get(fresh=fresh)

    def pipelines(self, *, fresh: bool = False) -> tuple[PipelineSpec, ...]:
        """The deal pipelines with their stages, in order."""
        return self._pipelines.get(fresh=fresh)

    def labels(self, *, fresh: bool = False) -> Mapping[str, int]:
        """The labels that a contact can have on a deal: folded label → association type id.

        Empty where the account may not have labels or the token may not read them.
        """
        return self._labels.get(fresh=fresh)

    def forget(self) -> None:
        """Look again on next need: HubSpot refused an id that was remembered."""
        self._owners.forget()
        self._pipelines.forget()

    def _load_owners(self) -> Mapping[str, str]:
        owners_api = self._transport.client.crm.owners.owners_api
        owners: dict[str, str] = {}
        page: dict[str, Any] = {"limit": _OWNERS_PER_PAGE}
        while page:
            answer = self._transport.call(owners_api.get_page, **page)
            for owner in _listed(answer, "id"):
                if owner.get("email") and not owner.get("archived"):
                    owners[str(owner["email"]).lower()] = str(owner["id"])
            after = section(section(answer.body.get("paging")).get("next")).get("after")
            page = page | {"after": after} if after and after != page.get("after") else {}
        return owners

    def _load_labels(self) -> Mapping[str, int]:
        definitions = self._transport.client.crm.associations.v4.schema.definitions_api
        try:
            answer = self._transport.read(definitions.get_all, "deals", "contacts")
        except (MissingScopes, NotThere, Rejected):
            return {}
        return {
            str(one["label"]).casefold(): int(one["typeId"])
            for one in dicts(answer.body.get("results"))
            if one.get("label")
            and one.get("category") == USER_DEFINED
            and str(one.get("typeId") or "").isdigit()
        }

    def _load_pipelines(self) -> tuple[PipelineSpec, ...]:
        pipelines_api = self._transport.client.crm.pipelines.pipelines_api
        found = _listed(self._transport.call(pipelines_api.get_all, "deals"), "id", "label")
        return tuple(_pipeline(p) for p in sorted(found, key=_order) if not p.get("archived"))


class Names(Naming):
    """Owners, deal pipelines and labels of the account."""

    def __init__(self, directory: Directory) -> None:
        super().__init__()
        self._directory = directory

    def owners(self, *, fresh: bool) -> Mapping[str, str]:
        """The account's owners."""
        return self._directory.owners(fresh=fresh)

    def pipelines(self, *, fresh: bool) -> tuple[PipelineSpec, ...]:
        """The account's deal pipelines."""
        return self._directory.pipelines(fresh=fresh)

    def labels(self) -> Mapping[str, int]:
        """The labels of contacts on deals, as far as they are known: folded label → type id."""
        return self._directory.labels()

    def labels_now(self) -> Mapping[str, int]:
        """The same, looked up once more in this run."""
        return self._directory.labels(fresh=self.again("labels"))

    def owner_id(self, email: str) -> str:
        """The owner's id. Raises Rejected when HubSpot has no such user."""
        owner = self.owner_now(email)
        if not owner:
            raise Rejected(
                "The owner of this record is not a user in HubSpot.",
                field_name="hubspot_owner_id",
                remedy="Invite this person to HubSpot or set another owner in the playbook.",
            )
        return owner

    def stage_ids(self, pipeline: str, stage: str) -> tuple[str, str]:
        """(pipeline id, stage id) for two labels. Raises Rejected when HubSpot has no such label."""
        found = self.stage_now(pipeline, stage)
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


def _pipeline(raw: Mapping[str, Any]) -> PipelineSpec:
    stages = [
        s for s in sorted(dicts(raw.get("stages")), key=_order) if s.get("id") and not s.get("archived")
    ]
    return PipelineSpec(
        label=str(raw["label"]),
        stages=tuple(str(s.get("label") or "") for s in stages),
        id=str(raw["id"]),
        stage_ids=tuple(str(s["id"]) for s in stages),
    )


def _order(raw: Mapping[str, Any]) -> int:
    order = raw.get("displayOrder")
    return order if isinstance(order, int) else 0


def _listed(answer: Answer, *needed: str) -> list[dict[str, Any]]:
    """The results of an answer. Raises Uncertain when there is no list, or an entry lacks what is needed."""
    results = answer.body.get("results")
    if not isinstance(results, list) or not all(
        isinstance(one, dict) and all(one.get(name) for name in needed) for one in results
    ):
        raise Uncertain("HubSpot's answer does not list what was asked for.")
    return results
