"""[[cadence]] and [[document]]: what comes after the first touch, and which papers are waited for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from mapping.inquiry import ApplicationStatus, CreditBand, Stage, Timeframe
from mapping.playbook import values as read
from mapping.playbook.cadences import ANCHORS, ENGAGEMENTS, REPEATS
from mapping.playbook.faults import Checked, Fault
from mapping.playbook.lines import Path
from mapping.playbook.table import Table, inquiry_types, told

_CHANNELS = ("preferred", "call", "text", "email", "document_request", "review")
_PRIORITIES = ("LOW", "MEDIUM", "HIGH")


class TouchSchema(Table):
    """[[cadence.touch]]"""

    name = Checked(
        read.slug, required=True, metadata=told("Names the touch inside its cadence; keep it.", "check_in")
    )
    day = Checked(
        read.days,
        load_default=0,
        metadata=told("Days after the anchor; before it when negative. The time of day stays.", 10),
    )
    minutes = Checked(read.minutes, load_default=0, metadata=told("Minutes after that.", 90))
    channel = Checked(
        read.word("channel", _CHANNELS),
        load_default="preferred",
        metadata=told(
            "How the borrower is reached. One that is closed gives way to the nearest that is open.", "email"
        ),
    )
    purpose = Checked(
        read.text, required=True, metadata=told("What the task is for, as words of yours.", "check_in")
    )
    template = Checked(
        read.text,
        load_default="",
        metadata=told("The ready text that goes with the task, by its name.", "check_in", alone=True),
    )
    priority = Checked(
        read.word("priority", _PRIORITIES),
        load_default="MEDIUM",
        metadata=told("The priority of the task in the CRM.", "LOW"),
    )
    repeat = Checked(
        read.word("repeat", REPEATS),
        load_default="",
        metadata=told("How often it comes again, until its cadence ends.", "monthly", usual="once"),
    )


class HighLevelSchema(Table):
    """[cadence.highlevel]"""

    workflow = Checked(
        read.text,
        load_default="",
        metadata=told("The workflow, by id or name, in which the borrower is enrolled.", "Warm nurture"),
    )
    tag = Checked(
        read.text,
        load_default="",
        metadata=told("The tag that a workflow there listens to.", "fp-phase-warm"),
    )


class CadenceSchema(Table):
    """[[cadence]]"""

    name = Checked(
        read.slug, required=True, metadata=told("Names the cadence; keep it once it runs.", "warm_nurture")
    )
    phase = Checked(
        read.text, load_default="", metadata=told("What you call this part of the way.", "warm nurture")
    )
    anchor = Checked(
        read.word("anchor", ANCHORS),
        load_default="received",
        metadata=told(
            "The moment that days are counted from: the inquiry arrived, the borrower was last heard of, the "
            "stage was reached, the application was begun, the term ends (a renewal's date), it was funded, "
            "rates fell (firstpath rates-fell).",
            "received",
        ),
    )
    from_day = Checked(
        read.days, metadata=told("The first day on which it decides.", 8, usual="from ever on")
    )
    until_day = Checked(
        read.days, metadata=told("The day on which it no longer decides.", 91, usual="for good")
    )
    type = inquiry_types("Only these inquiry types.", ["purchase", "pre_approval"])
    timeframe = fields.List(
        Checked(read.word("timeframe", list(Timeframe))),
        metadata=told("Only borrowers who want to act then.", ["3_6_months", "6_12_months"], usual="any"),
    )
    credit = fields.List(
        Checked(read.word("credit band", list(CreditBand))),
        metadata=told("Only these credit bands.", ["good", "excellent"], usual="any"),
    )
    source = fields.List(
        Checked(read.text), metadata=told("Only what came through these.", ["typeform"], usual="any")
    )
    path = fields.List(
        Checked(read.text), metadata=told("Only what came on these intake paths.", ["website"], usual="any")
    )
    engagement = fields.List(
        Checked(read.word("engagement", ENGAGEMENTS)),
        metadata=told("Whether the borrower was heard of since.", ["none"], usual="either"),
    )
    stage = fields.List(
        Checked(read.word("stage", list(Stage))),
        metadata=told(
            "Only while it stands in these stages.", ["new", "contacted"], usual="every open stage"
        ),
    )
    application = fields.List(
        Checked(read.word("application status", list(ApplicationStatus))),
        metadata=told("Only while the application is there.", ["started"], usual="any, or none"),
    )
    missing = Checked(
        read.switch,
        metadata=told("true: only while its checklist has gaps; false: only without.", True, usual="either"),
    )
    pursuit = Checked(
        read.switch,
        load_default=True,
        metadata=told(
            "true: it pursues the borrower, and only the newest of somebody's inquiries has it; false: it is "
            "about this one loan.",
            True,
        ),
    )
    waits_for_owner = Checked(
        read.switch,
        load_default=True,
        metadata=told(
            "false: when the owner is away, however shortly, somebody else does the touch; true: only when "
            "the absence is longer than stand_in_after_hours of [owners].",
            True,
        ),
    )
    highlevel = fields.Nested(
        HighLevelSchema,
        load_default=dict,
        metadata=told(
            "In HighLevel this is started when the cadence begins, and its touches make no tasks there.",
            usual="HighLevel gets the tasks like every CRM",
        ),
    )
    touch = fields.List(
        fields.Nested(TouchSchema), required=True, metadata=told("The touches of the cadence.")
    )

    @validates_schema
    def touches_are_inside(self, data: Mapping[str, Any], **_: Any) -> None:
        """Its days are in order and no touch lies outside. Raises ValidationError."""
        first, last = data.get("from_day"), data.get("until_day")
        if first is not None and last is not None and last <= first:
            raise ValidationError(
                {"until_day": [Fault("the cadence ends before it begins", "Swap the two days.")]}
            )
        outside = {
            index: {"day": [Fault("this touch is outside the days of its cadence", "Move it inside them.")]}
            for index, touch in enumerate(data["touch"])
            if (last is not None and touch["day"] >= last)
            or (first is not None and touch["day"] < first and not touch["repeat"])
        }
        if outside:
            raise ValidationError({"touch": outside})


class DocumentSchema(Table):
    """[[document]]"""

    name = Checked(
        read.text, required=True, metadata=told("The document, as you ask for it.", "Last two pay stubs")
    )
    words = fields.List(
        Checked(read.text),
        required=True,
        metadata=told("Words in a file's name that tell it.", ["pay stub", "paystub"]),
    )
    es = Checked(
        read.text, metadata=told("Its name in Spanish, for messages.", "Talones de pago", usual="the name")
    )
    fr = Checked(
        read.text, metadata=told("Its name in French, for messages.", "Talons de paie", usual="the name")
    )
    type = inquiry_types("Only these inquiry types need it.", ["purchase"], usual="every loan")
    employment = fields.List(
        Checked(read.text),
        metadata=told("Only of borrowers who said that they are this.", ["self_employed"], usual="of all"),
    )


def cadence_check(data: Mapping[str, Any]) -> Iterator[tuple[Path, Fault]]:
    """Names that stand twice: what was planned is known by them."""
    cadences = data.get("cadence")
    for path, rows in (
        (("cadence",), cadences),
        *((("cadence", index, "touch"), row.get("touch")) for index, row in enumerate(_rows(cadences))),
    ):
        seen: set[Any] = set()
        for index, row in enumerate(_rows(rows)):
            name = row.get("name")
            if isinstance(name, str) and name in seen:
                yield (*path, index, "name"), Fault("this name stands twice", "Choose another name.")
            seen.add(name if isinstance(name, str) else None)


def _rows(value: Any) -> list[dict[str, Any]]:
    rows = value if isinstance(value, list) else []
    return [row if isinstance(row, dict) else {} for row in rows]
