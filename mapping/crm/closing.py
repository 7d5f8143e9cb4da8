"""What changes in a bundle that still waits when its borrower asks to be left alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from mapping.crm.bundle import Bundle, ContactRecord
from mapping.crm.compile import OPT_OUT
from mapping.playbook.model import FieldRule

#: The tasks that a channel of consent is used by: documents are asked for by email.
_TASKS: Mapping[str, tuple[str, ...]] = {
    "email": ("email", "document_request"),
    "phone": ("call",),
    "sms": ("text",),
}


def tasks_over(channels: Iterable[str]) -> list[str]:
    """The channels of tasks that these channels of consent are used by."""
    return [task for channel in channels for task in _TASKS[channel]]


def left_alone(bundle: Bundle, who: str, channels: Collection[str], rules: Sequence[FieldRule]) -> Bundle:
    """The bundle with the opt-outs of the borrower who.

    channels are those opted out of, rules the field rules of contacts in this bundle's CRM.
    """
    marks = {
        rule.property: (rule.values or {}).get("true", "true")
        for rule in rules
        if rule.source.startswith(OPT_OUT) and rule.source.removeprefix(OPT_OUT) in channels
    }
    return replace(
        bundle, contacts=tuple(_marked(one, marks) if one.key == who else one for one in bundle.contacts)
    )


def _marked(contact: ContactRecord, marks: Mapping[str, str]) -> ContactRecord:
    return replace(
        contact, fields={**contact.fields, **marks}, overwrite=contact.overwrite | frozenset(marks)
    )
