"""Makes sure that HighLevel has the custom fields a playbook writes to; says what a person must make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.crm.base import FieldSpec, PipelineSpec, ProvisionStep, RecordKind, Rejected, Wanted
from connectors.crm.highlevel.custom_fields import CustomField, Model, field_of
from connectors.crm.highlevel.directory import Directory
from connectors.crm.highlevel.errors import MissingScope
from connectors.crm.highlevel.field_definitions import (
    definition,
    difference,
    missing_options,
    plain_definition,
)
from connectors.crm.highlevel.optouts import OPT_OUT_FIELDS
from connectors.crm.highlevel.records import CONTACT_FIELDS, DEAL_FIELDS
from connectors.crm.highlevel.transport import Transport
from connectors.crm.naming import same_label

MODELS: Mapping[RecordKind, Model] = {"contact": "contact", "deal": "opportunity"}
_BUILT_IN: Mapping[Model, frozenset[str]] = {
    "contact": frozenset({*CONTACT_FIELDS, *OPT_OUT_FIELDS}),
    "opportunity": frozenset(DEAL_FIELDS),
}


class Provisioner:
    """One provisioning run. Repeatable: what is there already is only looked at.

    Pipelines and their stages cannot be made through this version of HighLevel's API: a person makes them,
    and the step says with which clicks and names.
    """

    def __init__(self, transport: Transport, directory: Directory, *, dry_run: bool) -> None:
        self._transport = transport
        self._directory = directory
        self._dry_run = dry_run

    def run(self, wanted: Wanted) -> Iterator[ProvisionStep]:
        """The steps in order, each done (or, in a dry run, only planned) as it is yielded."""
        for kind, fields in wanted.fields.items():
            if kind in MODELS and fields:
                yield from self._fields(kind, fields)
        if wanted.pipeline.label:
            yield from self._pipeline(wanted.pipeline)

    def _fields(self, kind: RecordKind, fields: tuple[FieldSpec, ...]) -> Iterator[ProvisionStep]:
        model = MODELS[kind]
        there = self._directory.fields(model, fresh=True)
        for field in fields:
            what = f"{kind} field {field.name}"
            if field.name in _BUILT_IN[model]:
                yield ProvisionStep(what, "exists", "HighLevel's own")
            elif field.name in there:
                yield _compared(what, field, there[field.name])
            else:
                yield self._new_field(what, model, field)
        if not self._dry_run:
            self._directory.fields(model, fresh=True)

    def _new_field(self, what: str, model: Model, field: FieldSpec) -> ProvisionStep:
        try:
            body = definition(field, model)
        except ValueError as error:
            return ProvisionStep(what, "needs_person", f"{error}.")
        detail = f"options: {', '.join(body['options'])}" if "options" in body else ""
        if self._dry_run:
            return ProvisionStep(what, "will_create", detail)
        try:
            made = self._create(body, model, field)
        except (Rejected, MissingScope) as error:
            return ProvisionStep(what, "needs_person", f"{error} {error.remedy}".strip())
        if made is None or made.name != field.name:
            return ProvisionStep(what, "needs_person", _other_key(made, field))
        return ProvisionStep(what, "created", detail)

    def _create(self, body: dict[str, Any], model: Model, field: FieldSpec) -> CustomField | None:
        path = f"/locations/{self._directory.location_id}/customFields"
        try:
            answer = self._transport.call("POST", path, body=body)
        except Rejected as error:
            if error.field_name != "fieldKey":
                raise
            answer = self._transport.call("POST", path, body=plain_definition(field, model))
        raw = answer.body.get("customField")
        return field_of({"model": model, **raw}) if isinstance(raw, dict) else None

    def _pipeline(self, wanted: PipelineSpec) -> Iterator[ProvisionStep]:
        what = f'pipeline "{wanted.label}"'
        pipelines = self._directory.pipelines(fresh=True)
        there = next((p for p in pipelines if same_label(p.label, wanted.label)), None)
        if there is None:
            yield ProvisionStep(
                what,
                "needs_person",
                "In HighLevel: Opportunities > Pipelines > Create new pipeline, name "
                f'"{wanted.label}", stages in this order: {", ".join(wanted.stages)}. Save, check again.',
            )
            return
        yield ProvisionStep(what, "exists")
        for stage in wanted.stages:
            exists = any(same_label(stage, label) for label in there.stages)
            yield ProvisionStep(
                f'stage "{stage}" of pipeline "{wanted.label}"',
                "exists" if exists else "needs_person",
                ""
                if exists
                else f'In HighLevel: Opportunities > Pipelines > "{there.label}" > Edit > Add stage, '
                f'name "{stage}". Save, then check again.',
            )


def _compared(what: str, field: FieldSpec, there: CustomField) -> ProvisionStep:
    if problem := difference(field, there):
        return ProvisionStep(what, "differs", problem)
    if lacking := missing_options(field, there):
        return ProvisionStep(
            what,
            "needs_person",
            f'In HighLevel: Settings > Custom Fields, "{there.label}", add the options {", ".join(lacking)}.',
        )
    return ProvisionStep(what, "exists")


def _other_key(made: CustomField | None, field: FieldSpec) -> str:
    if made is None:
        return "HighLevel's answer names no field: look under Settings > Custom Fields, then provision again."
    return (
        f"HighLevel made it with the key {made.name}. Map {made.name} in the playbook, or delete the field "
        f"under Settings > Custom Fields and make one with the key {field.name}."
    )
