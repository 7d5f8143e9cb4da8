"""What HubSpot does to values by itself: holds some back, moves some, calculates others."""

from __future__ import annotations

from collections.abc import Mapping

from connectors.sandbox.hubspot.object_types import CONTACTS, DEALS, TASKS, ObjectType
from connectors.sandbox.hubspot.pipelines import Pipelines
from connectors.sandbox.hubspot.properties import Properties
from connectors.sandbox.hubspot.search_index import local_number

LIFECYCLE = (
    "subscriber",
    "lead",
    "marketingqualifiedlead",
    "salesqualifiedlead",
    "opportunity",
    "customer",
    "evangelist",
    "other",
)
TASK_DEFAULTS = {"hs_task_status": "NOT_STARTED", "hs_task_priority": "NONE", "hs_task_type": "TODO"}
_CALCULATED_PHONES = {
    "phone": "hs_searchable_calculated_phone_number",
    "mobilephone": "hs_searchable_calculated_mobile_number",
}


def settled(properties: Properties, present: Mapping[str, str], written: Mapping[str, str]) -> dict[str, str]:
    """What a change of a record really sets, given what the record holds."""
    values = dict(written)
    _append_to_lists(properties, present, values)
    _keep_lifecycle_forward(present, values)
    _swap_primary_email(present, values)
    return values


def _append_to_lists(properties: Properties, present: Mapping[str, str], values: dict[str, str]) -> None:
    """A leading ";" adds to a multi-select instead of replacing it."""
    for name, value in values.items():
        prop = properties.live(name)
        if value.startswith(";") and prop is not None and prop.field_type == "checkbox":
            chosen = [*present.get(name, "").split(";"), *value.split(";")]
            values[name] = ";".join(dict.fromkeys(one for one in chosen if one))


def _keep_lifecycle_forward(present: Mapping[str, str], values: dict[str, str]) -> None:
    """A lifecycle stage does not go back unless cleared first; HubSpot drops such a value silently."""
    before, after = present.get("lifecyclestage"), values.get("lifecyclestage")
    if before in LIFECYCLE and after in LIFECYCLE and LIFECYCLE.index(after) < LIFECYCLE.index(before):
        del values["lifecyclestage"]


def _swap_primary_email(present: Mapping[str, str], values: dict[str, str]) -> None:
    """When a contact's own secondary address becomes the primary one, the two change places."""
    before, after = present.get("email"), values.get("email")
    secondary = values.get("hs_additional_emails", present.get("hs_additional_emails", "")).split(";")
    if after and before and after in secondary:
        values["hs_additional_emails"] = ";".join(before if one == after else one for one in secondary)


def with_calculated(pipelines: Pipelines, kind: ObjectType, values: dict[str, str]) -> dict[str, str]:
    """Add the values that HubSpot calculates."""
    if kind is CONTACTS:
        others = (one for one in values.pop("hs_additional_emails", "").split(";") if one)
        if kept := ";".join(one for one in dict.fromkeys(others) if one != values.get("email")):
            values["hs_additional_emails"] = kept
        for name, calculated in _CALCULATED_PHONES.items():
            values.pop(calculated, None)
            if name in values:
                values[calculated] = local_number(values[name])
    elif kind is DEALS:
        stage = pipelines.stage_of(values["pipeline"], values["dealstage"])
        values["hs_is_closed"] = "true" if stage is not None and stage.closed else "false"
        values["hs_is_closed_won"] = "true" if stage is not None and stage.won else "false"
    elif kind is TASKS:
        if values.get("hs_task_status") != "COMPLETED":
            values.pop("hs_task_completion_date", None)
        else:
            values.setdefault("hs_task_completion_date", values["hs_lastmodifieddate"])
    return values
