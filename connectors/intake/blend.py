"""Blend: notices about applications in its two versions, and the applications they point to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from connectors.intake.application_status import told_status
from connectors.intake.base import Adapter, Document, Options, RawRequest, Unreadable
from connectors.intake.envelope import aware_time, usable_id
from connectors.intake.json_shape import JsonObject, object_in, objects_in
from connectors.intake.json_values import at, known, money_at, text_at
from connectors.intake.link_id import link_in, link_refs
from connectors.intake.proof import require_token
from connectors.intake.vendor_api import get_json
from mapping.answers import Answer, Answers, Fetch

VENDOR = "blend"
_USUAL_API = "https://api.blendlabs.com"
_API_VERSION = "12.0.0"
_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{7,63}")
#: Both versions name the thing that something happened to; these are applications.
_APPLICATIONS = frozenset({"application", "loan", "home-lending", "homelending", "mortgage"})
_OFFICER = re.compile(r"loan ?officer|originator|^lo$", re.IGNORECASE)
_CO = re.compile(r"co[ _-]?(?:borrower|applicant)", re.IGNORECASE)


class Blend(Adapter):
    """Event subscriptions; the path's account is the tenant (blend-target-instance)."""

    vendor = VENDOR
    takes = frozenset({"json"})

    def verify(self, request: RawRequest, secret: str) -> None:
        """Raise NotTrusted unless the secret stands in the basic authentication, a header or ?token=."""
        require_token(request, secret)

    def read(self, document: Document, request: RawRequest, options: Options) -> Sequence[Answers | Fetch]:
        """The application that the notice points to. Raises Unreadable: wrong_shape, bad_id."""
        event = object_in(document.json)
        event_id = usable_id(text_at(event, "eventId", "id"))
        if "healthcheck" in _kind_of(event).replace("_", "").lower():
            why = "Blend asks whether the address answers."
            return [Answers(VENDOR, (), event_id=event_id, ignored=why, ignored_code="handshake")]
        about, id_ = _about(event)
        if not event or not (about or id_):
            raise Unreadable("wrong_shape", "This is not a Blend event.", keep=True)
        if about.lower() not in _APPLICATIONS:
            return [
                Answers(
                    VENDOR, (), event_id=event_id, ignored="This Blend event is not about an application."
                )
            ]
        if not _ID.fullmatch(id_):
            raise Unreadable("bad_id", "The event's application id is missing or malformed.", keep=True)
        return [Fetch("application", id_, _notice(event, id_, event_id))]

    def fetch(self, order: Fetch, token: str, options: Options) -> Document:
        """The application. Raises FetchFailed."""
        headers = {"blend-api-version": _API_VERSION}
        headers |= {"blend-target-instance": options.account} if options.account else {}
        base = options.api_url or _USUAL_API
        url = f"{base}/home-lending/applications/{order.id}"
        return Document("json", json=get_json("Blend", url, token, params={}, headers=headers))

    def fetched(self, order: Fetch, document: Document, options: Options) -> Sequence[Answers]:
        """Parties, loan and status. Raises Unreadable: wrong_shape."""
        application = object_in(document.json)
        if not application:
            raise Unreadable("wrong_shape", "Blend answered something that is no application.", keep=True)
        notice = order.notice
        link = text_at(application, "leadId", "trackingId", "trackingIds.0")
        return [
            Answers(
                VENDOR,
                (*_application(application, notice), *known("application_link", link_in(link) or link)),
                external_id=order.id,
                event_id=notice.event_id,
                submitted_at=notice.submitted_at,
                kind="update",
                refs=(*notice.refs, *link_refs(link_in(link))),
            )
        ]


def _kind_of(event: JsonObject) -> str:
    return text_at(event, "eventType", "data.type", "type")


def _about(event: JsonObject) -> tuple[str, str]:
    """What it is about and its id: v3 in data, v2 in message."""
    if isinstance(event.get("message"), dict):
        return text_at(event, "message.entityType"), text_at(event, "message.entityId")
    about = text_at(event, "data.type")
    return about, text_at(event, "data.id" if about == "application" else "data.applicationId", "data.id")


def _notice(event: JsonObject, id_: str, event_id: str) -> Answers:
    word = text_at(event, "data.trigger.type", "message.milestone", "message.entityAction")
    at_ = text_at(event, "data.trigger.triggeredAt", "originallyEmittedAt", "firstEmittedAt")
    return Answers(
        VENDOR,
        tuple(known("application_status", word)),
        external_id=id_,
        event_id=event_id,
        submitted_at=aware_time(at_),
        kind="update",
        refs=(f"application:{VENDOR}:{id_}",),
    )


def _application(application: JsonObject, notice: Answers) -> Iterator[Answer]:
    told = next((one.text for one in notice.items if one.field == "application_status"), "")
    yield from known("application_status", told_status(text_at(application, "status", "milestone"), told))
    yield from known("application_id", text_at(application, "id") or notice.external_id)
    yield from known("application_ref", text_at(application, "losId", "loanNumber"))
    first, second = _people(application)
    yield from _person(first, "")
    yield from _person(second, "co_")
    yield from known("inquiry_type", text_at(application, "loanPurposeType", "loanPurpose"))
    yield from known("loan_amount", money_at(application, "loanAmount", "loan.amount"))
    yield from known(
        "property_value",
        money_at(application, "purchasePrice", "property.purchasePrice", "property.estimatedValue"),
    )
    yield from known("down_payment", money_at(application, "downPaymentAmount", "downPayment"))
    home = at(application, "property.address") or application.get("property")
    yield from known("property_street", text_at(home, "streetAddressLine1", "streetAddress", "line1"))
    yield from known("property_city", text_at(home, "city"))
    yield from known("property_state", text_at(home, "state"))
    yield from known("property_postal_code", text_at(home, "zipCode", "postalCode", "zip"))
    yield from known("property_use", text_at(application, "property.usageType", "property.usage"))
    yield from _referrer(text_at(application, "referrer", "referrer.email"))
    yield from known("assigned_to", _officer(application))


def _people(application: JsonObject) -> tuple[JsonObject, JsonObject]:
    parties = objects_in(application.get("parties") or application.get("borrowers"))
    seconds = [one for one in parties if _CO.search(text_at(one, "type", "role"))]
    firsts = [
        one for one in parties if one not in seconds and "BORROWER" in text_at(one, "type", "role").upper()
    ]
    first = next(iter(firsts), next((one for one in parties if not text_at(one, "type", "role")), {}))
    return first, next(iter((*seconds, *firsts[1:])), {})


def _person(person: JsonObject, who: str) -> Iterator[Answer]:
    yield from known(f"{who}first_name", text_at(person, "name.firstName", "firstName"))
    yield from known(f"{who}last_name", text_at(person, "name.lastName", "lastName"))
    if not who:
        yield from known("middle_name", text_at(person, "name.middleName", "middleName"))
        yield from known("suffix", text_at(person, "name.suffix", "name.suffixName"))
    yield from known(f"{who}email", text_at(person, "email", "emailAddress"))
    phones = ("cellPhone", "mobilePhone", "homePhone", "phone", "phoneNumber", "workPhone")
    yield from known(f"{who}phone", text_at(person, *phones))


def _referrer(text: str) -> list[Answer]:
    return known("partner_email" if "@" in text else "partner_name", text)


def _officer(application: JsonObject) -> str:
    for one in objects_in(application.get("assignees")):
        if _OFFICER.search(text_at(one, "role", "type")):
            return text_at(one, "email") or text_at(one, "name", "fullName")
    return ""
