"""An opt-out reaches everybody with that number or address, and survives what happens to borrowers later."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

import pytest

from connectors.crm.base import Outcome, Receipt
from jobs.consent.heard_in_crm import heed_opt_outs
from jobs.known import load
from jobs.ledger.tables import (
    borrower,
    borrower_merge,
    consent_record,
    follow_up,
    inquiry,
    inquiry_event,
    review,
    suppression,
)
from jobs.reviews.asking import answer
from jobs.reviews.merging import merge
from jobs.reviews.unmerging import undo
from jobs.services import Services
from mapping.inquiry import Consent
from tests.jobs.brokerage import FORM, ON_SQLITE, Clock, with_way_in
from tests.jobs.daily_work import asks, decide_all, post, row, rows, send, work
from tests.people import person

pytestmark = ON_SQLITE
ANA = replace(person(1), phone="+14152000101")
NO_CALLS = {"Please do not call me": "yes"}


@pytest.fixture
def twilio(services: Services) -> Services:
    """The brokerage with a number that takes texts."""
    return with_way_in(services, "twilio")


def stop(services: Services, words: str = "STOP") -> str:
    """Ana texts the brokerage."""
    fields = {"MessageSid": f"SM{words}", "From": ANA.phone, "To": "+14155550100", "Body": words}
    return send(services, "twilio", urlencode(fields).encode(), FORM)


def consents(services: Services) -> list[Consent]:
    """What each inquiry says about being contacted, the oldest first."""
    with services.ledger.read() as connection:
        return [load(connection, services, one.id).details.consent for one in rows(services, inquiry)]


def planned(services: Services, channel: str) -> list[str]:
    """The inquiries for which something is planned on a channel."""
    return [
        one.inquiry_id
        for one in rows(services, follow_up)
        if one.channel == channel and one.state in ("planned", "in_crm")
    ]


def test_a_number_that_a_whole_office_gave_is_stopped_for_all_of_them(twilio: Services) -> None:
    """Such a number says nothing about who somebody is, and still it is the one that asks for quiet."""
    for number in range(2, 14):
        post(twilio, asks(replace(person(number), phone=ANA.phone), str(number)))
    decide_all(twilio)
    assert len(planned(twilio, "call")) == 12
    stop(twilio, "stop contacting me")
    decide_all(twilio)
    assert {one.opted_out for one in consents(twilio)} == {("email", "phone", "sms")}
    assert not planned(twilio, "call")


def test_a_form_stops_the_calls_to_its_number_whoever_has_it(services: Services) -> None:
    """A review is open: whether they are one person is not known, but it is one telephone."""
    post(services, asks(ANA, "1", date_of_birth="1980-02-03"))
    decide_all(services)
    post(services, asks(ANA, "2", date_of_birth="1991-02-03", **NO_CALLS))
    decide_all(services)
    assert [one.state for one in rows(services, review)] == ["open"]
    assert [one.opted_out for one in consents(services)] == [("phone",), ("phone",)]
    assert not planned(services, "call")
    heard = [one for one in rows(services, inquiry_event) if one.kind == "withdrawal"]
    assert len(heard) == 1
    assert len([one for one in rows(services, consent_record) if one.kind == "withdrawn"]) == 1


def test_a_mark_in_the_crm_counts_for_whoever_its_contact_became(services: Services) -> None:
    post(services, asks(ANA, "1", date_of_birth="1980-02-03"))
    post(services, asks(ANA, "2", date_of_birth="1991-02-03"))
    decide_all(services)
    kept, gone = (one.id for one in rows(services, borrower))
    merge(services, kept, gone, actor="system")
    seen = Outcome("contact", gone, remote_id="77", opted_out=("phone",))
    heed_opt_outs(services, "hubspot", [Receipt("delivery", (seen,))])
    assert [one.opted_out for one in consents(services)] == [("phone",), ("phone",)]
    assert not planned(services, "call")


@pytest.mark.parametrize(
    "words",
    [
        "Stop emailing me",
        "stop sending me casino ads https://a.example https://b.example https://c.example",
        "unsubscribe me from your seo and crypto news",
    ],
)
def test_a_wish_to_be_left_alone_is_never_taken_for_spam(twilio: Services, words: str) -> None:
    post(twilio, asks(ANA, "1"))
    decide_all(twilio)
    stop(twilio, words)
    decide_all(twilio)
    assert rows(twilio, suppression)


@pytest.mark.parametrize("when", ["before", "between", "after"])
def test_it_survives_merge_undo_replay_and_import(twilio: Services, clock: Clock, when: str) -> None:
    """Whenever it is said: nobody is texted by any inquiry, old or new, from this person's number."""
    agrees = {"consent_sms": "yes", "preferred_contact": "text", "consent_text": "I agree to texts."}
    first = asks(ANA, "1", date_of_birth="1980-02-03", **agrees)
    post(twilio, first)
    post(twilio, asks(ANA, "2", date_of_birth="1991-02-03", **agrees))
    decide_all(twilio)
    if when == "before":
        stop(twilio)
        decide_all(twilio)
    answer(twilio, row(twilio, review).id, "same", actor="desk")
    assert len({one.borrower_id for one in rows(twilio, inquiry)}) == 1
    if when == "between":
        stop(twilio)
        decide_all(twilio)
    undo(twilio, row(twilio, borrower_merge).id, actor="desk")
    assert len({one.borrower_id for one in rows(twilio, inquiry)}) == 2
    if when == "after":
        stop(twilio)
        decide_all(twilio)
    assert [one.opted_out for one in consents(twilio)] == [("sms",), ("sms",)]
    clock.forward(days=30)
    post(twilio, asks(ANA, "1-again", date_of_birth="1980-02-03", **agrees))
    post(twilio, asks(ANA, "2-again", date_of_birth="1991-02-03", **agrees))
    post(twilio, asks(replace(ANA, email="new.address@example.com"), "3", **agrees))
    work(twilio)
    assert {one.opted_out for one in consents(twilio)} == {("sms",)}
    assert not planned(twilio, "text")
