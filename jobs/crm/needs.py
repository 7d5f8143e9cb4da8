"""What the playbook needs in a CRM, and what of it the CRM does not have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches

from connectors.crm.base import Crm, FieldSpec, PipelineSpec, RecordKind, Schema, Wanted
from mapping.crm.compile import wanted
from mapping.playbook import Playbook

_KINDS: tuple[RecordKind, ...] = ("contact", "deal")


def wanted_of(playbook: Playbook, mapping: str, crm: Crm) -> Wanted:
    """The properties and stages this playbook writes to by one of its mappings, and the connector's own.

    Raises KeyError for a mapping it does not have.
    """
    fields, pipeline = wanted(playbook, mapping)
    by_kind: dict[RecordKind, tuple[FieldSpec, ...]] = {
        kind: (
            *crm.own_fields.get(kind, ()),
            *(
                FieldSpec(
                    one.name, one.label, one.type, one.options, description=one.description, long=one.long
                )
                for one in fields
                if one.kind == kind
            ),
        )
        for kind in _KINDS
    }
    return Wanted(by_kind, PipelineSpec(pipeline.label, pipeline.stages))


def lacking(
    playbook: Playbook,
    mapping: str,
    crm: Crm,
    schema: Schema,
    required: Mapping[RecordKind, tuple[str, ...]],
) -> list[str]:
    """What does not fit together, one sentence each with what to do.

    The playbook may name what the CRM does not have, and the CRM may require of new records what the playbook
    does not map.
    """
    return [
        *_unmapped(playbook, mapping, required),
        *_unknown_builtins(playbook, mapping, schema),
        *_lacking_fields(wanted_of(playbook, mapping, crm), schema),
        *_lacking_stages(wanted_of(playbook, mapping, crm).pipeline, schema),
        *_unknown_people(playbook, schema),
    ]


def _unmapped(
    playbook: Playbook, mapping: str, required: Mapping[RecordKind, tuple[str, ...]]
) -> Iterator[str]:
    rules = playbook.crm[mapping]
    mapped = {
        "contact": {rule.property for rule in rules.contact},
        "deal": {rule.property for rule in rules.deal},
    }
    for kind, names in required.items():
        for name in names:
            if name not in mapped.get(kind, ()):
                yield (
                    f"The CRM requires the property {name} on every new {kind}, and the playbook does not "
                    "map it: map a value that is always there, or stop requiring it in the CRM."
                )


def _unknown_builtins(playbook: Playbook, mapping: str, schema: Schema) -> Iterator[str]:
    rules = playbook.crm[mapping]
    for kind, several in (("contact", rules.contact), ("deal", rules.deal)):
        there = schema.fields.get(kind, {})  # type: ignore[call-overload]
        for rule in several:
            if rule.builtin and rule.property not in there:
                near = _nearest(rule.property, there)
                remedy = near or "Correct the playbook, or make the field visible to us."
                yield f"The {kind} property {rule.property} does not exist there. {remedy}"


def _lacking_fields(wants: Wanted, schema: Schema) -> Iterator[str]:
    for kind, specs in wants.fields.items():
        there = schema.fields.get(kind, {})
        for spec in specs:
            found = there.get(spec.name)
            if found is None:
                yield f"The {kind} property {spec.name} does not exist there: run `firstpath provision`."
                continue
            options = [one for one in spec.options if found.options and one not in found.options]
            if options:
                yield (
                    f"The {kind} property {spec.name} lacks the option {', '.join(options)} there: "
                    "run `firstpath provision`."
                )


def _lacking_stages(wanted_pipeline: PipelineSpec, schema: Schema) -> Iterator[str]:
    pipeline = next((one for one in schema.pipelines if one.label == wanted_pipeline.label), None)
    if pipeline is None and schema.pipelines:
        remedy = _nearest(wanted_pipeline.label, [one.label for one in schema.pipelines])
        yield f"There is no pipeline {wanted_pipeline.label!r}: run `firstpath provision`. {remedy}".rstrip()
        return
    stages = pipeline.stages if pipeline else ()
    for stage in wanted_pipeline.stages:
        if stage not in stages:
            yield (
                f"The pipeline {wanted_pipeline.label!r} has no stage {stage!r} there: "
                f"run `firstpath provision`. {_nearest(stage, stages)}"
            ).rstrip()


def _unknown_people(playbook: Playbook, schema: Schema) -> Iterator[str]:
    for email in dict.fromkeys([*(member.email for member in playbook.team), playbook.fallback]):
        if email and email.lower() not in schema.owners:
            remedy = _nearest(email.lower(), schema.owners)
            yield (
                f"{email} is no user there: invite this person to the CRM, or correct the playbook. {remedy}"
            ).rstrip()


def _nearest(name: str, known: Iterable[str]) -> str:
    close = get_close_matches(name, list(known), n=1, cutoff=0.8)
    return f"Did you mean {close[0]}?" if close else ""
