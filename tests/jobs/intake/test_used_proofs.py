"""A signature that does not cover its body is good for one body."""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import urlencode

import pytest

from connectors.intake.base import NotTrusted
from jobs.ledger.tables import submission, used_proof
from jobs.services import Services
from tests.jobs.brokerage import FORM, Clock, with_way_in
from tests.jobs.daily_work import rows, send

_SECRET = "mailgun-signing-key-of-the-tests"


def mail(services: Services, message_id: str, words: str, token: str = "t" * 50) -> str:
    """Mailgun posts a mail with the fields it signs."""
    stamp = str(int(services.now().timestamp()))
    signature = hmac.digest(_SECRET.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hex()
    fields = {
        "timestamp": stamp,
        "token": token,
        "signature": signature,
        "from": "Ada Novak <ada@example.com>",
        "sender": "ada@example.com",
        "subject": "A question",
        "Message-Id": message_id,
        "body-plain": words,
    }
    return send(services, "mailgun", urlencode(fields).encode(), FORM)


@pytest.fixture
def mailgun(services: Services) -> Services:
    return with_way_in(services, "mailgun", secret=_SECRET)


def test_the_same_mail_again_is_the_same_submission(mailgun: Services) -> None:
    assert mail(mailgun, "<1@example.com>", "Can I refinance?") == mail(
        mailgun, "<1@example.com>", "Can I refinance?"
    )
    assert len(rows(mailgun, used_proof)) == 1


def test_another_mail_under_a_used_signature_is_refused(mailgun: Services) -> None:
    mail(mailgun, "<1@example.com>", "Can I refinance?")
    with pytest.raises(NotTrusted, match="used before") as refused:
        mail(mailgun, "<2@example.com>", "Send the money elsewhere")
    assert refused.value.status == 406
    assert len(rows(mailgun, submission)) == 1


def test_used_signatures_are_forgotten_after_a_day(mailgun: Services, clock: Clock) -> None:
    mail(mailgun, "<1@example.com>", "Can I refinance?")
    clock.forward(days=2)
    mail(mailgun, "<2@example.com>", "And buy?", token="u" * 50)
    assert len(rows(mailgun, used_proof)) == 1
