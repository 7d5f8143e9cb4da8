"""The CRM's own records, and somebody who tidies up there without asking."""

from __future__ import annotations

from typing import Any

import requests

from tests.fleet import Fleet
from webapp.demo.trial import HUBSPOT_TOKEN


def take_option_away(fleet: Fleet, name: str, value: str) -> None:
    """One option of a deal property is gone: HubSpot will refuse the value."""
    url = f"{fleet.crm_url}/crm/v3/properties/deals/{name}"
    headers = {"Authorization": f"Bearer {HUBSPOT_TOKEN}"}
    options = requests.get(url, headers=headers, timeout=10).json()["options"]
    kept = [option for option in options if option["value"] != value]
    assert len(kept) == len(options) - 1
    requests.patch(url, json={"options": kept}, headers=headers, timeout=10).raise_for_status()


def records_of(fleet: Fleet, email: str) -> dict[str, list[dict[str, Any]]]:
    """The contacts with this email, their deals, and the tasks of those."""
    state = fleet.sandbox("state")
    contacts = [one for one in state["contacts"] if one["properties"].get("email") == email]
    deals = _linked(state["deals"], "contacts", contacts)
    return {"contacts": contacts, "deals": deals, "tasks": _linked(state["tasks"], "deals", deals)}


def _linked(records: list[dict[str, Any]], kind: str, to: list[dict[str, Any]]) -> list[dict[str, Any]]:
    wanted = {str(one["id"]) for one in to}
    return [one for one in records if wanted & {str(item) for item in one["associations"].get(kind, [])}]
