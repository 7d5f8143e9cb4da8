"""A person with a browser: keeps cookies and sends the page's CSRF token along."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from jobs.services import Services
from webapp.accounts import people

_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class Visitor:
    """Opens pages and presses buttons."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, url: str, **more: str) -> TestResponse:
        """Open a page."""
        return self.client.get(url, headers=more)

    def post(self, url: str, fields: dict[str, str] | None = None, **headers: str) -> TestResponse:
        """Send a form without any token."""
        return self.client.post(url, data=fields or {}, headers=headers)

    def press(self, url: str, *, on: str, **fields: str) -> TestResponse:
        """Press a button on a page: with that page's CSRF token."""
        return self.client.post(url, data={**fields, "csrf_token": self.token(on)})

    def token(self, page: str) -> str:
        """The CSRF token in a page."""
        found = _TOKEN.search(self.get(page).text)
        assert found, f"no CSRF token on {page}"
        return found[1]

    def log_in(self, email: str, password: str) -> TestResponse:
        """With the log-in form."""
        return self.press("/login", on="/login", email=email, password=password)


def log_in_as(app: Flask, services: Services, role: str, email: str) -> Visitor:
    """A new account, logged in by its link."""
    user = people.create_user(services, email, role)
    link = urlsplit(people.create_login_link(services, user.id)).path
    visitor = Visitor(app.test_client())
    assert visitor.press(link, on=link).status_code == 303
    return visitor
