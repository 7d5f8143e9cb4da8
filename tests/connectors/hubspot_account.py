"""The HubSpot sandbox as the connector contract's account: what people do there, and what goes wrong."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import requests

from connectors.crm.base import FieldSpec, PipelineSpec, Wanted
from connectors.sandbox.hubspot import RunningSandbox
from mapping.crm.bundle import Bundle, ContactRecord
from tests.connectors import bundles
from tests.connectors.account import Abilities, Properties, Words
from tests.connectors.bundles import PIPELINE, STAGES

WORDS = Words(
    contact={
        "first_name": "firstname",
        "last_name": "lastname",
        "opted_out": "hs_email_optout",
        "owner": "hubspot_owner_id",
    },
    deal={
        "name": "dealname",
        "stage": "dealstage",
        "owner": "hubspot_owner_id",
        "need": "firstpath_need",
        "value": "firstpath_value",
    },
)
_TASK_WORDS = {"subject": "hs_task_subject", "body": "hs_task_body", "owner": "hubspot_owner_id"}
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
    "forbidden": {"kind": "unauthorized", "content": "scope"},
    "rate_limited": {"kind": "rate_limit", "retry_after": 7},
    "daily_limit": {"kind": "rate_limit", "policy": "DAILY"},
    "error_after": {"kind": "status_after", "status": 500},
    "reset_before": {"kind": "reset_before"},
    "reset_after": {"kind": "reset_after"},
    "timeout_after": {"kind": "timeout_after", "seconds": HOLD_SECONDS},
    "garbage": {"kind": "garbage"},
    "cut_answer": {"kind": "garbage", "content": "cut_json"},
}


def borrower(*args: Any, **changes: Any) -> ContactRecord:
    """bundles.borrower under HubSpot's property names."""
    return WORDS.borrower(bundles.borrower(*args, **changes))


def inquiry(*contacts: ContactRecord, number: int = 1, **changes: object) -> Bundle:
    """bundles.inquiry under HubSpot's property names."""
    return WORDS.bundle(bundles.inquiry(*contacts, number=number, **changes))


class HubSpotAccount:
    """People's deeds go over HTTP as HubSpot's own screens would; what stands there is read directly."""

    words = WORDS
    abilities = Abilities()

    def __init__(self, sandbox: RunningSandbox) -> None:
        self.sandbox = sandbox

    def contacts(self) -> Mapping[str, Properties]:
        """Live contacts by id, under HubSpot's names and the tests' own."""
        return self._read("contacts", WORDS.contact)

    def deals(self) -> Mapping[str, Properties]:
        """Live deals by id, under HubSpot's names and the tests' own."""
        return self._read("deals", WORDS.deal)

    def tasks(self) -> Mapping[str, Properties]:
        """Live tasks by id, under HubSpot's names and the tests' own."""
        return self._read("tasks", _TASK_WORDS)

    def _read(self, kind: str, words: Mapping[str, str]) -> dict[str, dict[str, str]]:
        emails, stages = {i: e for e, i in self._owners().items()}, self._stages()
        found = self.sandbox.state.records(kind)
        for record in found.values():
            record |= {name: record[theirs] for name, theirs in words.items() if theirs in record}
            for name in ("amount", "value"):
                if name in record:
                    record[name] = _plain(record[name])
            for name, names in (("owner", emails), ("stage", stages)):
                if name in record:
                    record[name] = names[record[name]]
        return found

    def _owners(self) -> dict[str, str]:
        """Lower-cased email → owner id."""
        owners = self.sandbox.state.owners.list("", archived=False)
        return {owner.seed.email.lower(): owner.id for owner in owners}

    def _stages(self) -> dict[str, str]:
        """Stage id → label, of every pipeline."""
        pipelines = self.sandbox.state.pipelines.list()
        return {stage.id: stage.label for pipeline in pipelines for stage in pipeline.stages.values()}

    def _written(self, properties: Properties, words: Mapping[str, str]) -> dict[str, str]:
        """Values under HubSpot's names, owners and stages as ids."""
        written = {words.get(name, name): value for name, value in properties.items()}
        if "owner" in properties:
            written["hubspot_owner_id"] = self._owners()[properties["owner"]]
        if "stage" in properties:
            by_label = {label: stage_id for stage_id, label in self._stages().items()}
            written["dealstage"] = by_label[properties["stage"]]
        return written

    def contacts_of_deal(self, deal_id: str) -> set[str]:
        """Contacts a deal belongs to."""
        return set(self.sandbox.state.linked("deals", deal_id, "contacts"))

    def records_of_task(self, task_id: str) -> set[str]:
        """Contacts and deals a task belongs to."""
        linked = self.sandbox.state.linked
        return {*linked("tasks", task_id, "contacts"), *linked("tasks", task_id, "deals")}

    def add_contact(self, properties: Properties) -> str:
        """A person adds a contact."""
        body = {"properties": self._written(properties, WORDS.contact), "associations": []}
        return str(self.ask("POST", "/crm/v3/objects/contacts", body)["id"])

    def edit_contact(self, contact_id: str, properties: Properties) -> None:
        """A person edits a contact."""
        self._edit("contacts", contact_id, self._written(properties, WORDS.contact))

    def edit_deal(self, deal_id: str, properties: Properties) -> None:
        """A person edits a deal."""
        self._edit("deals", deal_id, self._written(properties, WORDS.deal))

    def finish_task(self, task_id: str) -> None:
        """A person ticks a task off."""
        self._edit("tasks", task_id, {"hs_task_status": "COMPLETED"})

    def done(self, task_id: str) -> bool:
        """Whether a task is ticked off."""
        return self.tasks()[task_id].get("hs_task_status") == "COMPLETED"

    def give_task(self, task_id: str, owner: str) -> None:
        """A person gives a task to somebody else."""
        self._edit("tasks", task_id, {"hubspot_owner_id": self._owners()[owner]})

    def move_task(self, task_id: str, due_at: datetime) -> None:
        """A person sets another date for a task."""
        self._edit("tasks", task_id, {"hs_timestamp": due_at.isoformat()})

    def words_of(self, task_id: str) -> str:
        """The text of a task."""
        return self.tasks()[task_id]["hs_task_body"]

    def rewrite_task(self, task_id: str, words: str) -> None:
        """A person changes the text of a task."""
        self._edit("tasks", task_id, {"hs_task_body": words})

    def due(self, task_id: str) -> datetime:
        """When a task is due there."""
        return datetime.fromisoformat(self.tasks()[task_id]["hs_timestamp"])

    def close_deal(self, deal_id: str, *, won: bool = False) -> None:
        """A person moves a deal to a stage that ends it."""
        stage = "closedwon" if won else "closedlost"
        self._edit("deals", deal_id, {"pipeline": "default", "dealstage": stage})

    def opt_out(self, contact_id: str) -> None:
        """The contact wants no more email."""
        self._edit("contacts", contact_id, {"hs_email_optout": "true"})

    def opted_out(self, contact_id: str) -> bool:
        """Whether HubSpot still knows that."""
        return self.contacts()[contact_id].get("hs_email_optout") == "true"

    def _edit(self, kind: str, record_id: str, properties: Properties) -> None:
        self.ask("PATCH", f"/crm/v3/objects/{kind}/{record_id}", {"properties": properties})

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
        self.order(_RULES[kind], nth=nth, times=times)

    def order(self, rule: Mapping[str, object], *, nth: int = 1, times: int | None = None) -> None:
        """From the nth call on, this fault of the sandbox happens."""
        # With an nth and no number of times the sandbox would do it once.
        self.sandbox.set_faults([{**rule, "nth": nth, "times": times or 1_000_000}])

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


def _plain(number: str) -> str:
    """A number without trailing zeros."""
    try:
        return f"{Decimal(number).normalize():f}"
    except InvalidOperation:
        return number
