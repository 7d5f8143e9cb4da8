"""The shape of a playbook: which tables there are. What docs/playbook.md says stands here too (told)."""

from __future__ import annotations

from datetime import date

from marshmallow import fields

from mapping.facts import SOURCES
from mapping.inquiry import InquiryType
from mapping.playbook import values as read
from mapping.playbook.cadence_schema import CadenceSchema, DocumentSchema
from mapping.playbook.calling_schema import CallingRuleSchema
from mapping.playbook.crm_schema import CrmSchema
from mapping.playbook.faults import Checked
from mapping.playbook.follow_up_schema import FollowUpSchema
from mapping.playbook.identity_schema import IdentitySchema
from mapping.playbook.model import CRM_KINDS
from mapping.playbook.owners_schema import OwnerRuleSchema, OwnersSchema, PartnerSchema
from mapping.playbook.priority_schema import PrioritySchema
from mapping.playbook.reading_schema import categories_field, paths_field
from mapping.playbook.review_schema import ReviewsSchema
from mapping.playbook.survivorship_schema import SurvivorshipSchema
from mapping.playbook.table import Table, told
from mapping.playbook.team_schema import HoursSchema, MemberSchema
from mapping.playbook.template_schema import BrokerageSchema, TemplateSchema


class PlaybookSchema(Table):
    """The whole document."""

    country = Checked(
        read.word("country", ("US", "CA")),
        required=True,
        metadata=told("Where the brokerage works: whose calling hours hold where nothing is known.", "US"),
    )
    timezone = Checked(read.zone, required=True, metadata=told("Where the office is.", "America/New_York"))
    holidays = fields.List(
        Checked(read.holiday_calendar),
        load_default=list,
        metadata=told("The calendars of the days on which nobody is expected to work.", ["US"]),
    )
    closed = fields.List(
        Checked(read.day),
        load_default=list,
        metadata=told(
            "Further days on which the office is shut; who is on duty works.",
            [date(2026, 12, 24), date(2026, 12, 31)],
        ),
    )
    hours = fields.Nested(
        HoursSchema,
        required=True,
        metadata=told("The office's hours; a member may have others."),
    )
    owners = fields.Nested(
        OwnersSchema,
        load_default=lambda: OwnersSchema().load({}),
        metadata=told("What holds for every inquiry that needs an owner."),
    )
    team = fields.List(
        fields.Nested(MemberSchema),
        required=True,
        metadata=told("The loan officers, one table each.", one="member"),
    )
    owner_rules = fields.List(
        fields.Nested(OwnerRuleSchema),
        load_default=list,
        metadata=told(
            "Who gets which inquiries, one table a rule. The first rule that matches decides; licences come "
            "first, and whom the borrower asks for or the borrower or partner works with already.",
            one="owner rule",
        ),
    )
    partners = fields.List(
        fields.Nested(PartnerSchema),
        load_default=list,
        metadata=told(
            "The referral partners that rules tell apart, one table each.", usual="none", one="partner"
        ),
    )
    categories = categories_field()
    paths = paths_field()
    follow_up = fields.Nested(
        FollowUpSchema,
        load_default=lambda: {"minutes": 5, "working_time": False, "priority": "HIGH", "first_touch": []},
        metadata=told("What happens first after an inquiry."),
    )
    calling_hours = fields.List(
        fields.Nested(CallingRuleSchema),
        load_default=list,
        metadata=told(
            "Hours of your own for calls and texts, one table a rule. They narrow the legal hours of the "
            "borrower's place, which Firstpath knows and always keeps; they never widen them.",
            usual="the legal hours alone",
            one="calling rule",
        ),
    )
    cadence = fields.List(
        fields.Nested(CadenceSchema),
        load_default=list,
        metadata=told(
            "What comes after the first touch, one table a cadence. At each moment the first cadence whose "
            "conditions are met decides, so that an inquiry is never in two at once.",
        ),
    )
    document = fields.List(
        fields.Nested(DocumentSchema),
        load_default=list,
        metadata=told(
            "The documents that are waited for once they are being collected; a file that came in is known "
            "by its name.",
        ),
    )
    brokerage = fields.Nested(
        BrokerageSchema,
        load_default=dict,
        metadata=told("Who writes: what messages say of the brokerage."),
    )
    templates = fields.Dict(
        keys=Checked(read.slug),
        values=fields.Nested(TemplateSchema),
        load_default=dict,
        metadata=told(
            "Messages that tasks carry ready to send. Merge fields stand in double braces; what is not known "
            "is written as harmless words, and of what a borrower typed only plain names are taken.",
            one="template",
            key=("name", "first_text"),
        ),
    )
    checklists = fields.Dict(
        keys=Checked(read.word("inquiry type", ["default", *InquiryType])),
        values=fields.List(Checked(read.word("canonical field", list(SOURCES)))),
        load_default=dict,
        metadata=told(
            "What is expected of an inquiry of each type; what was not said is listed as missing. default is "
            "for the types without a list of their own.",
            {
                "default": ["full_name", "phone", "email"],
                "purchase": ["full_name", "phone", "email", "property_value", "down_payment"],
            },
        ),
    )
    identity = fields.Nested(
        IdentitySchema,
        load_default=lambda: IdentitySchema().load({}),
        metadata=told(
            "When an inquiry is of a borrower we know, and when a person is asked. Bits are what agrees less "
            "what differs, as each decision lists it; docs/identity.md says what they count for, and when to "
            "change these."
        ),
    )
    reviews = fields.Nested(
        ReviewsSchema,
        load_default=lambda: {"close_after_days": 30},
        metadata=told("Questions to people whether two borrowers are one person."),
    )
    priority = fields.Nested(
        PrioritySchema,
        load_default=lambda: PrioritySchema().load({}),
        metadata=told(
            "Who is called first: how much each thing counts; the numbers need not add up to anything. "
            "Names, language, age, family and places never count, and there is no key for them.",
        ),
    )
    survivorship = fields.Nested(
        SurvivorshipSchema,
        load_default=dict,
        metadata=told(
            "Which value of a borrower is shown when different ones were said. The first rule of a list that "
            "tells two values apart decides; every value is kept, with who said it and when. Consent is not "
            "here: the most restrictive answer always wins.",
        ),
    )
    crm = fields.Dict(
        keys=Checked(read.word("CRM", CRM_KINDS)),
        values=fields.Nested(CrmSchema),
        required=True,
        metadata=told(
            "How an inquiry is written in one kind of CRM. For Salesforce with leads or person accounts the "
            "tables are salesforce_lead and salesforce_person_account.",
            one="CRM",
            key=("CRM", "hubspot"),
        ),
    )
