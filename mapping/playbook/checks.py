"""What the shape alone cannot tell: whether the parts of a playbook fit each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from mapping.playbook.cadence_schema import cadence_check
from mapping.playbook.lines import Path
from mapping.playbook.values import Fault

#: In lower case: our own keys, and what the connectors fill from the owner, the stage and the deal's name.
RESERVED = frozenset(
    {
        *("firstpath_key", "firstpath_shared_email", "firstpath_key__c"),
        *("hubspot_owner_id", "dealname", "pipeline", "dealstage"),
        *("ownerid", "stagename", "recordtypeid", "accountid"),
        *("assignedto", "pipelineid", "pipelinestageid", "contactid", "locationid", "tags"),
    }
)

Finding = tuple[Path, Fault]


def cross_check(data: Mapping[str, Any]) -> Iterator[Finding]:
    """Every contradiction in a playbook's TOML data; parts of the wrong shape are the schema's business."""
    yield from _team(data)
    yield from _rules(data)
    yield from _hours(data)
    yield from cadence_check(data)
    crms = _tables(data.get("crm"))
    yield from _likes(dict(crms))
    for kind, crm in crms:
        for record in ("contact", "deal"):
            yield from _fields(("crm", kind, record), crm.get(record))


def _likes(crms: Mapping[str, dict[str, Any]]) -> Iterator[Finding]:
    for kind, crm in crms.items():
        like = crm.get("like")
        if isinstance(like, str) and (like not in crms or "like" in crms[like]):
            remedy = "Name a CRM of this playbook that is complete itself."
            yield ("crm", kind, "like"), Fault("there is nothing to take from this one", remedy)


def _team(data: Mapping[str, Any]) -> Iterator[Finding]:
    if data.get("team") == []:
        yield ("team",), Fault("the team has no members", "Add a [[team]] table for each loan officer.")
    seen: dict[str, int] = {}
    for index, email in enumerate(_emails(data)):
        first = seen.setdefault(email, index)
        if email and first != index:
            message = f"this member has the address of team.{first}"
            yield ("team", index, "email"), Fault(message, "Give each member an address, once.")


def _rules(data: Mapping[str, Any]) -> Iterator[Finding]:
    emails = _emails(data)
    for index, rule in enumerate(_rows(data.get("owner_rules"))):
        assign = rule.get("assign")
        for position, email in enumerate(assign if isinstance(assign, list) else ()):
            if isinstance(email, str) and email.casefold() not in emails:
                fault = Fault(
                    "the rule assigns to somebody who is not in the team", _nearest_member(email, emails)
                )
                yield ("owner_rules", index, "assign", position), fault


def _nearest_member(email: str, emails: list[str]) -> str:
    close = get_close_matches(email.casefold(), emails, n=1)
    if close:
        return f"Write the address of team.{emails.index(close[0])}, or add the person to the team."
    return "Write the address of a member, or add the person to the team."


def _hours(data: Mapping[str, Any]) -> Iterator[Finding]:
    hours = data.get("hours")
    if isinstance(hours, dict) and not any(hours.values()):
        yield ("hours",), Fault("the office never opens", 'Add hours such as mon = "09:00-17:30".')
    for index, member in enumerate(_rows(data.get("team"))):
        own = member.get("hours")
        if isinstance(own, dict) and not any(own.values()):
            remedy = "Add hours, remove the table to use the office's, or set paused = true."
            yield ("team", index, "hours"), Fault("this member never works", remedy)


def _fields(path: Path, rules: Any) -> Iterator[Finding]:
    for name, _ in _tables(rules):
        if name.casefold() in RESERVED:
            yield (
                (*path, name),
                Fault("Firstpath fills this property itself", "Choose another property name."),
            )


def _emails(data: Mapping[str, Any]) -> list[str]:
    return [str(member.get("email", "")).strip().casefold() for member in _rows(data.get("team"))]


def _rows(value: Any) -> list[dict[str, Any]]:
    rows = value if isinstance(value, list) else []
    return [row if isinstance(row, dict) else {} for row in rows]


def _tables(value: Any) -> list[tuple[str, dict[str, Any]]]:
    items = value.items() if isinstance(value, dict) else ()
    return [(name, table) for name, table in items if isinstance(table, dict)]
