"""Whose word about a sender counts: our own mail server's, where it writes it."""

from __future__ import annotations

import pytest

from mapping.mail.letter import Letter, Person
from mapping.mail.trust import aligned, trust_in

MX = "mx.harborpine.example.com"
GOOD = "{server}; dkim=pass header.d=marsh.test; dmarc=pass (p=none) header.from=marsh.test"


def letter(*trace: tuple[str, str], **more: object) -> Letter:
    return Letter(sender=Person("Ann", "ann@marsh.test"), trace=trace, **more)  # type: ignore[arg-type]


def results(text: str = GOOD, server: str = MX) -> tuple[str, str]:
    return "authentication-results", text.format(server=server)


def received(by: str) -> tuple[str, str]:
    return "received", f"from x (x [192.0.2.1]) by {by} with ESMTPS id 1; Tue, 4 Mar 2025 09:40:02 -0800"


@pytest.mark.parametrize(
    "trace",
    [
        [results()],
        [results(), received(MX)],
        [received("inner.example.com"), results(), received(MX), received("elsewhere.test")],
        [results("{server}; dkim=pass header.d=marsh.test"), received(MX)],
        [results("{server} 1; dmarc=pass header.from=marsh.test"), received(MX)],
        [results("{server}; spf=pass smtp.mailfrom=marsh.test"), results(), received(MX)],
    ],
)
def test_what_our_server_wrote_above_its_own_line_proves(trace: list[tuple[str, str]]) -> None:
    assert trust_in(letter(*trace), MX).proved


@pytest.mark.parametrize(
    "trace",
    [
        [],
        [received(MX)],
        [received(MX), results()],
        [received("elsewhere.test"), results()],
        [results(server="mx.evil.test"), received(MX)],
        [results("{server}; spf=pass smtp.mailfrom=marsh.test"), received(MX)],
        [results("{server}; dkim=pass header.d=bulk.test"), received(MX)],
        [results("{server}; dkim=none; dmarc=none"), received(MX)],
        [results('evil.test; x="{server}; dmarc=pass"'), received(MX)],
        [results("(" + MX + ";) evil.test; dmarc=pass header.from=marsh.test"), received(MX)],
        [received("evil.test"), results(), received(MX), received(MX)][1:][::-1],
    ],
)
def test_nothing_else_does(trace: list[tuple[str, str]]) -> None:
    found = trust_in(letter(*trace), MX)
    assert not found.proved
    assert found.why


def test_a_failed_check_outweighs_a_passed_one() -> None:
    found = trust_in(letter(results(), results("{server}; dmarc=fail header.from=marsh.test")), MX)
    assert found.failed
    assert not found.proved


def test_gmail_writes_its_results_below_its_own_line() -> None:
    google = "mx.google.com"
    own = [received("2002:a05:1234::1"), received(google), results(server=google)]
    assert trust_in(letter(*own, received("elsewhere.test")), google).proved
    assert not trust_in(letter(*own[:2], received("elsewhere.test"), own[2]), google).proved


def test_microsoft_365_writes_no_name() -> None:
    server = "protection.outlook.com"
    unnamed = results(
        "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=marsh.test; dmarc=pass header.from=marsh.test"
    )
    border = received("bn8nam11.mail.protection.outlook.com")
    assert trust_in(letter(received("a.prod.outlook.com"), unnamed, border), server).proved
    assert not trust_in(letter(border, unnamed), server).proved
    assert not trust_in(letter(unnamed, received(MX)), MX).proved


def test_without_a_server_s_name_nobody_is_believed() -> None:
    assert "authserv_id" in trust_in(letter(results()), "").why


def test_two_senders_prove_nobody() -> None:
    assert not trust_in(letter(results(), senders=2), MX).proved


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("marsh.test", "mail.marsh.test", True),
        ("MARSH.test", "marsh.test", True),
        ("marsh.test", "xmarsh.test", False),
        ("test", "marsh.test", False),
        ("co.uk", "marsh.co.uk", False),
        ("", "marsh.test", False),
    ],
)
def test_alignment(one: str, other: str, same: bool) -> None:
    assert aligned(one, other) is same
