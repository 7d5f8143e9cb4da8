"""The HubSpot sandbox as the connector contract's account: what people do there, and what goes wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import requests

from connectors.crm.base import FieldSpec, PipelineSpec, Wanted
from connectors.sandbox.hubspot import RunningSandbox
from tests.connectors.bundles import PIPELINE, STAGES

Properties = Mapping[str, str]
KEY = FieldSpec("firstpath_key", "Firstpath key", "string", unique=True)
WANTED = Wanted(
    fields={
        "contact": (KEY, FieldSpec("firstpath_shared_email", "Shared email", "string")),
        "deal": (
            KEY,
            FieldSpec("firstpath_need", "Need", "enumeration", ("purchase", "pre_approval")),
            FieldSpec("firstpath_value", "Property value", "number"),
        ),
    },
    pipeline=PipelineSpec(PIPELINE, STAGES),
)
HOLD_SECONDS = 1.5  # longer than the impatient connector waits
_RULES: Mapping[str, Mapping[str, Any]] = {
    "unauthorized": {"kind": "unauthorized"},
    "rate_limited": {"kind": "rate_limit", "retry_after": 7},
    "error_after": {"kind": "status_after", "status": 500},
    "reset_before": {"kind": "reset_before"},
    "reset_after": {"kind": "reset_after"},
    "timeout_after": {"kind": "timeout_after", "seconds": HOLD_SECONDS},
    "garbage": {"kind": "garbage"},
    "cut_answer": {"kind": "garbage", "content": "cut_json"},
}


class HubSpotAccount:
    """People's deeds go over HTTP as HubSpot's own screens would; what stands there is read directly."""

    def __init__(self, sandbox: RunningSandbox) -> None:
        self.sandbox = sandbox

    def contacts(self) -> Mapping[str, Properties]:
        """Live contacts by id."""
        return self.sandbox.state.records("contacts")

    def deals(self) -> Mapping[str, Properties]:
        """Live deals by id."""
        return self.sandbox.state.records("deals")

    def tasks(self) -> Mapping[str, Properties]:
        """Live tasks by id."""
        return self.sandbox.state.records("tasks")

    def contacts_of_deal(self, deal_id: str) -> set[str]:
        """Contacts a deal belongs to."""
        return set(self.sandbox.state.linked("deals", deal_id, "contacts"))

    def records_of_task(self, task_id: str) -> set[str]:
        """Contacts and deals a task belongs to."""
        linked = self.sandbox.state.linked
        return {*linked("tasks", task_id, "contacts"), *linked("tasks", task_id, "deals")}

    def add_contact(self, properties: Properties) -> str:
        """A person adds a contact."""
        return str(
            self.ask("POST", "/crm/v3/objects/contacts", {"properties": properties, "associations": []})["id"]
        )

    def edit_contact(self, contact_id: str, properties: Properties) -> None:
        """A person edits a contact."""
        self.ask("PATCH", f"/crm/v3/objects/contacts/{contact_id}", {"properties": properties})

    def delete_contact(self, contact_id: str) -> None:
        """A person deletes a contact."""
        self.ask("DELETE", f"/crm/v3/objects/contacts/{contact_id}")

    def delete_deal(self, deal_id: str) -> None:
        """A person deletes a deal."""
        self.ask("DELETE", f"/crm/v3/objects/deals/{deal_id}")

    def merge_contacts(self, kept: str, absorbed: str) -> str:
        """A person merges two contacts; the id of what remains."""
        body = {"primaryObjectId": kept, "objectIdToMerge": absorbed}
        return str(self.ask("POST", "/crm/v3/objects/contacts/merge", body)["id"])

    def fail(self, kind: str, *, nth: int = 1, times: int | None = None) -> None:
        """From the nth call on, calls go wrong in one of the ways of _RULES."""
        self.sandbox.set_faults([{**_RULES[kind], "nth": nth, "times": times}])

    def heal(self) -> None:
        """Nothing goes wrong any more."""
        self.sandbox.set_faults([])

    def ask(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        """One request of somebody else to the account."""
        answer = requests.request(
            method,
            self.sandbox.url + path,
            json=body,
            headers={"Authorization": f"Bearer {self.sandbox.token}"},
            timeout=10,
        )
        answer.raise_for_status()
        return dict(answer.json()) if answer.content else {}

    def journal(self, since: int = 0) -> list[dict[str, Any]]:
        """Requests so far."""
        return self.sandbox.journal.since(since)
