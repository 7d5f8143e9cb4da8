"""One path first, in a real browser: kept in draft, shown in shadow, mapped, proven, and only then live."""

from __future__ import annotations

from typing import TYPE_CHECKING

import requests

from tests.e2e.crm_records import records_of
from tests.e2e.visits import fields_without_label, log_in_by_link, overflows, reload_until
from tests.fleet import FORM_KEY, Fleet

if TYPE_CHECKING:
    from playwright.sync_api import Page, ViewportSize

PHONE_SCREEN: ViewportSize = {"width": 390, "height": 844}
ANA = {
    "name": "Ana Quill",
    "email": "ana.quill@example.com",
    "phone": "415-555-0188",
    "state": "CA",
    "loan_type": "Purchase",
    "favourite_colour": "green",
}


def test_a_path_goes_live_when_it_is_proven(page: Page, fleet: Fleet, link: str) -> None:
    page.on("dialog", lambda dialog: dialog.accept())
    assert fleet.run("path", "draft", "website").returncode == 0
    log_in_by_link(page, link)
    _send(fleet, ANA)
    page.goto(f"{fleet.url}/desk/paths/website")
    assert "Before it can go" not in page.locator("main").inner_text()
    page.get_by_role("button", name="Go to shadow").click()
    reload_until(page, page.locator(".bundle", has_text="Ana Quill"))
    assert records_of(fleet, ANA["email"])["contacts"] == []
    assert "1 question is not mapped" in page.locator("main").inner_text()
    assert page.get_by_role("button", name="Go live").is_disabled()

    page.get_by_role("link", name="What its questions mean").click()
    page.get_by_label("favourite_colour").select_option("keep")
    assert fields_without_label(page) == []
    page.get_by_role("button", name="Save and try on the last").click()
    assert "Ana Quill" in page.locator("#tried + .card-table").inner_text()

    page.goto(f"{fleet.url}/desk/paths/website")
    page.set_viewport_size(PHONE_SCREEN)
    assert not overflows(page)
    page.get_by_label("Bring over what was shown in shadow").check()
    page.get_by_role("button", name="Go live").click()
    assert "It is live now" in page.get_by_role("status").inner_text()
    page.goto(f"{fleet.url}/desk/")
    page.get_by_role("link", name="Ana Quill").click()
    reload_until(page, page.locator(".head-state", has_text="In the CRM"))
    assert len(records_of(fleet, ANA["email"])["deals"]) == 1


def _send(fleet: Fleet, answers: dict[str, str]) -> None:
    answer = requests.post(f"{fleet.url}/in/{FORM_KEY}", data=answers, timeout=30)
    answer.raise_for_status()
