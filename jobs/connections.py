"""From a CRM's settings to its connector, and from the playbook to what must exist in the CRM."""

from __future__ import annotations

from connectors.crm.base import Crm, FieldSpec, PipelineSpec, RecordKind, Schema, Wanted
from connectors.crm.hubspot import HubSpotCrm
from jobs.settings.model import CrmSettings
from mapping.compile import wanted
from mapping.playbook import Playbook


def open_crm(settings: CrmSettings) -> Crm:
    """The connector for this account; no call is made yet."""
    # The settings admit no other kind.
    return HubSpotCrm(settings.secrets["TOKEN"], settings.base_url, timeout=(5, settings.timeout_seconds))


def wanted_of(playbook: Playbook, mapping: str, crm: Crm) -> Wanted:
    """The properties and stages this playbook writes to by one of its mappings, and the connector's own.

    Raises KeyError for a mapping it does not have.
    """
    fields, pipeline = wanted(playbook, mapping)
    kinds: tuple[RecordKind, ...] = ("contact", "deal")
    by_kind = {
        kind: (
            *crm.own_fields.get(kind, ()),
            *(
                FieldSpec(
                    one.name,
                    one.label,
                    one.type,
                    one.options,
                    description=one.description,
                    long=one.long,
                )
                for one in fields
                if one.kind == kind
            ),
        )
        for kind in kinds
    }
    return Wanted(by_kind, PipelineSpec(pipeline.label, pipeline.stages))


def lacking(playbook: Playbook, mapping: str, crm: Crm, schema: Schema) -> list[str]:
    """What the playbook names and the CRM does not have, one sentence each with what to do."""
    wants = wanted_of(playbook, mapping, crm)
    problems = [
        f"The {kind} property {spec.name} does not exist there: run `firstpath provision`."
        for kind, specs in wants.fields.items()
        for spec in specs
        if spec.name not in schema.fields.get(kind, {})
    ]
    pipeline = next((one for one in schema.pipelines if one.label == wants.pipeline.label), None)
    stages = pipeline.stages if pipeline else ()
    problems += [
        f"The pipeline {wants.pipeline.label!r} has no stage {stage!r} there: run `firstpath provision`."
        for stage in wants.pipeline.stages
        if stage not in stages
    ]
    people = dict.fromkeys([*(member.email for member in playbook.team), playbook.fallback])
    problems += [
        f"{email} is no user there: invite this person to the CRM, or correct the playbook."
        for email in people
        if email and email.lower() not in schema.owners
    ]
    return problems
