"""From the checked data of a playbook to the playbook itself, every default filled in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mapping.facts import SOURCES
from mapping.hours.business import BusinessHours
from mapping.inquiry import Contact, InquiryType, Stage
from mapping.playbook.cadence_building import cadences, document_names, documents, window
from mapping.playbook.calling_schema import build_calling
from mapping.playbook.identity_schema import build_identity
from mapping.playbook.model import CrmMapping, FieldRule, FirstTouch, Playbook
from mapping.playbook.priority_schema import build_priority
from mapping.playbook.reading_schema import build_reading
from mapping.playbook.survivorship_schema import build_survivorship
from mapping.playbook.team_build import (
    build_member,
    build_partner,
    build_reassign,
    build_rule,
    build_shift,
    types_of,
    week,
)
from mapping.playbook.template_schema import build_brokerage, build_templates

_USUAL_CRM: Mapping[str, Any] = {"deal_name": ["full_name", "inquiry_type", "property_state"], "tags": []}


def build_playbook(data: Mapping[str, Any], *, name: str, revision: str) -> Playbook:
    """Build from data that PlaybookSchema has loaded and cross_check has passed."""
    office = BusinessHours(
        data["timezone"],
        "the office",
        week(data["hours"]),
        tuple(data["holidays"]),
        closed=frozenset(data["closed"]),
    )
    shifts = tuple(build_shift(row, office) for row in data["owners"]["duty"])
    return Playbook(
        name=name,
        revision=revision,
        country=data["country"],
        timezone=data["timezone"],
        hours=office,
        team=tuple(build_member(row, office, shifts) for row in data["team"]),
        owner_rules=tuple(build_rule(row) for row in data["owner_rules"]),
        fallback=data["owners"].get("fallback", ""),
        route_in_hours_only=data["owners"]["route_in_hours_only"],
        crm={kind: _crm(_completed(row, data["crm"])) for kind, row in data["crm"].items()},
        follow_up=_follow_up(data["follow_up"]),
        checklists=_checklists(data["checklists"]),
        calling=build_calling(data["calling_hours"]),
        cadences=cadences(data["cadence"]),
        documents=documents(data["document"]),
        in_crm=window(data["follow_up"]),
        review_days=data["reviews"]["close_after_days"],
        identity=build_identity(data["identity"]),
        survivorship=build_survivorship(data["survivorship"]),
        priority=build_priority(data["priority"]),
        reading=build_reading(data),
        brokerage=build_brokerage(data["brokerage"]),
        templates=build_templates(data["templates"]),
        document_names=document_names(data["document"]),
        partners=tuple(build_partner(row) for row in data["partners"]),
        duty=shifts,
        reassign=build_reassign(data["owners"].get("reassign")),
        stand_in_after_hours=data["owners"]["stand_in_after_hours"],
    )


def _follow_up(row: Mapping[str, Any]) -> tuple[FirstTouch, ...]:
    """The rules in order, closed by one that matches everything."""
    rows = [*row["first_touch"], {"channel": "preferred", "purpose": "first_touch"}]
    return tuple(
        FirstTouch(
            minutes=int(one.get("minutes", row["minutes"])),
            working_time=one.get("working_time", row["working_time"]),
            channel=one["channel"],
            priority=one.get("priority", row["priority"]),
            purpose=one["purpose"],
            types=types_of(one.get("type", ())),
            preferred=frozenset(Contact(word) for word in one.get("preferred", ())),
        )
        for one in rows
    )


def _checklists(rows: Mapping[str, Any]) -> dict[InquiryType, tuple[str, ...]]:
    default = rows.get("default", ())
    return {kind: tuple(rows.get(kind, default)) for kind in InquiryType}


def _completed(row: Mapping[str, Any], rows: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    """A CRM's table with what it takes from another one; its own keys win."""
    return {**_USUAL_CRM, **rows.get(row.get("like", ""), {}), **row}


def _crm(row: Mapping[str, Any]) -> CrmMapping:
    stages = {Stage(name): label for name, label in row["stages"].items()}
    return CrmMapping(
        pipeline=row["pipeline"],
        stages={stage: stages.get(stage, stages[Stage.LOST]) for stage in Stage},
        contact=tuple(_field_rule(name, rule) for name, rule in row["contact"].items()),
        deal=tuple(_field_rule(name, rule) for name, rule in row["deal"].items()),
        deal_name=tuple(row["deal_name"]),
        tags=tuple(row["tags"]),
    )


def _field_rule(name: str, row: Mapping[str, Any]) -> FieldRule:
    source = SOURCES[row["source"]]
    kind = row.get("type", source.type)
    return FieldRule(
        property=name,
        source=row["source"],
        label=row.get("label", source.label),
        type=kind,
        options=tuple(row.get("options", source.options)) if kind == "enumeration" else (),
        values=row.get("values"),
        transform=row.get("transform", ""),
        overwrite=row["overwrite"],
        builtin=row["builtin"],
        description=row["description"],
        long=source.long and kind == "string",
    )
