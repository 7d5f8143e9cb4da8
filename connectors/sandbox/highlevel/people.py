"""What people do in HighLevel's own pages, which no API call of ours does."""

from __future__ import annotations

from connectors.sandbox.highlevel import dnd
from connectors.sandbox.highlevel.contact import Contact
from connectors.sandbox.highlevel.contact_changes import set_tags
from connectors.sandbox.highlevel.contact_writes import delete
from connectors.sandbox.highlevel.errors import ApiError
from connectors.sandbox.highlevel.state import LocationState
from connectors.sandbox.options import OptionsError


def merge(state: LocationState, kept_id: str, lost_id: str) -> Contact:
    """Merge two contacts: the kept one gets what it lacks, the other's cards, tasks and notes, and its tags.

    The lost id is answered with 400 from now on. Raises: ApiError (400).
    """
    if kept_id == lost_id:
        raise ApiError(400, "A contact cannot be merged with itself")
    kept, lost = state.contacts.get(kept_id), state.contacts.get(lost_id)
    for moved in state.opportunities.of(lost_id):
        state.opportunities.hand_over([moved], kept_id)
        state.opportunity_saved(moved)
    state.tasks.hand_over(state.tasks.of(lost_id), kept_id)
    state.notes.hand_over(state.notes.of(lost_id), kept_id)
    delete(state, lost_id)
    kept.values = {**lost.values, **kept.values}
    kept.custom = {**lost.custom, **kept.custom}
    kept.dnd_settings = {**kept.dnd_settings, **lost.dnd_settings}
    kept.dnd = kept.dnd or lost.dnd
    for email in (lost.values.get("email", ""), *lost.other_emails):
        _add_email(kept, email)
    set_tags(state, kept, list(dict.fromkeys([*kept.tags, *lost.tags])))
    state.saved(kept)
    state.events.contact("ContactUpdate", kept)
    return kept


def add_email(state: LocationState, contact_id: str, email: str) -> None:
    """Give a contact a secondary address. Raises: ApiError (400)."""
    contact = state.contacts.get(contact_id)
    _add_email(contact, email)
    state.saved(contact)


def _add_email(contact: Contact, email: str) -> None:
    if email and email.lower() not in (contact.email, *(one.lower() for one in contact.other_emails)):
        contact.other_emails.append(email)


def answer_stop(state: LocationState, contact_id: str, channel: str = "SMS") -> None:
    """The person answers STOP: permanently no more on this channel. Raises: ApiError (400), OptionsError."""
    contact = state.contacts.get(contact_id)
    try:
        dnd.opt_out(contact, channel)
    except KeyError as e:
        raise OptionsError(f"channel must be one of {', '.join(dnd.CHANNELS)}.") from e
    state.saved(contact)
    state.events.contact("ContactDndUpdate", contact)
