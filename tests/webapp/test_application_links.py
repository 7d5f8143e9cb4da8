"""Application links over HTTP: what counts, what is asked, where it leads, and what nobody can make it do."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import func, select

from jobs.deciding.process import process_due
from jobs.ledger.codec import from_json
from jobs.ledger.link_tables import link_opening
from jobs.ledger.tables import inquiry
from jobs.links import create_link, disable_link, find_link, list_links
from jobs.services import Services
from jobs.settings.model import FormSettings, LinkSettings, PathSettings
from mapping.inquiry import Inquiry
from mapping.link_code import ALPHABET
from tests.webapp.installation import Clock, Installation
from tests.webapp.visitor import Visitor, log_in_as
from webapp.app import create_app

PORTAL = "https://apply.example.com/start?brand=hl"
PERSON = {"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1"}
PAGE = FormSettings(
    heading="Before you begin", intro="", button="", brand_name="Harbor Lane", colour="#1f5fa8", logo_url="",
    consent_text="I agree to be contacted.", privacy_url="", thank_you="", thank_you_url="",
    frame_ancestors=(), languages=("en", "fr", "es"), nmls="123456",
    consent_texts={"fr": "J'accepte que l'on communique avec moi.", "es": "Acepto que me contacten."},
)  # fmt: skip
LEADS_ON = LinkSettings(
    PORTAL,
    ("apply.example.com",),
    {"priya@example.com": "https://evil.example.net/"},
    "nothing",
    "fp",
    PAGE,
)


def link_path(name: str, settings: LinkSettings, state: str = "live") -> PathSettings:
    return PathSettings(
        name=name,
        title="Apply now",
        kind="application_link",
        state=state,  # type: ignore[arg-type]
        crm=("hubspot",),
        keys=(),
        fields={},
        defaults={},
        form=None,
        secret="",
        link=settings,
    )


@pytest.fixture
def services(installation: Installation) -> Services:
    opened = installation[0]
    ways = {
        "apply": link_path("apply", LEADS_ON),
        "ask": link_path("ask", replace(LEADS_ON, ask="contact")),
        "later": link_path("later", LEADS_ON, "draft"),
    }
    settings = replace(opened.settings, paths={**opened.settings.paths, **ways})
    return replace(opened, settings=settings)


def openings(services: Services) -> int:
    with services.ledger.read() as connection:
        return connection.execute(select(func.count()).select_from(link_opening)).scalar_one()


def inquiries(services: Services) -> list[Inquiry]:
    with services.ledger.read() as connection:
        rows = connection.execute(select(inquiry.c.id, inquiry.c.details).order_by(inquiry.c.id)).all()
    return [
        from_json(services.sealer.open_json(row.details, f"inquiry.details:{row.id}"), Inquiry)
        for row in rows
    ]


def passed_on(location: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}


def owner_of(services: Services) -> str:
    return services.playbook.team[0].email


def test_a_link_leads_to_the_portal_with_the_openings_id_and_the_campaign(
    services: Services, stranger: Visitor
) -> None:
    made = create_link(services, "apply", owner_of(services), "system", campaign="open-house")
    answer = stranger.get(
        f"/a/{made.code.upper()}?utm_source=card&gclid=abc&fp=forged&next=https://evil.example.net", **PERSON
    )
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("https://apply.example.com/start?")
    passed = passed_on(answer.headers["Location"])
    assert passed.pop("fp") != "forged"
    assert passed == {"brand": "hl", "utm_source": "card", "gclid": "abc"}
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert openings(services) == 1
    assert [line.opened for line in list_links(services)] == [1]


@pytest.mark.parametrize(
    "headers",
    [
        {"User-Agent": "facebookexternalhit/1.1"},
        {"User-Agent": "WhatsApp/2.24"},
        {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"},
        {"User-Agent": "Slackbot-LinkExpanding 1.0"},
        {"User-Agent": ""},
        {**PERSON, "Sec-Purpose": "prefetch"},
    ],
)
def test_previews_and_crawlers_are_led_on_but_do_not_count(
    services: Services, stranger: Visitor, headers: dict[str, str]
) -> None:
    made = create_link(services, "apply", "", "system")
    answer = stranger.get(f"/a/{made.code}", **headers)
    assert answer.status_code == 302
    assert "fp" not in passed_on(answer.headers["Location"])
    assert stranger.client.head(f"/a/{made.code}", headers=PERSON).status_code == 302
    assert openings(services) == 0


def test_a_code_that_was_guessed_mistyped_or_closed_gets_a_friendly_page(
    services: Services, stranger: Visitor
) -> None:
    made = create_link(services, "apply", "", "system")
    last = made.code[-1]
    wrong = made.code[:-1] + next(letter for letter in ALPHABET if letter != last)
    for code in (wrong, "22222222", "x", "../../etc", "%0d%0aLocation:x", "a" * 500):
        answer = stranger.get(f"/a/{code}", **PERSON)
        assert answer.status_code in (404, 308), code
        assert "Location" not in answer.headers or "evil" not in answer.headers["Location"]
    assert "leads nowhere" in stranger.get(f"/a/{wrong}", **PERSON).text
    assert "Demandez-en" in stranger.get(f"/a/{wrong}?lang=fr", **PERSON).text
    disable_link(services, made.code, "system")
    assert stranger.get(f"/a/{made.code}", **PERSON).status_code == 404
    assert (
        stranger.get(f"/a/{create_link(services, 'later', '', 'system').code}", **PERSON).status_code == 404
    )
    assert openings(services) == 0


def test_a_link_never_leads_to_a_host_that_the_settings_do_not_allow(
    services: Services, stranger: Visitor
) -> None:
    evil = replace(LEADS_ON, portal_urls={owner_of(services).lower(): "https://evil.example.net/"})
    ways = {**services.settings.paths, "apply": link_path("apply", evil)}
    changed = replace(services, settings=replace(services.settings, paths=ways))
    visitor = Visitor(create_app(changed).test_client())
    made = create_link(changed, "apply", owner_of(services), "system")
    assert visitor.get(f"/a/{made.code}", **PERSON).status_code == 404


def test_who_opens_very_often_waits(services: Services, stranger: Visitor, clock: Clock) -> None:
    made = create_link(services, "apply", "", "system")
    found = [stranger.get(f"/a/{made.code}", **PERSON).status_code for _ in range(61)]
    assert found == [302] * 60 + [429]
    assert stranger.get(f"/a/{made.code}", **PERSON).headers["Retry-After"]
    clock.pass_(minutes=1, seconds=1)
    assert stranger.get(f"/a/{made.code}", **PERSON).status_code == 302


def ask(visitor: Visitor, url: str, **typed: str) -> tuple[str, dict[str, str]]:
    page = visitor.get(url, **PERSON).text
    hidden = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return page, {**dict(hidden), **typed}


def test_who_is_asked_becomes_an_inquiry_of_the_owner_with_partner_and_campaign(
    services: Services, stranger: Visitor, clock: Clock
) -> None:
    owner = owner_of(services)
    made = create_link(
        services, "ask", owner, "system", partner_name="Penelope Marsh",
        partner_email="Penelope@MarshRealty.example.com", campaign="open-house",
    )  # fmt: skip
    page, fields = ask(stranger, f"/a/{made.code}?utm_source=card")
    assert "Before you begin" in page
    assert "I agree to be contacted." in page
    clock.pass_(seconds=30)
    typed = {"first_name": "Ana", "last_name": "Ruiz", "email": "ana@example.com", "consent_email": "yes"}
    sent = [stranger.post(f"/a/{made.code}", {**fields, **typed}, **PERSON) for _ in range(2)]
    assert [answer.status_code for answer in sent] == [303, 303]
    opening = passed_on(sent[0].headers["Location"])["fp"]
    assert passed_on(sent[1].headers["Location"]) == {"brand": "hl", "utm_source": "card", "fp": opening}
    process_due(services)
    (one,) = inquiries(services)
    assert one.source == "application-link"
    assert (one.borrower.first_name, one.borrower.email) == ("Ana", "ana@example.com")
    assert one.assigned_to == owner
    assert one.partner
    assert one.partner.email == "penelope@marshrealty.example.com"
    assert one.attribution.campaign == "open-house"
    assert one.attribution.utm == {"source": "card"}
    assert one.application
    assert one.application.link == made.code
    assert one.refs == (f"link:{opening}",)
    assert (one.consent.email, one.consent.phone) == (True, False)
    assert openings(services) == 1


@pytest.mark.parametrize(
    ("language", "said", "consent"),
    [
        ("fr", "Avant de commencer votre demande", "communique avec moi"),
        ("es", "Antes de comenzar su solicitud", "Acepto que me contacten"),
    ],
)
def test_the_page_speaks_the_visitors_language(
    services: Services, stranger: Visitor, language: str, said: str, consent: str
) -> None:
    made = create_link(services, "ask", "", "system")
    page = stranger.get(f"/a/{made.code}?lang={language}", **PERSON).text
    assert said in page
    assert consent in page
    assert f'<html lang="{language}">' in page


def test_what_is_wrong_is_said_and_nothing_is_kept(services: Services, stranger: Visitor) -> None:
    made = create_link(services, "ask", "", "system")
    _, fields = ask(stranger, f"/a/{made.code}")
    answer = stranger.post(f"/a/{made.code}", {**fields, "email": "<script>alert(1)</script>"}, **PERSON)
    assert answer.status_code == 422
    assert "Enter your name." in answer.text
    assert "<script>alert" not in answer.text
    assert inquiries(services) == []


def test_a_forged_mark_makes_an_opening_of_its_own(services: Services, stranger: Visitor) -> None:
    made = create_link(services, "ask", "", "system")
    other = create_link(services, "ask", "", "system")
    _, fields = ask(stranger, f"/a/{other.code}")
    typed = {"first_name": "Ana", "last_name": "Ruiz", "phone": "312-555-0101"}
    answer = stranger.post(f"/a/{made.code}", {**typed, "_token": fields["_token"]}, **PERSON)
    assert answer.status_code == 303
    assert openings(services) == 2


def test_brokers_see_and_make_only_their_own_links(services: Services, app: Flask, admin: Visitor) -> None:
    owner, other = services.playbook.team[0].email, services.playbook.team[1].email
    theirs = create_link(services, "apply", other, "system")
    broker = log_in_as(app, services, "broker", owner)
    made = broker.press("/desk/links/", on="/desk/links/", path="apply", owner=other, campaign="card")
    assert made.status_code == 303
    page = broker.get("/desk/links/").text
    assert theirs.code not in page
    (own,) = list_links(services, owner)
    assert own.link.code in page
    assert own.link.campaign == "card"
    assert broker.get(f"/desk/links/{theirs.code}/qr.svg").status_code == 404
    assert broker.press(f"/desk/links/{theirs.code}/disable", on="/desk/links/").status_code == 404
    everybodys = admin.get("/desk/links/").text
    assert theirs.code in everybodys
    assert own.link.code in everybodys


def test_staff_make_copy_print_and_close_links(services: Services, admin: Visitor, stranger: Visitor) -> None:
    owner = owner_of(services)
    fields = {"path": "apply", "owner": owner, "partner_name": "Penelope Marsh", "campaign": "card"}
    assert admin.press("/desk/links/", on="/desk/links/", **fields).status_code == 303
    (line,) = list_links(services)
    page = admin.get("/desk/links/").text
    assert f'data-copy="{line.address}"' in page
    assert "Penelope Marsh" in page
    picture = admin.get(f"/desk/links/{line.link.code}/qr.svg")
    assert picture.mimetype == "image/svg+xml"
    assert picture.data.startswith(b"<?xml")
    assert "attachment" in picture.headers["Content-Disposition"]
    admin.press(f"/desk/links/{line.link.code}/disable", on="/desk/links/")
    assert stranger.get(f"/a/{line.link.code}", **PERSON).status_code == 404
    wrong = admin.press("/desk/links/", on="/desk/links/", path="apply", owner="nobody@example.com")
    assert wrong.status_code == 303
    assert "not a member" in admin.get("/desk/links/").text
    assert stranger.get("/desk/links/").status_code == 303


def test_a_code_has_no_look_alikes_and_is_proved_before_the_ledger_is_asked(services: Services) -> None:
    made = create_link(services, "apply", "", "system")
    assert len(made.code) == 8
    assert set(made.code) <= set(ALPHABET)
    assert not set("01ilo") & set(ALPHABET)
    assert find_link(services, f" {made.code.upper()} ") == find_link(services, made.code)
    assert sum(find_link(services, made.code[:5] + tail) is not None for tail in ("222", "abc", "zzz")) == 0
