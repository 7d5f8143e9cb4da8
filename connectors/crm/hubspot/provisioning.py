"""Makes sure that HubSpot has the properties and the pipeline that a playbook writes to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from connectors.crm.base import Conflict, FieldSpec, PipelineSpec, ProvisionStep, RecordKind, Rejected, Wanted
from connectors.crm.hubspot import labels
from connectors.crm.hubspot.directory import Directory
from connectors.crm.hubspot.errors import MissingScopes
from connectors.crm.hubspot.property_definitions import (
    GROUP,
    GROUP_LABEL,
    definition,
    difference,
    extended_options,
    missing_options,
    spec_of,
)
from connectors.crm.hubspot.records import ObjectType
from connectors.crm.hubspot.transport import Answer, Transport
from connectors.crm.naming import same_label

OBJECT_TYPES: Mapping[RecordKind, ObjectType] = {"contact": "contacts", "deal": "deals", "task": "tasks"}
_WON = ("funded", "won")
_LOST = ("lost", "opted out", "spam", "declined", "withdrawn", "cancelled", "canceled", "dead")


class Provisioner:
    """One provisioning run. Repeatable: what is there already is only looked at."""

    def __init__(self, transport: Transport, directory: Directory, *, dry_run: bool) -> None:
        self._transport = transport
        self._directory = directory
        self._dry_run = dry_run

    def run(self, wanted: Wanted) -> Iterator[ProvisionStep]:
        """The steps in order, each done (or, in a dry run, only planned) as it is yielded."""
        for kind, fields in wanted.fields.items():
            if fields:
                yield from self._fields(kind, fields)
        if wanted.pipeline.label:
            yield from self._pipeline(wanted.pipeline)
            yield from labels.provision(self._transport, self._directory, dry_run=self._dry_run)

    def _fields(self, kind: RecordKind, fields: tuple[FieldSpec, ...]) -> Iterator[ProvisionStep]:
        there = raw_properties(self._transport, kind)
        if any(field.name not in there for field in fields):
            yield self._group(kind)
        for field in fields:
            what = f"{kind} property {field.name}"
            raw = there.get(field.name)
            yield (
                self._new_field(what, kind, field)
                if raw is None
                else self._same_field(what, kind, field, raw)
            )

    def _group(self, kind: RecordKind) -> ProvisionStep:
        groups = self._transport.client.crm.properties.groups_api
        what = f"{kind} property group {GROUP}"
        found = self._transport.call(groups.get_all, OBJECT_TYPES[kind]).body.get("results") or ()
        if any(group.get("name") == GROUP for group in found):
            return ProvisionStep(what, "exists")
        body = {"name": GROUP, "label": GROUP_LABEL}
        return self._do(
            what, lambda: self._transport.call(groups.create, OBJECT_TYPES[kind], body, ok=(201,))
        )

    def _new_field(self, what: str, kind: RecordKind, field: FieldSpec) -> ProvisionStep:
        create = self._transport.client.crm.properties.core_api.create
        try:
            body = definition(field)
        except ValueError as error:
            return ProvisionStep(what, "needs_person", f"{error}.")
        return self._do(what, lambda: self._transport.call(create, OBJECT_TYPES[kind], body, ok=(201,)))

    def _same_field(
        self, what: str, kind: RecordKind, field: FieldSpec, raw: Mapping[str, Any]
    ) -> ProvisionStep:
        there = spec_of(raw)
        problem = difference(field, there)
        if problem:
            return ProvisionStep(what, "differs", problem)
        options = missing_options(field, there)
        if not options:
            return ProvisionStep(what, "exists")
        listed = ", ".join(options)
        if (raw.get("modificationMetadata") or {}).get("readOnlyOptions"):
            return ProvisionStep(what, "needs_person", f"HubSpot keeps this list itself and lacks: {listed}.")
        update = self._transport.client.crm.properties.core_api.update
        body = {"options": extended_options(raw, options)}
        return self._do(
            what,
            lambda: self._transport.call(update, OBJECT_TYPES[kind], field.name, body),
            f"options added: {listed}",
        )

    def _pipeline(self, wanted: PipelineSpec) -> Iterator[ProvisionStep]:
        there = next(
            (p for p in self._directory.pipelines(fresh=True) if same_label(p.label, wanted.label)), None
        )
        what = f'deal pipeline "{wanted.label}"'
        if there is None:
            yield self._new_pipeline(what, wanted)
        else:
            yield ProvisionStep(what, "exists")
            yield from self._stages(wanted, there)
        if not self._dry_run:
            self._directory.pipelines(fresh=True)

    def _new_pipeline(self, what: str, wanted: PipelineSpec) -> ProvisionStep:
        create = self._transport.client.crm.pipelines.pipelines_api.create
        stages = [_stage(wanted.stages, order) for order in range(len(wanted.stages))]
        body = {"label": wanted.label, "displayOrder": 0, "stages": stages}
        return self._do(
            what,
            lambda: self._transport.call(create, "deals", body, ok=(201,)),
            f"stages: {', '.join(wanted.stages)}",
        )

    def _stages(self, wanted: PipelineSpec, there: PipelineSpec) -> Iterator[ProvisionStep]:
        create = self._transport.client.crm.pipelines.pipeline_stages_api.create
        for order, label in enumerate(wanted.stages):
            what = f'stage "{label}" of deal pipeline "{wanted.label}"'
            if any(same_label(label, existing) for existing in there.stages):
                yield ProvisionStep(what, "exists")
                continue
            new_stage = partial(self._transport.call, create, "deals", there.id, _stage(wanted.stages, order))
            yield self._do(what, partial(new_stage, ok=(201,)))

    def _do(self, what: str, create: Callable[[], Answer], detail: str = "") -> ProvisionStep:
        """Carry out one step; what HubSpot refuses is a person's to do and stops no other step."""
        if self._dry_run:
            return ProvisionStep(what, "will_create", detail)
        try:
            create()
        except (Rejected, Conflict, MissingScopes) as error:
            return ProvisionStep(what, "needs_person", f"{error} {error.remedy}".strip())
        return ProvisionStep(what, "created", detail)


def raw_properties(transport: Transport, kind: RecordKind) -> dict[str, dict[str, Any]]:
    """The properties that exist for a kind of record, by name, as HubSpot describes them."""
    get_all = transport.client.crm.properties.core_api.get_all
    found = transport.call(get_all, OBJECT_TYPES[kind]).body.get("results") or ()
    return {str(raw["name"]): raw for raw in found if not raw.get("archived")}


def _stage(labels: tuple[str, ...], order: int) -> dict[str, Any]:
    probability = _probability(labels, order)
    return {"label": labels[order], "displayOrder": order, "metadata": {"probability": probability}}


def _probability(labels: tuple[str, ...], order: int) -> str:
    """HubSpot wants each stage's chance of being won, and takes 1.0 as won and 0.0 as lost."""
    label = labels[order].casefold().replace("_", " ")
    if any(word in label for word in _LOST):
        return "0.0"
    if any(word in label for word in _WON):
        return "1.0"
    return f"{min(0.9, 0.1 + 0.8 * order / max(1, len(labels) - 1)):.1f}"
