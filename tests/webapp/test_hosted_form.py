"""The hosted form: what it asks, what it hands over, and what it tells nobody."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from jobs.deciding.process import process_due
from jobs.ledger import inquiries, submissions
from jobs.ledger.tables import inquiry, submission
from jobs.services import Services
from mapping.inquiry import Amount, Inquiry
from tests.webapp.installation import Clock
from tests.webapp.visitor import Visitor
from webapp.hosted_form import catalogue
from webapp.hosted_form.brand import contrast, readable_on_white, text_on
from webapp.public_form import HONEYPOT

FILLED = {
    "inquiry_type": "purchase",
    "first_name": "Inês",
    "last_name": "Duarte",
    "email": "ines@example.com",
    "phone": "(512) 555-0142",
    "property_state": "TX",
    "property_value": "$450,000",
    "loan_amount": "350k-400k",
    "timeframe": "1_3_months",
    "credit_band": "good",
    "preferred_contact": "email",
    "message": "We found a house.",
    "consent_calls": "yes",
}


def token(page: str) -> str:
    found = re.search(r'name="_token" value="([^"]+)"', page)
    assert found
    return found[1]


def understood(services: Services) -> list[Inquiry]:
    process_due(services)
    with services.ledger.read() as connection:
        ids = connection.execute(select(inquiry.c.id).order_by(inquiry.c.id)).scalars().all()
        found = [inquiries.details(connection, services.sealer, one) for one in ids]
    return [one for one in found if one is not None]


def stored(services: Services) -> list[tuple[str, str]]:
    with services.ledger.read() as connection:
        rows = connection.execute(select(submission.c.state, submission.c.reason_code))
        return [(row.state, row.reason_code) for row in rows]


def test_a_filled_form_becomes_an_inquiry_with_every_answer(
    services: Services, stranger: Visitor, clock: Clock
) -> None:
    link = "/f/website?utm_source=newsletter&gclid=abc123&lo=maya&landing_page=https://www.example.com/buy"
    page = stranger.get(link, Referer="https://www.example.com/blog").text
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    clock.pass_(seconds=40)
    answer = stranger.post("/f/website", FILLED | hidden)
    assert (answer.status_code, answer.location) == (303, "/f/website/thanks")
    assert "Thank you" in stranger.get(answer.location).text
    (one,) = understood(services)
    assert (one.borrower.full_name, one.borrower.email) == ("Inês Duarte", "ines@example.com")
    assert (one.borrower.phone, one.type, one.property.state) == ("+15125550142", "purchase", "TX")
    assert one.property.value == Amount(value=Decimal(450_000))
    assert one.loan.amount == Amount(low=Decimal(350_000), high=Decimal(400_000))
    assert (one.timeframe, one.credit_band, one.preferred_contact) == ("1_3_months", "good", "email")
    assert one.attribution.utm == {"source": "newsletter"}
    assert one.attribution.click_ids == {"gclid": "abc123"}
    assert one.attribution.landing_page == "https://www.example.com/buy"
    assert one.attribution.referrer == "https://www.example.com/blog"
    assert (one.assigned_to, one.message, one.unmapped) == ("maya", "We found a house.", ())


def test_consent_is_kept_with_the_exact_words_time_address_and_page(
    services: Services, stranger: Visitor, clock: Clock
) -> None:
    fields = FILLED | {"_token": token(stranger.get("/f/website").text)}
    clock.pass_(seconds=30)
    stranger.post("/f/website", fields)
    (one,) = understood(services)
    form = services.settings.paths["website"].form
    assert form is not None
    assert (one.consent.phone, one.consent.sms, one.consent.email) == (True, True, False)
    assert form.consent_text in one.consent.text
    assert catalogue.texts("en")["labels"]["consent_calls"] in one.consent.text
    assert catalogue.texts("en")["labels"]["consent_email"] not in one.consent.text
    assert (one.consent.captured_at, one.consent.ip) == (clock(), "127.0.0.1")
    assert one.consent.page_url == "http://localhost/f/website"


def test_consent_is_never_ticked_beforehand(stranger: Visitor) -> None:
    page = stranger.get("/f/website").text
    assert len(re.findall(r'type="checkbox"', page)) == 2
    assert "checked" not in page


def test_a_double_click_is_one_inquiry(services: Services, stranger: Visitor, clock: Clock) -> None:
    fields = FILLED | {"_token": token(stranger.get("/f/website").text)}
    clock.pass_(seconds=30)
    assert {stranger.post("/f/website", fields).status_code for _ in range(3)} == {303}
    assert len(understood(services)) == 1


@pytest.mark.parametrize(
    ("changed", "field", "message"),
    [
        ({"first_name": "", "last_name": " "}, "first_name", "name"),
        ({"email": "", "phone": ""}, "email", "reach"),
        ({"email": "ines@"}, "email", "email"),
        ({"phone": "555"}, "phone", "phone"),
        ({"message": "x" * 4001}, "message", "too_long"),
        ({"property_state": "ZZ"}, "property_state", "choice"),
        ({"inquiry_type": "nonsense"}, "inquiry_type", "choice"),
    ],
)
def test_a_mistake_is_explained_and_nothing_typed_is_lost(
    services: Services, stranger: Visitor, changed: dict[str, str], field: str, message: str
) -> None:
    shown = token(stranger.get("/f/website?utm_source=x").text)
    answer = stranger.post("/f/website", FILLED | changed | {"_token": shown, "utm_source": "x"})
    assert answer.status_code == 422
    assert catalogue.texts("en")["errors"][message] in answer.text
    assert f'href="#{field}"' in answer.text
    assert token(answer.text) == shown
    assert 'name="utm_source" value="x"' in answer.text
    assert "checked" in answer.text
    if field != "message":
        assert "We found a house." in answer.text
    assert stored(services) == []


@pytest.mark.parametrize("given", [{"first_name": "Inês"}, {"last_name": "Duarte"}])
@pytest.mark.parametrize("reach", [{"email": "ines@example.com"}, {"phone": "512 555 0142"}])
def test_a_name_and_one_way_to_reach_are_enough(
    stranger: Visitor, given: dict[str, str], reach: dict[str, str]
) -> None:
    assert stranger.post("/f/website", given | reach).status_code == 303


def test_a_robot_sees_exactly_what_a_person_sees(services: Services, stranger: Visitor, clock: Clock) -> None:
    fields = {"_token": token(stranger.get("/f/website").text), HONEYPOT: "http://spam.example"}
    clock.pass_(seconds=30)
    robot = stranger.post("/f/website", fields)
    person = stranger.post("/f/website", FILLED)
    assert (robot.status_code, robot.location, robot.text) == (
        person.status_code,
        person.location,
        person.text,
    )
    process_due(services)
    assert stored(services)[0] == ("quarantined", "spam")


def test_signs_of_a_robot_are_handed_on_and_not_judged_here(
    services: Services, stranger: Visitor, clock: Clock
) -> None:
    stranger.post("/f/website", FILLED | {"_token": "made-up"})
    with services.ledger.read() as connection:
        row = connection.execute(select(submission.c.id)).one()
        found = submissions.get(connection, services.sealer, row.id)
    assert found is not None
    assert found.request.signals == ("no_form_token",)
    other_path = token(stranger.get("/f/elsewhere").text)
    stranger.post("/f/website", {**FILLED, "_token": other_path, "first_name": "Tomas"})
    assert len(stored(services)) == 2


def test_every_field_has_a_label_and_what_it_is_described_by_exists(stranger: Visitor) -> None:
    for page in (stranger.get("/f/website").text, stranger.post("/f/website", {"email": "x"}).text):
        audit = LabelAudit()
        audit.feed(page)
        assert audit.unlabelled == []
        assert audit.described <= audit.ids
        assert '<html lang="en">' in page


class LabelAudit(HTMLParser):
    """Collects ids, labels and references of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.labels: set[str] = set()
        self.fields: list[str] = []
        self.described: set[str] = set()
        self.inside_label = False

    @property
    def unlabelled(self) -> list[str]:
        return [name for name in self.fields if name not in self.labels]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.ids |= {given["id"]} if "id" in given else set()
        self.described |= set(given.get("aria-describedby", "").split())
        if tag == "label":
            self.inside_label = "for" not in given
            self.labels |= {given.get("for", "")}
        elif (
            tag in ("input", "select", "textarea") and given.get("type") != "hidden" and not self.inside_label
        ):
            self.fields.append(given["id"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "label":
            self.inside_label = False


def test_only_the_listed_websites_may_frame_a_form(stranger: Visitor) -> None:
    policy = stranger.get("/f/website").headers["Content-Security-Policy"]
    assert "frame-ancestors 'self' https://www.example.com;" in policy + ";"
    assert "X-Frame-Options" not in stranger.get("/f/website").headers


def test_a_form_with_its_own_thank_you_page_leads_there(stranger: Visitor) -> None:
    policy = stranger.get("/f/elsewhere").headers["Content-Security-Policy"]
    assert "form-action 'self' https://www.example.com" in policy
    assert "img-src 'self' data: https://cdn.example.com" in policy
    answer = stranger.post("/f/elsewhere", FILLED)
    assert (answer.status_code, answer.location) == (303, "https://www.example.com/thank-you")


def test_a_paused_form_is_closed_but_takes_what_was_already_open(
    services: Services, stranger: Visitor
) -> None:
    closed = stranger.get("/f/closed")
    assert (closed.status_code, "closed for the moment" in closed.text) == (503, True)
    assert stranger.post("/f/closed", FILLED).status_code == 303
    assert stored(services) == [("captured", "")]


def test_a_draft_is_shown_to_staff_only(stranger: Visitor, someone: Callable[..., Visitor]) -> None:
    assert stranger.get("/f/planned").status_code == 404
    assert someone("broker").get("/f/planned").status_code == 404
    assert "Preview" in someone("consultant").get("/f/planned").text


@pytest.mark.parametrize("name", ["nothing", "partner", "website/nothing"])
def test_there_is_no_form_where_none_is_configured(stranger: Visitor, name: str) -> None:
    assert stranger.get(f"/f/{name}").status_code == 404


def test_states_or_provinces_follow_the_country() -> None:
    for language in catalogue.available():
        states = catalogue.texts(language)["states"]
        assert (len(states["US"]), len(states["CA"])) == (52, 13)


def test_every_catalogue_says_everything_that_english_says() -> None:
    def keys(table: dict[str, object]) -> set[str]:
        inner = {
            f"{name}.{key}" for name, value in table.items() if isinstance(value, dict) for key in keys(value)
        }
        return inner | {name for name, value in table.items() if not isinstance(value, dict)}

    english = keys(dict(catalogue.texts("en")))
    assert all(keys(dict(catalogue.texts(one))) == english for one in catalogue.available())


def test_the_colour_comes_as_a_stylesheet(stranger: Visitor) -> None:
    answer = stranger.get("/f/elsewhere/brand.css")
    assert answer.mimetype == "text/css"
    assert "--brand: #ffd43b;" in answer.text
    assert "--on-brand: #000000;" in answer.text


@given(st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}"))
def test_text_can_be_read_on_and_in_every_colour(colour: str) -> None:
    assert contrast(text_on(colour), colour) >= 4.5
    assert contrast(readable_on_white(colour), "#ffffff") >= 4.5


WORDS = {
    "en": ("Last name", "I agree to be contacted.", "Send my request"),
    "fr": ("Nom de famille", "J&#39;accepte que l&#39;on communique avec moi.", "Envoyer ma demande"),
    "es": ("Apellido", "Acepto que se comuniquen conmigo.", "Enviar mi solicitud"),
}


@pytest.mark.parametrize("language", WORDS)
def test_the_form_speaks_the_language_that_is_asked_for(stranger: Visitor, language: str) -> None:
    page = stranger.get(f"/f/trilingual?lang={language}&utm_source=letter").text
    assert f'<html lang="{language}">' in page
    assert all(word in page for word in WORDS[language])
    others = set(re.findall(r'href="\?lang=(\w+)&amp;utm_source=letter"', page))
    assert others == set(WORDS) - {language}


def test_the_browsers_language_decides_when_none_is_asked_for(stranger: Visitor) -> None:
    french = {"Accept-Language": "fr-CA,fr;q=0.9,en;q=0.5"}
    assert '<html lang="fr">' in stranger.get("/f/trilingual", **french).text
    assert '<html lang="en">' in stranger.get("/f/trilingual", **{"Accept-Language": "de"}).text


def test_what_was_agreed_to_in_french_is_kept_in_french(
    services: Services, stranger: Visitor, clock: Clock
) -> None:
    address = "/f/trilingual?lang=fr"
    fields = FILLED | {"_token": token(stranger.get(address).text), "consent_email": "yes"}
    clock.pass_(seconds=30)
    answer = stranger.post(address, fields)
    assert "Nous avons reçu votre demande" in stranger.get(answer.location).text
    (one,) = understood(services)
    assert (one.consent.email, one.consent.phone, one.consent.sms) == (True, True, True)
    assert one.consent.text.startswith("J'accepte que l'on communique avec moi.")
    assert "texto" in one.consent.text
    assert "call" not in one.consent.text


def test_every_language_says_everything() -> None:
    def keys(value: object, path: str = "") -> set[str]:
        if not isinstance(value, dict):
            return {path}
        return {one for name, item in value.items() for one in keys(item, f"{path}.{name}")}

    assert catalogue.available() == {"en", "fr", "es"}
    assert keys(catalogue.texts("fr")) == keys(catalogue.texts("en")) == keys(catalogue.texts("es"))
