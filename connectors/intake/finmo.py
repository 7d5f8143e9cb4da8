"""Finmo: notices with an application id in one of several places, and the application they point to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from connectors.intake.application_status import told_status
from connectors.intake.base import Adapter, Document, Options, RawRequest, Unreadable
from connectors.intake.envelope import usable_id
from connectors.intake.json_shape import JsonObject, object_in, objects_in
from connectors.intake.json_values import fields_of, known, money_at, text_at
from connectors.intake.link_id import link_answer, link_in, link_refs
from connectors.intake.proof import require_token
from connectors.intake.vendor_api import get_json
from mapping.answers import Answer, Answers, Fetch

VENDOR = "finmo"
_USUAL_API = "https://app.finmo.ca"
_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{5,63}")
_ID_PLACES = (
    *("applicationId", "data.applicationId", "application.id", "application_id", "data.application_id"),
    *("data.application.id", "payload.applicationId", "payload.application.id", "application", "data.id"),
)
_EVENT_PLACES = ("event", "eventType", "type", "data.event", "event.type")
_TEST = re.compile(r"\b(?:test|ping|hook\.?verif)", re.IGNORECASE)


class Finmo(Adapter):
    """RestHooks; each says that something happened to an application, seldom what."""

    vendor = VENDOR
    takes = frozenset({"json", "form"})

    def verify(self, request: RawRequest, secret: str) -> None:
        """Raise NotTrusted unless the secret was shown; usually the address is the secret."""
        require_token(request, secret)

    def read(self, document: Document, request: RawRequest, options: Options) -> Sequence[Answers | Fetch]:
        """The application that the notice points to. Raises Unreadable: wrong_shape, bad_id."""
        event = fields_of(document)
        id_ = text_at(event, *_ID_PLACES)
        word = text_at(event, *_EVENT_PLACES)
        if not id_ and _TEST.search(word):
            return [Answers(VENDOR, (), ignored="Finmo tries the address out.", ignored_code="handshake")]
        if not id_:
            raise Unreadable("wrong_shape", "This Finmo notice names no application.", keep=True)
        if not _ID.fullmatch(id_):
            raise Unreadable("bad_id", "The notice's application id is malformed.", keep=True)
        # "application.submitted": what is behind the last dot is the news.
        status = word.rpartition(".")[2] if "." in word else word
        notice = Answers(
            VENDOR,
            tuple(known("application_status", status)),
            event_id=usable_id(text_at(event, "eventId", "event_id", "data.eventId")),
            kind="update",
            refs=(f"application:{VENDOR}:{id_}",),
        )
        return [Fetch("application", id_, notice)]

    def fetch(self, order: Fetch, token: str, options: Options) -> Document:
        """The application. Raises FetchFailed."""
        url = f"{options.api_url or _USUAL_API}/api/v1/applications/{order.id}"
        return Document("json", json=get_json("Finmo", url, token, params={}))

    def fetched(self, order: Fetch, document: Document, options: Options) -> Sequence[Answers]:
        """Borrowers, mortgage and status. Raises Unreadable: wrong_shape."""
        whole = object_in(document.json)
        whole = object_in(whole.get("data")) or whole
        application = object_in(whole.get("application")) or whole
        if not application:
            raise Unreadable("wrong_shape", "Finmo answered something that is no application.", keep=True)
        link = link_in(text_at(whole, "referralLink", "referralLink.url", "application.referralLink"))
        return [
            Answers(
                VENDOR,
                (*_answers(whole, application, order), *link_answer(link)),
                external_id=order.id,
                event_id=order.notice.event_id,
                submitted_at=order.notice.submitted_at,
                kind="update",
                refs=(*order.notice.refs, *link_refs(link)),
            )
        ]


def _answers(whole: JsonObject, application: JsonObject, order: Fetch) -> Iterator[Answer]:
    told = next((one.text for one in order.notice.items), "")
    first, second = _people(whole)
    applicant = object_in(whole.get("applicant"))
    yield from _person(first, applicant, "")
    yield from _person(second, {}, "co_")
    words = (text_at(application, "applicationStatus"), text_at(application, "status"), told)
    yield from known("application_status", told_status(*words))
    yield from known("application_id", order.id)
    yield from known("inquiry_type", text_at(application, "goal"))
    yield from known("loan_amount", money_at(application, "mortgageAmountRequested", "mortgageAmount"))
    yield from known("down_payment", money_at(application, "downPayment"))
    yield from known("timeframe", text_at(application, "closingDate"))
    yield from known("property_use", text_at(application, "use"))
    yield from known("message", text_at(application, "comments"))
    funds = application.get("intendedUseOfFunds")
    meant = ", ".join(one for one in funds if isinstance(one, str)) if isinstance(funds, list) else ""
    yield from known("", meant, "Intended use of funds")
    yield from _property(whole, application)
    yield from known("assigned_to", _agent(whole, application))


def _people(whole: JsonObject) -> tuple[JsonObject, JsonObject]:
    """The main borrower, and the next one."""
    people = objects_in(whole.get("borrowers"))
    main = next((one for one in people if one.get("isMainBorrower") is True), None)
    first = main if main is not None else next(iter(people), {})
    return first, next((one for one in people if one is not first), {})


def _person(person: JsonObject, applicant: JsonObject, who: str) -> Iterator[Answer]:
    """One borrower; the applicant's own account fills what the form left open."""
    for field, *names in (
        ("first_name", "firstName"),
        ("last_name", "lastName"),
        ("email", "email"),
        ("phone", "phone", "phoneNumber", "mobilePhone", "workPhone"),
    ):
        yield from known(f"{who}{field}", text_at(person, *names) or text_at(applicant, *names))


def _property(whole: JsonObject, application: JsonObject) -> Iterator[Answer]:
    """The property that the mortgage is for, by the id that the application names."""
    wanted = text_at(application, "propertyId")
    homes = [one for one in objects_in(whole.get("properties")) if wanted and text_at(one, "id") == wanted]
    places = [
        one for one in objects_in(whole.get("addresses")) if wanted and text_at(one, "propertyId") == wanted
    ]
    home, place = next(iter(homes), {}), next(iter(places), {})
    yield from known(
        "property_value",
        money_at(application, "purchasePrice") or money_at(home, "worth", "value", "purchasePrice"),
    )
    yield from known("property_street", text_at(place, "line1", "street", "streetAddress"))
    yield from known("property_city", text_at(place, "city"))
    province = text_at(application, "subjectPropertyProvince") or text_at(place, "state", "province")
    yield from known("property_state", province)
    yield from known("property_postal_code", text_at(place, "postCode", "postalCode"))
    yield from known("property_country", text_at(place, "country"))


def _agent(whole: JsonObject, application: JsonObject) -> str:
    """The agent of the file, when exactly one is named."""
    named = text_at(whole, "agent.email", "application.agent.email", "assignedTo.email")
    members = objects_in(whole.get("teamMembers")) or objects_in(application.get("teamMembers"))
    emails = {text_at(one, "email") for one in members} - {""}
    return named or (next(iter(emails)) if len(emails) == 1 else "")
