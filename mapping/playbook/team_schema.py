"""The tables of a playbook about people: office hours, the team, and who owns which inquiries."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from mapping.playbook import values as read
from mapping.playbook.table import Table, inquiry_types, told
from mapping.playbook.values import Checked, Fault


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
    weight = Checked(
        read.weight,
        load_default=1.0,
        metadata=told("The share of the turns: 2 gets two inquiries for every one of a member with 1.", 2),
    )
    languages = fields.List(
        Checked(read.text),
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
            key=("state or province", "CA"),
        ),
    )
    absences = fields.List(
        fields.Nested(AbsenceSchema),
        load_default=list,
        metadata=told("Days on which the member is away and gets nothing.", usual="never away"),
    )
    hours = fields.Nested(HoursSchema, metadata=told("The member's own hours.", usual="the office's hours"))


class OwnersSchema(Table):
    """[owners]"""

    fallback = Checked(
        read.email,
        metadata=told(
            "Who takes an inquiry that no member may take: the login of a person or a shared desk.",
            "desk@example.com",
            usual="such inquiries stay without an owner, and the desk is told",
        ),
    )
    route_in_hours_only = Checked(
        read.switch,
        load_default=False,
        metadata=told("true passes over whoever is off work when the inquiry arrives.", False),
    )


class OwnerRuleSchema(Table):
    """[[owner_rules]]"""

    name = Checked(
        read.text,
        required=True,
        metadata=told("What the rule is called in reasons.", "Spanish-speaking borrowers"),
    )
    assign = fields.List(
        Checked(read.email),
        required=True,
        metadata=told(
            "The members it goes to, by their addresses; several take turns by weight.",
            ["maya@example.com"],
        ),
    )
    type = inquiry_types("Only these inquiry types.", ["purchase", "pre_approval"])
    state = fields.List(
        Checked(read.place),
        metadata=told("Only properties in these places.", ["CA", "AZ"], usual="everywhere"),
    )
    path = fields.List(
        Checked(read.text),
        metadata=told(
            "Only from these intake paths, by their names in the settings.",
            ["website"],
            usual="every path",
        ),
    )
    source = fields.List(
        Checked(read.text),
        metadata=told(
            "Only from these sources, as the inquiry names them.", ["zillow"], usual="every source"
        ),
    )
    language = fields.List(
        Checked(read.text),
        metadata=told("Only borrowers who write in these languages.", ["es"], usual="every language"),
    )
    amount_from = Checked(
        read.number, metadata=told("Only loans of at least this much.", 250_000, usual="no lower bound")
    )
    amount_to = Checked(
        read.number, metadata=told("Only loans of at most this much.", 2_000_000, usual="no upper bound")
    )

    @validates_schema
    def says_something(self, data: Mapping[str, Any], **_: Any) -> None:
        """Refuse a rule that can never assign. Raises ValidationError."""
        if not data["assign"]:
            raise ValidationError(
                {"assign": [Fault("the rule assigns to nobody", "Name at least one member.")]}
            )
        low, high = data.get("amount_from"), data.get("amount_to")
        if low is not None and high is not None and high < low:
            raise ValidationError(
                {"amount_to": [Fault("the range ends below its start", "Swap the two amounts.")]}
            )
