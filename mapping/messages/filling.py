"""Ready-to-send messages: a template of the playbook, filled with what is known of an inquiry."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mapping.inquiry import Inquiry
from mapping.messages.merge_values import Asked, merge_values
from mapping.messages.sms import fits, length, simpler
from mapping.ownership.gates import waits_for_owner
from mapping.ownership.owner import OwnerDecision
from mapping.playbook.model import Playbook
from mapping.playbook.templates import WRITTEN, MessageTemplate, compiled

_HEADINGS = {"call": "What to say", "text": "Ready to send by text"}
_BLANK_BEFORE = re.compile(r"[ \t]+(?=[\n,.]|$)")
_TWO_BLANKS = re.compile(r"(?<=\S)[ \t]{2,}")
_EMPTY_LINES = re.compile(r"\n{3,}")
# What a text says less of, step by step, when long values or letters that texts lack would make two of it.
_NAMED = ("missing", "borrower.first_name", "greeting")
_TYPED = ("borrower.last_name", "borrower.full_name", "property.city", "property.place", "partner.name")
_SHORTER = (("missing",), _NAMED, (*_NAMED, *_TYPED))


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent or said; subject is "" for a text and a call."""

    channel: str
    subject: str
    text: str


def find_template(
    playbook: Playbook, inquiry: Inquiry, channel: str, purpose: str, name: str = ""
) -> MessageTemplate | None:
    """The template of that name, else the first one for this purpose; None when none suits the channel."""
    named = playbook.templates.get(name)
    if named is not None and _suits(named, channel, inquiry):
        return named
    fitting = (one for one in playbook.templates.values() if purpose in one.purposes)
    return next((one for one in fitting if _suits(one, channel, inquiry)), None)


def ready_message(
    template: MessageTemplate,
    inquiry: Inquiry,
    owner: OwnerDecision,
    playbook: Playbook,
    missing: Sequence[str] = (),
) -> Message:
    """The message in the borrower's language, in English when it is not written in that one."""
    spoken = inquiry.language.partition("-")[0].casefold()
    language = spoken if spoken in template.wordings else "en"
    asked = Asked(inquiry, owner, playbook, language, template.channel, tuple(missing))
    message = _filled(template, asked, ())
    for leave_out in _SHORTER:
        if template.channel != "text" or fits(message.text):
            break
        message = _filled(template, asked, leave_out)
    return message


def message_lines(
    playbook: Playbook,
    inquiry: Inquiry,
    owner: OwnerDecision,
    missing: Sequence[str],
    *,
    channel: str,
    purpose: str,
    name: str = "",
) -> list[str]:
    """The message for a task under a heading, [] when the playbook has none or nobody may send it yet."""
    nobodys = waits_for_owner(owner.owner, inquiry, playbook)
    template = None if nobodys else find_template(playbook, inquiry, channel, purpose, name)
    if template is None:
        return []
    message = ready_message(template, inquiry, owner, playbook, missing)
    heading = _HEADINGS.get(message.channel, "Ready to send by email")
    if message.channel == "text":
        heading += f" ({length(message.text)[0]} characters)"
    subject = [f"Subject: {message.subject}"] if message.subject else []
    return ["", f"{heading}:", *subject, message.text, ""]


def _suits(template: MessageTemplate, channel: str, inquiry: Inquiry) -> bool:
    same = template.channel == channel or (template.channel in WRITTEN and channel in WRITTEN)
    return same and (not template.types or inquiry.type in template.types)


def _filled(template: MessageTemplate, asked: Asked, leave_out: Sequence[str]) -> Message:
    wording = template.wordings[asked.language]
    values = merge_values(asked, wording.fields, leave_out)
    subject = compiled(wording.subject).render(values) if wording.subject else ""
    text = tidied(compiled(wording.text).render(values))
    return Message(template.channel, tidied(subject), simpler(text) if template.channel == "text" else text)


def tidied(text: str) -> str:
    """Without the gaps that a value which is not known leaves: "Hello ," is "Hello,"."""
    return _EMPTY_LINES.sub("\n\n", _TWO_BLANKS.sub(" ", _BLANK_BEFORE.sub("", text))).strip()
