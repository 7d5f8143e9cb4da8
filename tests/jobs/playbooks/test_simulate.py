"""A draft tried on what arrived: what would change is told, and nothing is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from jobs.ledger.columns import metadata
from jobs.ledger.tables import inquiry
from jobs.playbooks.simulate import Simulated, simulate
from jobs.services import Services
from jobs.upkeep.retention import expire_raw
from mapping.playbook import Playbook, load_playbook, shipped
from mapping.playbook.simulation import SET_ASIDE
from tests.jobs.brokerage import ON_SQLITE, Clock, HeardBell, without_path
from tests.jobs.daily_work import asks, decide_all, post, rows
from tests.people import Person, person

US = shipped("mortgage_us")


def draft(*changes: tuple[str, str]) -> Playbook:
    text = US
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return load_playbook(text, name="mortgage_us")


def history(services: Services, clock: Clock, people: Sequence[Person], hours: float = 3) -> None:
    """These people ask, one after the other."""
    for number, who in enumerate(people):
        kind = ("Refinance", "Purchase", "Commercial")[number % 3]
        post(services, asks(who, loan_type=kind, property_state=("CA", "TX", "NY")[number % 3]))
        decide_all(services)
        clock.forward(hours=hours)


def tried(services: Services, playbook: Playbook, days: float = 365) -> Simulated:
    return simulate(services, playbook, since=services.now() - timedelta(days=days))


def everything(services: Services) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, byte for byte."""
    with services.ledger.read() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(select(table))), key=repr)
            for table in metadata.sorted_tables
        }


def test_the_active_playbook_against_itself_changes_nothing(services: Services, clock: Clock) -> None:
    people = [person(number) for number in (1, 2, 3, 1, 4, 5, 2, 6, 7, 8, 9, 1)]
    history(services, clock, people)
    found = tried(services, services.playbook)
    report = found.report
    assert (report.replayed, found.understood, report.changed) == (12, 12, 0)
    assert [name for name, tally in report.aspects.items() if tally.changed or tally.how] == []
    assert all(before == after for before, after in report.owners.values())
    assert sum(before for before, _ in report.owners.values()) == 12


def test_nothing_is_stored_rung_or_called(services: Services, clock: Clock, bell: HeardBell) -> None:
    history(services, clock, [person(number) for number in range(6)])
    before, rings = everything(services), list(bell.rings)
    found = tried(services, draft(("weight = 2 ", "weight = 1 "), ("\nminutes = 5 ", "\nminutes = 45 ")))
    assert found.report.changed > 0
    assert everything(services) == before
    assert bell.rings == rings


@ON_SQLITE
def test_it_decides_as_was_decided(services: Services, clock: Clock) -> None:
    """The same code, the same order: under the playbook that decided them, the same owners come out."""
    history(services, clock, [person(number) for number in (1, 2, 3, 1, 4, 5, 6, 2)])
    report = tried(services, services.playbook).report
    stored: dict[str, int] = {}
    for one in rows(services, inquiry):
        stored[one.owner] = stored.get(one.owner, 0) + 1
    assert {owner: both[0] for owner, both in report.owners.items()} == stored


@ON_SQLITE
def test_another_owner_is_told_with_examples_and_shares(services: Services, clock: Clock) -> None:
    history(services, clock, [person(number) for number in range(9)])
    rule = '[[owner_rules]]\nname = "All to Maya"\ntype = ["refinance"]\nassign = ["maya@example.com"]\n\n'
    first, priya = "[[owner_rules]]\n", 'name = "Priya Raman"'
    found = tried(services, draft((first, rule + first), (priya, f"paused = true\n{priya}")))
    owners = found.report.aspects["owners"]
    assert owners.changed > 0
    assert all(" → " in how for how in owners.how)
    assert found.report.owners.get("priya@example.com", [0, 0])[1] == 0
    ids = {one.id for one in rows(services, inquiry)}
    assert set(owners.examples) <= ids
    assert len(owners.examples) <= 5


@ON_SQLITE
def test_due_times_follow_ups_and_fields_are_told_apart(services: Services, clock: Clock) -> None:
    history(services, clock, [person(number) for number in range(6)])
    later = tried(services, draft(("\nminutes = 5 ", "\nminutes = 35 "))).report
    assert later.aspects["due"].changed > 0
    assert set(later.aspects["due"].how) <= {"less than an hour later", "less than a day later"}
    assert later.aspects["owners"].changed == later.aspects["matches"].changed == 0
    fields = tried(services, draft(('mortgage_path = { source = "path" }', ""))).report
    assert fields.aspects["fields"].how == {"hubspot deal mortgage_path": 6}
    assert [name for name, tally in fields.aspects.items() if tally.changed] == ["fields"]


@ON_SQLITE
def test_other_words_and_answers_are_read_again_from_what_arrived(services: Services, clock: Clock) -> None:
    for number in range(4):
        post(services, asks(person(number), loan_type=("Option 1", "Refinance")[number % 2]))
        decide_all(services)
    clock.forward(hours=1)
    meant = '\n[paths.website.values]\ninquiry_type = { "option 1" = "construction" }\n'
    report = tried(services, load_playbook(US + meant, name="mortgage_us")).report
    assert report.aspects["types"].how == {"general_advice → construction": 2}
    unreadable = '\n[paths.website.fields]\nemail = "ignore"\nphone = "ignore"\n'
    report = tried(services, load_playbook(US + unreadable, name="mortgage_us")).report
    assert (report.replayed, report.failed["draft"]) == (4, {SET_ASIDE: 4})


@ON_SQLITE
def test_a_cadence_that_is_changed_moves_what_comes_next(services: Services, clock: Clock) -> None:
    history(services, clock, [person(number) for number in range(4)])
    playbook = draft()
    slower = tuple(
        replace(one, touches=tuple(replace(touch, day=touch.day + 2) for touch in one.touches))
        for one in playbook.cadences
    )
    report = tried(services, replace(playbook, cadences=slower)).report
    assert report.aspects["follow_ups"].changed > 0
    assert any(how.endswith("later") for how in report.aspects["follow_ups"].how)
    assert [name for name, tally in report.aspects.items() if tally.changed] == ["follow_ups"]
    none = tried(services, replace(playbook, cadences=())).report
    assert any(how.endswith("removed") for how in none.aspects["follow_ups"].how)


@ON_SQLITE
def test_no_value_of_a_borrower_is_in_the_report(services: Services, clock: Clock) -> None:
    people = [person(number) for number in range(5)]
    history(services, clock, people)
    told = repr(tried(services, draft(("weight = 2 ", "weight = 1 "), ("\nminutes = 5 ", "\nminutes = 50 "))))
    report = told[: told.index("active=")]
    assert not any(value in report for who in people for value in (who.last, who.email, who.phone))


@ON_SQLITE
def test_what_is_no_longer_kept_as_it_arrived_is_replayed_as_it_was_understood(
    services: Services, clock: Clock
) -> None:
    history(services, clock, [person(number) for number in range(4)])
    clock.forward(days=services.settings.retention.raw_days + 1)
    assert expire_raw(services) == 4
    history(services, clock, [person(number) for number in (0, 9)])
    found = tried(services, services.playbook)
    assert (found.report.replayed, found.understood, found.report.changed) == (6, 2, 0)
    moved = tried(services, draft(("\nminutes = 5 ", "\nminutes = 35 ")))
    assert moved.report.aspects["due"].changed > 0


def test_borrowers_of_before_are_known_and_keep_their_owner(services: Services, clock: Clock) -> None:
    history(services, clock, [person(number) for number in range(5)])
    clock.forward(days=60)
    history(services, clock, [person(number) for number in (1, 2, 8)])
    known = {one.owner for one in rows(services, inquiry)[:5]}
    found = tried(services, services.playbook, days=30)
    assert (found.report.replayed, found.report.changed) == (3, 0)
    paused = draft(("weight = 2 ", "paused = true\nweight = 2 "))
    again = tried(services, paused, days=30).report
    assert again.aspects["matches"].changed == 0
    assert known
    assert again.owners.get("maya@example.com", [0, 0])[1] == 0


@ON_SQLITE
def test_a_path_that_is_gone_is_left_out(services: Services, clock: Clock) -> None:
    history(services, clock, [person(1), person(2)])
    found = tried(without_path(services, "website"), services.playbook)
    assert found.report.replayed == 0


@ON_SQLITE
def test_what_a_draft_cannot_decide_is_counted_and_the_others_go_on(services: Services, clock: Clock) -> None:
    history(services, clock, [person(number) for number in range(3)])
    report = tried(services, replace(draft(), crm={})).report
    assert report.replayed == 3
    assert report.failed["draft"] == {"KeyError": 3}
    assert report.failed["active"] == {}


@ON_SQLITE
def test_a_whole_day_is_replayed_in_chunks(
    services: Services, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    history(services, clock, [person(number % 4) for number in range(11)], hours=0)
    whole = tried(services, draft(("weight = 2 ", "weight = 1 "))).report
    monkeypatch.setattr("jobs.playbooks.simulate._CHUNK", 2)
    in_chunks = tried(services, draft(("weight = 2 ", "weight = 1 "))).report
    assert in_chunks == whole
    assert whole.replayed == 11
