"""The tables of a playbook about who owns what: owner rules, referral partners, duty, taking over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from mapping.hours.business import DUTY_DAYS
from mapping.playbook import values as read
from mapping.playbook.faults import Checked, Fault
from mapping.playbook.table import Table, inquiry_types, told
from mapping.playbook.team import PARTNER_KINDS
from mapping.playbook.team_schema import HoursSchema


class ShiftSchema(Table):
    """[[owners.duty]]"""

    name = Checked(read.text, required=True, metadata=told("What the shift is called.", "Evenings"))
    members = fields.List(
        Checked(read.email),
        required=True,
        metadata=told("Who is on duty then, by their addresses.", ["maya@example.com"]),
    )
    timezone = Checked(
        read.zone,
        metadata=told("Whose clock the hours mean.", "America/New_York", usual="the office's"),
    )
    days = Checked(
        read.word("kind of day", DUTY_DAYS),
        load_default="all",
        metadata=told("On which days: all of them, only workdays, or only holidays of the office.", "all"),
    )
    hours = fields.Nested(
        HoursSchema, required=True, metadata=told("When the shift is; up to 24:00, and from 00:00 on.")
    )


class ReassignSchema(Table):
    """[owners.reassign]"""

    after_minutes = Checked(
        read.minutes,
        load_default=5,
        metadata=told(
            "So many minutes in which the owner works and the borrower may be contacted; never before the "
            "first task is due.",
            5,
        ),
    )
    at_most = Checked(
        read.most,
        load_default=2,
        metadata=told("So many times; then it stays, and the desk is told.", 2),
    )


class PartnerSchema(Table):
    """[[partners]]"""

    name = Checked(read.text, required=True, metadata=told("What rules call the partner.", "Harbour Realty"))
    email = fields.List(
        Checked(read.address_or_domain),
        required=True,
        metadata=told(
            'The partner\'s addresses; a whole company is "@" and its domain.',
            ["lena@harbour.example.com", "@harbour.example.com"],
        ),
    )
    kind = Checked(
        read.word("kind of partner", PARTNER_KINDS),
        load_default="other",
        metadata=told("What the partner is.", "realtor"),
    )
    owner = Checked(
        read.email,
        load_default="",
        metadata=told(
            "The partner's own loan officer.", "maya@example.com", usual="who had the partner's last borrower"
        ),
    )


class OwnersSchema(Table):
    """[owners]"""

    fallback = Checked(
        read.email,
        metadata=told(
            "Who keeps an inquiry that no member may take until an owner is found: the login of a person or "
            "of a shared desk. It is told to find one, and to call nobody.",
            "desk@example.com",
            usual="such inquiries stay without an owner, and the desk is told",
        ),
    )
    route_in_hours_only = Checked(
        read.switch,
        load_default=False,
        metadata=told(
            "true passes over whoever is neither at work nor on duty when the inquiry arrives.", False
        ),
    )
    stand_in_after_hours = Checked(
        read.hours,
        load_default=24,
        metadata=told(
            "A task that would wait longer than so many hours because its owner is away is given to whoever "
            "the rules choose, for that task alone; a shorter absence moves it. First tasks never wait, nor "
            "do cadences with waits_for_owner = false.",
            24,
        ),
    )
    duty = fields.List(
        fields.Nested(ShiftSchema),
        load_default=list,
        metadata=told(
            "The duty roster, one table a shift: who takes what arrives then, by turns.",
            usual="nobody is on duty",
            one="duty shift",
        ),
    )
    reassign = fields.Nested(
        ReassignSchema,
        metadata=told(
            "What happens when nobody got in touch in time: the next one gets the inquiry, and is told.",
            usual="whoever has an inquiry keeps it",
        ),
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
            "Only from these sources: the vendor of the way in, or the utm_source of the visit.",
            ["zillow"],
            usual="every source",
        ),
    )
    campaign = fields.List(
        Checked(read.text),
        metadata=told(
            "Only from these campaigns, as the sender or utm_campaign names them.",
            ["first-home-2026"],
            usual="every campaign",
        ),
    )
    partner = fields.List(
        Checked(read.text),
        metadata=told(
            'Only sent by these referral partners: a name of [[partners]], an address, "@" and a domain, or '
            '"any".',
            ["Harbour Realty"],
            usual="with or without a partner",
        ),
    )
    partner_kind = fields.List(
        Checked(read.word("kind of partner", PARTNER_KINDS)),
        metadata=told(
            "Only sent by partners of these kinds, of those in [[partners]].", ["realtor"], usual="every kind"
        ),
    )
    language = fields.List(
        Checked(read.inquiry_language),
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
