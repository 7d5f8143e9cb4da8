"""What the pages that ask a borrower share: who it is, consent, and how it is handed to the intake."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Literal

from flask import Response, request
from itsdangerous import BadSignature, URLSafeSerializer
from wtforms import BooleanField, Form, StringField
from wtforms.validators import Length, ValidationError

from connectors.intake.base import RawRequest
from jobs.services import Services
from mapping.normalize.emails import read_email
from mapping.normalize.phones import read_phone
from webapp.hosted_form import brand

HONEYPOT = "hp_note"
LONGEST_CARRIED = 500
Page = Literal["hosted-form", "application-link"]


def stripped(value: str | None) -> str:
    """What was typed, without the space around it."""
    return (value or "").strip()


def line(longest: int) -> StringField:
    """A field of one line."""
    return StringField(filters=[stripped], validators=[Length(max=longest, message="too_long")])


class PersonForm(Form):
    """Who somebody is, and what may be done with it. Errors are keys of the catalogue's [errors]."""

    ANSWERS: ClassVar[tuple[str, ...]] = ("first_name", "last_name", "email", "phone")
    first_name = line(120)
    last_name = line(120)
    email = line(254)
    phone = line(40)
    consent_calls = BooleanField()
    consent_email = BooleanField()

    def __init__(self, posted: Any, country: str) -> None:
        super().__init__(posted)
        self.country = country

    def validate_first_name(self, field: StringField) -> None:
        """Some name is needed; either field will do."""
        if not field.data and not self.last_name.data:
            raise ValidationError("name")

    def validate_email(self, field: StringField) -> None:
        """An address or a number is needed, and what was typed should work."""
        if not field.data and not self.phone.data:
            raise ValidationError("reach")
        if field.data and not read_email(field.data):
            raise ValidationError("email")

    def validate_phone(self, field: StringField) -> None:
        """A number with its area code."""
        if field.data and not read_phone(field.data, self.country):
            raise ValidationError("phone")

    def answered(self) -> list[tuple[str, str]]:
        """What was answered, by canonical name."""
        return [(name, self[name].data) for name in self.ANSWERS if self[name].data]

    def consent(self, texts: Mapping[str, Any], shown: str) -> list[tuple[str, str]]:
        """Yes or no per channel, with the exact words that stood beside what was ticked."""
        said = {True: "yes", False: "no"}
        calls, email = said[self.consent_calls.data], said[self.consent_email.data]
        ticked = [texts["labels"][name] for name in ("consent_calls", "consent_email") if self[name].data]
        return [
            ("consent_phone", calls),
            ("consent_sms", calls),
            ("consent_email", email),
            ("consent_text", "\n".join((shown, *ticked))),
        ]


@dataclass(frozen=True, slots=True)
class Mark:
    """One page that was shown. id names what it leads to: the same for a double click, new for every page."""

    id: str
    at: float  # seconds since 1970

    def elapsed(self, now: datetime) -> float:
        """Seconds since the page was made."""
        return max(0.0, now.timestamp() - self.at)


def _serializer(services: Services, page: Page) -> URLSafeSerializer:
    # itsdangerous signs with the last key; ours signs with the first.
    return URLSafeSerializer(list(reversed(services.settings.secrets.signing_keys)), salt=page)


def new_mark(services: Services, page: Page, name: str, id_: str) -> str:
    """The signed mark for the page of this path or link, made now."""
    return str(_serializer(services, page).dumps([name, id_, services.now().timestamp()]))


def read_mark(services: Services, page: Page, name: str, mark: str) -> Mark | None:
    """What the mark says; None when it is missing, changed or another path's or link's."""
    try:
        marked, id_, at = _serializer(services, page).loads(mark)
    except (BadSignature, ValueError, TypeError):
        return None
    return Mark(str(id_), float(at)) if marked == name else None


def evidence(services: Services, mark: Mark | None, page: str, language: str) -> list[tuple[str, str]]:
    """What the page itself knows, which is never taken from the visitor; and the trap, if it caught one.

    page: its path at our address.
    """
    pairs = [] if mark is None else [("_elapsed", f"{mark.elapsed(services.now()):.1f}")]
    if request.form.get(HONEYPOT):
        pairs += [(HONEYPOT, request.form[HONEYPOT][:200])]
    url = services.settings.server.public_url + page
    return [*pairs, ("page_url", url), ("ip", request.remote_addr or ""), ("language", language)]


def handed_over(body: bytes, now: datetime) -> RawRequest:
    """The request as the intake takes it, with this body instead of what was posted."""
    return RawRequest(
        content_type="application/x-www-form-urlencoded; charset=utf-8",
        headers={name.lower(): value for name, value in request.headers.items()},
        body=body,
        remote_addr=request.remote_addr or "",
        received_at=now,
    )


def carried(given: Mapping[str, str], names: tuple[str, ...]) -> dict[str, str]:
    """What an address carries under these names, cut to a bearable length."""
    return {name: given[name][:LONGEST_CARRIED] for name in names if given.get(name)}


def stylesheet(colour: str) -> Response:
    """The brokerage's colour: a stylesheet of its own, since the policy forbids inline styles."""
    answer = Response(brand.stylesheet(colour), mimetype="text/css")
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer
