"""Google Ads lead forms: the shared key stands in the body, the answers in columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from connectors.intake.base import (
    Adapter,
    Document,
    IntakeError,
    NotTrusted,
    Options,
    RawRequest,
    Unreadable,
)
from connectors.intake.document import read_document
from connectors.intake.envelope import aware_time, usable_id
from connectors.intake.json_shape import JsonObject, answer, object_in, objects_in, text_in
from connectors.intake.proof import is_one_of, secrets_in
from mapping.answers import UNMAPPED, Answer, Answers, Origin
from mapping.labels.slugs import question_of_slug

KEY = "google_key"

# https://developers.google.com/google-ads/webhook: ids of Google's own questions.
_COLUMNS = {
    "FULL_NAME": "full_name",
    "FIRST_NAME": "first_name",
    "LAST_NAME": "last_name",
    "EMAIL": "email",
    "WORK_EMAIL": "email",
    "PHONE_NUMBER": "phone",
    "WORK_PHONE": "phone",
    "STREET_ADDRESS": "street",
    "CITY": "city",
    "REGION": "state",
    "POSTAL_CODE": "postal_code",
    "COUNTRY": "country",
    "COMPANY_NAME": "company",
    "JOB_TITLE": UNMAPPED,
}
_CLICKS = (("gcl_id", "gclid"), ("gclid", "gclid"), ("gbraid", "gbraid"), ("wbraid", "wbraid"))
_TRUE = ("yes", "true", "1")


class GoogleAds(Adapter):
    """One lead per call; dedupe is by lead_id."""

    vendor = "google-ads"
    takes = frozenset({"json"})
    signs = True
    hides = frozenset({KEY})

    def verify(self, request: RawRequest, secret: str) -> None:
        """Raise NotTrusted unless google_key in the body is one of the secrets."""
        wanted = secrets_in(secret)
        if not wanted:
            return
        try:
            sent = read_document(request.content_type, request.body, takes=self.takes, max_body=self.max_body)
        except IntakeError as error:
            # Nobody showed the key: what came is refused, not kept.
            raise Unreadable(error.code, str(error), status=error.status) from None
        given = text_in(sent.json, KEY)
        if not is_one_of(given, wanted):
            raise NotTrusted(
                "bad_key",
                "The google_key is missing or is not this path's; enter the same key in Google Ads and here.",
                status=401,
            )

    def read(self, document: Document, request: RawRequest, options: Options) -> Sequence[Answers]:
        """The columns under Google's ids. Raises Unreadable: wrong_shape."""
        lead = object_in(document.json)
        if not isinstance(lead.get("user_column_data"), list):
            raise Unreadable("wrong_shape", "This is not a Google Ads lead: no user_column_data.", keep=True)
        if text_in(lead, "is_test").lower() in _TRUE:
            why = "A test lead of Google Ads."
            return [Answers(self.vendor, (), ignored=why, ignored_code="test_lead")]
        return [
            Answers(
                self.vendor,
                tuple(_items(lead)),
                external_id=usable_id(text_in(lead, "lead_id")),
                submitted_at=aware_time(text_in(lead, "lead_submit_time")),
                origin=Origin(form_id=text_in(lead, "form_id")),
            )
        ]


def _items(lead: JsonObject) -> Iterator[Answer]:
    for column in objects_in(lead.get("user_column_data")):
        id_, name = text_in(column, "column_id"), text_in(column, "column_name")
        field = _COLUMNS.get(id_.upper(), "")
        # The names of Google's own questions are the account's language, not the person's.
        label = "" if field else name or question_of_slug(id_.lower())
        yield from answer(id_ or name, column.get("string_value"), field, label)
    for key, field in _CLICKS:
        yield from answer(key, lead.get(key), field)
    yield from answer("campaign_id", lead.get("campaign_id"), "campaign")
