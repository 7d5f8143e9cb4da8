"""One contact, and how the API shows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import phonenumbers

from connectors.sandbox.answers import JsonObject
from connectors.sandbox.timestamps import iso

# What is stored as one text each; the order is that of the API's answers.
TEXTS = (
    *("firstName", "lastName", "email", "phone", "gender", "address1", "city", "state", "postalCode"),
    *("country", "website", "timezone", "source", "dateOfBirth", "companyName", "assignedTo"),
)


@dataclass(slots=True)
class Contact:
    """A person. values holds the TEXTS that are set; custom holds values by custom field id.

    other_emails are the secondary addresses. added and updated are epoch seconds.
    """

    id: str
    added: float
    updated: float
    values: dict[str, str] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    custom: dict[str, Any] = field(default_factory=dict)
    dnd: bool = False
    dnd_settings: dict[str, JsonObject] = field(default_factory=dict)
    inbound_dnd: JsonObject = field(default_factory=dict)
    followers: list[str] = field(default_factory=list)
    other_emails: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.values.get('firstName', '')} {self.values.get('lastName', '')}".strip()

    @property
    def email(self) -> str:
        """The primary address as it is compared: lower case, "" when there is none."""
        return self.values.get("email", "").lower()

    @property
    def phone(self) -> str:
        """The number in E.164, "" when there is none."""
        return self.values.get("phone", "")

    def json(self, location_id: str) -> JsonObject:
        """The contact as the API shows it. assignedTo and empty texts are left out."""
        values = self.values
        body: JsonObject = {"id": self.id, "locationId": location_id, "type": "lead"}
        if self.name:
            body["name"] = body["contactName"] = self.name
            body["fullNameLowerCase"] = self.name.lower()
        body.update({name: values[name] for name in TEXTS if name in values})
        for name in ("firstName", "lastName", "email"):
            if name in values:
                body[f"{name}LowerCase"] = values[name].lower()
        body["tags"] = list(self.tags)
        body["customFields"] = [{"id": one, "value": value} for one, value in self.custom.items()]
        body["dnd"] = self.dnd
        if self.dnd_settings:
            body["dndSettings"] = {channel: dict(how) for channel, how in self.dnd_settings.items()}
        if self.inbound_dnd:
            body["inboundDndSettings"] = dict(self.inbound_dnd)
        body["followers"] = list(self.followers)
        if self.other_emails:
            body["additionalEmails"] = [{"email": one, "validEmail": None} for one in self.other_emails]
        body["dateAdded"], body["dateUpdated"] = iso(self.added), iso(self.updated)
        return body


def e164(text: str, country: str) -> str:
    """A phone number in E.164, read as a person in this country writes it; kept as it is if it is none."""
    written = text.strip()
    try:
        number = phonenumbers.parse(written, country)
    except phonenumbers.NumberParseException:
        return written
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
