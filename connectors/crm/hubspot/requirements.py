"""What the account demands of every new contact and deal, beyond what Firstpath always writes."""

from __future__ import annotations

from collections.abc import Mapping

from connectors.crm.base import Rejected
from connectors.crm.hubspot.errors import MissingScopes, NotThere
from connectors.crm.hubspot.records import ObjectType
from connectors.crm.hubspot.transport import Transport

_ALWAYS_WRITTEN: Mapping[ObjectType, frozenset[str]] = {
    "contacts": frozenset(),
    "deals": frozenset({"dealname", "dealstage", "pipeline"}),
}


def demands(transport: Transport) -> tuple[str, ...]:
    """One sentence per required property that a playbook must map.

    HubSpot documents requiredProperties for custom objects and answers them for its own kinds too as far as
    is known; where it does not, nothing is said here, and a delivery's refusal names the property instead.
    Raises AuthFailed (a refused token), RateLimited, Unavailable, Uncertain.
    """
    return tuple(
        f"This HubSpot account requires the property {name} on every new {kind[:-1]}: make sure that the "
        "playbook always maps a value to it, or stop requiring it in HubSpot."
        for kind, written in _ALWAYS_WRITTEN.items()
        for name in _required(transport, kind)
        if name not in written
    )


def _required(transport: Transport, kind: ObjectType) -> list[str]:
    try:
        answer = transport.request("GET", f"/crm-object-schemas/v3/schemas/{kind}")
    except (MissingScopes, NotThere, Rejected):
        return []
    listed = answer.body.get("requiredProperties")
    return sorted(str(name) for name in listed) if isinstance(listed, list) else []
