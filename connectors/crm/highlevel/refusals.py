"""Turns a refusal by HighLevel into a sentence for the desk, without repeating any value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from connectors.crm.base import Rejected

_UNKNOWN = re.compile(r"^property ([A-Za-z]\w{0,63}) should not exist\b")
# "email must be an email", "customFields.0.id should not be empty", "each value in tags must be a string"
_NAMED = re.compile(r"^(?:each value in )?([A-Za-z]\w{0,63})(?:\.[\w.]{1,100})? (?:must|should|has|is|are)\b")
_KNOWN: Mapping[str, str] = {
    "email": "email",
    "phone": "phone",
    "stage": "pipelineStageId",
    "pipelinestageid": "pipelineStageId",
    "pipeline": "pipelineId",
    "pipelineid": "pipelineId",
    "assignedto": "assignedTo",
    "duedate": "dueDate",
    "customfields": "customFields",
}

_REMEDIES: Mapping[str, str] = {
    "email": "Correct the email address of the inquiry and press Retry.",
    "phone": "Correct the phone number of the inquiry and press Retry.",
    "assignedTo": "Invite this person to the HighLevel location or set another owner in the playbook.",
    "pipelineId": "Run `firstpath check`, or name an existing pipeline in the playbook.",
    "pipelineStageId": "Run `firstpath check`, or map this stage to an existing one in the playbook.",
    "customFields": "Compare the mapped fields with HighLevel's: run `firstpath provision --dry-run`.",
}
_TAKE_OUT = "Take {field} out of the mapping: HighLevel does not take it here."
_FALLBACK = "Compare the mapping of {field} with the field's settings in HighLevel."


def rejected(status: int, body: Mapping[str, Any]) -> Rejected:
    """The refusal in an error body; names the property when HighLevel does, never a value."""
    field, unknown = _culprit(messages(body))
    where = f" because of the field {field}" if field else ""
    remedy = _TAKE_OUT if unknown else _REMEDIES.get(field, _FALLBACK)
    return Rejected(
        f"HighLevel refused the record{where} (status {status}).",
        field_name=field,
        remedy=remedy.format(field=field or "every field"),
    )


def messages(body: Mapping[str, Any]) -> list[str]:
    """The sentences of an error body: one text, or a list of texts for validation."""
    said = body.get("message")
    texts = said if isinstance(said, list) else [said]
    return [text for text in texts if isinstance(text, str)]


def _culprit(said: list[str]) -> tuple[str, bool]:
    """(field, whether HighLevel has no such field), ("", False) when no sentence names one."""
    for text in said:
        if match := _UNKNOWN.match(text):
            return match.group(1), True
    for text in said:
        if match := _NAMED.match(text):
            return match.group(1), False
    # Other sentences may quote what was sent: only names that we know ourselves are taken from them.
    words = {word.lower() for text in said for word in re.findall(r"[A-Za-z]+", text)}
    return next((_KNOWN[word] for word in _KNOWN if word in words), ""), False
