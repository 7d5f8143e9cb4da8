"""The tables of a playbook about what is written to a CRM: fields, stages, names, tags."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from mapping.crm.fields import TRANSFORMS
from mapping.facts import FIELD_TYPES, SOURCES, Source
from mapping.inquiry import Stage
from mapping.playbook import values as read
from mapping.playbook.faults import Checked, Fault, nearest
from mapping.playbook.model import CRM_KINDS
from mapping.playbook.table import Table, told

NEEDED_STAGES = (
    Stage.NEW,
    Stage.CONTACTED,
    Stage.COLLECTING_DOCUMENTS,
    Stage.LENDER_REVIEW,
    Stage.WAITING,
    Stage.FUNDED,
    Stage.LOST,
)


class FieldRuleSchema(Table):
    """[crm.<CRM>.contact] and [crm.<CRM>.deal], one property each"""

    source = Checked(
        read.word("canonical field", list(SOURCES)),
        required=True,
        metadata=told("What is written there.", "preferred_contact"),
    )
    label = Checked(
        read.text,
        metadata=told("The property's name for people, when it is created.", "Reach by", usual="the field's"),
    )
    type = Checked(
        read.word("field type", FIELD_TYPES),
        metadata=told("How the CRM keeps it.", "enumeration", usual="the field's"),
    )
    options = fields.List(
        Checked(read.text),
        metadata=told(
            "The options of an enumeration; a value that is none of them is not written.",
            ["Phone", "Text message", "Email", "Any"],
            usual="the field's",
        ),
    )
    values = fields.Dict(
        keys=Checked(read.text),
        values=Checked(read.text),
        metadata=told(
            "What is written instead of the field's own words.",
            {"phone": "Phone", "sms": "Text message", "email": "Email", "any": "Any"},
            usual="the field's own words",
            inline=True,
        ),
    )
    transform = Checked(
        read.word("transform", list(TRANSFORMS)),
        metadata=told("What is done to the value before it is written.", "humanised", usual="nothing"),
    )
    overwrite = Checked(
        read.switch,
        load_default=False,
        metadata=told("true lets a new answer replace what stands in the CRM; blanks never do.", True),
    )
    builtin = Checked(
        read.switch,
        load_default=False,
        metadata=told("true says that every account of this CRM has it: it is never created.", False),
    )
    description = Checked(
        read.text,
        load_default="",
        metadata=told("The help text of the property, when it is created.", "As the borrower said it"),
    )

    @validates_schema
    def fits_the_source(self, data: Mapping[str, Any], **_: Any) -> None:
        """Refuse a rule that could not be carried out. Raises ValidationError."""
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


def _properties(about: str, one: str, example: str) -> fields.Dict:
    return fields.Dict(
        keys=Checked(read.property_name),
        values=fields.Nested(FieldRuleSchema),
        metadata=told(about, usual="needed, unless taken from like", one=one, key=("property", example)),
    )


class CrmSchema(Table):
    """[crm.<CRM>]"""

    like = Checked(
        read.word("CRM", CRM_KINDS),
        metadata=told(
            "Takes what does not stand here from another CRM's table.",
            "salesforce",
            usual="nothing is taken",
            alone=True,
        ),
    )
    pipeline = Checked(
        read.text,
        metadata=told("The pipeline of the deals, by its label.", "Mortgage", usual="needed, unless like"),
    )
    deal_name = fields.List(
        Checked(read.word("canonical field", list(SOURCES))),
        metadata=told(
            "What a deal is called: these, as far as they are known.",
            ["full_name", "inquiry_type", "property_state"],
            usual="name, type and state",
        ),
    )
    tags = fields.List(
        Checked(read.text),
        metadata=told("Tags of every contact; the inquiry's type is added.", ["firstpath"], usual="none"),
    )
    stages = fields.Dict(
        keys=Checked(read.word("stage", list(Stage))),
        values=Checked(read.text),
        metadata=told(
            "Our stages, and the label that each has in the CRM; opted_out and spam are lost unless said.",
            {
                "new": "New inquiry",
                "contacted": "Contacted",
                "collecting_documents": "Collecting documents",
                "lender_review": "Lender review",
                "waiting": "Waiting",
                "funded": "Funded",
                "lost": "Lost",
            },
            usual="needed, unless like",
        ),
    )
    contact = _properties(
        "What is written to the person, by the property's name.", "contact property", "mortgage_reach_by"
    )
    deal = _properties(
        "What is written to the deal, by the property's name.", "deal property", "mortgage_reach_by"
    )

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def nothing_is_missing(self, _: Mapping[str, Any], original: Any, **__: Any) -> None:
        """Refuse a table that is neither complete nor like another one. Raises ValidationError."""
        if not isinstance(original, dict) or "like" in original:
            return
        absent = [name for name in ("pipeline", "stages", "contact", "deal") if name not in original]
        if absent:
            remedy = 'Add it, or take it from another CRM\'s table with like = "...".'
            raise ValidationError({name: [Fault("this key is missing", remedy)] for name in absent})

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def stages_are_complete(self, _: Mapping[str, Any], original: Any, **__: Any) -> None:
        """Refuse stages without a label, but for misspelled ones: they are told. Raises ValidationError."""
        stages = original.get("stages") if isinstance(original, dict) else None
        if not isinstance(stages, dict):
            return
        misspelled = [key for key in stages if key not in set(Stage)]
        meant = {one for key in misspelled for one in get_close_matches(key, NEEDED_STAGES, n=1)}
        absent = [stage for stage in NEEDED_STAGES if stage not in stages and stage not in meant]
        if absent:
            remedy = f'Add {absent[0]} = "..." with the label of the stage in the CRM.'
            raise ValidationError({"stages": [Fault(f"no label for the stage {', '.join(absent)}", remedy)]})
