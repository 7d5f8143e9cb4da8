"""Why a submission waits for a person, in words, and what that person can do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """A heading for the code, and what to do."""

    title: str
    advice: str


_MAP = "If the question that asks for it is in the form, say so on the mapping page and replay."
_LOOK = (
    "Look at the text below. If an inquiry is in it, ask the sender to send it again, or enter it by hand."
)
_SENDER = "Tell the sender's developer what stands above, then discard it."

_REASONS: Mapping[str, Reason] = {
    "no_contact": Reason(
        "No way to reach the person", f"{_MAP} Without email or phone nobody can follow up."
    ),
    "spam": Reason("Looks like spam", "Accept it if a person wrote it; discard it otherwise."),
    "sender_authentication_failed": Reason(
        "The sender is not proved",
        "Ask the partner by phone whether they sent it. Accept it if they did; discard it otherwise.",
    ),
    "trigger_lead": Reason(
        "A trigger lead",
        "The law lets few companies use these. Discard it unless you may; see the path's settings.",
    ),
    "revision": Reason(
        "Sent again with other answers",
        "The first submission stands. Compare the two; accept this one to decide it as well.",
    ),
    "fetch_failed": Reason(
        "Could not be fetched from the sender",
        "Check the path's API token and the sender's permissions, then replay: it is asked for once more.",
    ),
    "crashed": Reason(
        "Stopped the program", "Report it. After the update, replay it; nothing else waits for it meanwhile."
    ),
    "internal_error": Reason("Firstpath failed at it", "Report it, and replay it after the update."),
    "path_gone": Reason(
        "Its path was removed", "Put the path back into the settings and replay, or discard it."
    ),
    "wrong_shape": Reason("Not what this way in expects", f"Is the path's kind right? {_SENDER}"),
    "malformed_json": Reason("Broken JSON", _LOOK),
    "malformed_xml": Reason("Broken XML", _LOOK),
    "malformed_multipart": Reason("Broken form", _LOOK),
    "malformed_table": Reason("Broken table", _LOOK),
    "forbidden_xml": Reason("XML with a document type", f"No form needs one, attacks do. {_SENDER}"),
    "wrong_charset": Reason("Unreadable letters", _LOOK),
    "nul_byte": Reason("A NUL byte in it", _LOOK),
    "too_deep": Reason("Nested too deeply", _SENDER),
    "too_many_fields": Reason("Too many fields", _SENDER),
    "too_complex": Reason("Too much in one mail", _LOOK),
    "duplicate_keys": Reason("The same name twice", _LOOK),
    "erase_request": Reason(
        "Somebody asks to be erased", "Handle it by your privacy policy, then discard it here."
    ),
}


def reason_of(code: str) -> Reason:
    """What to say about a code; an unknown one keeps its own words."""
    known = _REASONS.get(code)
    if known is not None:
        return known
    words = code.replace("_", " ").capitalize() or "Set aside"
    return Reason(
        words,
        "Look at it below. Accept a real inquiry, fix the mapping and replay, or discard it.",
    )
