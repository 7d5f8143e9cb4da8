"""The first path in a real browser: a borrower fills in the form, the brokerage sees it through."""

from __future__ import annotations

from typing import TYPE_CHECKING

import requests
from playwright.sync_api import expect

from tests.e2e.crm_records import records_of, take_option_away
from tests.e2e.visits import (
    contrast_of,
    fields_without_label,
    fill_in,
    log_in_by_link,
    overflows,
    reload_until,
    sees_thanks,
)
from tests.fleet import FORM_KEY, Fleet

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PASSWORD = "harbor window violin maple"
PHONE_SCREEN = {"width": 390, "height": 844}
#: WCAG 2.2, 1.4.3.
LEAST_CONTRAST = 4.5


def _form(fleet: Fleet) -> str:
    return f"{fleet.url}/f/purchase"


def _choose_a_password_and_come_back_with_it(page: Page, link: str, admin: str) -> None:
    log_in_by_link(page, link)
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Save password").click()
    assert page.get_by_role("status").inner_text().startswith("Your password was saved")
    page.get_by_role("button", name="Log out").click()
    page.goto(page.url.replace("/login", "/desk/errors"))
    page.get_by_label("Email").fill(admin)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    assert page.get_by_role("heading", name="Sync errors", exact=True).is_visible()


def _open_inquiry(page: Page, fleet: Fleet, name: str) -> str:
    """From the list to the inquiry's page; its id."""
    page.goto(f"{fleet.url}/desk/")
    reload_until(page, page.get_by_role("link", name=name)).click()
    page.wait_for_url("**/desk/inquiries/*")
    return page.url.rpartition("/")[2]


def _assert_once_in_the_crm(page: Page, fleet: Fleet, email: str, inquiry_id: str) -> None:
    """The page names the records that the CRM itself has: one contact, one deal, one task."""
    found = records_of(fleet, email)
    assert {kind: len(records) for kind, records in found.items()} == {"contacts": 1, "deals": 1, "tasks": 1}
    assert found["deals"][0]["properties"]["firstpath_key"] == inquiry_id
    assert all(found[kind][0]["properties"]["hubspot_owner_id"] for kind in ("deals", "tasks"))
    for kind, records in found.items():
        link = page.get_by_role("link", name=f"{kind[:-1].capitalize()} in HubSpot")
        assert str(link.get_attribute("href")).endswith(f"/{records[0]['id']}")


def test_from_the_form_to_the_crm_and_out_of_an_error(
    page: Page, fleet: Fleet, link: str, admin: str
) -> None:
    fill_in(page, _form(fleet), "Buy a home", "Renata", "Okafor", "(415) 555-0123")
    assert sees_thanks(page)
    _choose_a_password_and_come_back_with_it(page, link, admin)
    inquiry_id = _open_inquiry(page, fleet, "Renata Okafor")
    reload_until(page, page.locator(".head-state", has_text="In the CRM"))
    text = page.locator("main").inner_text()
    for words in (
        "Maya Whitfield",
        "Purchase in CA",
        "What was decided, and why",
        "due in",
        "+1 415-555-0123",
    ):
        assert words in text
    assert "I agree to receive calls and texts from Harbor Pine Mortgage" in text
    assert "Calls: yes" in text
    _assert_once_in_the_crm(page, fleet, "renata.okafor@example.com", inquiry_id)

    take_option_away(fleet, "mortgage_inquiry_type", "construction")
    fill_in(page, _form(fleet), "Finance a construction", "Ingrid", "Lindqvist", "(212) 555-0171")
    assert sees_thanks(page)
    page.goto(f"{fleet.url}/desk/errors")
    row = reload_until(page, page.get_by_role("row", name="Ingrid Lindqvist"))
    group = page.locator(".group").inner_text()
    assert "mortgage_inquiry_type" in group
    assert "What to do:" in group
    assert fleet.run("provision", "--crm", "hubspot").returncode == 0
    row.get_by_role("button", name="Retry").click()
    assert "tried again" in page.get_by_role("status").inner_text()
    reload_until(page, page.get_by_role("heading", name="No sync errors"))
    repaired = _open_inquiry(page, fleet, "Ingrid Lindqvist")
    assert page.locator(".head-state").inner_text() == "In the CRM"
    _assert_once_in_the_crm(page, fleet, "ingrid.lindqvist@example.com", repaired)


def test_everything_fits_on_a_phone(page: Page, fleet: Fleet, link: str) -> None:
    take_option_away(fleet, "mortgage_inquiry_type", "commercial")
    asked = {
        "first": "Leopold-Maximilian", "last": "Grunwald-Featherstonehaugh", "loan_type": "Commercial",
        "email": f"{'leopold.grunwald.' * 3}featherstone@example.com", "property_state": "CA",
        "message": "https://example.com/" + "a-very-long-address-" * 8,
    }  # fmt: skip
    requests.post(f"{fleet.url}/in/{FORM_KEY}", data=asked, timeout=10).raise_for_status()
    broken = requests.post(f"{fleet.url}/in/{FORM_KEY}", json="x" * 400, timeout=10)
    assert broken.status_code == 400
    page.set_viewport_size(PHONE_SCREEN)  # type: ignore[arg-type]
    log_in_by_link(page, link)
    page.goto(f"{fleet.url}/desk/errors")
    reload_until(page, page.locator(".group")).get_by_role("link", name="Leopold").click()
    inquiry = page.url
    for path in ("/desk/", "/desk/errors", "/desk/quarantine", "/desk/connections", "/account/password"):
        page.goto(fleet.url + path)
        assert not overflows(page), path
        assert fields_without_label(page) == []
    page.goto(f"{fleet.url}/desk/quarantine")
    page.locator(".row-link").first.click()
    for address in (page.url, inquiry, _form(fleet), f"{_form(fleet)}/thanks", f"{fleet.url}/nothing-here"):
        page.goto(address)
        assert not overflows(page), address


def test_the_form_tells_everybody_what_is_missing(page: Page, fleet: Fleet) -> None:
    page.goto(f"{_form(fleet)}?utm_source=newsletter")
    assert page.locator("html").get_attribute("lang") == "en"
    assert fields_without_label(page) == []
    button = page.get_by_role("button", name="Send")
    assert contrast_of(button) >= LEAST_CONTRAST
    button.click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    summary.get_by_role("link", name="Email").click()
    expect(page.get_by_label("Email", exact=True)).to_be_focused()
    wrong = page.locator("[aria-invalid=true]")
    described = [wrong.nth(place).get_attribute("aria-describedby") for place in range(wrong.count())]
    assert described == ["first_name-error", "email-error"]
    assert page.locator("input[name=utm_source]").input_value() == "newsletter"
    page.goto(f"{fleet.url}/login")
    assert fields_without_label(page) == []
    assert contrast_of(page.get_by_role("button", name="Log in")) >= LEAST_CONTRAST


def test_the_form_works_without_scripts(chromium: Browser, fleet: Fleet) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(_form(fleet))
    page.get_by_role("button", name="Send").click()
    assert page.get_by_text("Enter your name.").first.is_visible()
    fill_in(page, _form(fleet), "Refinance my mortgage", "Kofi", "Mensah", "(415) 555-0144")
    assert sees_thanks(page)
    context.close()


def test_a_bot_is_thanked_and_waits_until_a_person_lets_it_through(
    page: Page, fleet: Fleet, link: str
) -> None:
    page.goto(_form(fleet))
    trap = page.get_by_label("Leave this empty").bounding_box()
    assert trap is None or trap["x"] + trap["width"] < 0
    page.evaluate(
        "document.addEventListener('submit', () => { document.getElementById('hp_note').value = '1' })"
    )
    page.get_by_label("First name").fill("Oskar")
    page.get_by_label("Last name").fill("Novak")
    page.get_by_label("Email", exact=True).fill("oskar.novak@example.com")
    page.get_by_label("Buy a home").check()
    page.get_by_role("button", name="Send").click()
    assert sees_thanks(page)
    log_in_by_link(page, link)
    page.goto(f"{fleet.url}/desk/quarantine")
    reload_until(page, page.get_by_role("link", name="Spam")).click()
    assert "a field hidden from people is filled in" in page.locator("main").inner_text()
    assert records_of(fleet, "oskar.novak@example.com")["contacts"] == []
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Accept").click()
    reload_until(page, page.get_by_role("link", name="Open the inquiry it became")).click()
    reload_until(page, page.locator(".head-state", has_text="In the CRM"))
    _assert_once_in_the_crm(page, fleet, "oskar.novak@example.com", page.url.rpartition("/")[2])
