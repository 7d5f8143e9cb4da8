"""Accounts: passwords, links, sessions and slowing down guesses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from argon2 import PasswordHasher, Type
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from jobs.ledger.account_tables import web_session
from jobs.ledger.accounts import Failures
from jobs.ledger.tables import audit_event
from jobs.services import Services
from tests.webapp.installation import Clock
from tests.webapp.visitor import Visitor
from webapp.accounts import passwords, people
from webapp.accounts.throttle import after

PASSWORD = "copper lantern orbit nine"
EMAIL = "dana@example.com"


def sessions(services: Services) -> int:
    with services.ledger.read() as connection:
        return int(connection.execute(select(func.count()).select_from(web_session)).scalar_one())


def test_somebody_logs_in_with_a_password_and_out_again(services: Services, stranger: Visitor) -> None:
    people.create_user(services, EMAIL, "admin", name="Dana", password=PASSWORD)
    before = stranger.get("/login")
    old_cookie = stranger.client.get_cookie("firstpath")
    answer = stranger.press(
        "/login", on="/login", email="DANA@example.com ", password=PASSWORD, next="/desk/errors"
    )
    new_cookie = stranger.client.get_cookie("firstpath")
    assert before.status_code == 200
    assert (answer.status_code, answer.location) == (303, "/desk/errors")
    assert old_cookie is not None
    assert new_cookie is not None
    assert old_cookie.value != new_cookie.value
    assert "Dana" in stranger.get("/desk/").text
    stranger.press("/account/logout", on="/desk/")
    assert stranger.get("/desk/").status_code == 303
    assert sessions(services) == 0


@pytest.mark.parametrize(
    "target", ["https://evil.example", "//evil.example", "/\\evil.example", "/desk/\\evil", "javascript:1"]
)
def test_a_log_in_never_leads_to_another_site(services: Services, stranger: Visitor, target: str) -> None:
    people.create_user(services, EMAIL, "admin", password=PASSWORD)
    answer = stranger.press("/login", on="/login", email=EMAIL, password=PASSWORD, next=target)
    assert answer.location == "/desk/"


def test_wrong_password_unknown_and_disabled_account_look_the_same(services: Services, app: Flask) -> None:
    people.create_user(services, "admin@example.com", "admin")
    people.create_user(services, EMAIL, "admin", password=PASSWORD)
    gone = people.create_user(services, "gone@example.com", "broker", password=PASSWORD)
    people.set_disabled(services, gone, True)
    tries = [(EMAIL, "wrong"), ("nobody@example.com", PASSWORD), ("gone@example.com", PASSWORD)]
    answers = [Visitor(app.test_client()).log_in(*one) for one in tries]
    assert {answer.status_code for answer in answers} == {401}
    assert all("do not go together" in answer.text for answer in answers)


def test_ten_failures_lock_an_account_for_a_quarter_of_an_hour_and_no_longer(
    services: Services, stranger: Visitor, clock: Clock
) -> None:
    for _ in range(10):
        assert stranger.log_in("nobody@example.com", "guess").status_code == 401
        clock.pass_(seconds=70)
    clock.pass_(seconds=-60)
    locked = stranger.log_in("nobody@example.com", "guess")
    assert locked.status_code == 429
    assert "Try again in 15 minutes" in locked.text
    clock.pass_(minutes=16)
    assert stranger.log_in("nobody@example.com", "guess").status_code == 401


@given(st.integers(1, 200))
def test_waiting_grows_with_every_failure_up_to_the_lock(count: int) -> None:
    now = datetime(2026, 1, 5, tzinfo=UTC)
    waits = []
    failures = Failures()
    for _ in range(count):
        failures = after(failures, now)
        waits.append((failures.locked_until or now) - now)
    assert waits == sorted(waits)
    assert max(waits) <= timedelta(minutes=15)


@pytest.mark.parametrize(
    ("password", "ok"),
    [
        ("short", False),
        ("password1234", False),
        ("aaaaaaaaaaaaaaa", False),
        ("dana likes mortgages", False),
        ("x" * 257, False),
        (PASSWORD, True),
        ("пароль из четырёх слов", True),
    ],
)
def test_a_password_must_be_long_and_not_easy_to_guess(password: str, ok: bool) -> None:
    if ok:
        passwords.check_choice(password, email=EMAIL)
    else:
        with pytest.raises(passwords.PasswordRefused):
            passwords.check_choice(password, email=EMAIL)


def test_a_link_survives_being_looked_at_and_works_once(services: Services, app: Flask) -> None:
    user = people.create_user(services, EMAIL, "admin")
    link = urlsplit(people.create_login_link(services, user.id)).path
    scanner, person, thief = (Visitor(app.test_client()) for _ in range(3))
    assert scanner.get(link).status_code == 200
    thief_token = thief.token(link)
    answer = person.press(link, on=link)
    assert answer.location == "/account/password"
    assert thief.post(link, {"csrf_token": thief_token}).status_code == 410
    assert scanner.get(link).status_code == 410
    saved = person.press("/account/password", on="/account/password", new=PASSWORD)
    assert saved.status_code == 303
    assert Visitor(app.test_client()).log_in(EMAIL, PASSWORD).status_code == 303


def test_a_link_expires_and_a_newer_one_replaces_it(
    services: Services, stranger: Visitor, clock: Clock
) -> None:
    user = people.create_user(services, EMAIL, "admin")
    first = urlsplit(people.create_login_link(services, user.id)).path
    second = urlsplit(people.create_login_link(services, user.id, timedelta(hours=1))).path
    assert stranger.get(first).status_code == 410
    assert stranger.get(second).status_code == 200
    clock.pass_(hours=1, seconds=1)
    assert stranger.get(second).status_code == 410


def test_changing_the_password_asks_for_the_old_one_and_ends_other_sessions(
    services: Services, app: Flask
) -> None:
    people.create_user(services, EMAIL, "admin", password=PASSWORD)
    here, there = Visitor(app.test_client()), Visitor(app.test_client())
    here.log_in(EMAIL, PASSWORD)
    there.log_in(EMAIL, PASSWORD)
    wrong = here.press(
        "/account/password", on="/account/password", current="no", new="four other plain words"
    )
    assert wrong.status_code == 401
    here.press("/account/password", on="/account/password", current=PASSWORD, new="four other plain words")
    assert here.get("/desk/").status_code == 200
    assert there.get("/desk/").status_code == 303


def test_a_disabled_account_is_out_at_once_and_the_last_admin_stays(
    services: Services, admin: Visitor
) -> None:
    user = people.find_user(services, "admin@example.com")
    with pytest.raises(people.AccountProblem, match="last admin"):
        people.set_disabled(services, user, True)
    people.create_user(services, EMAIL, "admin")
    people.set_disabled(services, user, True)
    assert admin.get("/desk/").status_code == 303


@pytest.mark.parametrize(
    ("step", "steps", "inside"),
    [
        (timedelta(minutes=29), 20, True),
        (timedelta(minutes=31), 1, False),
        (timedelta(minutes=29), 25, False),
    ],
)
def test_a_session_ends_after_30_idle_minutes_or_12_hours(
    admin: Visitor, clock: Clock, step: timedelta, steps: int, inside: bool
) -> None:
    for _ in range(steps):
        clock.at += step
        last = admin.get("/desk/")
    assert (last.status_code == 200) is inside


def test_visits_without_a_log_in_leave_no_session_behind(
    services: Services, stranger: Visitor, clock: Clock
) -> None:
    for address in ("/f/website", "/healthz", "/", "/nothing", "/desk/"):
        assert "Set-Cookie" not in stranger.get(address).headers
    assert sessions(services) == 0
    for _ in range(5):
        Visitor(stranger.client.application.test_client()).get("/login")
    clock.pass_(minutes=21)
    Visitor(stranger.client.application.test_client()).get("/login")
    assert sessions(services) == 1


def test_a_session_cookie_is_a_random_id_that_is_stored_only_as_a_hash(
    services: Services, admin: Visitor
) -> None:
    cookie = admin.client.get_cookie("firstpath")
    assert cookie is not None
    assert (cookie.http_only, cookie.same_site, cookie.path) == (True, "Lax", "/")
    with services.ledger.read() as connection:
        row = connection.execute(select(web_session)).one()
    assert cookie.value not in row.id_hash
    assert b"_user_id" not in row.data


@pytest.mark.parametrize(
    ("email", "role", "words"),
    [("nonsense", "admin", "not an email"), ("a@example.com", "boss", "no such role")],
)
def test_an_account_needs_an_address_and_a_role(
    services: Services, email: str, role: str, words: str
) -> None:
    with pytest.raises(people.AccountProblem, match=words):
        people.create_user(services, email, role)


def test_an_address_has_one_account_and_its_making_is_on_record(services: Services) -> None:
    people.create_user(services, EMAIL, "broker")
    with pytest.raises(people.AccountProblem, match="already"):
        people.create_user(services, "Dana@Example.com", "admin")
    assert [user.email for user in people.list_users(services)] == [EMAIL]
    with services.ledger.read() as connection:
        assert connection.execute(select(audit_event.c.action)).scalars().all() == ["account.created"]


def test_a_password_costs_whoever_guesses_as_much_as_the_rfc_asks(costly_hasher: PasswordHasher) -> None:
    assert costly_hasher.type is Type.ID
    assert (costly_hasher.memory_cost, costly_hasher.time_cost) >= (64 * 1024, 3)
