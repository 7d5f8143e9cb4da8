"""A mail as data: its headers, its texts, the names of its attachments."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import compat32

from connectors.intake.base import JsonValue


def read_mail(body: bytes) -> JsonValue:
    """{"headers": [[name, value], ...], "text": str}."""
    message = message_from_bytes(body, policy=compat32)
    headers: list[JsonValue] = [[name, str(value)] for name, value in message.items()]
    return {"headers": headers, "text": str(message.get_payload())}
