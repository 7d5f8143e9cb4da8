"""Notes on contacts: written once each, by the reference on their last line."""

from __future__ import annotations

from connectors.crm.base import Uncertain
from connectors.crm.highlevel.records import dicts, marked, reference_in
from connectors.crm.highlevel.transport import Transport


class Notes:
    """The notes of contacts. All may raise a CrmError; NotThere when the contact is gone."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def write(self, contact_id: str, reference: str, text: str, *, look_first: bool) -> None:
        """Add a note unless an earlier attempt did."""
        if look_first and reference in self._references(contact_id):
            return
        path = f"/contacts/{contact_id}/notes"
        answer = self._transport.call("POST", path, body={"body": marked(text, reference)})
        note = answer.body.get("note")
        if not isinstance(note, dict) or not note.get("id"):
            raise Uncertain("HighLevel's answer names no note.")

    def _references(self, contact_id: str) -> set[str]:
        answer = self._transport.read("GET", f"/contacts/{contact_id}/notes")
        if not isinstance(answer.body.get("notes"), list):
            raise Uncertain("HighLevel's answer has no list of notes.")
        return {reference_in(note.get("body")) for note in dicts(answer.body["notes"])}
