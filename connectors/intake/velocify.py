"""Velocify (Leads360) "Import.aspx" posts: any lead vendor that can post there can post here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from xml.sax.saxutils import quoteattr

from connectors.intake.base import Document, DocumentKind, Options, RawRequest, Reply
from connectors.intake.lead_dialects import VELOCIFY
from connectors.intake.lead_vendor import LeadVendor
from mapping.answers import Answers

# Part of the address there, so part of the query here. What else stands in it is the path's own.
_QUERY = ("provider", "client", "campaignid")


class Velocify(LeadVendor):
    """Form fields under whatever names the vendor was given; Provider and CampaignId stand in the query."""

    takes: frozenset[DocumentKind] = frozenset({"json", "form"})

    def __init__(self) -> None:
        super().__init__(VELOCIFY)

    def read(self, document: Document, request: RawRequest, options: Options) -> Sequence[Answers]:
        """One inquiry. Raises Unreadable: wrong_shape, too_many_fields."""
        lead = self.lead(document)
        asked = tuple(pair for pair in request.query if pair[0].lower() in _QUERY and pair[1].strip())
        if not asked or lead.ignored:
            return [lead]
        return [replace(lead, items=(*lead.items, *self.lead(Document("form", form=asked)).items))]

    def reply(self, request: RawRequest, submission_id: str) -> Reply | None:
        """With xmlresponse=true the small XML that senders of this format wait for."""
        wanted = any(
            name.lower() == "xmlresponse" and value.lower() == "true" for name, value in request.query
        )
        if not wanted:
            return None
        result = (
            '<?xml version="1.0" encoding="utf-8"?>\n<ImportResults><ImportResult refId="" '
            f'leadId={quoteattr(submission_id)} result="Success" message=""/></ImportResults>'
        )
        return Reply(result.encode(), "text/xml; charset=utf-8")
