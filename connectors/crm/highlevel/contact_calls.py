"""The calls that read and write contacts, each answer held against what was asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from connectors.crm.base import Uncertain
from connectors.crm.highlevel.errors import NotThere
from connectors.crm.highlevel.records import Contact, contact_of, custom_values, dicts
from connectors.crm.highlevel.transport import Transport
from connectors.crm.people import national_digits

_MOST_FOUND = 20
_LONGEST_SEARCH_VALUE = 75  # characters of a filter's value


class ContactCalls:
    """Contacts of one location. All may raise a CrmError; one that is gone is NotThere."""

    def __init__(self, transport: Transport, location: str) -> None:
        self._transport = transport
        self._location = location

    def read(self, contact_id: str) -> Contact:
        """The contact with this id, as the database has it."""
        answer = self._transport.read("GET", f"/contacts/{contact_id}")
        raw = self._one(answer.body)
        if str(raw["id"]) != contact_id:
            raise Uncertain("HighLevel's answer describes another contact than the one asked for.")
        if raw.get("deleted") is True:
            raise NotThere("The contact was deleted in HighLevel.")
        return contact_of(raw)

    def create(self, body: Mapping[str, Any], key_field: str) -> Contact:
        """Make a contact; key_field is the id of the custom field with our key.

        Raises TakenContact where the location allows no second one with this email or phone.
        """
        answer = self._transport.call("POST", "/contacts/", body={"locationId": self._location, **body})
        raw = self._one(answer.body)
        if not _shows(raw, body, key_field):
            raise Uncertain("HighLevel's answer does not describe the contact that was sent.")
        return contact_of(raw)

    def update(self, contact_id: str, body: Mapping[str, Any]) -> Contact:
        """Change what is in body; what is not in it stays. Raises TakenContact, PermanentOptOut."""
        answer = self._transport.call("PUT", f"/contacts/{contact_id}", body=dict(body))
        raw = self._one(answer.body)
        if str(raw["id"]) != contact_id:
            raise Uncertain("HighLevel's answer describes another contact than the one changed.")
        return contact_of(raw)

    def add_tags(self, contact_id: str, tags: Sequence[str]) -> None:
        """Add tags; those that stand there stay."""
        path = f"/contacts/{contact_id}/tags"
        answer = self._transport.call("POST", path, body={"tags": list(tags)})
        there = answer.body.get("tags")
        if not isinstance(there, list) or not {str(t).lower() for t in there}.issuperset(tags):
            raise Uncertain("HighLevel's answer does not show the tags that were added.")

    def remove_tags(self, contact_id: str, tags: Sequence[str]) -> None:
        """Take tags away; one that does not stand there is no mistake."""
        answer = self._transport.call("DELETE", f"/contacts/{contact_id}/tags", body={"tags": list(tags)})
        there = answer.body.get("tags")
        if not isinstance(there, list) or {str(t).lower() for t in there} & set(tags):
            raise Uncertain("HighLevel's answer does not show that the tags went.")

    def holder(self, *, email: str = "", phone: str = "") -> Contact | None:
        """Who holds the email, or else the phone; read from the database."""
        query = {"locationId": self._location, "email": email, "number": phone}
        answer = self._transport.read(
            "GET", "/contacts/search/duplicate", query={name: value for name, value in query.items() if value}
        )
        # An answer without the word would prove nothing; null says that there is nobody.
        if "contact" not in answer.body:
            raise Uncertain("HighLevel's answer does not say whether there is such a contact.")
        raw = answer.body["contact"]
        return contact_of(raw) if isinstance(raw, dict) and raw.get("id") else None

    def search(self, any_of: Sequence[tuple[str, str]]) -> list[Contact]:
        """Contacts for which any of these (field, value) pairs holds. The index lags by seconds."""
        filters = [
            {"field": field, "operator": "eq", "value": value}
            for field, value in any_of
            if 0 < len(value) <= _LONGEST_SEARCH_VALUE
        ]
        if not filters:
            return []
        body = {
            "locationId": self._location,
            "page": 1,
            "pageLimit": _MOST_FOUND,
            "filters": [{"group": "OR", "filters": filters}],
        }
        answer = self._transport.read("POST", "/contacts/search", body=body)
        if not isinstance(answer.body.get("contacts"), list):
            raise Uncertain("HighLevel's answer has no list of contacts.")
        return [contact_of(raw) for raw in dicts(answer.body["contacts"]) if raw.get("id")]

    def _one(self, body: Mapping[str, Any]) -> dict[str, Any]:
        raw = body.get("contact")
        if not isinstance(raw, dict) or not isinstance(raw.get("id"), str) or not raw["id"]:
            raise Uncertain("HighLevel's answer names no contact.")
        if raw.get("locationId") not in (None, self._location):
            raise Uncertain("HighLevel's answer describes a contact of another location.")
        return raw


def same_email(a: str, b: str) -> bool:
    """Whether two spellings are one address."""
    return a.strip().casefold() == b.strip().casefold()


def same_phone(a: str, b: str) -> bool:
    """Whether two spellings are one number."""
    return (national_digits(a) or a.strip()) == (national_digits(b) or b.strip())


def _shows(raw: Mapping[str, Any], sent: Mapping[str, Any], key_field: str) -> bool:
    """Whether an answer describes what was sent: no identifier in it contradicts, and one agrees."""
    checks = [
        same(str(raw[name]), str(sent[name]))
        for name, same in (("email", same_email), ("phone", same_phone))
        if raw.get(name) and sent.get(name)
    ]
    if key := custom_values(raw).get(key_field):
        checks += [entry["field_value"] == key for entry in sent["customFields"] if entry["id"] == key_field]
    return bool(checks) and all(checks)
