"""The tables of a playbook about what happens next."""

from __future__ import annotations

from marshmallow import fields

from mapping.inquiry import Contact
from mapping.playbook import values as read
from mapping.playbook.faults import Checked
from mapping.playbook.model import AS_PREFERRED, CHANNELS, PRIORITIES
from mapping.playbook.table import Table, inquiry_types, told


class FirstTouchSchema(Table):
    """[[follow_up.first_touch]]"""

    type = inquiry_types("Only these inquiry types.", ["document_request"])
    preferred = fields.List(
        Checked(read.word("preferred contact", list(Contact))),
        metadata=told(
            "Only borrowers who asked to be reached like this.", ["phone", "any"], usual="every borrower"
        ),
    )
    channel = Checked(
        read.word("channel", (AS_PREFERRED, *CHANNELS)),
        load_default=AS_PREFERRED,
        metadata=told("How the borrower is reached; preferred is what the borrower asked for.", "call"),
    )
    minutes = Checked(
        read.minutes,
        metadata=told("When it is due, after the inquiry arrived.", 60, usual="[follow_up] minutes"),
    )
    working_time = Checked(
        read.switch,
        metadata=told(
            "true: its minutes are counted while the owner works.", True, usual="[follow_up] working_time"
        ),
    )
    priority = Checked(
        read.word("priority", PRIORITIES),
        metadata=told("The priority of the task in the CRM.", "MEDIUM", usual="[follow_up] priority"),
    )
    purpose = Checked(
        read.text,
        load_default="first_touch",
        metadata=told("What the task is for, as one word of yours.", "answer_document_request"),
    )


class FollowUpSchema(Table):
    """[follow_up]"""

    minutes = Checked(
        read.minutes,
        load_default=5,
        metadata=told(
            "When the first touch is due after the inquiry arrived, counted inside the owner's hours and "
            "the borrower's legal calling hours.",
            5,
        ),
    )
    working_time = Checked(
        read.switch,
        load_default=False,
        metadata=told(
            "true: minutes are counted only while the owner works, so that what comes in the evening is not "
            "due the moment the office opens.",
            False,
        ),
    )
    priority = Checked(
        read.word("priority", PRIORITIES),
        load_default="HIGH",
        metadata=told("The priority of the first task in the CRM.", "HIGH"),
    )
    in_crm = Checked(
        read.count,
        load_default=2,
        metadata=told("How many touches of its cadence an inquiry has in the CRM at once, at most.", 2),
    )
    in_crm_days = Checked(
        read.count,
        load_default=7,
        metadata=told("How many days before it is due a touch is put into the CRM, at the earliest.", 7),
    )
    review_days = Checked(
        read.count,
        load_default=30,
        metadata=told(
            "Where no cadence has anything more for an open inquiry, somebody is asked after so many days "
            "what comes next.",
            30,
        ),
    )
    first_touch = fields.List(
        fields.Nested(FirstTouchSchema),
        load_default=list,
        metadata=told(
            "What differs for inquiries like these; the first table that matches decides.",
            usual="all are called or written to in the way they asked for",
            one="first touch",
        ),
    )
