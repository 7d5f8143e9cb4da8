"""Opt-outs by channel. "active" means that sending is blocked; "permanent" is a person's own STOP."""

from __future__ import annotations

from connectors.sandbox.answers import JsonObject
from connectors.sandbox.highlevel.contact import Contact
from connectors.sandbox.highlevel.errors import invalid, permanent_dnd
from connectors.sandbox.highlevel.shapes import Shape, problems

CHANNELS = ("Call", "Email", "SMS", "WhatsApp", "GMB", "FB", "RCS")
_SPELLINGS = {channel.lower(): channel for channel in CHANNELS}  # v3 writes them with a small letter
_STATUSES = ("active", "inactive", "permanent")
_SETTING = Shape({"status": "text", "message": "text", "code": "text"}, ("status",), {"status": _STATUSES})
_INBOUND = Shape({"status": "text", "message": "text"}, ("status",), {"status": ("active", "inactive")})


def settings(raw: JsonObject) -> dict[str, JsonObject]:
    """Channel → setting, as sent. Raises: ApiError (422)."""
    wrong: list[str] = []
    found: dict[str, JsonObject] = {}
    for name, setting in raw.items():
        channel = _SPELLINGS.get(name.lower())
        if channel is None:
            wrong.append(f"dndSettings.property {name} should not exist")
        elif not isinstance(setting, dict):
            wrong.append(f"dndSettings.{name} must be an object")
        else:
            wrong.extend(f"dndSettings.{name}.{problem}" for problem in problems(setting, _SETTING))
            found[channel] = dict(setting)
    if wrong:
        raise invalid(*wrong)
    return found


def inbound(raw: JsonObject) -> JsonObject:
    """The setting for what the person sends us. Raises: ApiError (422)."""
    every = raw.get("all")
    if raw.keys() - {"all"} or not isinstance(every, dict):
        raise invalid("inboundDndSettings must hold nothing but all")
    if wrong := list(problems(every, _INBOUND)):
        raise invalid(*(f"inboundDndSettings.all.{problem}" for problem in wrong))
    return {"all": dict(every)}


def check_replacement(contact: Contact, wanted: dict[str, JsonObject]) -> None:
    """The settings are replaced as a whole, so a permanent one has to be sent back as it is.

    Raises: ApiError (400, saying 401).
    """
    for channel, setting in contact.dnd_settings.items():
        kept = wanted.get(channel, {}).get("status") == "permanent"
        if setting.get("status") == "permanent" and not kept:
            raise permanent_dnd(channel)


def opt_out(contact: Contact, channel: str) -> None:
    """What the platform does when the person answers STOP. Raises: KeyError for an unknown channel."""
    contact.dnd_settings[_SPELLINGS[channel.lower()]] = {
        "status": "permanent",
        "message": "Opted out by keyword",
        "code": "STOP",
    }
