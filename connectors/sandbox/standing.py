"""What stands in a sandbox, told alike for every vendor: who, which deals, which tasks, by our keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

State = Mapping[str, Sequence[Mapping[str, Any]]]
_MARKER = "Firstpath ref: "
_COUPLE = ".couple"


@dataclass(frozen=True, slots=True)
class StandingContact:
    """A person: id there, our key ("" = somebody else's), email."""

    id: str
    key: str
    email: str


@dataclass(frozen=True, slots=True)
class StandingTask:
    """A task: id there, our key from its marker, the contacts and deals it belongs to."""

    id: str
    key: str
    belongs_to: frozenset[str]


@dataclass(frozen=True, slots=True)
class StandingDeal:
    """A deal: id there, our key, its owner's id, its contacts and tasks."""

    id: str
    key: str
    owner: str
    contacts: frozenset[str]
    tasks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """All of it, deleted records left out."""

    contacts: tuple[StandingContact, ...]
    deals: tuple[StandingDeal, ...]
    tasks: tuple[StandingTask, ...]


def standing(kind: str, state: State) -> Standing:
    """From what GET /_sandbox/state answers for this kind of CRM. Raises KeyError for an unknown kind."""
    return _READERS[kind](state)


def _hubspot(state: State) -> Standing:
    contacts, deals, tasks = (
        [row for row in state[kind] if not row.get("archived")] for kind in ("contacts", "deals", "tasks")
    )
    return Standing(
        tuple(
            StandingContact(row["id"], _property(row, "firstpath_key"), _property(row, "email"))
            for row in contacts
        ),
        tuple(map(_hubspot_deal, deals)),
        tuple(
            StandingTask(
                row["id"],
                _marked(_property(row, "hs_task_body")),
                frozenset(_linked(row, "contacts", "deals")),
            )
            for row in tasks
        ),
    )


def _hubspot_deal(row: Mapping[str, Any]) -> StandingDeal:
    return StandingDeal(
        row["id"],
        _property(row, "firstpath_key"),
        _property(row, "hubspot_owner_id"),
        frozenset(_linked(row, "contacts")),
        tuple(_linked(row, "tasks")),
    )


def _property(row: Mapping[str, Any], name: str) -> str:
    return str(row["properties"].get(name) or "")


def _linked(row: Mapping[str, Any], *kinds: str) -> list[str]:
    return [one for kind in kinds for one in row["associations"].get(kind, [])]


def _salesforce(state: State) -> Standing:
    """Contacts with opportunities; or leads, each of which is contact and deal in one."""
    rows = {name: [row for row in state.get(name, ()) if not row.get("IsDeleted")] for name in state}
    tasks = tuple(
        StandingTask(
            row["Id"],
            _marked(_text(row, "Description")),
            frozenset(filter(None, (row.get("WhoId"), row.get("WhatId")))),
        )
        for row in rows.get("Task", ())
    )
    roles = [(row["OpportunityId"], row["ContactId"]) for row in rows.get("OpportunityContactRole", ())]
    people = [*rows.get("Contact", ()), *rows.get("Lead", ())]
    return Standing(
        tuple(
            StandingContact(row["Id"], _text(row, "Firstpath_Key__c"), _text(row, "Email")) for row in people
        ),
        tuple(
            StandingDeal(
                row["Id"],
                _text(row, "Firstpath_Key__c"),
                _text(row, "OwnerId"),
                frozenset(contact for deal, contact in roles if deal == row["Id"]),
                tuple(task.id for task in tasks if row["Id"] in task.belongs_to),
            )
            for row in rows.get("Opportunity", ())
        ),
        tasks,
    )


def _highlevel(state: State) -> Standing:
    """A task belongs to a contact; to its deal only when the contact has no other.

    A deal has one contact there: that a couple shares it is told by the notes on both.
    """

    def key(row: Mapping[str, Any], kind: str) -> str:
        fields = row.get("customFields") or {}
        return str(fields.get(f"{kind}.firstpath_key") or "")

    tasks = tuple(
        StandingTask(row["id"], _marked(_text(row, "body")), frozenset({row["contactId"]}))
        for row in state["tasks"]
    )
    couples: dict[str, set[str]] = {}
    for note in state["notes"]:
        about = _marked(_text(note, "body"))
        if about.endswith(_COUPLE):
            couples.setdefault(about.removesuffix(_COUPLE), set()).add(note["contactId"])
    return Standing(
        tuple(
            StandingContact(row["id"], key(row, "contact"), _text(row, "email")) for row in state["contacts"]
        ),
        tuple(
            StandingDeal(
                row["id"],
                key(row, "opportunity"),
                _text(row, "assignedTo"),
                frozenset({row["contactId"], *couples.get(key(row, "opportunity"), ())}),
                tuple(task.id for task in tasks if row["contactId"] in task.belongs_to),
            )
            for row in state["opportunities"]
        ),
        tasks,
    )


def _text(row: Mapping[str, Any], name: str) -> str:
    return str(row.get(name) or "")


def _marked(body: str) -> str:
    return body.rsplit(_MARKER, 1)[1].strip() if _MARKER in body else ""


_READERS: Mapping[str, Callable[[State], Standing]] = {
    "hubspot": _hubspot,
    "salesforce": _salesforce,
    "highlevel": _highlevel,
}
