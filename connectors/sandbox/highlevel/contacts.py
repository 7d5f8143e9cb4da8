"""Every contact of the sub-account, found by id, email or phone without delay."""

from __future__ import annotations

from collections.abc import Iterator

from connectors.sandbox.highlevel.contact import Contact
from connectors.sandbox.highlevel.errors import not_found


class Contacts:
    """Live contacts. Deleted and merged-away ones are gone: HighLevel answers 400 for their ids."""

    def __init__(self) -> None:
        self.live: dict[str, Contact] = {}
        self._keys: dict[tuple[str, str], list[str]] = {}
        self._keys_of: dict[str, list[tuple[str, str]]] = {}

    def get(self, contact_id: str) -> Contact:
        """Raises: ApiError (400)."""
        contact = self.live.get(contact_id)
        if contact is None:
            raise not_found("Contact", contact_id)
        return contact

    def put(self, contact: Contact) -> None:
        """Take in a new contact, or the changed email and phone of a known one."""
        self._drop_keys(contact.id)
        self.live[contact.id] = contact
        keys = list(_keys(contact))
        for key in keys:
            self._keys.setdefault(key, []).append(contact.id)
        self._keys_of[contact.id] = keys

    def remove(self, contact_id: str) -> Contact:
        """Raises: ApiError (400)."""
        contact = self.get(contact_id)
        self._drop_keys(contact_id)
        del self.live[contact_id]
        return contact

    def by(self, field: str, value: str, *, but: str = "") -> Contact | None:
        """The oldest contact with this email (primary or secondary) or phone, apart from the one `but`."""
        found = [self.live[one] for one in self._keys.get((field, value), ()) if one != but]
        return min(found, key=lambda contact: contact.added, default=None)

    def _drop_keys(self, contact_id: str) -> None:
        for key in self._keys_of.pop(contact_id, ()):
            holders = self._keys[key]
            holders.remove(contact_id)
            if not holders:
                del self._keys[key]


def _keys(contact: Contact) -> Iterator[tuple[str, str]]:
    emails = {contact.email, *(one.lower() for one in contact.other_emails)} - {""}
    yield from (("email", one) for one in sorted(emails))
    if contact.phone:
        yield "phone", contact.phone
