"""The HighLevel sandbox as the connector contract's account: what people do there, and what goes wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from typing import Any

import requests

from connectors.crm.base import FieldSpec, PipelineSpec, Wanted
from connectors.crm.highlevel import HighLevelCrm
from connectors.sandbox.highlevel import PipelineSeed, RunningSandbox, SandboxOptions, people
from tests.connectors.account import Abilities, Properties, Words
from tests.connectors.bundles import PIPELINE, STAGES
from tests.connectors.kept import prepared

WORDS = Words(
    contact={"first_name": "firstName", "last_name": "lastName", "opted_out": "dnd_email"},
    deal={"amount": "monetaryValue", "need": "firstpath_need", "value": "firstpath_value"},
)
WANTED = Wanted(
    fields={
        "contact": HighLevelCrm.own_fields["contact"],
        "deal": (
            *HighLevelCrm.own_fields["deal"],
            FieldSpec("firstpath_need", "Need", "enumeration", ("purchase", "pre_approval")),
            FieldSpec("firstpath_value", "Property value", "number"),
        ),
    },
    pipeline=PipelineSpec(PIPELINE, STAGES),
)
_ALWAYS = 1_000_000
HOLD_SECONDS = 1.5  # longer than the impatient connector waits
_PERSONS_FIELDS: Mapping[str, str] = {**WORDS.contact, "stage": "pipelineStageId", "owner": "assignedTo"}
_RULES: Mapping[str, Mapping[str, Any]] = {
    "unauthorized": {"kind": "unauthorized"},
    "forbidden": {"kind": "unauthorized", "content": "scope"},
    "rate_limited": {"kind": "rate_limit"},
    "daily_limit": {"kind": "rate_limit", "policy": "daily"},
    "error_after": {"kind": "status_after", "status": 500},
    "reset_before": {"kind": "reset_before"},
    "reset_after": {"kind": "reset_after"},
    "timeout_after": {"kind": "timeout_after", "seconds": HOLD_SECONDS},
    "garbage": {"kind": "garbage"},
    "cut_answer": {"kind": "garbage", "content": "cut_json"},
}


class HighLevelAccount:
    """People's deeds go over HTTP as HighLevel's own pages would; what stands there is read directly."""

    words = WORDS

    def __init__(self, sandbox: RunningSandbox) -> None:
        self.sandbox = sandbox

    @property
    def abilities(self) -> Abilities:
        """What a location with these preferences can do."""
        options = self.sandbox.state.options
        return Abilities(
            deal_contacts="first",
            deals_per_contact="many" if options.allow_duplicate_opportunity else "one",
            task_on_deal=False,
            deal_moves=False,
            unique_email=not options.allow_duplicate_contact,
            calls_per_inquiry=5,
            calls_per_row=4,
        )

    def contacts(self) -> Mapping[str, Properties]:
        """Live contacts by id."""
        return self._read("contacts", WORDS.contact)

    def deals(self) -> Mapping[str, Properties]:
        """Live opportunities by id."""
        return self._read("opportunities", WORDS.deal)

    def tasks(self) -> Mapping[str, Properties]:
        """Live tasks by id."""
        return self._read("tasks", {"subject": "title"})

    def notes(self) -> Mapping[str, Properties]:
        """Notes by id."""
        return self._read("notes", {})

    def _read(self, kind: str, words: Mapping[str, str]) -> dict[str, dict[str, str]]:
        with self.sandbox.state.lock:
            users = {user.id: user.seed.email.lower() for user in self.sandbox.state.users.list()}
            stages = {s.id: s.name for p in self.sandbox.state.pipelines.list() for s in p.stages}
            records = self.sandbox.state.records(kind)
        found: dict[str, dict[str, str]] = {}
        for record_id, record in records.items():
            flat = {name: _text(value) for name, value in record.items() if name != "customFields"}
            custom = record.get("customFields") or {}
            flat |= {key.partition(".")[2]: _text(value) for key, value in custom.items()}
            flat |= {name: flat[theirs] for name, theirs in words.items() if theirs in flat}
            if flat.get("assignedTo"):
                flat["owner"] = users[flat["assignedTo"]]
            if "pipelineStageId" in flat:
                flat["stage"] = stages[flat["pipelineStageId"]]
            found[record_id] = {name: text for name, text in flat.items() if text}
        return found

    def contacts_of_deal(self, deal_id: str) -> set[str]:
        """The one contact an opportunity belongs to."""
        return set(self.sandbox.state.linked("opportunities", deal_id, "contacts"))

    def records_of_task(self, task_id: str) -> set[str]:
        """The contact a task belongs to."""
        return set(self.sandbox.state.linked("tasks", task_id, "contacts"))

    def add_contact(self, properties: Properties) -> str:
        """A person adds a contact."""
        body = {"locationId": self.sandbox.location_id, **self._written(properties)}
        return str(self.ask("POST", "/contacts/", body)["contact"]["id"])

    def edit_contact(self, contact_id: str, properties: Properties) -> None:
        """A person edits a contact."""
        self.ask("PUT", f"/contacts/{contact_id}", self._written(properties))

    def edit_deal(self, deal_id: str, properties: Properties) -> None:
        """A person edits an opportunity."""
        written: dict[str, Any] = self._written(properties)
        if "amount" in written:
            written["monetaryValue"] = float(written.pop("amount"))
        self.ask("PUT", f"/opportunities/{deal_id}", written)

    def finish_task(self, task_id: str) -> None:
        """A person ticks a task off."""
        (contact_id,) = self.records_of_task(task_id)
        self.ask("PUT", f"/contacts/{contact_id}/tasks/{task_id}/completed", {"completed": True})

    def done(self, task_id: str) -> bool:
        """Whether a task is ticked off."""
        return str(self.tasks()[task_id].get("completed")).lower() == "true"

    def give_task(self, task_id: str, owner: str) -> None:
        """A person gives a task to somebody else."""
        (contact_id,) = self.records_of_task(task_id)
        body = {"assignedTo": self._written({"owner": owner})["assignedTo"]}
        self.ask("PUT", f"/contacts/{contact_id}/tasks/{task_id}", body)

    def move_task(self, task_id: str, due_at: datetime) -> None:
        """A person sets another date for a task."""
        (contact_id,) = self.records_of_task(task_id)
        body = {"dueDate": due_at.isoformat(timespec="seconds")}
        self.ask("PUT", f"/contacts/{contact_id}/tasks/{task_id}", body)

    def words_of(self, task_id: str) -> str:
        """The text of a task."""
        return str(self.tasks()[task_id]["body"])

    def rewrite_task(self, task_id: str, words: str) -> None:
        """A person changes the text of a task."""
        (contact_id,) = self.records_of_task(task_id)
        self.ask("PUT", f"/contacts/{contact_id}/tasks/{task_id}", {"body": words})

    def due(self, task_id: str) -> datetime:
        """When a task is due there."""
        return datetime.fromisoformat(self.tasks()[task_id]["dueDate"])

    def close_deal(self, deal_id: str, *, won: bool = False) -> None:
        """A person marks an opportunity as won or lost, wherever it stands."""
        self.ask("PUT", f"/opportunities/{deal_id}", {"status": "won" if won else "lost"})

    def opt_out(self, contact_id: str) -> None:
        """The contact wants no more email."""
        self.ask("PUT", f"/contacts/{contact_id}", {"dndSettings": {"Email": {"status": "active"}}})

    def opted_out(self, contact_id: str) -> bool:
        """Whether HighLevel still knows that."""
        with self.sandbox.state.lock:
            contact = self.sandbox.state.contacts.get(contact_id)
            return contact.dnd_settings.get("Email", {}).get("status") in ("active", "permanent")

    def delete_contact(self, contact_id: str) -> None:
        """A person deletes a contact."""
        self.ask("DELETE", f"/contacts/{contact_id}")

    def delete_deal(self, deal_id: str) -> None:
        """A person deletes an opportunity."""
        self.ask("DELETE", f"/opportunities/{deal_id}")

    def merge_contacts(self, kept: str, absorbed: str) -> str:
        """A person merges two contacts; the id of what remains."""
        with self.sandbox.state.lock:
            return people.merge(self.sandbox.state, kept, absorbed).id

    def fail(self, kind: str, *, nth: int = 1, times: int | None = None) -> None:
        """From the nth call on, calls go wrong in one of the ways of _RULES."""
        self.order(_RULES[kind], nth=nth, times=times)

    def order(self, rule: Mapping[str, object], *, nth: int = 1, times: int | None = None) -> None:
        """From the nth call on, this fault of the sandbox happens."""
        # To the sandbox null is once where nth is given.
        self.sandbox.set_faults([{**rule, "nth": nth, "times": times or _ALWAYS}])

    def heal(self) -> None:
        """Nothing goes wrong any more."""
        self.sandbox.set_faults([])

    def ask(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        """One request of somebody else to the location."""
        answer = requests.request(
            method,
            self.sandbox.url + path,
            json=body,
            headers={"Authorization": f"Bearer {self.sandbox.token}", "Version": "2021-07-28"},
            timeout=10,
        )
        answer.raise_for_status()
        return dict(answer.json()) if answer.content else {}

    def paths(self, since: int = 0) -> list[str]:
        """Method and path of the requests since a journal number."""
        return [f"{entry['method']} {entry['path']}" for entry in self.sandbox.journal.since(since)]

    def bodies(self, since: int = 0) -> list[dict[str, Any]]:
        """The JSON bodies of the requests since a journal number."""
        entries = self.sandbox.journal.since(since)
        return [entry["body"] for entry in entries if isinstance(entry.get("body"), dict)]

    def _written(self, properties: Properties) -> dict[str, Any]:
        """Values under HighLevel's names, users and stages as ids."""
        with self.sandbox.state.lock:
            users = {user.seed.email.lower(): user.id for user in self.sandbox.state.users.list()}
            stages = {s.name: s.id for p in self.sandbox.state.pipelines.list() for s in p.stages}
        ids = {"owner": users, "stage": stages}
        return {
            _PERSONS_FIELDS.get(name, name): ids[name][value] if name in ids else value
            for name, value in properties.items()
        }


def emptied(sandbox: RunningSandbox, **options: object) -> HighLevelAccount:
    """A location that nobody has used, with the pipeline that a person made."""
    sandbox.state.options = SandboxOptions.instant(**options)
    sandbox.reset()
    sandbox.set_faults([])
    _add_pipeline(sandbox)
    sandbox.journal.clear()
    return HighLevelAccount(sandbox)


def provisioned(sandbox: RunningSandbox, **options: object) -> HighLevelAccount:
    """The same with our custom fields."""
    account = emptied(sandbox, **options)
    prepared(sandbox.state, tuple(sorted(options.items())), lambda: _provision(account))
    account.sandbox.journal.clear()
    return account


def _add_pipeline(sandbox: RunningSandbox) -> None:
    with sandbox.state.lock:
        sandbox.state.pipelines.add(PipelineSeed(PIPELINE, STAGES))


def _provision(account: HighLevelAccount) -> None:
    _add_pipeline(account.sandbox)
    with connected(account) as connector:
        connector.provision(WANTED)


@contextmanager
def connected(account: HighLevelAccount, **options: Any) -> Iterator[HighLevelCrm]:
    """A connector to the account."""
    sandbox = account.sandbox
    connector = HighLevelCrm(lambda: sandbox.token, sandbox.location_id, sandbox.url, **options)
    try:
        yield connector
    finally:
        connector.close()


def _text(value: object) -> str:
    if isinstance(value, list):
        return ";".join(map(_text, value))
    if isinstance(value, bool):
        return "true" if value else ""
    if isinstance(value, int | float):
        return f"{Decimal(str(value)).normalize():f}" if value else ""
    return value if isinstance(value, str) else ""


__all__ = ["WANTED", "WORDS", "HighLevelAccount", "connected", "emptied", "provisioned"]
