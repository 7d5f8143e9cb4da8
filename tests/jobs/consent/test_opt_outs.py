"""Somebody wants to be left alone: at once, everywhere, and whatever comes later."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from sqlalchemy import update

from connectors.sandbox.hubspot import RunningSandbox
from jobs.deciding.process import process_due
from jobs.delivering.deliver import deliver_due
from jobs.follow_up.cadences import follow_up_due
from jobs.known import load
from jobs.ledger.codec import from_json
from jobs.ledger.seal import Sealer
from jobs.ledger.tables import (
    alert,
    consent_record,
    delivery,
    follow_up,
    inquiry,
    submission,
    suppression,
)
from jobs.reviews.merging import merge
from jobs.services import Services
from jobs.upkeep.retention import expire_raw
from jobs.upkeep.rotate import reseal
from mapping.crm.bundle import Bundle
from tests.jobs.brokerage import FORM, JSON, ON_SQLITE, Clock, with_path, with_way_in
from tests.jobs.daily_work import as_json, asks, decide_all, post, records, row, rows, send, work
from tests.people import person

pytestmark = ON_SQLITE
ANA = replace(person(1), phone="+14152000101")
AGREES = {"consent_sms": "yes", "preferred_contact": "text", "consent_text": "I agree to texts and calls."}


def stop(services: Services, words: str = "STOP", number: str = "SM1") -> str:
    """Ana texts the brokerage."""
    fields = {"MessageSid": number, "From": ANA.phone, "To": "+14155550100", "Body": words}
    return send(services, "twilio", urlencode(fields).encode(), FORM)


def consent_of(services: Services, id_: str = "") -> tuple[bool | None, tuple[str, ...]]:
    """(texts, channels left) of an inquiry, the newest one by default."""
    from jobs.ledger.inquiries import details

    with services.ledger.read() as connection:
        found = details(connection, services.sealer, id_ or rows(services, inquiry)[-1].id)
    assert found is not None
    return found.consent.sms, found.consent.opted_out


@pytest.fixture
def twilio(services: Services) -> Services:
    """The brokerage with a number that takes texts."""
    return with_way_in(services, "twilio")


def test_it_goes_before_everything_else(twilio: Services) -> None:
    post(twilio, asks(ANA, "1"))
    decide_all(twilio)
    for number in range(2, 40):
        post(twilio, asks(person(number), str(number)))
    stop(twilio)
    process_due(twilio, limit=5)
    assert [one.kind for one in rows(twilio, consent_record)] == ["withdrawn"]
    assert {one.lane for one in rows(twilio, delivery)} == {"urgent"}, "and takes what waits before it along"


def test_the_crm_is_told_first_and_stops_what_was_planned(twilio: Services, sandbox: RunningSandbox) -> None:
    for number in range(2, 6):
        post(twilio, asks(person(number), str(number)))
    post(twilio, asks(ANA, "1", **AGREES))
    decide_all(twilio)
    stop(twilio)
    decide_all(twilio)
    deliver_due(twilio, "hubspot")
    (contact,) = records(sandbox, "contacts")
    assert (contact["mortgage_do_not_text"], contact["firstname"]) == ("true", ANA.first)
    texts = [one for one in rows(twilio, follow_up) if one.channel == "text"]
    assert [one.state for one in texts] == ["cancelled"]
    work(twilio)
    assert "Text" not in {one["hs_task_subject"].split()[0] for one in records(sandbox, "tasks")}
    assert row(twilio, inquiry, texts[0].inquiry_id).next_follow_up_at is not None, (
        "something else is planned"
    )


def test_a_task_that_stands_in_the_crm_is_closed_there(twilio: Services, sandbox: RunningSandbox) -> None:
    post(twilio, asks(ANA, "1", **AGREES))
    work(twilio)
    (task,) = records(sandbox, "tasks")
    assert task["hs_task_status"] == "NOT_STARTED"
    stop(twilio)
    work(twilio)
    assert {one["hs_task_status"] for one in records(sandbox, "tasks")} == {"COMPLETED", "NOT_STARTED"}


def test_an_address_that_unsubscribes_is_unsubscribed_in_hubspot(
    services: Services, sandbox: RunningSandbox
) -> None:
    post(services, asks(ANA, "1"))
    work(services)
    post(services, asks(ANA, "2") | {"Please unsubscribe me from email": "yes"})
    work(services)
    (contact,) = records(sandbox, "contacts")
    assert contact["hs_email_optout"] == "true"
    assert any("unsubscribe-all" in call["path"] for call in sandbox.journal.since())
    assert {one.channel for one in rows(services, suppression)} == {"email"}


def test_who_left_email_is_asked_for_documents_another_way(
    services: Services, sandbox: RunningSandbox, clock: Clock
) -> None:
    services = with_way_in(services, "application_events")
    ana = {"first_name": "Ana", "email": "ana@example.com", "phone": "415-200-0188", "property_state": "CA"}
    for number, status in enumerate(("submitted", "documents needed")):
        said = {"application_id": "A-1", "event_id": f"e-{number}", "status": status, **ana}
        send(services, "application_events", as_json(said), JSON)
        work(services)
    for _ in range(3):
        clock.forward(hours=12)
        follow_up_due(services)
        work(services)
    asked = [one for one in rows(services, follow_up) if one.channel == "document_request"]
    assert [one.state for one in asked] == ["in_crm"]
    post(services, {**ana, "loan_type": "Refinance", "Please unsubscribe me from email": "yes"})
    decide_all(services)
    open_now = [one for one in rows(services, follow_up) if one.state in ("planned", "in_crm")]
    assert not {"email", "document_request"} & {one.channel for one in open_now}
    clock.forward(days=9)
    follow_up_due(services)
    work(services)
    chased = [one for one in rows(services, follow_up) if (one.touch or "").startswith("documents/")]
    assert {one.channel for one in chased if one.state != "cancelled"} <= {"call", "text"}
    assert any(one.state != "cancelled" for one in chased)


def test_a_draft_path_hears_it_too(twilio: Services) -> None:
    post(twilio, asks(ANA, "1"))
    work(twilio)
    stop(with_path(twilio, "draft", "twilio"))
    work(twilio)
    assert rows(twilio, suppression)


def test_no_later_form_lifts_it_and_a_person_is_told(twilio: Services, clock: Clock) -> None:
    post(twilio, asks(ANA, "1", **AGREES))
    work(twilio)
    stop(twilio)
    work(twilio)
    clock.forward(days=3)
    post(twilio, asks(ANA, "2", **AGREES))
    work(twilio)
    assert consent_of(twilio) == (False, ("sms",))
    assert "consent" in {one.kind for one in rows(twilio, alert)}
    said = [one for one in rows(twilio, consent_record) if one.kind == "said"]
    assert [one.sms for one in said] == [True, True], "the evidence stays as it was said"


def test_replay_of_an_old_form_does_not_lift_it(twilio: Services) -> None:
    old = post(twilio, asks(ANA, "1", **AGREES)).id
    with twilio.ledger.write() as connection:
        held = {"state": "quarantined", "reason_code": "spam"}
        connection.execute(update(submission).where(submission.c.id == old).values(held))
    stop(twilio)
    work(twilio)
    with twilio.ledger.write() as connection:
        connection.execute(update(submission).where(submission.c.id == old).values(state="received"))
    work(twilio)
    assert consent_of(twilio) == (False, ("sms",))


def test_an_imported_row_does_not_lift_it(twilio: Services) -> None:
    stop(twilio)
    work(twilio)
    post(twilio, asks(ANA, "1", **AGREES))
    with twilio.ledger.write() as connection:
        connection.execute(update(submission).where(submission.c.state == "received").values(lane="backfill"))
    work(twilio)
    assert consent_of(twilio) == (False, ("sms",))


def test_somebody_else_with_the_number_is_left_alone_too(twilio: Services) -> None:
    stop(twilio)
    work(twilio)
    post(twilio, asks(replace(person(7), phone=ANA.phone), "7", **AGREES))
    work(twilio)
    assert consent_of(twilio) == (False, ("sms",))
    post(twilio, asks(person(8), "8", **AGREES))
    work(twilio)
    assert consent_of(twilio) == (True, ())


def test_after_a_merge_both_are_left_alone(twilio: Services) -> None:
    post(twilio, asks(ANA, "1", **AGREES))
    other = replace(ANA, email="ana.elsewhere@example.com", phone="+14152000999")
    post(twilio, asks(replace(other, first="Zoe", last="Quist"), "2", **AGREES))
    work(twilio)
    stop(twilio)
    work(twilio)
    kept, absorbed = (one.borrower_id for one in rows(twilio, inquiry))
    merge(twilio, kept, absorbed, actor="system")
    with twilio.ledger.read() as connection:
        both = [load(connection, twilio, one.id).details.consent.sms for one in rows(twilio, inquiry)]
    assert both == [False, False], "nothing is planned by text for either"
    post(twilio, asks(replace(ANA, phone="+14152000999"), "3", **AGREES))
    work(twilio)
    assert rows(twilio, inquiry)[-1].borrower_id == kept
    assert consent_of(twilio) == (False, ("sms",))


def test_a_mere_no_closes_the_borrowers_other_inquiries_and_no_opt_out(
    services: Services, sandbox: RunningSandbox, clock: Clock
) -> None:
    post(services, asks(ANA, "1", **AGREES))
    work(services)
    clock.forward(days=1)
    post(services, asks(ANA, "2", consent_sms="no"))
    work(services)
    first = rows(services, inquiry)[0].id
    assert consent_of(services, first) == (False, ())
    assert not rows(services, suppression)
    assert "mortgage_do_not_text" not in records(sandbox, "contacts")[0]
    clock.forward(days=1)
    post(services, asks(ANA, "3", **AGREES))
    work(services)
    assert consent_of(services) == (False, ()), "the most restrictive word wins"


def test_what_a_person_ticked_in_the_crm_counts_here(services: Services, sandbox: RunningSandbox) -> None:
    post(services, asks(ANA, "1", consent_email="yes", preferred_contact="email"))
    work(services)
    (contact_id,) = sandbox.state.records("contacts")
    with sandbox.state.lock:
        from connectors.sandbox.hubspot.writes import update as person_writes

        shelf = sandbox.state.shelf("contacts")
        person_writes(sandbox.state, shelf, contact_id, {"hs_email_optout": "true"})
    post(services, asks(ANA, "2"))
    work(services)
    assert {one.channel for one in rows(services, suppression)} == {"email"}
    assert [one.way for one in rows(services, consent_record) if one.kind == "withdrawn"] == ["hubspot"]
    before = len(rows(services, delivery))
    post(services, asks(ANA, "3", consent_email="yes"))
    work(services)
    assert len(rows(services, delivery)) == before + 1, "heard once"


def test_it_survives_new_keys_and_the_evidence_outlives_what_came(twilio: Services, clock: Clock) -> None:
    post(twilio, asks(ANA, "1", **AGREES))
    stop(twilio)
    work(twilio)
    keys = twilio.settings.secrets
    fresh = ("new", bytes(range(32)))
    sealer = Sealer((fresh, *keys.encryption_keys), keys.lookup_key)
    dict(reseal(twilio.ledger, sealer, 10))
    after = replace(twilio, sealer=Sealer((fresh,), keys.lookup_key))
    clock.forward(days=after.settings.retention.raw_days + 1)
    expire_raw(after)
    post(after, asks(ANA, "2", **AGREES))
    work(after)
    assert consent_of(after) == (False, ("sms",))
    from jobs.ledger.consents import lines_of

    with after.ledger.read() as connection:
        first = lines_of(connection, after.sealer, rows(after, inquiry)[0].borrower_id)[0]
    assert first.evidence.consent is not None
    assert first.evidence.consent.text == AGREES["consent_text"]
    clock.forward(days=after.settings.retention.consent_days)
    expire_raw(after)
    assert not [one for one in rows(after, consent_record) if one.at < clock() - timedelta(days=1900)]
    assert rows(after, suppression), "whom we may not text is remembered for good"


def with_second_crm(services: Services) -> Services:
    """The same brokerage with a CRM of its partners, which only the guarded path leads to."""
    settings = services.settings
    crms = {**settings.crms, "partners": replace(settings.crms["hubspot"], name="partners")}
    paths = {**settings.paths, "guarded": replace(settings.paths["guarded"], crm=("partners",), secret="")}
    return replace(services, settings=replace(settings, crms=crms, paths=paths))


def owed(services: Services) -> dict[str, Bundle]:
    """What each CRM is told ahead of everything else."""
    return {
        one.crm: from_json(services.sealer.open_json(one.bundle, f"delivery.bundle:{one.id}"), Bundle)
        for one in rows(services, delivery)
        if one.lane == "urgent" and one.step > 0
    }


def test_every_crm_that_holds_the_person_is_told(services: Services, clock: Clock) -> None:
    services = with_second_crm(with_way_in(services, "twilio"))
    post(services, asks(ANA, "1"), "guarded")
    clock.forward(days=1)
    post(services, asks(ANA, "2"))
    decide_all(services)
    with services.ledger.write() as connection:
        connection.execute(update(inquiry).where(inquiry.c.path == "guarded").values(stage="lost"))
    stop(services)
    decide_all(services)
    told = owed(services)
    assert set(told) == {"hubspot", "partners"}
    assert told["partners"].deal is None, "the loan there is over: the contact alone"
    for bundle in told.values():
        assert bundle.contacts[0].fields["mortgage_do_not_text"] == "true"
        assert "mortgage_do_not_text" in bundle.contacts[0].overwrite


def test_a_co_borrower_is_left_alone_and_the_borrower_is_not(services: Services) -> None:
    services = with_way_in(services, "twilio")
    spouse = {
        "co_borrower_first_name": "Ana",
        "co_borrower_last_name": "Quist",
        "co_borrower_phone": ANA.phone,
    }
    post(services, asks(person(5), "1", **AGREES, **spouse))
    work(services)
    main = row(services, inquiry)
    assert main.co_borrower_id
    stop(services)
    decide_all(services)
    told = owed(services)["hubspot"]
    assert [one.key for one in told.contacts] == [main.co_borrower_id]
    assert told.deal is None
    assert told.contacts[0].fields["mortgage_do_not_text"] == "true"
    assert consent_of(services, main.id) == (True, ())
    post(services, asks(person(5), "2", **AGREES, **spouse))
    decide_all(services)
    newest = rows(services, delivery)[-1]
    bundle = from_json(services.sealer.open_json(newest.bundle, f"delivery.bundle:{newest.id}"), Bundle)
    marked = [one.fields.get("mortgage_do_not_text") for one in bundle.contacts]
    assert marked == [None, "true"]
