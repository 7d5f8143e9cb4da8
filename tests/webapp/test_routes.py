"""Every route: who may enter, and what the browser is told."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from structlog.testing import capture_logs

from tests.webapp.installation import PATH_KEY
from tests.webapp.visitor import Visitor

#: What anybody may open, by endpoint; everything else must send a stranger away.
OPEN = {
    "api.get_inquiry",
    "api.openapi",
    "api.post_follow_up",
    "api.post_inquiry",
    "api.post_opt_out",
    "accounts.link_page",
    "accounts.log_in_by_link",
    "accounts.log_in_by_password",
    "accounts.login_page",
    "application_link.brand",
    "application_link.follow",
    "application_link.go",
    "bootstrap.static",
    "door.arrive",
    "door.asked",
    "health.healthz",
    "health.readyz",
    "hosted_form.brand",
    "hosted_form.send",
    "hosted_form.show",
    "hosted_form.thanks",
    "static",
}
#: Blueprints that know no session: nothing there can be forged.
_OF_NOBODY = ("api", "application_link", "door", "hosted_form")
STAFF_ONLY = ("operations.", "paths.", "partners.", "reviews.", "consent.lift")


def routes(app: Flask) -> list[tuple[str, str, str]]:
    """(method, address, endpoint) of every route, placeholders filled in."""
    return [
        (method, re.sub(r"<[^>]+>", "website", rule.rule), rule.endpoint)
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def test_a_stranger_is_sent_to_the_log_in_from_every_closed_route(app: Flask, stranger: Visitor) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    for method, address, endpoint in routes(app):
        if endpoint not in OPEN:
            answer = stranger.client.open(address, method=method)
            assert (answer.status_code, endpoint) == (303, endpoint)
            assert answer.location.startswith("/login")


@pytest.mark.parametrize(("role", "staff"), [("admin", True), ("consultant", True), ("broker", False)])
def test_operations_are_for_staff_and_the_rest_for_everybody_with_an_account(
    app: Flask, someone: Callable[..., Visitor], role: str, staff: bool
) -> None:
    person = someone(role)
    app.config["WTF_CSRF_ENABLED"] = False
    for method, address, endpoint in routes(app):
        if endpoint not in OPEN and endpoint != "own_account.log_out":
            refused = person.client.open(address, method=method).status_code == 403
            assert (endpoint, refused) == (endpoint, endpoint.startswith(STAFF_ONLY) and not staff)


def test_every_blueprint_says_who_may_enter(app: Flask) -> None:
    # The door and the API ask each request for its path's key; Bootstrap serves files only.
    hooks = set(app.before_request_funcs) - {None}
    assert set(app.blueprints) - {"door", "api", "bootstrap"} == hooks


def test_no_route_changes_anything_without_a_csrf_token(app: Flask, admin: Visitor) -> None:
    for method, address, endpoint in routes(app):
        if method == "POST" and endpoint.split(".")[0] not in _OF_NOBODY:
            assert (endpoint, admin.post(address).status_code) == (endpoint, 400)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 303),
        ({"Origin": "http://localhost"}, 303),
        ({}, 303),
    ],
)
def test_a_post_from_another_site_is_refused_even_with_a_token(
    admin: Visitor, headers: dict[str, str], status: int
) -> None:
    fields = {"csrf_token": admin.token("/account/password")}
    assert admin.post("/account/logout", fields, **headers).status_code == status


def test_every_answer_carries_the_security_headers(app: Flask, admin: Visitor) -> None:
    for method, address, _ in routes(app):
        answer = admin.client.open(address, method=method)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] in ("no-referrer", "strict-origin")
        answer.close()


def test_pages_of_the_desk_cannot_be_framed_or_kept(admin: Visitor) -> None:
    answer = admin.get("/desk/")
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_pages_hold_no_inline_script_or_style(admin: Visitor) -> None:
    for address in ("/desk/", "/desk/errors", "/desk/connections", "/f/website", "/account/password"):
        page = admin.get(address).text
        assert not re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son\w+=", page)


@pytest.mark.parametrize(("address", "status"), [("/nothing", 404), ("/desk/inquiries/01NOSUCH", 404)])
def test_an_error_is_a_page_in_plain_words(admin: Visitor, address: str, status: int) -> None:
    answer = admin.get(address)
    assert answer.status_code == status
    assert "There is no page at this address" in answer.text


def test_an_unforeseen_error_shows_no_stack_and_logs_no_words_of_the_input(
    app: Flask, stranger: Visitor
) -> None:
    def breaks() -> str:
        raise RuntimeError("renata@example.com")

    app.add_url_rule("/breaks", view_func=breaks)
    with capture_logs() as logs:
        answer = stranger.get("/breaks")
    assert answer.status_code == 500
    assert "renata" not in answer.text + str(logs)
    assert logs[0]["error"] == "RuntimeError"


def test_a_request_line_holds_no_key_and_no_address(stranger: Visitor) -> None:
    with capture_logs() as logs:
        stranger.post(f"/in/{PATH_KEY}", {"email": "renata@example.com", "name": "Renata Okafor"})
        stranger.get("/login/a-login-token")
    assert len([line for line in logs if line["event"] == "request"]) == 2
    assert not re.search(rf"{PATH_KEY}|renata|127\.0|a-login-token", str(logs))


def test_health_and_readiness_answer_without_an_account(stranger: Visitor) -> None:
    assert stranger.get("/healthz").json == {"status": "ok"}
    assert stranger.get("/readyz").json == {"status": "ok"}
