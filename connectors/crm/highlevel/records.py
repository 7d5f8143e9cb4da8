"""Contacts and opportunities as HighLevel answers them, read into plain text values by field name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from connectors.crm.people import Person

KEY = "firstpath_key"
SHARED_EMAIL = "firstpath_shared_email"
SHARED_PHONE = "firstpath_shared_phone"
MARKER = "Firstpath ref: "
# HighLevel documents no longest value; this is what the mapping hands over at most.
LONGEST_VALUE = 65_000

#: Contact fields that HighLevel has from the start, with their types.
CONTACT_FIELDS: Mapping[str, str] = {
    "firstName": "string",
    "lastName": "string",
    "name": "string",
    "email": "string",
    "phone": "string",
    "companyName": "string",
    "address1": "string",
    "city": "string",
    "state": "string",
    "postalCode": "string",
    "country": "string",
    "website": "string",
    "timezone": "string",
    "gender": "string",
    "dateOfBirth": "date",
}
#: Those that PUT refuses: they can be given at creation only.
ONLY_AT_CREATION = frozenset({"companyName", "gender"})
#: Opportunity fields that HighLevel has from the start and that a playbook may map.
DEAL_FIELDS: Mapping[str, str] = {"monetaryValue": "number"}


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact as it stands there; values holds standard fields and custom field id → value, as text."""

    id: str
    values: Mapping[str, str]
    tags: frozenset[str] = frozenset()
    owner: str = ""
    dnd: bool = False
    channels: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # dndSettings as answered
    unsubscribed: bool = False  # from email, by the person's own click
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()

    def person(self, key_field: str) -> Person:
        """Who this is; key_field is the id of the custom field that carries our key."""
        return Person(
            id=self.id,
            key=self.values.get(key_field, ""),
            emails=self.emails,
            phones=self.phones,
            first_name=self.values.get("firstName", ""),
            last_name=self.values.get("lastName", ""),
        )


@dataclass(frozen=True, slots=True)
class Opportunity:
    """An opportunity as it stands there; values as for a contact."""

    id: str
    contact_id: str
    pipeline_id: str
    stage_id: str
    owner: str
    status: str  # open, won, lost, abandoned
    values: Mapping[str, str]


def contact_of(raw: Mapping[str, Any]) -> Contact:
    """The contact in an answer, which has an id."""
    values = {name: text for name in CONTACT_FIELDS if (text := as_text(raw.get(name)))}
    return Contact(
        id=str(raw["id"]),
        values=values | custom_values(raw),
        tags=frozenset(str(tag).strip().lower() for tag in listed(raw.get("tags"))),
        owner=as_text(raw.get("assignedTo")),
        dnd=raw.get("dnd") is True,
        channels=_channels(raw.get("dndSettings")),
        unsubscribed=raw.get("unsubscribeEmail") is True,
        emails=(values.get("email", ""), *_more(raw.get("additionalEmails"), "email")),
        phones=(values.get("phone", ""), *_more(raw.get("additionalPhones"), "phone")),
    )


def opportunity_of(raw: Mapping[str, Any]) -> Opportunity:
    """The opportunity in an answer, which has an id."""
    contact = raw.get("contact")
    contact_id = raw.get("contactId") or (contact.get("id") if isinstance(contact, dict) else "")
    values = {name: text for name in DEAL_FIELDS if (text := as_text(raw.get(name)))}
    if values.get("monetaryValue") == "0":
        del values["monetaryValue"]  # HighLevel shows a value that nobody gave as nought
    return Opportunity(
        id=str(raw["id"]),
        contact_id=as_text(contact_id),
        pipeline_id=as_text(raw.get("pipelineId")),
        stage_id=as_text(raw.get("pipelineStageId")),
        owner=as_text(raw.get("assignedTo")),
        status=as_text(raw.get("status")),
        values=values | custom_values(raw),
    )


def custom_values(raw: Mapping[str, Any]) -> dict[str, str]:
    """Custom field id → value.

    Contacts say value; opportunities say fieldValue, and search says fieldValueString and the like.
    """
    found = {}
    for entry in listed(raw.get("customFields")):
        if isinstance(entry, dict) and entry.get("id"):
            held = next((v for k, v in entry.items() if k in _VALUES or k.startswith("fieldValue")), None)
            if text := as_text(held):
                found[str(entry["id"])] = text
    return found


def as_text(value: object) -> str:
    """A value as the rest of the product writes it; lists are joined by semicolons."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, list):
        return ";".join(filter(None, map(as_text, value)))
    return str(value)


def listed(value: object) -> list[Any]:
    """A JSON list, whatever else came instead."""
    return value if isinstance(value, list) else []


def dicts(value: object) -> list[dict[str, Any]]:
    """The objects of a JSON list."""
    return [item for item in listed(value) if isinstance(item, dict)]


def marked(text: str, key: str) -> str:
    """Text with our reference as its last line, which a long text must not push out."""
    mark = f"\n\n{MARKER}{key}"
    room = LONGEST_VALUE - len(mark)
    return (text if len(text) <= room else text[: room - 1] + "…") + mark


def reference_in(text: object) -> str:
    """Our reference in a text that may carry one, "" when it does not."""
    _, found, rest = str(text or "").rpartition(MARKER)
    return rest.split()[0].removesuffix("</p>") if found and rest.split() else ""


_VALUES = ("value", "field_value")


def _channels(settings: object) -> Mapping[str, Mapping[str, Any]]:
    if not isinstance(settings, dict):
        return {}
    return {name: entry for name, entry in settings.items() if isinstance(entry, dict)}


def _more(value: object, name: str) -> list[str]:
    return [as_text(one.get(name) if isinstance(one, dict) else one) for one in listed(value)]
