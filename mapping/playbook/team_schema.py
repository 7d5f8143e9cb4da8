"""The tables of a playbook about people: office hours and the team."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from mapping.playbook import values as read
from mapping.playbook.faults import Checked, Fault
from mapping.playbook.table import Table, inquiry_types, told


def _day(name: str, example: str) -> Checked:
    about = f"When work is done on a {name}; several ranges with commas."
    return Checked(read.open_ranges, load_default=(), metadata=told(about, example, usual="closed"))


class HoursSchema(Table):
    """[hours]"""

    mon = _day("Monday", "09:00-12:30, 13:30-17:30")
    tue = _day("Tuesday", "09:00-17:30")
    wed = _day("Wednesday", "09:00-17:30")
    thu = _day("Thursday", "09:00-19:00")
    fri = _day("Friday", "09:00-17:00")
    sat = _day("Saturday", "10:00-13:00")
    sun = _day("Sunday", "")


class LicenceSchema(Table):
    """[team.licences.<place>]"""

    number = Checked(
        read.text,
        required=True,
        metadata=told("The number of the licence, as borrowers may be shown it.", "CA-DFPI-1000001"),
    )
    expires = Checked(
        read.day,
        required=True,
        metadata=told(
            "The last day on which it is valid; from the next day on the member gets nothing there.",
            date(2027, 12, 31),
        ),
    )
    issued = Checked(
        read.day,
        metadata=told("The first day on which it is valid.", date(2026, 1, 1), usual="valid already"),
    )

    @validates_schema
    def in_order(self, data: Mapping[str, Any], **_: Any) -> None:
        """Refuse a licence that ends before it begins. Raises ValidationError."""
        if "issued" in data and data["expires"] < data["issued"]:
            raise ValidationError(
                {"expires": [Fault("the licence ends before it begins", "Swap the two dates.")]}
            )


class AbsenceSchema(Table):
    """[[team.absences]]"""

    first = Checked(read.day, required=True, metadata=told("The first day away.", date(2026, 12, 24)))
    last = Checked(read.day, required=True, metadata=told("The last day away, included.", date(2027, 1, 2)))

    @validates_schema
    def in_order(self, data: Mapping[str, Any], **_: Any) -> None:
        """Refuse an absence that ends before it begins. Raises ValidationError."""
        if data["last"] < data["first"]:
            raise ValidationError(
                {"last": [Fault("the absence ends before it begins", "Swap the two dates.")]}
            )


class CapacitySchema(Table):
    """[team.capacity]"""

    per_day = Checked(
        read.room,
        metadata=told(
            "The most inquiries of one day that rules and turns give to the member.", 20, usual="no limit"
        ),
    )
    open = Checked(
        read.room,
        metadata=told(
            "The most inquiries without an outcome up to which rules and turns give more.",
            120,
            usual="no limit",
        ),
    )


class MemberSchema(Table):
    """[[team]]"""

    name = Checked(
        read.text, required=True, metadata=told("The name that tasks and the desk show.", "Maya Whitfield")
    )
    email = Checked(
        read.email,
        required=True,
        metadata=told("The login in the CRM: so the CRM knows the owner.", "maya@example.com"),
    )
    nmls = Checked(
        read.licence_number,
        load_default="",
        metadata=told("The member's NMLS number, the same in every state.", "1000001", usual="none"),
    )
    weight = Checked(
        read.weight,
        load_default=1.0,
        metadata=told("The share of the turns: 2 gets two inquiries for every one of a member with 1.", 2),
    )
    languages = fields.List(
        Checked(read.language),
        load_default=lambda: ["en"],
        metadata=told("The languages the member speaks, as two-letter codes.", ["en", "es"]),
    )
    timezone = Checked(
        read.zone, metadata=told("Where the member works.", "America/Chicago", usual="the office's")
    )
    holidays = fields.List(
        Checked(read.holiday_calendar),
        metadata=told("The calendars of the days this member does not work.", ["US"], usual="the office's"),
    )
    types = inquiry_types("The only inquiry types this member takes.", ["purchase", "refinance"])
    paused = Checked(
        read.switch,
        load_default=False,
        metadata=told("true gives the member nothing new until it is taken away again.", False),
    )
    licences = fields.Dict(
        keys=Checked(read.place),
        values=fields.Nested(LicenceSchema),
        load_default=dict,
        metadata=told(
            "Where the member is licensed: nobody gets an inquiry about a property elsewhere.",
            usual="licensed nowhere",
            one="licence",
            key=("state or province", "CA"),
        ),
    )
    capacity = fields.Nested(
        CapacitySchema,
        load_default=dict,
        metadata=told(
            "How much the member takes. Whoever asks for the member by name, or works with the member "
            "already, comes on top.",
            usual="no limit",
        ),
    )
    absences = fields.List(
        fields.Nested(AbsenceSchema),
        load_default=list,
        metadata=told(
            "Days on which the member is away and gets nothing.", usual="never away", one="absence"
        ),
    )
    hours = fields.Nested(HoursSchema, metadata=told("The member's own hours.", usual="the office's hours"))
