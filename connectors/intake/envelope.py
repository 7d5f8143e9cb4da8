"""What a form says about a submission rather than in answer to a question: its id, its time, its page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from connectors.intake.base import RawRequest
from mapping.answers import Answer, Origin

_EXTERNAL_ID = (
    *("submission_id", "submissionid", "external_id", "externalid", "entry_id", "entryid"),
    *("lead_id", "leadid", "payload.id", "payload.submissionid", "__submission.id"),
)
_SUBMITTED_AT = ("submitted_at", "submittedat", "payload.submittedat", "submission_time", "submissiontime")
_CREATED_AT = ("created_at", "createdat", "timestamp")
_PAGE_URL = (
    *("page_url", "pageurl", "source_url"),
    *("meta.page_url", "context.pageuri", "__submission.source_url"),
)
_REFERRER = ("referrer", "referer", "http_referer")
_IP = ("ip", "ip_address", "remote_ip", "meta.remote_ip", "context.ipaddress", "__submission.ip")
_USER_AGENT = ("user_agent", "useragent", "meta.user_agent")
_FORM_ID = ("form_id", "formid", "form.id", "payload.formid", "__submission.form_id")
_FORM_TITLE = ("form_title", "formtitle", "form_name", "formname", "form.name", "payload.name")
_LANGUAGE = ("language", "lang", "locale")

_LANGUAGE_TAG = re.compile(r"[a-z]{2}([-_][A-Za-z]{2,4})?")
_MAX_ID = 200


@dataclass(frozen=True, slots=True)
class Envelope:
    """The parts of Answers that are no answers; items are the answers that remain."""

    items: tuple[Answer, ...]
    external_id: str
    submitted_at: datetime | None
    origin: Origin


def open_envelope(answers: Iterable[Answer], request: RawRequest, *, bare_id: bool) -> Envelope:
    """Part the envelope from the answers.

    bare_id says that a field called just "id" is the sender's id of the submission: so in JSON from an
    application; in an HTML form it may be the form's own, the same for every visitor.
    """
    fields = _Fields(answers)
    from_browser = request.headers.get("user-agent", "").startswith("Mozilla/")
    external_id = usable_id(fields.take(*_EXTERNAL_ID) or (fields.take("id") if bare_id else ""))
    return Envelope(
        external_id=external_id or usable_id(request.headers.get("idempotency-key", "")),
        submitted_at=fields.take_time(*_SUBMITTED_AT) or fields.take_time(*_CREATED_AT),
        origin=_origin(fields, request, from_browser=from_browser),
        items=tuple(fields.left),
    )


def aware_time(text: str) -> datetime | None:
    """An ISO 8601 time with its offset; None when it is no such time (without offset it says no instant)."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    return time if time.tzinfo is not None else None


def usable_id(text: str) -> str:
    """The id, or "" when it cannot tell submissions apart: over 200 characters, or redacted."""
    return "" if len(text) > _MAX_ID or text.startswith("[redacted") else text.strip()


class _Fields:
    """The answers by lower-cased key; what is taken is no answer any more."""

    def __init__(self, answers: Iterable[Answer]) -> None:
        self.left = list(answers)
        self._by_key = {answer.key.lower().replace("-", "_"): answer for answer in reversed(self.left)}

    def peek(self, *keys: str) -> str:
        for key in keys:
            if key in self._by_key:
                return self._by_key[key].text
        return ""

    def take(self, *keys: str) -> str:
        if self._by_key.keys().isdisjoint(keys):
            return ""
        value = self.peek(*keys)
        for key in keys:
            if key in self._by_key:
                self.left.remove(self._by_key.pop(key))
        return value

    def take_time(self, *keys: str) -> datetime | None:
        time = aware_time(self.peek(*keys))
        if time is not None:
            self.take(*keys)
        return time

    def take_language(self) -> str:
        # "Spanish" under the same name is the answer to a question.
        is_tag = _LANGUAGE_TAG.fullmatch(self.peek(*_LANGUAGE))
        return self.take(*_LANGUAGE).replace("_", "-") if is_tag else ""


def _origin(fields: _Fields, request: RawRequest, *, from_browser: bool) -> Origin:
    """A browser's own headers tell of the visitor; a plugin's or a server's would tell of the website."""
    headers = request.headers if from_browser else {}
    accepts = headers.get("accept-language", "").partition(",")[0].partition(";")[0].strip()
    return Origin(
        page_url=fields.take(*_PAGE_URL) or fields.peek("landing_page") or headers.get("referer", ""),
        referrer=fields.take(*_REFERRER),
        ip=fields.take(*_IP) or (request.remote_addr if from_browser else ""),
        user_agent=fields.take(*_USER_AGENT) or headers.get("user-agent", ""),
        form_id=fields.take(*_FORM_ID),
        form_title=fields.take(*_FORM_TITLE),
        language=fields.take_language() or (accepts if _LANGUAGE_TAG.fullmatch(accepts) else ""),
    )
