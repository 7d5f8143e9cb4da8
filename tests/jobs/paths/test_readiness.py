"""One path first: six answers from real submissions, what blocks going live, shadow kept apart."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from connectors.crm.hubspot import HubSpotCrm
from connectors.intake.base import RawRequest
from jobs.deciding.process import process_due
from jobs.delivering.deliver import deliver_due
from jobs.desk.would_write import would_write
from jobs.intake.accepting import accept
from jobs.ledger.tables import audit_event, delivery
from jobs.paths.current import change_path, paths
from jobs.paths.field_mapping import NoSuchField, asked_questions, questions_in, set_fields
from jobs.paths.going_live import NotReady, move_path
from jobs.paths.readiness import Readiness, readiness
from jobs.paths.rehearsal import Rehearsed
from jobs.processes.worker import release_captured
from jobs.services import Services
from mapping.answers import UNMAPPED, Answer, Answers
from tests.jobs.brokerage import FORM, ON_SQLITE, Clock

ACTOR = "01J0000000000000000000ADMN"
WHOLE = {
    "name": "Wei Chen", "email": "wei@example.com", "phone": "415-555-0142", "state": "CA",
    "loan_type": "Purchase", "property_value": "600000", "down_payment": "120000", "timeframe": "ASAP",
    "credit_score": "720",
}  # fmt: skip


def sends(services: Services, number: int = 1, path: str = "website", **answers: str) -> None:
    """Somebody fills in the form."""
    said = {**WHOLE, "email": f"wei{number}@example.com", "phone": f"415-555-01{number:02d}", **answers}
    request = RawRequest(FORM, {}, urlencode(said).encode(), received_at=services.now())
    accept(services, paths(services)[path], request)
    process_due(services)


def drafted(services: Services) -> Services:
    """The path starts over."""
    change_path(services, "website", ACTOR, state="draft")
    return services


def verdicts(found: Readiness) -> dict[str, str]:
    return {one.key: one.verdict for one in found.answers}


@ON_SQLITE
def test_a_draft_that_saw_nothing_may_go_to_shadow_and_not_live(services: Services) -> None:
    found = readiness(drafted(services), "website")
    assert found.blocks_shadow == ()
    assert any("No real submission was seen in shadow" in why for why in found.blocks_live)
    assert verdicts(found)["arrives"] == "missing"
    with pytest.raises(NotReady) as refused:
        move_path(services, "website", "live", ACTOR)
    assert any("seen in shadow" in why for why in refused.value.reasons)
    assert paths(services)["website"].state == "draft"


@ON_SQLITE
def test_what_was_only_kept_is_already_judged(services: Services) -> None:
    drafted(services)
    sends(services)
    found = readiness(services, "website")
    assert (found.seen.arrived, found.seen.decided) == ({"captured": 1}, 0)
    judged = verdicts(found)
    assert judged.pop("goes") in ("ok", "attention")  # whether another test has asked the CRM already
    assert judged == {"arrives": "ok", "owner": "ok", "missing": "ok", "task": "ok", "seen": "missing"}


@ON_SQLITE
def test_from_draft_to_shadow_to_live_without_the_shadowed_ones(services: Services, clock: Clock) -> None:
    drafted(services)
    sends(services)
    assert move_path(services, "website", "shadow", ACTOR).now == "shadow"
    release_captured(services)
    process_due(services)
    assert readiness(services, "website").blocks_live == ()
    (shown,) = would_write(services, "website")
    assert [record.kind for record in shown.records] == ["contact", "deal", "task"]
    assert ("First name", "firstname", "Wei") in [
        (label, name, value) for label, name, value in shown.records[0].rows
    ]
    move_path(services, "website", "live", ACTOR)
    clock.forward(minutes=1)
    sends(services, 2)
    assert deliver_due(services, "hubspot") == 1
    assert states(services) == ["delivered", "shadow"]


@ON_SQLITE
def test_what_was_shown_in_shadow_is_brought_over_when_asked(services: Services) -> None:
    change_path(services, "website", ACTOR, state="shadow")
    sends(services)
    moved = move_path(services, "website", "live", ACTOR, with_shadowed=True)
    assert moved.brought == 1
    assert deliver_due(services, "hubspot") == 1
    assert states(services) == ["delivered"]
    assert move_path(services, "website", "live", ACTOR, with_shadowed=True).brought == 0
    with services.ledger.read() as connection:
        actions = connection.execute(select(audit_event.c.action)).scalars().all()
    assert "path.brought_over" in actions


@ON_SQLITE
def test_nobody_licensed_for_most_keeps_it_from_going_live(services: Services) -> None:
    change_path(services, "website", ACTOR, state="shadow")
    for number in range(1, 6):
        sends(services, number, state="CA" if number > 3 else "WY")
    found = readiness(services, "website")
    assert verdicts(found)["owner"] == "missing"
    assert any("held for 3 of the last 5" in why and "WY" in why for why in found.blocks_live)


@ON_SQLITE
def test_a_question_that_nobody_mapped_keeps_it_from_going_live(services: Services) -> None:
    change_path(services, "website", ACTOR, state="shadow")
    sends(services, favourite_colour="green")
    assert any("favourite_colour" in why for why in readiness(services, "website").blocks_live)
    (open_,) = [one for one in asked_questions(services, "website") if one.open]
    assert (open_.key, open_.examples) == ("favourite_colour", ("green",))
    set_fields(services, "website", {"favourite_colour": "keep"}, ACTOR)
    assert readiness(services, "website").blocks_live == ()
    assert not any(one.open for one in asked_questions(services, "website"))


@ON_SQLITE
def test_a_mapping_is_confirmed_in_the_words_of_canonical_fields(services: Services) -> None:
    change_path(services, "website", ACTOR, state="draft")
    sends(services, wat="Purchase")
    with pytest.raises(NoSuchField, match="keep, ignore, full_name"):
        set_fields(services, "website", {"wat": "nonsense"}, ACTOR)
    set_fields(services, "website", {"Wat": "inquiry_type"}, ACTOR)
    set_fields(services, "website", {"wat": "message"}, ACTOR)
    assert dict(paths(services)["website"].fields) == {"Wat": "message"}
    chosen = {one.key: (one.field, one.chosen) for one in asked_questions(services, "website")}
    assert chosen["wat"] == ("message", "person")
    assert chosen["email"] == ("email", "words")


@ON_SQLITE
def test_examples_tell_what_kind_of_answer_it_is_and_not_whose(services: Services) -> None:
    sends(services)
    shown = " ".join(text for one in asked_questions(services, "website") for text in one.examples)
    for word in ("Chen", "wei1@", "555-0101"):
        assert word not in shown
    assert "Purchase" in shown


@ON_SQLITE
def test_a_crm_that_refuses_us_keeps_it_from_going_live(services: Services) -> None:
    change_path(services, "website", ACTOR, state="shadow")
    sends(services)
    services.crms["hubspot"]

    refused = HubSpotCrm(lambda: "another token", services.settings.crms["hubspot"].base_url)
    with_refused = replace(services, crms={"hubspot": refused})
    with pytest.raises(NotReady) as told:
        move_path(with_refused, "website", "live", ACTOR)
    assert any("hubspot" in why.lower() for why in told.value.reasons)
    refused.close()


@ON_SQLITE
def test_pausing_and_going_back_need_no_proof(services: Services) -> None:
    sends(services, name="", email="", phone="", favourite_colour="green")
    for state in ("paused", "draft"):
        assert move_path(services, "website", state, ACTOR).now == state


def states(services: Services) -> list[str]:
    with services.ledger.read() as connection:
        return sorted(connection.execute(select(delivery.c.state)).scalars())


@ON_SQLITE
def test_what_the_sender_has_no_field_for_is_kept_and_not_asked_about(services: Services) -> None:
    item = Answer("tz", "Time zone", ("America/Chicago",), UNMAPPED)
    seen = Rehearsed("S1", services.now(), "processed", Answers("calendly", (item,)))
    (asked,) = questions_in({}, [seen])
    assert (asked.field, asked.chosen, asked.suggestion, asked.open) == ("keep", "sender", None, False)
