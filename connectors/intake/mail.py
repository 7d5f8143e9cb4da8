"""Mail as a way in: what a mail server or an inbox hands over, read as inquiries."""

from __future__ import annotations

from collections.abc import Sequence

from connectors.intake.base import Adapter, Document, DocumentKind, JsonValue, Options, RawRequest
from connectors.intake.mail_attached import data_in
from connectors.intake.mail_body import MAX_MAIL
from mapping.answers import Part
from mapping.mail.letter import letter_of
from mapping.mail.reading import Reading, Surroundings


class Mail(Adapter):
    """A mail as it came (message/rfc822): from an inbox, or handed over by a program."""

    vendor = "email"
    takes: frozenset[DocumentKind] = frozenset({"mail"})
    max_body = MAX_MAIL

    def read(self, document: Document, request: RawRequest, options: Options) -> Sequence[Part]:
        """The inquiries in it; one that is ignored when nobody asks for anything."""
        return parts_of(document.json, options)


def parts_of(mail: JsonValue, options: Options) -> Sequence[Part]:
    """The inquiries in a mail's JSON."""
    letter = letter_of(mail)
    reading = Reading(letter, Surroundings(options.country, options.own_domains, options.authserv_id))
    ignored = reading.ignored
    if ignored is not None:
        return [ignored]
    return data_in(letter, reading) or reading.parts()
