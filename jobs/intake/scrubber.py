"""What may be written down of a submission: everything but SSN, SIN, card numbers and birth dates."""

from __future__ import annotations

from connectors.intake.base import Document, RawRequest
from connectors.intake.document import write_document
from connectors.intake.proof import TOKEN_NAME
from jobs.ledger.submissions import RequestFacts
from jobs.services import Services
from mapping.scrubbing.scrub import scrub_json, scrub_pairs, scrub_text

#: Headers an adapter may need again when the submission is read; everything else is forgotten.
_KEPT_HEADERS = ("user-agent", "origin", "referer", "accept-language", "idempotency-key")


class Scrubber:
    """Takes out numbers that may not be written down; a birth date becomes its keyed hash."""

    def __init__(self, services: Services) -> None:
        self._sealer = services.sealer
        self._date_order = services.settings.brokerage.date_order

    def document(
        self, request: RawRequest, document: Document, hides: frozenset[str] = frozenset()
    ) -> tuple[str, bytes, int]:
        """Content type, bytes and redactions: the bytes as they came unless something had to go.

        hides are the names of fields that hold the sender's secret: they are left out.
        """
        shown = _without(document, hides)
        clean, redactions = self.clean(shown)
        changed = redactions or shown is not document or document.unpacked
        # The files of a multipart form or of a mail are never kept, so its bytes are not either.
        if changed or document.kind == "mail" or request.content_type.lower().startswith("multipart/"):
            return *write_document(clean), redactions
        return request.content_type[:255], request.body, 0

    def clean(self, document: Document) -> tuple[Document, int]:
        """The document without what may not be written down, and how many things went."""
        if document.kind == "form":
            pairs, redactions = scrub_pairs(document.form, self._hash, self._date_order)
            return Document("form", form=pairs), redactions
        value, redactions = scrub_json(document.json, self._hash, self._date_order)
        return Document(document.kind, json=value), redactions

    def facts(
        self, request: RawRequest, signals: tuple[str, ...] = (), keeps: frozenset[str] = frozenset()
    ) -> RequestFacts:
        """What of the request is kept, as clean as the body; keeps are headers the adapter reads."""
        # The path's secret in an address proves who sent it, once; it is nothing to keep.
        asked = [(name, value) for name, value in request.query if name.lower() != TOKEN_NAME]
        query, _ = scrub_pairs(asked, self._hash, self._date_order)
        headers = {
            name: self.text(request.headers[name])[0]
            for name in (*_KEPT_HEADERS, *sorted(keeps))
            if name in request.headers
        }
        return RequestFacts(headers, tuple(query), request.remote_addr, signals)

    def text(self, text: str) -> tuple[str, int]:
        """The text and how many numbers went."""
        return scrub_text(text, self._hash, self._date_order)

    def _hash(self, value: str) -> str:
        return self._sealer.lookup("birth_date", value)


def _without(document: Document, names: frozenset[str]) -> Document:
    if not names:
        return document
    if document.kind == "form":
        return Document("form", form=tuple(pair for pair in document.form if pair[0] not in names))
    if isinstance(document.json, dict):
        left = {name: value for name, value in document.json.items() if name not in names}
        return Document(document.kind, json=left)
    return document
