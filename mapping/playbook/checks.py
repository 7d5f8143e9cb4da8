"""What the shape alone cannot tell: whether the parts of a playbook fit each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mapping.playbook.cadence_schema import cadence_check
from mapping.playbook.calling_schema import calling_check
from mapping.playbook.faults import Fault
from mapping.playbook.identity_schema import identity_check
from mapping.playbook.lines import Path
from mapping.playbook.model import CRM_KINDS
from mapping.playbook.order_checks import order_check
from mapping.playbook.reading_schema import reading_check
from mapping.playbook.team_checks import Finding as Finding
from mapping.playbook.team_checks import team_mistakes
from mapping.playbook.template_check import template_check

#: In lower case: our own keys, and what the connectors fill from the owner, the stage and the deal's name.
RESERVED = frozenset(
    {
        *("firstpath_key", "firstpath_shared_email", "firstpath_key__c"),
        *("hubspot_owner_id", "dealname", "pipeline", "dealstage"),
        *("ownerid", "stagename", "recordtypeid", "accountid"),
        *("assignedto", "pipelineid", "pipelinestageid", "contactid", "locationid", "tags"),
    }
)


def cross_check(data: Mapping[str, Any]) -> Iterator[Finding]:
    """Every contradiction in a playbook's TOML data; parts of the wrong shape are the schema's business."""
    yield from team_mistakes(data)
    yield from _hours(data)
    yield from reading_check(data)
    yield from calling_check(data)
    yield from cadence_check(data)
    yield from template_check(data)
    yield from order_check(data)
    yield from identity_check(data)
    crms = _tables(data.get("crm"))
    yield from _likes(dict(crms))
    for kind, crm in crms:
        for record in ("contact", "deal"):
            yield from _fields(("crm", kind, record), crm.get(record))


def _likes(crms: Mapping[str, dict[str, Any]]) -> Iterator[Finding]:
    for kind, crm in crms.items():
        like = crm.get("like")
        if like in CRM_KINDS and (like not in crms or "like" in crms[like]):
            remedy = "Name a CRM of this playbook that is complete itself."
            yield ("crm", kind, "like"), Fault("there is nothing to take from this one", remedy)


def _hours(data: Mapping[str, Any]) -> Iterator[Finding]:
    hours = data.get("hours")
    if isinstance(hours, dict) and not any(hours.values()):
        yield ("hours",), Fault("the office never opens", 'Add hours such as mon = "09:00-17:30".')


def _fields(path: Path, rules: Any) -> Iterator[Finding]:
    for name, _ in _tables(rules):
        if name.casefold() in RESERVED:
            yield (
                (*path, name),
                Fault("Firstpath fills this property itself", "Choose another property name."),
            )


def _tables(value: Any) -> list[tuple[str, dict[str, Any]]]:
    items = value.items() if isinstance(value, dict) else ()
    return [(name, table) for name, table in items if isinstance(table, dict)]
