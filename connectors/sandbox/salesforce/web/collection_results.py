"""Carrying out the records of a collection request one by one, or all or none."""

from __future__ import annotations

from collections.abc import Callable

from connectors.sandbox.answers import JsonObject
from connectors.sandbox.salesforce.errors import ApiError
from connectors.sandbox.salesforce.state import OrgState
from connectors.sandbox.salesforce.web.calls import Reply
from connectors.sandbox.salesforce.web.composite import RolledBack

_ROLLED_BACK = (
    "Record rolled back because not all records were valid and the request was using AllOrNone header"
)
Work = Callable[[], JsonObject]


def carried_out(org: OrgState, works: list[Work], *, all_or_none: bool) -> Reply:
    """200 with one result per record, in their order; each succeeds or fails alone unless all_or_none."""
    results: list[JsonObject] = []
    try:
        with org.transaction():
            for work in works:
                results.append(_attempt(org, work))
            if all_or_none and not all(one["success"] for one in results):
                raise RolledBack([])
    except RolledBack:
        results = [_rolled_back() if one["success"] else one for one in results]
    return Reply(200, results)


def _attempt(org: OrgState, work: Work) -> JsonObject:
    try:
        with org.transaction():
            return work()
    except ApiError as error:
        return {"success": False, "errors": [error.item()]}


def _rolled_back() -> JsonObject:
    error = {"statusCode": "ALL_OR_NONE_OPERATION_ROLLED_BACK", "message": _ROLLED_BACK, "fields": []}
    return {"success": False, "errors": [error]}
