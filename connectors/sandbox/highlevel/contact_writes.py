"""Making, changing, upserting and deleting contacts."""

from __future__ import annotations

from connectors.sandbox.answers import JsonObject
from connectors.sandbox.highlevel.contact import Contact
from connectors.sandbox.highlevel.contact_changes import Changes, apply, read_changes
from connectors.sandbox.highlevel.contact_shapes import CREATE, UPDATE, UPSERT
from connectors.sandbox.highlevel.dnd import check_replacement
from connectors.sandbox.highlevel.duplicates import NO_KEY, first_match, refuse_duplicate
from connectors.sandbox.highlevel.errors import ApiError
from connectors.sandbox.highlevel.shapes import checked
from connectors.sandbox.highlevel.state import LocationState


def create(state: LocationState, body: object) -> Contact:
    """A new contact. Raises: ApiError (400 duplicate, 422)."""
    wanted = checked(body, CREATE)
    changes = read_changes(state, wanted)
    refuse_duplicate(state, wanted.get("email", ""), wanted.get("phone", ""))
    return _make(state, changes)


def update(state: LocationState, contact_id: str, body: object) -> Contact:
    """Change what is sent; tags and dndSettings are replaced. Raises: ApiError (400, 422)."""
    contact = state.contacts.get(contact_id)
    wanted = checked(body, UPDATE)
    changes = read_changes(state, wanted)
    refuse_duplicate(state, wanted.get("email", ""), wanted.get("phone", ""), but=contact_id)
    _change(state, contact, changes)
    return contact


def upsert(state: LocationState, body: object) -> tuple[Contact, bool]:
    """The contact and whether it is new.

    The first field of the preference that matches decides; a second one that belongs to somebody else is
    silently left out. tags and source are replaced, custom fields merged, gender is only for new contacts.
    Raises: ApiError (400 without email and phone, 422).
    """
    wanted = checked(body, UPSERT)
    email, phone = wanted.get("email", ""), wanted.get("phone", "")
    if not email and not phone:
        raise ApiError(400, NO_KEY)
    changes = read_changes(state, wanted)
    always_new = wanted.get("createNewIfDuplicateAllowed", False) and state.options.allow_duplicate_contact
    match = None if always_new else first_match(state, email, phone)
    if match is None:
        return _make(state, changes), True
    field, contact = match
    _adopt_address(contact, email if field == "email" else "")
    _leave_what_belongs_to_others(state, contact, changes, field)
    changes.texts.pop("gender", None)
    _change(state, contact, changes)
    return contact, False


def _adopt_address(contact: Contact, email: str) -> None:
    """A secondary address that is upserted becomes the primary one, and the old primary one is dropped."""
    wanted = email.strip().lower()
    contact.other_emails = [one for one in contact.other_emails if one.lower() != wanted]


def _leave_what_belongs_to_others(
    state: LocationState, contact: Contact, changes: Changes, matched: str
) -> None:
    for field in {"email", "phone"} - {matched}:
        value = changes.texts.get(field, "")
        if value and state.contacts.by(field, value.lower(), but=contact.id):
            del changes.texts[field]


def _make(state: LocationState, changes: Changes) -> Contact:
    now = state.clock()
    contact = Contact(state.ids.record(), now, now)
    apply(state, contact, changes)
    state.saved(contact)
    state.events.contact("ContactCreate", contact)
    return contact


def _change(state: LocationState, contact: Contact, changes: Changes) -> None:
    if changes.dnd_settings is not None:
        check_replacement(contact, changes.dnd_settings)
    before = (list(contact.tags), contact.dnd, dict(contact.dnd_settings))
    apply(state, contact, changes)
    state.saved(contact)
    state.events.contact("ContactUpdate", contact)
    if contact.tags != before[0]:
        state.events.contact("ContactTagUpdate", contact)
    if (contact.dnd, contact.dnd_settings) != before[1:]:
        state.events.contact("ContactDndUpdate", contact)


def delete(state: LocationState, contact_id: str) -> None:
    """The contact goes with its opportunities, tasks and notes. Raises: ApiError (400)."""
    contact = state.contacts.remove(contact_id)
    state.contact_index.remove(contact_id)
    for opportunity in state.opportunities.of(contact_id):
        state.opportunities.remove(opportunity.id)
        state.opportunity_index.remove(opportunity.id)
    for task in state.tasks.of(contact_id):
        state.tasks.remove(contact_id, task.id)
    for note in state.notes.of(contact_id):
        state.notes.remove(contact_id, note.id)
    state.workflows.forget(contact_id)
    state.events.contact("ContactDelete", contact)


def change_tags(
    state: LocationState, contact_id: str, *, add: list[str], remove: list[str]
) -> tuple[list[str], list[str]]:
    """The tags after and those that really came or went. Raises: ApiError (400)."""
    contact = state.contacts.get(contact_id)
    wanted = [tag for tag in contact.tags if tag not in remove]
    wanted += [tag for tag in add if tag not in wanted]
    moved = sorted(set(wanted) ^ set(contact.tags))
    if moved:
        _change(state, contact, Changes(tags=wanted))
    return wanted, moved


def contact_json(state: LocationState, contact: Contact) -> JsonObject:
    """As the API shows it."""
    return contact.json(state.options.location_id)
