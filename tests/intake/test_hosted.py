"""Our own form: its names are ours, its timing comes from the web side."""

from __future__ import annotations

import pytest

from connectors.intake.base import Unreadable
from connectors.intake.hosted import HostedForm
from tests.intake.requests import BROWSER, RECEIVED_AT, answered, by_key, request


def test_fields_are_answers_and_the_pages_own_are_not() -> None:
    body = b"first_name=Ana&consent_sms=on&consent_text=I+agree&_ts=1.ab&_elapsed=40&csrf_token=x&website="
    found = answered(HostedForm(), request(body, user_agent=BROWSER, remote_addr="203.0.113.9"))
    assert by_key(found) == {"first_name": "Ana", "consent_sms": "on", "consent_text": "I agree"}
    assert found.vendor == "hosted-form"
    assert found.signals == ()
    assert found.submitted_at == RECEIVED_AT
    assert (found.origin.ip, found.origin.user_agent) == ("203.0.113.9", BROWSER)


@pytest.mark.parametrize(
    ("elapsed", "signals"),
    [
        ("1.4", ("submitted_in_1_second",)),
        ("3", ()),
        ("90000", ("stale_form",)),
        ("", ()),
        ("soon", ()),
        ("nan", ()),
        ("-5", ()),
    ],
)
def test_elapsed_seconds_are_a_signal(elapsed: str, signals: tuple[str, ...]) -> None:
    found = answered(HostedForm(), request(f"first_name=Ana&_elapsed={elapsed}".encode()))
    assert found.signals == signals


def test_filled_honeypot_is_a_signal() -> None:
    found = answered(HostedForm(), request(b"first_name=Ana&website=x"))
    assert found.signals == ("honeypot_filled",)


def test_anybody_may_fill_it_in() -> None:
    HostedForm().verify(request(b"first_name=Ana"), "unused")


def test_json_is_not_our_form() -> None:
    with pytest.raises(Unreadable):
        answered(HostedForm(), request(b'{"first_name": "Ana"}', "application/json"))
