"""What an adapter got out of a request is stored as data, without what may not be kept, and reads back."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime

from connectors.intake.base import RawRequest
from connectors.intake.document import read_document
from connectors.intake.registry import ADAPTERS
from jobs.intake.scrubber import Scrubber
from jobs.services import Services

NEVER_ISSUED = "-".join(("078", "05", "1120"))
AT = datetime(2025, 3, 4, 18, tzinfo=UTC)


def test_what_was_in_a_token_is_stored_scrubbed(services: Services) -> None:
    said = {"data": json.dumps({"note": f"my ssn is {NEVER_ISSUED}", "email": "ana@example.com"})}
    middle = base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")
    sent = RawRequest("text/plain", {}, f"eyJh.{middle}.sig".encode(), received_at=AT)
    document = ADAPTERS["wix"].unpack(sent)
    assert document is not None
    content_type, body, redactions = Scrubber(services).document(sent, document)
    assert (content_type, redactions) == ("application/json", 1)
    assert NEVER_ISSUED.encode() not in body
    again = read_document(content_type, body)
    assert again.json == {"data": {"note": "my ssn is [redacted ssn]", "email": "ana@example.com"}}


def test_what_a_file_held_is_not_stored(services: Services) -> None:
    body = b'{"your-name": "Ana", "cv": {"filename": "a.pdf", "content": "c2VjcmV0"}}'
    sent = RawRequest("application/json", {}, body, received_at=AT)
    document = ADAPTERS["contact_form_7"].unpack(sent)
    assert document is not None
    _, stored, _ = Scrubber(services).document(sent, document)
    assert b"c2VjcmV0" not in stored
    assert b"a.pdf" in stored


def test_the_token_in_an_address_is_not_kept(services: Services) -> None:
    sent = RawRequest("application/json", {}, b"{}", query=(("token", "t0p"), ("lo", "dana")), received_at=AT)
    assert Scrubber(services).facts(sent).query == (("lo", "dana"),)
