"""What the account demands of every new contact and deal, beyond what Firstpath always writes."""

from __future__ import annotations

from collections.abc import Mapping

from connectors.crm.base import RecordKind, Rejected
from connectors.crm.hubspot.errors import MissingScopes, NotThere
from connectors.crm.hubspot.records import KEY, ObjectType
from connectors.crm.hubspot.transport import Transport

_KINDS: Mapping[RecordKind, ObjectType] = {"contact": "contacts", "deal": "deals"}
_ALWAYS_WRITTEN: Mapping[ObjectType, frozenset[str]] = {
    "contacts": frozenset({KEY}),
    "deals": frozenset({KEY, "dealname", "dealstage", "pipeline"}),
}


def demands(transport: Transport) -> Mapping[RecordKind, tuple[str, ...]]:
    """The required properties that a playbook must map, by kind of record.

    HubSpot documents requiredProperties for custom objects and answers them for its own kinds too as far as
    is known; where it does not, nothing is said here, and a delivery's refusal names the property instead.
    Raises AuthFailed (a refused token), RateLimited, Unavailable, Uncertain.
    """
    return {
        kind: tuple(name for name in _required(transport, theirs) if name not in _ALWAYS_WRITTEN[theirs])
        for kind, theirs in _KINDS.items()
    }


def _required(transport: Transport, kind: ObjectType) -> list[str]:
    try:
        answer = transport.request("GET", f"/crm-object-schemas/v3/schemas/{kind}")
    except (MissingScopes, NotThere, Rejected):
        return []
    listed = answer.body.get("requiredProperties")
    return sorted(str(name) for name in listed) if isinstance(listed, list) else []
