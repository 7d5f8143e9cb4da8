"""The lead assignment rule: who gets a lead, unless the caller says FALSE."""

from __future__ import annotations

from connectors.sandbox.salesforce.callers import Caller
from connectors.sandbox.salesforce.objects import SObject
from connectors.sandbox.salesforce.state import OrgState


def assigned_owner(org: OrgState, caller: Caller, kind: SObject) -> str | None:
    """The owner that the active rule sets, on creates and on updates alike; None leaves the owner alone."""
    target = org.options.lead_assignment
    if not target or kind.name != "Lead" or not caller.assign or caller.by_hand:
        return None
    user = next(iter(org.tables["User"].holders("Username", target)), None)
    return user or next(iter(org.tables["Group"].holders("DeveloperName", target)), None)
