"""From an address to the resource that answers it."""

from __future__ import annotations

from connectors.sandbox.salesforce.errors import ApiError, not_found
from connectors.sandbox.salesforce.state import OrgState
from connectors.sandbox.salesforce.usage import Usage
from connectors.sandbox.salesforce.web.calls import Call, Reply
from connectors.sandbox.salesforce.web.collections import collections
from connectors.sandbox.salesforce.web.composite import check_resource, composite
from connectors.sandbox.salesforce.web.graph import graph
from connectors.sandbox.salesforce.web.queries import query
from connectors.sandbox.salesforce.web.records import sobjects
from connectors.sandbox.salesforce.web.resources import NEWEST, OLDEST, limits
from connectors.sandbox.salesforce.web.tooling import tooling
from connectors.sandbox.salesforce.web.tree import tree

_GRAPH_SINCE = 50.0
_UPSERT_COLLECTIONS_SINCE = 46.0


class Router:
    """Answers calls of the data API over one org."""

    def __init__(self, org: OrgState, usage: Usage) -> None:
        self._org = org
        self._usage = usage

    def __call__(self, call: Call) -> Reply:
        """The reply to one call. Raises: ApiError, MoreThanOne."""
        _check_version(call.caller.version)
        if call.part:
            check_resource(call)
        match call.path[0].lower():
            case "sobjects":
                return sobjects(self._org, call)
            case "query" | "queryall" if len(call.path) <= 2:
                return query(self._org, call)
            case "composite":
                return self._composite(call)
            case "tooling":
                return tooling(self._org, call)
            case "limits" if len(call.path) == 1:
                return limits(self._org, self._usage, call)
        raise not_found()

    def _composite(self, call: Call) -> Reply:
        if len(call.path) == 1:
            return composite(self._org, call, self)
        kind = call.path[1].lower()
        if kind == "graph" and len(call.path) == 2 and call.caller.version >= _GRAPH_SINCE:
            return graph(self._org, call, self)
        if kind == "sobjects":
            if len(call.path) == 4 and call.caller.version < _UPSERT_COLLECTIONS_SINCE:
                raise not_found()
            return collections(self._org, call)
        if kind == "tree" and len(call.path) == 3:
            return tree(self._org, call)
        raise not_found()


def _check_version(version: float) -> None:
    if version < OLDEST:
        message = f"The requested API version {version:.1f} is no longer available"
        raise ApiError(410, "UNSUPPORTED_API_VERSION", message)
    if version > NEWEST or version != int(version):
        raise not_found()
