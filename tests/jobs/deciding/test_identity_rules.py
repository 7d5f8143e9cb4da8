"""What the playbook says of who is who holds for inquiries as they come, and is tried before it does."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from connectors.sandbox.hubspot import RunningSandbox
from jobs.deciding.recognise import telling_keys
from jobs.ledger import holders
from jobs.ledger.tables import borrower, borrower_key, inquiry, suppression
from jobs.playbooks.publishing import publish, push
from jobs.playbooks.simulate import simulate
from jobs.services import Services
from mapping.identity import IdentityRules, search_keys
from mapping.inquiry import Party
from mapping.playbook import load_playbook, shipped
from tests.jobs.brokerage import FORM, ON_SQLITE, Clock, with_way_in
from tests.jobs.daily_work import asks, decide_all, post, records, rows, send, work
from tests.mapping import people
from tests.people import person

US = shipped("mortgage_us")
TEAMS_PHONE, TEAMS_EMAIL = "+12126718844", "loans.team@brokers.example"
ANA, LUIS, ROSE = (replace(person(number), phone=TEAMS_PHONE) for number in (1, 2, 3))
IN_WORDS = "the playbook says that this {} is nobody's own"


def draft(*changes: tuple[str, str]) -> str:
    text = US
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def nobodys(*values: str) -> str:
    return draft(
        ('not_evidence = ["(212) 555-0100", ', f"not_evidence = [{', '.join(map(json.dumps, values))}, ")
    )


def decisions(services: Services) -> list[str]:
    """Who each inquiry is from and why, in the order of arrival."""
    return [dict(json.loads(one.decisions))["borrower"] for one in rows(services, inquiry)]


def test_what_is_published_counts_from_the_next_inquiry_on(services: Services, clock: Clock) -> None:
    """The office's number on everybody's form makes a household of strangers, until the playbook names it."""
    for who in (ANA, LUIS):
        post(services, asks(who))
        decide_all(services)
    assert "first name differs; one household" in decisions(services)[-1]
    push(services, nobodys("(212) 671-8844"), "ann")
    post(services, asks(ROSE))
    publish(services, "ann", message="our number is on every form")
    decide_all(services)
    clock.forward(hours=1)
    post(services, asks(ANA, email="ana.new@mail.example"))
    decide_all(services)
    assert decisions(services)[2].startswith(f"new: {IN_WORDS.format('phone')}; no email, phone")
    assert decisions(services)[3].startswith(f"review: {IN_WORDS.format('phone')}; -1.0 email differs")
    households = {one.id: one.household_id for one in rows(services, borrower)}
    assert [bool(households[one.borrower_id]) for one in rows(services, inquiry)] == [
        True,
        True,
        False,
        False,
    ]


def test_what_is_nobodys_own_is_stored_and_not_looked_up(services: Services) -> None:
    push(services, nobodys("212 671 8844", TEAMS_EMAIL, "@leads.example"), "ann")
    publish(services, "ann")
    rules = services.playbook.identity
    party = Party(
        first_name="Ana", last_name="Ruiz", email="k3@leads.example", phone=TEAMS_PHONE, city="Fresno"
    )
    asked = replace(people.inquiry(), borrower=party)
    keys = (holders.hashed(services.sealer, search_keys(party)),)
    assert [kind for kind, _ in keys[0]] == ["email", "phone", "name"]
    assert telling_keys(asked, keys, rules) == list(keys[0][2:])
    assert telling_keys(asked, keys, IdentityRules()) == list(keys[0])
    post(services, asks(replace(ANA, email=TEAMS_EMAIL)))
    decide_all(services)
    assert {"email", "phone"} <= {one.kind for one in rows(services, borrower_key)}


@ON_SQLITE
def test_two_borrowers_with_the_teams_email_are_two_contacts_and_none_has_it_for_good(
    services: Services, sandbox: RunningSandbox
) -> None:
    push(services, nobodys(TEAMS_EMAIL), "ann")
    publish(services, "ann")
    for number in (1, 2):
        post(services, asks(replace(person(number), email=TEAMS_EMAIL)))
        work(services)
    contacts = records(sandbox, "contacts")
    assert [one["firstpath_shared_email"] for one in contacts] == [TEAMS_EMAIL] * 2
    assert not any(one.get("email") for one in contacts)


@ON_SQLITE
def test_an_opt_out_by_the_offices_number_is_heeded(services: Services) -> None:
    services = with_way_in(services, "twilio")
    push(services, nobodys(TEAMS_PHONE), "ann")
    publish(services, "ann")
    post(services, asks(ANA))
    decide_all(services)
    fields = {"MessageSid": "SM1", "From": TEAMS_PHONE, "To": "+14155550100", "Body": "STOP"}
    send(services, "twilio", urlencode(fields).encode(), FORM)
    decide_all(services)
    assert {one.channel for one in rows(services, suppression)} == {"sms"}


def history(services: Services, clock: Clock) -> None:
    """Somebody asks, and again from another inbox; then a stranger with that number, and a namesake."""
    first = replace(ANA, first="Zoraida", last="Ramitierra", email="z@mail.example")
    again, namesake = replace(first, email="zr@mail.example"), replace(first, email="", phone="+12123357788")
    for who in (first, again, LUIS, namesake):
        post(services, asks(who, city="Ithaca", postal_code="14850", state="NY"))
        decide_all(services)
        clock.forward(hours=50)


@ON_SQLITE
@pytest.mark.parametrize(
    ("change", "how"),
    [
        # Two of them have the number then: whose household the stranger's is, nobody knows.
        (
            ("same_from = 13 ", "same_from = 40 "),
            {"same → review": 1, "new in a household we know → new": 1},
        ),
        (("ask_by_name_from = 3.3 ", 'ask_by_name_from = "never" '), {"review → new": 1}),
        (("ask_from = 8.5 ", "ask_from = 9.5 "), {}),
        (
            ('not_evidence = ["(212) 555-0100"', f'not_evidence = ["{TEAMS_PHONE}"'),
            {"same → review": 1, "new in a household we know → new": 1},
        ),
    ],
)
def test_what_a_draft_would_recognise_otherwise_is_told(
    services: Services, clock: Clock, change: tuple[str, str], how: dict[str, int]
) -> None:
    history(services, clock)
    since = services.now() - timedelta(days=365)
    matches = simulate(services, load_playbook(draft(change), name="draft"), since=since).report.aspects[
        "matches"
    ]
    assert matches.how == how
    arrived = [one.id for one in rows(services, inquiry)]
    assert set(matches.examples) <= set(arrived)
    assert len(matches.examples) == sum(how.values())
