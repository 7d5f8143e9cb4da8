"""What a body wants of a contact, checked as a whole before any of it is done."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from connectors.sandbox.answers import JsonObject
from connectors.sandbox.highlevel import dnd
from connectors.sandbox.highlevel.contact import TEXTS, Contact, e164
from connectors.sandbox.highlevel.custom_values import merge_values, read_values
from connectors.sandbox.highlevel.shapes import day
from connectors.sandbox.highlevel.state import LocationState
from connectors.sandbox.highlevel.tags import folded


@dataclass(slots=True)
class Changes:
    """None means: not sent. texts holds "" for what is to be emptied."""

    texts: dict[str, str] = field(default_factory=dict)
    tags: list[str] | None = None
    custom: dict[str, Any] = field(default_factory=dict)
    dnd: bool | None = None
    dnd_settings: dict[str, JsonObject] | None = None
    inbound_dnd: JsonObject | None = None


def read_changes(state: LocationState, wanted: JsonObject) -> Changes:
    """The changes that a checked body asks for. Raises: ApiError (422)."""
    state.users.check_assignable(wanted.get("assignedTo", ""))
    return Changes(
        texts=_texts(wanted, state.options.country),
        tags=folded(wanted["tags"]) if "tags" in wanted else None,
        custom=read_values(state.fields, "contact", wanted.get("customFields", ())),
        dnd=wanted.get("dnd"),
        dnd_settings=dnd.settings(wanted["dndSettings"]) if "dndSettings" in wanted else None,
        inbound_dnd=dnd.inbound(wanted["inboundDndSettings"]) if "inboundDndSettings" in wanted else None,
    )


def _texts(wanted: JsonObject, country: str) -> dict[str, str]:
    texts = {name: wanted[name].strip() for name in TEXTS if name in wanted}
    if wanted.get("name") and not {"firstName", "lastName"} & texts.keys():
        first, _, last = wanted["name"].strip().partition(" ")
        texts.update(firstName=first, lastName=last.strip())
    if texts.get("phone"):
        texts["phone"] = e164(texts["phone"], country)
    if texts.get("dateOfBirth"):
        texts["dateOfBirth"] = f"{day(texts['dateOfBirth'])}T00:00:00.000Z"
    return texts


def apply(state: LocationState, contact: Contact, changes: Changes) -> None:
    """Do it, and log a trigger for every tag that is new on the contact."""
    for name, text in changes.texts.items():
        if text:
            contact.values[name] = text
        else:
            contact.values.pop(name, None)
    if changes.tags is not None:
        set_tags(state, contact, changes.tags)
    merge_values(contact.custom, changes.custom)
    if changes.dnd is not None:
        contact.dnd = changes.dnd
    if changes.dnd_settings is not None:
        contact.dnd_settings = changes.dnd_settings
    if changes.inbound_dnd is not None:
        contact.inbound_dnd = changes.inbound_dnd


def set_tags(state: LocationState, contact: Contact, tags: list[str]) -> None:
    """Give a contact exactly these tags; a workflow is triggered by those that are new on it."""
    for tag in tags:
        state.tags.use(tag)
        if tag not in contact.tags:
            state.triggers.append({"type": "tag_added", "contactId": contact.id, "tag": tag})
    for tag in contact.tags:
        if tag not in tags:
            state.triggers.append({"type": "tag_removed", "contactId": contact.id, "tag": tag})
    contact.tags = list(tags)
