"""Whom an email and a phone belong to already, by the sub-account's duplicate preference."""

from __future__ import annotations

from connectors.sandbox.highlevel.contact import Contact, e164
from connectors.sandbox.highlevel.errors import ApiError, duplicate_contact
from connectors.sandbox.highlevel.state import LocationState

NO_KEY = "Pass at least one of number, email query parameter"


def first_match(state: LocationState, email: str, phone: str, *, but: str = "") -> tuple[str, Contact] | None:
    """The field and the contact that match first; the other field is not looked at any more."""
    wanted = {"email": email.strip().lower(), "phone": e164(phone, state.options.country) if phone else ""}
    for field in state.options.dedupe_fields:
        if wanted[field] and (found := state.contacts.by(field, wanted[field], but=but)):
            return field, found
    return None


def search_duplicate(state: LocationState, email: str, number: str) -> Contact | None:
    """The contact that stands in the way of a new one with these.

    Where duplicates are allowed, email is looked at first and then phone, whatever the preference.
    Raises: ApiError (400) without any of the two.
    """
    if not email and not number:
        raise ApiError(400, NO_KEY)
    if not state.options.allow_duplicate_contact:
        match = first_match(state, email, number)
        return match[1] if match else None
    by_email = state.contacts.by("email", email.strip().lower()) if email else None
    return by_email or (state.contacts.by("phone", e164(number, state.options.country)) if number else None)


def refuse_duplicate(state: LocationState, email: str, phone: str, *, but: str = "") -> None:
    """Raises: ApiError (400) where the sub-account allows no second contact with this email or phone."""
    if state.options.allow_duplicate_contact:
        return
    if match := first_match(state, email, phone, but=but):
        field, contact = match
        raise duplicate_contact(contact.id, field, contact.name)
