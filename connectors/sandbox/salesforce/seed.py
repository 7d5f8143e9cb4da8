"""Loading users, fields and records into an org from JSON, for demonstrations and tests."""

from __future__ import annotations

from typing import Any

from connectors.sandbox.answers import JsonObject
from connectors.sandbox.options import OptionsError
from connectors.sandbox.salesforce.custom_fields import define
from connectors.sandbox.salesforce.people import QueueSeed, UserSeed
from connectors.sandbox.salesforce.person import Person
from connectors.sandbox.salesforce.population import add_queue, add_user
from connectors.sandbox.salesforce.state import OrgState


def load_seed(org: OrgState, document: JsonObject) -> dict[str, list[str]]:
    """Load {"users": [...], "queues": [...], "objects": [...], "fields": [...], "Contact": [...], ...}.

    A field is {"FullName": "Lead.Loan__c", "Metadata": {...}} and is visible at once. Records are created as
    by a person, without duplicate and assignment rules; all or nothing. Returns the new ids per section.
    Raises: OptionsError for a section or a person that makes no sense, ApiError as the API would.
    """
    with org.lock:
        made: dict[str, list[str]] = {}
        rest = dict(document)
        made["users"] = [add_user(org, UserSeed(**_known(UserSeed, one))) for one in _list(rest, "users")]
        made["queues"] = [
            add_queue(org, QueueSeed(**_known(QueueSeed, one))) for one in _list(rest, "queues")
        ]
        made["objects"] = [add_object(org, one) for one in _list(rest, "objects")]
        made["fields"] = [
            define(org, one.get("FullName"), one.get("Metadata"), hidden=False)
            for one in _list(rest, "fields")
        ]
        with org.transaction():
            for name in rest:
                if org.schema.find(name) is None:
                    raise OptionsError(f"Unknown seed section {name!r}: it is no object of this org.")
            for name in list(rest):
                made[name] = [_record(org, name, one) for one in _list(rest, name)]
    return {section: ids for section, ids in made.items() if ids}


def add_object(org: OrgState, raw: JsonObject) -> str:
    """The name of a new custom object from {"name": "Loan__c", "label": "Loan"}. Raises: OptionsError."""
    name, label = raw.get("name"), raw.get("label")
    if not isinstance(name, str) or not name.endswith("__c") or not isinstance(label, str):
        raise OptionsError('A custom object needs a name that ends in "__c" and a label.')
    org.schema.custom_object(name, label)
    org.add_table(name)
    return name


def _record(org: OrgState, name: str, fields: JsonObject) -> str:
    return Person(org).create(name, fields)


def _list(document: JsonObject, name: str) -> list[JsonObject]:
    found = document.pop(name, [])
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise OptionsError(f"The seed section {name!r} must be a list of objects.")
    return found


def _known(seed: Any, raw: JsonObject) -> JsonObject:
    names = seed.__dataclass_fields__
    unknown = raw.keys() - names.keys()
    if unknown or not raw:
        raise OptionsError(f"A seed of this kind may have {', '.join(names)}.")
    return {key: tuple(value) if isinstance(value, list) else value for key, value in raw.items()}
