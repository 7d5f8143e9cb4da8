"""What somebody said on the page of an application link before being led to the portal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from connectors.intake.base import Document, Options, RawRequest
from connectors.intake.hosted import HostedForm
from connectors.intake.link_id import link_in, link_refs
from mapping.answers import Answers

#: The id of the opening that led to the page: set by the web side, never taken from the visitor.
OPENING = "_opening"


class ApplicationLink(HostedForm):
    """Our own page; the answers carry what the link stands for: owner, partner, campaign, code."""

    vendor = "application-link"

    def read(self, document: Document, request: RawRequest, options: Options) -> Sequence[Answers]:
        """One inquiry, known from then on by its opening. Raises Unreadable: wrong_shape, too_many_fields."""
        (answers,) = super().read(document, request, options)
        opening = next((value for name, value in document.form if name == OPENING), "")
        return [replace(answers, refs=link_refs(link_in(opening)))]
