"""LinkedIn Lead Sync: the webhook names a form response, the API tells answers and questions by id."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime

from connectors.intake.base import (
    Adapter,
    Document,
    FetchFailed,
    NotTrusted,
    Options,
    RawRequest,
    Reply,
    Unreadable,
)
from connectors.intake.json_shape import JsonObject, object_in, text_in
from connectors.intake.linkedin_form import answers_of
from connectors.intake.proof import hex_hmac, require_signature, secrets_in
from connectors.intake.vendor_api import get_json
from mapping.answers import Answers, Fetch, Origin, Part

API = "https://api.linkedin.com/rest"
_HEADERS = {"LinkedIn-Version": "202605", "X-Restli-Protocol-Version": "2.0.0"}
_FIELDS = (
    "id,leadType,owner,submittedAt,testLead,formResponse,versionedLeadGenFormUrn,associatedEntity,"
    "leadMetadata,form:(hiddenFields,creationLocale,name,id,content)"
)

_RESPONSE = re.compile(r"urn:li:leadGenFormResponse:([A-Za-z0-9_-]{1,120})", re.ASCII)
_FORM = re.compile(r"urn:li:leadGenForm:([0-9]{1,20})", re.ASCII)
_CHALLENGE = re.compile(r"[\w.-]{1,200}", re.ASCII)


class LinkedIn(Adapter):
    """One notice per call; the same lead is told of more than once."""

    vendor = "linkedin"
    takes = frozenset({"json"})
    signs = True

    def verify(self, request: RawRequest, secret: str) -> None:
        """X-LI-Signature is the HMAC-SHA256 of "hmacsha256=" and the raw body, in hex."""
        require_signature(
            request.headers.get("x-li-signature", "").removeprefix("hmacsha256="),
            secret,
            lambda one: hex_hmac(one, b"hmacsha256=" + request.body),
            header="X-LI-Signature",
            where="LinkedIn (the client secret)",
        )

    def handshake(self, request: RawRequest, secret: str) -> Reply | None:
        """LinkedIn asks when the webhook is made and every two hours after: GET ?challengeCode=."""
        code = dict(request.query).get("challengeCode", "")
        if request.method != "GET" or not code:
            return None
        secrets = secrets_in(secret)
        if not secrets or not _CHALLENGE.fullmatch(code):
            raise NotTrusted("bad_handshake", "This challenge cannot be answered.", status=403)
        said = {"challengeCode": code, "challengeResponse": hex_hmac(secrets[0], code.encode())}
        return Reply(json.dumps(said).encode(), "application/json")

    def read(self, document: Document, request: RawRequest, options: Options) -> Sequence[Part]:
        """A pointer for a new lead; a deleted one is left to a person.

        Raises Unreadable: wrong_shape, unusable_id.
        """
        event = object_in(document.json)
        if event.get("type") != "LEAD_ACTION":
            raise Unreadable("wrong_shape", "This is not a LinkedIn LEAD_ACTION.", keep=True)
        urn, action = text_in(event, "leadGenFormResponse"), text_in(event, "leadAction")
        response = _RESPONSE.fullmatch(urn)
        if not response:
            raise Unreadable("unusable_id", "The lead's name in this notice is not LinkedIn's.", keep=True)
        if options.account and options.account not in _owners(event):
            return [self._nothing("A lead of another account than this path's.", "not_an_inquiry")]
        if action == "DELETED":
            return [self._erasure(urn, event)]
        if action != "CREATED":
            return [self._nothing("This LinkedIn event is not a new lead.", "not_an_inquiry")]
        form = _FORM.search(text_in(event, "leadGenForm"))
        at = event.get("occurredAt")
        notice = Answers(
            self.vendor,
            (),
            external_id=urn,
            submitted_at=_moment(at),
            origin=Origin(form_id=form[1] if form else ""),
        )
        return [Fetch("lead", response[1], notice)]

    def fetch(self, order: Fetch, token: str, options: Options) -> Document:
        """The response with its form; the form by itself when the response came without."""
        if not _RESPONSE.fullmatch(f"urn:li:leadGenFormResponse:{order.id}"):
            raise FetchFailed("The lead's id is not one of LinkedIn's.", again=False)
        base, form_id = options.api_url or API, order.notice.origin.form_id
        lead = get_json(
            "LinkedIn",
            f"{base}/leadFormResponses/{order.id}",
            token,
            params={"fields": _FIELDS},
            headers=_HEADERS,
        )
        form = object_in(lead).get("form")
        if not object_in(form, "content") and form_id.isdecimal():
            form = get_json("LinkedIn", f"{base}/leadForms/{form_id}", token, params={}, headers=_HEADERS)
        return Document("json", json={"lead": lead, "form": form})

    def fetched(self, order: Fetch, document: Document, options: Options) -> Sequence[Part]:
        """The answers joined to their questions. Raises Unreadable: wrong_shape."""
        lead, form = object_in(document.json, "lead"), object_in(document.json, "form")
        if not object_in(lead, "formResponse"):
            raise Unreadable("wrong_shape", "LinkedIn's answer holds no formResponse.", keep=True)
        if lead.get("testLead") is True:
            return [self._nothing("A test lead of LinkedIn's own tool.", "test_lead")]
        notice = order.notice
        return [
            Answers(
                self.vendor,
                tuple(answers_of(lead, form)),
                external_id=notice.external_id,
                submitted_at=_moment(lead.get("submittedAt")) or notice.submitted_at,
                origin=Origin(form_id=notice.origin.form_id, form_title=text_in(form, "name")),
            )
        ]

    def _nothing(self, why: str, code: str) -> Answers:
        return Answers(self.vendor, (), ignored=why, ignored_code=code)

    def _erasure(self, urn: str, event: JsonObject) -> Answers:
        return Answers(
            self.vendor,
            (),
            event_id=f"{urn}:DELETED:{text_in(event, 'occurredAt')}",
            kind="update",
            distrust="A LinkedIn member had a lead deleted: erase what was stored of it here and in the CRM.",
            distrust_code="erase_request",
        )


def _owners(event: JsonObject) -> str:
    """The URNs of whose lead it is, as one text."""
    return json.dumps([event.get("owner"), event.get("associatedEntity")])


def _moment(value: object) -> datetime | None:
    """Epoch milliseconds as an instant."""
    if isinstance(value, bool) or not isinstance(value, int) or not 10**11 < value < 10**14:
        return None
    return datetime.fromtimestamp(value / 1000, UTC)
