"""Upserts of a collection: one object, up to 200 records, each named by its external id."""

from __future__ import annotations

from collections import Counter
from typing import Any

from connectors.sandbox.answers import JsonObject
from connectors.sandbox.salesforce.errors import ApiError
from connectors.sandbox.salesforce.objects import SObject
from connectors.sandbox.salesforce.state import OrgState
from connectors.sandbox.salesforce.upserts import key_field, upsert
from connectors.sandbox.salesforce.web.calls import Call, Reply
from connectors.sandbox.salesforce.web.collection_body import (
    all_or_none,
    own_id,
    read_records,
    value_of,
    without,
)
from connectors.sandbox.salesforce.web.collection_results import Work, carried_out
from connectors.sandbox.salesforce.web.records import created
from connectors.sandbox.salesforce.writes import create, update


def upserts(org: OrgState, call: Call, name: str, key: str) -> Reply:
    """PATCH composite/sobjects/{object}/{external id field}: records of one object by their key."""
    kind = org.schema.kind(name)
    field = key_field(org, call.caller, kind, key)
    records = read_records(call)
    values = [value_of(record, field.name) for record in records]
    counts = Counter(str(value).lower() for value in values if value not in (None, ""))

    def work(record: JsonObject, value: Any) -> Work:
        fields = without(record, field.name)

        def do() -> JsonObject:
            if field.name == "Id":
                return _by_id(org, call, kind, value, fields)
            if counts[str(value).lower()] > 1:
                message = f"Duplicate external id specified: {value}"
                raise ApiError(400, "DUPLICATE_VALUE", message, [field.name])
            done = upsert(org, call.caller, kind, field, value, fields)
            return created(done.id, upserted=done.created)

        return do

    wanted = [work(record, value) for record, value in zip(records, values, strict=True)]
    return carried_out(org, wanted, all_or_none=all_or_none(call))


def _by_id(org: OrgState, call: Call, kind: SObject, value: Any, fields: JsonObject) -> JsonObject:
    if value in (None, ""):
        return created(create(org, call.caller, kind, fields), upserted=True)
    record_id = own_id(kind, value)
    update(org, call.caller, kind, record_id, fields)
    return created(record_id, upserted=False)
