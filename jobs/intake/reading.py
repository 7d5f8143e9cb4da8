"""What is in a stored submission: the parts that its adapter finds, or the one part that it already is."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from connectors.intake.base import Document, DocumentKind, Fetching, JsonValue, RawRequest, Unreadable
from connectors.intake.document import read_document
from connectors.intake.registry import ADAPTERS
from jobs.ledger.codec import from_json, to_json
from jobs.ledger.submissions import Submission
from jobs.paths.current import options, paths
from jobs.services import Services
from jobs.settings.model import PathSettings
from mapping.answers import Answers, Fetch, Part

#: The content type of a submission that is a part of another one, or a row of a table.
PART = "application/vnd.firstpath.part+json"


@dataclass(frozen=True, slots=True)
class _StoredPart:
    """Exactly one of answers and fetch; fetched is what the vendor's API said to fetch."""

    answers: Answers | None = None
    fetch: Fetch | None = None
    fetched: dict[str, Any] | None = None


def read_parts(services: Services, submission: Submission) -> Sequence[Part]:
    """The parts in it, as the path's settings read them now. Raises IntakeError, KeyError for a lost path."""
    path = paths(services)[submission.path]
    if submission.content_type == PART:
        return _of_part(services, path, from_json(json.loads(submission.body), _StoredPart))
    adapter, request = ADAPTERS[path.kind], as_request(submission)
    document = read_document(
        request.content_type, request.body, takes=adapter.takes, max_body=adapter.max_body, stored=True
    )
    return adapter.read(document, request, options(services.settings, path))


def as_request(submission: Submission) -> RawRequest:
    """The request that a submission was, as far as it was kept."""
    return RawRequest(
        content_type=submission.content_type,
        headers=submission.request.headers,
        body=submission.body,
        query=submission.request.query,
        remote_addr=submission.request.remote_addr,
        received_at=submission.received_at,
    )


def write_part(part: Part, fetched: Document | None = None) -> bytes:
    """The body of a submission that is this part."""
    stored = _StoredPart(
        answers=part if isinstance(part, Answers) else None,
        fetch=part if isinstance(part, Fetch) else None,
        fetched={"kind": fetched.kind, "json": fetched.json} if fetched else None,
    )
    return json.dumps(to_json(stored), ensure_ascii=False, separators=(",", ":")).encode()


def _of_part(services: Services, path: PathSettings, stored: _StoredPart) -> Sequence[Part]:
    if stored.answers is not None:
        return [stored.answers]
    if stored.fetch is None:
        raise Unreadable("wrong_shape", "This part of a submission holds nothing.")
    adapter = ADAPTERS[path.kind]
    if stored.fetched is None or not isinstance(adapter, Fetching):
        return [stored.fetch]
    kind = cast(DocumentKind, stored.fetched["kind"])
    document = Document(kind, json=cast(JsonValue, stored.fetched["json"]))
    return adapter.fetched(stored.fetch, document, options(services.settings, path))
