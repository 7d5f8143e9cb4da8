"""[brokerage] and [templates.<name>]: who writes, and the texts that tasks carry ready to send."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import fields

from mapping.inquiry import InquiryType
from mapping.playbook import values as read
from mapping.playbook.faults import Checked
from mapping.playbook.table import Table, inquiry_types, told
from mapping.playbook.templates import SPOKEN_OR_WRITTEN, Brokerage, MessageTemplate, wording

LANGUAGES = ("es", "fr")  # besides the English that stands in the template itself


class BrokerageSchema(Table):
    """[brokerage]"""

    name = Checked(read.text, metadata=told("The brokerage, as it signs.", "Example Home Loans"))
    licence = Checked(
        read.text,
        metadata=told("Its licence, as messages must show it: NMLS, FSRA ...", "NMLS 1234567"),
    )
    address = Checked(
        read.text,
        metadata=told("Its postal address, which emails must show.", "1 Main Street, New York, NY 10001"),
    )
    phone = Checked(read.text, metadata=told("The number to call back.", "(212) 555-0100"))
    apply_link = Checked(
        read.https_link, metadata=told("Where borrowers apply.", "https://example.com/apply")
    )
    documents_link = Checked(
        read.https_link, metadata=told("Where borrowers send documents.", "https://example.com/docs")
    )
    booking_link = Checked(
        read.https_link, metadata=told("Where borrowers book a call.", "https://example.com/call")
    )


class WordingSchema(Table):
    """[templates.<name>.es]"""

    subject = Checked(
        read.text, metadata=told("The subject of an email.", "Su solicitud de {{ need }}", alone=True)
    )
    text = Checked(
        read.text,
        required=True,
        metadata=told(
            "What is sent or said in that language.",
            "{{ greeting }}, soy {{ owner.first_name }} de {{ brokerage.name }}. {{ opt_out }}",
        ),
    )


class TemplateSchema(Table):
    """[templates.<name>]"""

    channel = Checked(
        read.word("channel", SPOKEN_OR_WRITTEN),
        required=True,
        metadata=told("How it is sent; call is what to say on the telephone.", "text"),
    )
    purpose = fields.List(
        Checked(read.text),
        metadata=told(
            "Tasks for these purposes by this channel take it, when they name no template.",
            ["first_touch"],
            usual="only tasks that name it",
        ),
    )
    type = inquiry_types("Only for these inquiry types.", ["purchase", "pre_approval"])
    opens = Checked(
        read.switch,
        load_default=False,
        metadata=told(
            "true: it may be the first text that a borrower gets, so it must say how to end them.", True
        ),
    )
    subject = Checked(
        read.text, metadata=told("The subject of an email.", "Your {{ need }}", alone=True, usual="none")
    )
    text = Checked(
        read.text,
        required=True,
        metadata=told(
            "What is sent or said, with merge fields. A text must fit into one message: 160 characters.",
            "{{ greeting }}, {{ owner.first_name }} of {{ brokerage.name }} here. {{ opt_out }}",
        ),
    )
    es = fields.Nested(WordingSchema, metadata=told("The same in Spanish.", usual="the English text"))
    fr = fields.Nested(WordingSchema, metadata=told("The same in French.", usual="the English text"))


def build_brokerage(row: Mapping[str, Any]) -> Brokerage:
    """Who writes."""
    return Brokerage(**row)


def build_templates(rows: Mapping[str, Mapping[str, Any]]) -> dict[str, MessageTemplate]:
    """The templates by name, in the playbook's order, compiled."""
    return {name: _template(name, row) for name, row in rows.items()}


def _template(name: str, row: Mapping[str, Any]) -> MessageTemplate:
    written = {"en": row, **{language: row[language] for language in LANGUAGES if language in row}}
    return MessageTemplate(
        name=name,
        channel=row["channel"],
        wordings={
            language: wording(one["text"], one.get("subject", "")) for language, one in written.items()
        },
        purposes=frozenset(row.get("purpose", ())),
        types=frozenset(map(InquiryType, row.get("type", ()))),
    )
