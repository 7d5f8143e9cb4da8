"""Meta Lead Ads (Facebook, Instagram): the webhook names leads, the Graph API tells what was answered."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from connectors.intake.base import (
    Adapter,
    Document,
    FetchFailed,
    JsonValue,
    NotTrusted,
    Options,
    RawRequest,
    Reply,
    Unreadable,
)
from connectors.intake.envelope import aware_time
from connectors.intake.json_shape import JsonObject, answer, object_in, objects_in, text_in
from connectors.intake.proof import hex_hmac, is_one_of, require_signature, secrets_in
from connectors.intake.vendor_api import get_json
from mapping.answers import UNMAPPED, Answer, Answers, Fetch, Origin, Part
from mapping.labels.slugs import question_of_slug, words_of_slug

GRAPH = "https://graph.facebook.com/v23.0"
FIELDS = (
    "created_time,ad_id,ad_name,adset_name,campaign_id,campaign_name,form_id,field_data,"
    "custom_disclaimer_responses,is_organic,platform"
)

_ID = re.compile(r"[0-9]{5,25}", re.ASCII)
_CHALLENGE = re.compile(r"[\w.-]{1,200}", re.ASCII)
_TEST = re.compile(r"<test lead: dummy data", re.IGNORECASE)

# Meta's own questions have these names in every language; everything else is the slug of a question.
_OWN_QUESTIONS = {
    "full_name": "full_name",
    "first_name": "first_name",
    "last_name": "last_name",
    "email": "email",
    "work_email": "email",
    "phone_number": "phone",
    "phone": "phone",
    "work_phone_number": "phone",
    "street_address": "street",
    "city": "city",
    "state": "state",
    "province": "state",
    "zip_code": "postal_code",
    "post_code": "postal_code",
    "zip": "postal_code",
    "country": "country",
    "company_name": "company",
    "date_of_birth": "date_of_birth",
}
_TOLD = (
    ("campaign_name", "campaign"),
    ("adset_name", UNMAPPED),
    ("ad_name", UNMAPPED),
    ("platform", UNMAPPED),
)


class MetaLeadAds(Adapter):
    """Several leads per call, in any order, some of them again and again."""

    vendor = "meta-lead-ads"
    takes = frozenset({"json"})
    signs = True

    def verify(self, request: RawRequest, secret: str) -> None:
        """X-Hub-Signature-256 is "sha256=" and the HMAC-SHA256 of the raw body in hex."""
        require_signature(
            request.headers.get("x-hub-signature-256", ""),
            secret,
            lambda one: "sha256=" + hex_hmac(one, request.body),
            header="X-Hub-Signature-256",
            where="Meta (the app secret)",
        )

    def handshake(self, request: RawRequest, secret: str) -> Reply | None:
        """Meta's GET when the webhook is set up: the challenge comes back if the verify token is right.

        The verify token is the last part of this path's address, or one of its secrets.
        """
        query = dict(request.query)
        if request.method != "GET" or "hub.challenge" not in query:
            return None
        key = request.url.partition("?")[0].rpartition("/")[2]
        good = [*secrets_in(secret), *([key] if key else [])]
        if not is_one_of(query.get("hub.verify_token", ""), good):
            raise NotTrusted("bad_verify_token", "The verify token is not this path's.", status=403)
        challenge = query["hub.challenge"]
        if query.get("hub.mode") != "subscribe" or not _CHALLENGE.fullmatch(challenge):
            raise NotTrusted("bad_handshake", "This is not how Meta asks.", status=400)
        return Reply(challenge.encode())

    def read(self, document: Document, request: RawRequest, options: Options) -> Sequence[Part]:
        """One pointer for each lead; what else Meta tells of a page is ignored.

        Raises Unreadable: wrong_shape, unusable_id (a lead's id that is no number).
        """
        entries = objects_in(object_in(document.json).get("entry"))
        changes = [(entry, change) for entry in entries for change in objects_in(entry.get("changes"))]
        if not changes:
            raise Unreadable("wrong_shape", "This is not a Meta webhook: it has no changes.", keep=True)
        parts = {part.key or str(number): part for number, part in enumerate(self._parts(changes, options))}
        return list(parts.values()) or [
            self._nothing("This Meta event is not about a lead.", "not_an_inquiry")
        ]

    def fetch(self, order: Fetch, token: str, options: Options) -> Document:
        """GET /{leadgen_id}."""
        if not _ID.fullmatch(order.id):
            raise FetchFailed("The lead's id is not a number.", again=False)
        url = f"{options.api_url or GRAPH}/{order.id}"
        return Document("json", json=get_json("Meta", url, token, params={"fields": FIELDS}))

    def fetched(self, order: Fetch, document: Document, options: Options) -> Sequence[Part]:
        """The lead's answers. Raises Unreadable: wrong_shape."""
        lead = object_in(document.json)
        if not isinstance(lead.get("field_data"), list):
            raise Unreadable("wrong_shape", "Meta's answer holds no field_data.", keep=True)
        items = tuple(_items(lead))
        if any(_TEST.search(value) for item in items for value in item.values):
            return [self._nothing("A test lead of Meta's own tool.", "test_lead")]
        made = aware_time(text_in(lead, "created_time"))
        notice = order.notice
        return [
            Answers(
                self.vendor,
                (*items, *notice.items),
                external_id=notice.external_id,
                submitted_at=made or notice.submitted_at,
                origin=Origin(form_id=text_in(lead, "form_id") or notice.origin.form_id),
            )
        ]

    def _parts(self, changes: list[tuple[JsonObject, JsonObject]], options: Options) -> Iterator[Part]:
        for entry, change in changes:
            if change.get("field") != "leadgen":
                continue
            value = object_in(change.get("value"))
            page = text_in(value, "page_id") or text_in(entry, "id")
            if options.account and page != options.account:
                yield self._nothing("A lead of another page than this path's.", "not_an_inquiry")
                continue
            yield self._pointer(value)

    def _pointer(self, value: JsonObject) -> Fetch:
        id_ = text_in(value, "leadgen_id")
        if not _ID.fullmatch(id_):
            raise Unreadable("unusable_id", "A lead's id in this Meta webhook is not a number.", keep=True)
        notice = Answers(
            self.vendor,
            (),
            external_id=id_,
            submitted_at=_epoch(value.get("created_time")),
            origin=Origin(form_id=text_in(value, "form_id")),
        )
        return Fetch("lead", id_, notice)

    def _nothing(self, why: str, code: str) -> Answers:
        return Answers(self.vendor, (), ignored=why, ignored_code=code)


def _items(lead: JsonObject) -> Iterator[Answer]:
    for each in objects_in(lead.get("field_data")):
        name = text_in(each, "name")
        field = _OWN_QUESTIONS.get(name.lower(), "")
        values = each.get("values")
        texts = [text_in(value) for value in values] if isinstance(values, list) else [text_in(values)]
        said: list[JsonValue] = [text if field else words_of_slug(text) for text in texts]
        yield from answer(name, said, field, "" if field else question_of_slug(name))
    for box in objects_in(lead.get("custom_disclaimer_responses")):
        ticked = text_in(box, "is_checked").lower() in ("yes", "1", "true")
        yield from answer(text_in(box, "checkbox_key"), "yes" if ticked else "no", "consent")
    for name, field in _TOLD:
        yield from answer(name, lead.get(name), field, question_of_slug(name))


def _epoch(value: JsonValue) -> datetime | None:
    text = text_in(value)
    return datetime.fromtimestamp(int(text), UTC) if re.fullmatch(r"[0-9]{9,10}", text) else aware_time(text)
