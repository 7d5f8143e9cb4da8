"""What people do in front of a browser: fill in the form, log in, wait for a page to say something."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from webapp.hosted_form.brand import contrast

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

_PATIENCE_SECONDS = 20.0
_UNNAMED = """[...document.querySelectorAll("input:not([type=hidden], [type=submit]), select, textarea")]
    .filter(field => !field.labels.length && !field.ariaLabel).map(field => field.name)"""
_WIDER_THAN_THE_SCREEN = "document.documentElement.scrollWidth > window.innerWidth"


def fill_in(page: Page, form: str, need: str, first: str, last: str, phone: str, **more: str) -> None:
    """Type an inquiry into a hosted form, as a person would, and send it."""
    page.goto(form)
    page.get_by_label(need).check()
    page.get_by_label("First name").fill(first)
    page.get_by_label("Last name").fill(last)
    page.get_by_label("Email", exact=True).fill(f"{first}.{last}@example.com".lower())
    page.get_by_label("Phone", exact=True).fill(phone)
    page.get_by_label("State of the property").select_option(label=more.get("state", "California"))
    page.get_by_label("Loan amount you have in mind").fill(more.get("amount", "$640,000"))
    page.get_by_label("Your message").press_sequentially(more.get("message", "Please call me."), delay=5)
    page.get_by_label("you may call and text me").check()
    page.get_by_role("button", name="Send").click()


def sees_thanks(page: Page) -> bool:
    """Whether the visitor was thanked."""
    return page.url.endswith("/thanks") and page.get_by_text("We will be in touch soon").is_visible()


def log_in_by_link(page: Page, link: str) -> None:
    """Open a one-time link and press its button; the password page follows."""
    page.goto(link)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/account/password")


def reload_until(page: Page, what: Locator) -> Locator:
    """Look again and again, as somebody who waits would, until the page shows it."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not what.count():
        assert time.monotonic() < deadline, f"{page.url} never showed {what}:\n{page.inner_text('body')}"
        page.wait_for_timeout(100)
        page.reload()
    return what


def fields_without_label(page: Page) -> list[str]:
    """Names of what can be filled in but tells a screen reader nothing."""
    found: list[str] = page.evaluate(_UNNAMED)
    return found


def overflows(page: Page) -> bool:
    """Whether a person must scroll sideways."""
    return bool(page.evaluate(_WIDER_THAN_THE_SCREEN))


def contrast_of(button: Locator) -> float:
    """The contrast ratio of a button's text, from the colours the browser computed."""
    text, ground = (
        button.evaluate(f"node => getComputedStyle(node).{name}") for name in ("color", "backgroundColor")
    )
    return contrast(_hex(text), _hex(ground))


def _hex(css: str) -> str:
    red, green, blue = (int(part) for part in re.findall(r"\d+", css)[:3])
    return f"#{red:02x}{green:02x}{blue:02x}"
