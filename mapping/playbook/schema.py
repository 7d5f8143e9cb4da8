"""The shape of a playbook: which keys there are and what each may hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validates_schema

from mapping.facts import FIELD_TYPES, SOURCES, Source
from mapping.fields import TRANSFORMS
from mapping.inquiry import Contact, InquiryType, Stage
from mapping.playbook import values as read
from mapping.playbook.model import AS_PREFERRED, CHANNELS, CRM_KINDS, PRIORITIES
from mapping.playbook.values import Checked, Fault, nearest

NEEDED_STAGES = (
    Stage.NEW,
    Stage.CONTACTED,
    Stage.COLLECTING_DOCUMENTS,
    Stage.LENDER_REVIEW,
    Stage.WAITING,
    Stage.FUNDED,
    Stage.LOST,
)


class _Table(Schema):
    """A table that takes no other keys than its own."""

    class Meta:
        unknown = EXCLUDE  # refused by only_known, which can name the nearest key

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def only_known(self, _: Mapping[str, Any], original: Any, **__: Any) -> None:
        if not isinstance(original, dict):
            return
        unknown = {
            key: [Fault("this key does not exist here", nearest(key, list(self.fields)))]
            for key in original
            if key not in self.fields
        }
        if unknown:
            raise ValidationError(unknown)


def _inquiry_types() -> fields.List[str]:
    return fields.List(Checked(read.word("inquiry type", list(InquiryType))))


class HoursSchema(_Table):
    mon = Checked(read.open_ranges, load_default=())
    tue = Checked(read.open_ranges, load_default=())
    wed = Checked(read.open_ranges, load_default=())
    thu = Checked(read.open_ranges, load_default=())
    fri = Checked(read.open_ranges, load_default=())
    sat = Checked(read.open_ranges, load_default=())
    sun = Checked(read.open_ranges, load_default=())


class LicenceSchema(_Table):
    number = Checked(read.text, required=True)
    expires = Checked(read.day, required=True)


class AbsenceSchema(_Table):
    first = Checked(read.day, required=True)
    last = Checked(read.day, required=True)

    @validates_schema
    def in_order(self, data: Mapping[str, Any], **_: Any) -> None:
        if data["last"] < data["first"]:
            raise ValidationError(
                {"last": [Fault("the absence ends before it begins", "Swap the two dates.")]}
            )


class MemberSchema(_Table):
    name = Checked(read.text, required=True)
    email = Checked(read.email, required=True)
    licences = fields.Dict(keys=Checked(read.place), values=fields.Nested(LicenceSchema), load_default=dict)
    weight = Checked(read.weight, load_default=1.0)
    languages = fields.List(Checked(read.text), load_default=lambda: ["en"])
    timezone = Checked(read.zone)
    holidays = fields.List(Checked(read.holiday_calendar))
    hours = fields.Nested(HoursSchema)
    absences = fields.List(fields.Nested(AbsenceSchema), load_default=list)
    paused = Checked(read.switch, load_default=False)
    types = _inquiry_types()


class OwnersSchema(_Table):
    fallback = Checked(read.email)
    route_in_hours_only = Checked(read.switch, load_default=False)


class OwnerRuleSchema(_Table):
    name = Checked(read.text, required=True)
    assign = fields.List(Checked(read.email), required=True)
    type = _inquiry_types()
    state = fields.List(Checked(read.place))
    path = fields.List(Checked(read.text))
    source = fields.List(Checked(read.text))
    language = fields.List(Checked(read.text))
    amount_from = Checked(read.number)
    amount_to = Checked(read.number)

    @validates_schema
    def says_something(self, data: Mapping[str, Any], **_: Any) -> None:
        if not data["assign"]:
            raise ValidationError(
                {"assign": [Fault("the rule assigns to nobody", "Name at least one member.")]}
            )
        low, high = data.get("amount_from"), data.get("amount_to")
        if low is not None and high is not None and high < low:
            raise ValidationError(
                {"amount_to": [Fault("the range ends below its start", "Swap the two amounts.")]}
            )


class FirstTouchSchema(_Table):
    type = _inquiry_types()
    preferred = fields.List(Checked(read.word("preferred contact", list(Contact))))
    channel = Checked(read.word("channel", (AS_PREFERRED, *CHANNELS)), load_default=AS_PREFERRED)
    minutes = Checked(read.minutes)
    priority = Checked(read.word("priority", PRIORITIES))
    purpose = Checked(read.text, load_default="first_touch")


class FollowUpSchema(_Table):
    minutes = Checked(read.minutes, load_default=5)
    priority = Checked(read.word("priority", PRIORITIES), load_default="HIGH")
    first_touch = fields.List(fields.Nested(FirstTouchSchema), load_default=list)


class FieldRuleSchema(_Table):
    source = Checked(read.word("canonical field", list(SOURCES)), required=True)
    label = Checked(read.text)
    type = Checked(read.word("field type", FIELD_TYPES))
    options = fields.List(Checked(read.text))
    values = fields.Dict(keys=Checked(read.text), values=Checked(read.text))
    transform = Checked(read.word("transform", list(TRANSFORMS)))
    overwrite = Checked(read.switch, load_default=False)
    builtin = Checked(read.switch, load_default=False)
    description = Checked(read.text, load_default="")

    @validates_schema
    def fits_the_source(self, data: Mapping[str, Any], **_: Any) -> None:
        source = SOURCES[data["source"]]
        kind = data.get("type", source.type)
        faults = {
            "type": _type_fault(kind, source),
            "options": _options_fault(kind, data, source),
            "values": _values_fault(data, source),
        }
        found = {key: [one] for key, one in faults.items() if one is not None}
        if found:
            raise ValidationError(found)


def _type_fault(kind: str, source: Source) -> Fault | None:
    if kind in (source.type, "string") or (kind == "enumeration" and source.type == "string"):
        return None
    return Fault("the canonical field cannot be written as this type", f'Write "{source.type}" or "string".')


def _options_fault(kind: str, data: Mapping[str, Any], source: Source) -> Fault | None:
    options = data.get("options", ())
    if kind != "enumeration":
        return Fault("only an enumeration has options", 'Set type = "enumeration".') if options else None
    if len(set(options)) < len(options):
        return Fault("an option stands twice", "Remove one of the two.")
    if not options and not source.options:
        return Fault("an enumeration needs options", 'Add options = ["...", "..."].')
    values = data.get("values", {})
    uncovered = [one for one in source.options if options and values.get(one, one) not in options]
    if uncovered:
        return Fault(
            f"no option takes the value {', '.join(uncovered)}",
            "Add the option, or translate the value with values.",
        )
    return None


def _values_fault(data: Mapping[str, Any], source: Source) -> Fault | None:
    unknown = [value for value in data.get("values", {}) if source.options and value not in source.options]
    if unknown:
        return Fault("a translated value does not exist", nearest(unknown[0], source.options))
    return None


class CrmSchema(_Table):
    like = Checked(read.word("CRM", CRM_KINDS))
    pipeline = Checked(read.text)
    stages = fields.Dict(keys=Checked(read.word("stage", list(Stage))), values=Checked(read.text))
    deal_name = fields.List(Checked(read.word("canonical field", list(SOURCES))))
    tags = fields.List(Checked(read.text))
    contact = fields.Dict(keys=Checked(read.property_name), values=fields.Nested(FieldRuleSchema))
    deal = fields.Dict(keys=Checked(read.property_name), values=fields.Nested(FieldRuleSchema))

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def nothing_is_missing(self, _: Mapping[str, Any], original: Any, **__: Any) -> None:
        if not isinstance(original, dict) or "like" in original:
            return
        absent = [name for name in ("pipeline", "stages", "contact", "deal") if name not in original]
        if absent:
            remedy = 'Add it, or take it from another CRM\'s table with like = "...".'
            raise ValidationError({name: [Fault("this key is missing", remedy)] for name in absent})

    @validates_schema(skip_on_field_errors=False)
    def stages_are_complete(self, data: Mapping[str, Any], **_: Any) -> None:
        absent = [stage for stage in NEEDED_STAGES if stage not in data.get("stages", {})]
        if "stages" in data and absent:
            remedy = f'Add {absent[0]} = "..." with the label of the stage in the CRM.'
            raise ValidationError({"stages": [Fault(f"no label for the stage {', '.join(absent)}", remedy)]})


class PlaybookSchema(_Table):
    country = Checked(read.word("country", ("US", "CA")), required=True)
    timezone = Checked(read.zone, required=True)
    holidays = fields.List(Checked(read.holiday_calendar), load_default=list)
    hours = fields.Nested(HoursSchema, required=True)
    owners = fields.Nested(OwnersSchema, load_default=lambda: {"route_in_hours_only": False})
    team = fields.List(fields.Nested(MemberSchema), required=True)
    owner_rules = fields.List(fields.Nested(OwnerRuleSchema), load_default=list)
    follow_up = fields.Nested(
        FollowUpSchema, load_default=lambda: {"minutes": 5, "priority": "HIGH", "first_touch": []}
    )
    checklists = fields.Dict(
        keys=Checked(read.word("inquiry type", ["default", *InquiryType])),
        values=fields.List(Checked(read.word("canonical field", list(SOURCES)))),
        load_default=dict,
    )
    crm = fields.Dict(
        keys=Checked(read.word("CRM", CRM_KINDS)), values=fields.Nested(CrmSchema), required=True
    )
