"""Do not disturb: opt-outs are read, raised where a borrower withdraws consent, and never lowered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from connectors.crm.highlevel.records import Contact

#: What a playbook may map to withdraw consent: our name → HighLevel's channel ("" is every channel).
OPT_OUT_FIELDS: Mapping[str, str] = {
    "dnd": "",
    "dnd_call": "Call",
    "dnd_email": "Email",
    "dnd_sms": "SMS",
    "dnd_whatsapp": "WhatsApp",
}
_ALL = ""
_WITHDRAWN = frozenset({"true", "yes", "refused", "active", "opted_out"})
# "active" means that sending is blocked; "permanent" is HighLevel's own, after a STOP.
_BLOCKED = frozenset({"active", "permanent"})
_MESSAGE = "Consent withdrawn (Firstpath)"
_CHANNEL_OF_TASK: Mapping[str, str] = {
    "call": "Call",
    "text": "SMS",
    "email": "Email",
    "document_request": "Email",
}


def withdrawn(fields: Mapping[str, str]) -> frozenset[str]:
    """The channels that a borrower's mapped values close; any other value leaves a channel as it is."""
    return frozenset(
        channel
        for name, channel in OPT_OUT_FIELDS.items()
        if fields.get(name, "").strip().casefold() in _WITHDRAWN
    )


def raised(asked: Iterable[str], there: Contact | None) -> dict[str, Any]:
    """The part of a contact's body that closes these channels, {} when they are closed.

    PUT replaces dndSettings as a whole, so every entry that stands there is sent back as it is.
    """
    channels = dict(there.channels) if there else {}
    body: dict[str, Any] = {}
    closing = [one for one in asked if one != _ALL and _status(channels, one) not in _BLOCKED]
    if closing:
        new = {one: {"status": "active", "message": _MESSAGE} for one in closing}
        body["dndSettings"] = {**channels, **new}
    if _ALL in asked and not (there and there.dnd):
        body["dnd"] = True
    return body


_OURS: Mapping[str, str] = {"Email": "email", "Call": "phone", "SMS": "sms"}


def left(contact: Contact) -> tuple[str, ...]:
    """Our names of the channels on which this contact may not be reached."""
    gone = {ours for theirs, ours in _OURS.items() if _status(contact.channels, theirs) in _BLOCKED}
    if contact.unsubscribed:
        gone.add("email")
    return tuple(ours for ours in _OURS.values() if contact.dnd or ours in gone)


def blocks(contact: Contact, task_channels: Iterable[str]) -> bool:
    """Whether an automatic follow-up over the channels of these tasks may not be started."""
    wanted = {_CHANNEL_OF_TASK[channel] for channel in task_channels if channel in _CHANNEL_OF_TASK}
    if contact.dnd or ("Email" in wanted and contact.unsubscribed):
        return True
    return any(_status(contact.channels, channel) in _BLOCKED for channel in wanted)


def _status(channels: Mapping[str, Mapping[str, Any]], channel: str) -> str:
    return str(channels.get(channel, {}).get("status") or "").lower()
