"""A mail stays the same mail, whatever the settings make of it by now."""

from __future__ import annotations

from dataclasses import replace

from connectors.intake.base import RawRequest
from jobs.intake.accepting import Accepted, accept
from jobs.intake.mail_identity import mail_content
from jobs.ledger.tables import submission
from jobs.services import Services
from tests.jobs.brokerage import ON_SQLITE
from tests.jobs.daily_work import rows
from tests.jobs.mailroom import referral, with_inbox


def arrives(services: Services, mail: bytes, **changed: object) -> Accepted:
    path = replace(services.settings.paths["referrals"], **changed)  # type: ignore[arg-type]
    return accept(services, path, RawRequest("message/rfc822", {}, mail))


@ON_SQLITE
def test_a_mail_that_is_read_differently_by_now_is_still_known(services: Services) -> None:
    services = with_inbox(services, 993, "nobody")
    first = arrives(services, referral(1))
    again = arrives(services, referral(1), own_domains=("realtor.example",), authserv_id="another.example")
    assert (again.id, again.repeated) == (first.id, True)
    assert len(rows(services, submission)) == 1


@ON_SQLITE
def test_a_copy_that_came_by_another_road_is_the_same_mail(services: Services) -> None:
    services = with_inbox(services, 993, "nobody")
    first = arrives(services, referral(1))
    copy = b"Received: from list.example by mx.harborpine.example; Tue, 17 Nov 2026 17:05:00 +0000\r\n"
    assert arrives(services, copy + referral(1)).id == first.id


@ON_SQLITE
def test_other_words_under_a_known_name_are_for_a_person(services: Services) -> None:
    services = with_inbox(services, 993, "nobody")
    arrives(services, referral(1))
    other = arrives(services, referral(1).replace(b"Purpose: Purchase", b"Purpose: Refinance"))
    assert not other.repeated
    assert sorted(one.reason_code for one in rows(services, submission)) == ["", "revision"]


def test_content_is_who_says_what() -> None:
    mail = b"From: a@b.example\r\nSubject: one\r\n two\r\n\r\nHello\r\n"
    assert mail_content(mail) == mail_content(b"X: 1\nSubject: one\n two\nFrom: a@b.example\n\nHello")
    assert mail_content(mail) != mail_content(mail.replace(b"a@b", b"c@b"))
    assert mail_content(b"") == mail_content(b"\r\n\r\n")
