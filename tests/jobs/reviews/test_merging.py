"""Merging two borrowers moves everything of one to the other, and undoing it puts every row back."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from os import environ
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import Table, select, update

from connectors.crm.base import RecordKind
from connectors.crm.hubspot import HubSpotCrm
from connectors.sandbox.hubspot import RunningSandbox
from jobs.deciding.process import process_due
from jobs.delivering.owing import Change, owe
from jobs.follow_up.cadences import follow_up_due
from jobs.known import load
from jobs.ledger import borrowers, crms, events, holders, reviews
from jobs.ledger.codec import from_json
from jobs.ledger.first_touch_tables import first_touch
from jobs.ledger.suppressions import suppress
from jobs.ledger.tables import (
    SEALED,
    alert,
    audit_event,
    borrower,
    borrower_alias,
    borrower_key,
    borrower_merge,
    crm_link,
    delivery,
    follow_up,
    follow_up_plan,
    inquiry,
    metadata,
    review,
    submission,
    suppression,
    verdict,
)
from jobs.reviews.asking import answer, close_unanswered
from jobs.reviews.merging import MergeRefused, merge
from jobs.reviews.unmerging import undo
from jobs.services import Services, new_ulid
from jobs.settings.model import Settings
from mapping.crm.bundle import Bundle
from tests.jobs.brokerage import ON_SQLITE, Clock, HeardBell, open_brokerage
from tests.jobs.daily_work import asks, assert_keys_agree, at_once, decide_all, post, records, row, rows, work
from tests.people import person

#: What a merge and its undoing leave behind: who did it, and that the two are different.
_REMEMBERED = (audit_event, borrower_merge, verdict, review)
_SEALED = {(table.name, column): place for table, column, place in SEALED}


def dump(services: Services, *, but: tuple[Table, ...] = ()) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, opened where it is sealed."""
    found = {}
    for table in metadata.sorted_tables:
        if table not in but:
            found[table.name] = [_opened(services, table, one._mapping) for one in rows(services, table)]
    return found


def _opened(services: Services, table: Table, values: Any) -> dict[str, Any]:
    return {
        name: services.sealer.open(value, f"{table.name}.{name}:{values[_SEALED[table.name, name]]}")
        if (table.name, name) in _SEALED and value is not None
        else value
        for name, value in values.items()
    }


def ask_twice(services: Services, number: int = 1, **more: str) -> tuple[str, str]:
    """One who is known, and one who may be the same; their borrower ids."""
    who = person(number)
    post(services, asks(who, date_of_birth="1980-02-03"))
    post(services, asks(who, date_of_birth="1991-02-03", **more))
    decide_all(services)
    kept, gone = (one.borrower_id for one in rows(services, inquiry)[-2:])
    return kept, gone


def deliver_by_hand(services: Services, which: Callable[[Any], bool] = bool) -> None:
    """As if these deliveries had been brought to the CRM."""
    with services.ledger.write() as connection:
        for one in connection.execute(select(delivery)).all():
            if which(one):
                done = {"state": "delivered", "claims": 1, "delivered_at": services.now()}
                connection.execute(update(delivery).where(delivery.c.id == one.id).values(done))
                there = (crm_link.c.crm == one.crm) & (crm_link.c.key == one.borrower_id)
                if connection.execute(select(crm_link).where(there)).first() is None:
                    new = {"crm": one.crm, "kind": "contact", "key": one.borrower_id}
                    new |= {"remote_id": f"remote-{one.borrower_id}", "created_at": services.now()}
                    connection.execute(crm_link.insert(), new)


def withdraw_by_hand(services: Services, email: str, channels: list[str]) -> list[str]:
    """As if consent had been taken back from this address; its hashes."""
    hashes = [hash_ for _, hash_ in holders.hashed(services.sealer, [("email", email)])]
    evidence = rows(services, submission)[0].id
    with services.ledger.write() as connection:
        suppress(connection, hashes, channels, evidence, services.now())
    return hashes


@ON_SQLITE
def test_everything_of_one_becomes_the_others(services: Services) -> None:
    kept, gone = ask_twice(services, email="second@example.com")
    done = merge(services, gone, kept, actor="system")
    assert done is not None
    assert (done.survivor_id, done.absorbed_id) == (kept, gone)
    assert {one.borrower_id for one in rows(services, inquiry)} == {kept}
    assert {one.borrower_id for one in rows(services, borrower_key)} == {kept}
    assert {one.borrower_id for one in rows(services, delivery)} == {kept}
    assert row(services, borrower, kept).inquiries == 2
    with services.ledger.read() as connection:
        profile = borrowers.get(connection, services.sealer, kept).profile
        assert reviews.survivors(connection, [gone, kept]) == {gone: kept, kept: kept}
    assert profile.emails == ("second@example.com", person(1).email)
    assert [one.inquiry_id for one in profile.heard] == [one.id for one in rows(services, inquiry)]
    (audit,) = [one for one in rows(services, audit_event) if one.action == "borrower.merged"]
    assert audit.object_id == kept
    assert row(services, review).state == "merged"
    assert "second@example.com" not in audit.detail


@ON_SQLITE
def test_who_comes_back_after_a_merge_is_the_survivor(services: Services) -> None:
    kept, gone = ask_twice(services, phone="+14152009999", email="second@example.com")
    if len(rows(services, borrower)) == 2:
        merge(services, kept, gone, actor="system")
    post(services, asks(person(1), loan_type="Purchase", phone="+14152009999", email="second@example.com"))
    decide_all(services)
    assert rows(services, inquiry)[-1].borrower_id == kept


@ON_SQLITE
def test_a_delivery_that_is_still_to_come_goes_to_the_survivors_contact(services: Services) -> None:
    kept, gone = ask_twice(services)
    deliver_by_hand(services, lambda one: one.borrower_id == kept)
    merge(services, kept, gone, actor="system")
    (pending,) = [one for one in rows(services, delivery) if one.state == "due"]
    bundle = _bundle(services, pending)
    assert pending.borrower_id == kept
    assert (bundle.contacts[0].key, bundle.contacts[0].formerly) == (kept, (gone,))
    assert bundle.deal is not None
    assert bundle.deal.key == pending.inquiry_id
    assert not bundle.contacts[0].shared_email


@ON_SQLITE
def test_two_contacts_in_the_crm_become_a_task_for_a_person(services: Services) -> None:
    kept, gone = ask_twice(services)
    deliver_by_hand(services)
    done = merge(services, kept, gone, actor="system")
    assert done is not None
    (owed,) = done.owed
    marked = row(services, delivery, owed)
    (task,) = _bundle(services, marked).tasks
    assert (marked.borrower_id, marked.step, task.channel) == (kept, 1, "review")
    assert f"remote-{gone}" in task.body
    assert row(services, follow_up, task.key).purpose == "merge_contacts"


@ON_SQLITE
def test_who_stands_in_the_crm_alone_stands_for_both(services: Services) -> None:
    kept, gone = ask_twice(services)
    deliver_by_hand(services, lambda one: one.borrower_id == gone)
    done = merge(services, kept, gone, actor="system")
    assert done is not None
    assert done.owed == ()
    assert {one.key: one.remote_id for one in rows(services, crm_link)} == {
        kept: f"remote-{gone}",
        gone: f"remote-{gone}",
    }


@ON_SQLITE
def test_a_contact_made_while_its_borrower_was_merged_away_is_the_survivors(services: Services) -> None:
    kept, gone = ask_twice(services)
    merge(services, kept, gone, actor="system")
    for remote_id, key in (("first", gone), ("second", kept), ("third", gone)):
        with services.ledger.write() as connection:
            found: dict[tuple[RecordKind, str], str] = {("contact", key): remote_id}
            crms.save_links(connection, services.ledger, "hubspot", found, services.now())
        links = {one.key: one.remote_id for one in rows(services, crm_link)}
        assert links == {
            "first": {gone: "first", kept: "first"},
            "second": {gone: "first", kept: "second"},
        }.get(remote_id, {gone: "third", kept: "second"})


@ON_SQLITE
def test_a_no_of_either_is_a_no_of_both(services: Services) -> None:
    kept, gone = ask_twice(services, email="second@example.com")
    second = withdraw_by_hand(services, "second@example.com", ["email"])
    merge(services, kept, gone, actor="system")
    first = holders.hashed(services.sealer, [("email", person(1).email)])
    closed = {(one.hash, one.channel) for one in rows(services, suppression)}
    assert {(hash_, "email") for hash_ in (first[0][1], *second)} <= closed
    bundles = [_bundle(services, one) for one in rows(services, delivery)]
    assert [one.contacts[0].fields.get("hs_email_optout") for one in bundles] == ["true", "true"]


def test_what_stands_in_the_crm_for_the_other_is_closed_there_too(
    services: Services, sandbox: RunningSandbox
) -> None:
    kept, gone = ask_twice(services, email="second@example.com")
    work(services)
    calls = [one for one in rows(services, follow_up) if one.channel == "call"]
    assert [one.state for one in calls] == ["in_crm", "in_crm"]
    withdraw_by_hand(services, "second@example.com", ["phone"])
    merge(services, kept, gone, actor="system")
    while follow_up_due(services):
        pass
    work(services)
    assert [one.state for one in rows(services, follow_up) if one.channel == "call"] == ["cancelled"] * 2
    still = [
        one["hs_task_subject"] for one in records(sandbox, "tasks") if one["hs_task_status"] != "COMPLETED"
    ]
    assert not [one for one in still if one.startswith("Call ")]
    clocks = rows(services, first_touch)
    assert {one.state for one in clocks} == {"stopped"}, "nobody is given what nobody may do"


@ON_SQLITE
def test_a_no_reaches_the_contact_that_is_one_too_many(services: Services) -> None:
    kept, gone = ask_twice(services, email="second@example.com")
    deliver_by_hand(services)
    withdraw_by_hand(services, person(1).email, ["email"])
    done = merge(services, kept, gone, actor="system")
    assert done is not None
    told = {
        contact.key: contact.fields.get("hs_email_optout")
        for id_ in done.owed
        for contact in _bundle(services, row(services, delivery, id_)).contacts
    }
    assert told == {kept: "true", gone: "true"}


@ON_SQLITE
def test_one_person_is_pursued_with_one_inquiry(services: Services, clock: Clock) -> None:
    kept, gone = ask_twice(services, loan_amount="$900,000")
    first, second = (one.id for one in rows(services, inquiry))
    done = merge(services, kept, gone, actor="system")
    assert done is not None
    assert [one.carried_by for one in rows(services, follow_up_plan)] == [second, None]
    with services.ledger.write() as connection:  # as the sweep does
        looked = {"look_at": clock() + timedelta(days=3)}
        connection.execute(update(follow_up_plan).where(follow_up_plan.c.inquiry_id == first).values(looked))
    undo(services, done.id, actor="system")
    assert [one.carried_by for one in rows(services, follow_up_plan)] == [None, None]
    assert rows(services, follow_up_plan)[0].look_at == clock()


@ON_SQLITE
def test_borrower_and_co_borrower_of_one_inquiry_are_never_one(services: Services) -> None:
    post(services, asks(person(3), co_borrower_first_name="Ada", co_borrower_email="ada@example.com"))
    decide_all(services)
    one, other = (each.id for each in rows(services, borrower))
    before = dump(services)
    with pytest.raises(MergeRefused, match="co-borrower"):
        merge(services, one, other, actor="system")
    assert dump(services) == before


@ON_SQLITE
def test_what_was_said_of_the_one_holds_for_the_other(services: Services) -> None:
    kept, gone = ask_twice(services)
    third, _ = ask_twice(services, 5)
    with services.ledger.write() as connection:
        reviews.remember(connection, gone, third, "different", by="system", at=services.now())
    merge(services, kept, gone, actor="system")
    with services.ledger.read() as connection:
        assert reviews.verdicts(connection, [kept, third]) == {(kept, third): "different"}


@ON_SQLITE
def test_merges_are_undone_in_the_reverse_order(services: Services) -> None:
    first, second = ask_twice(services)
    third, _ = ask_twice(services, 5)
    one = merge(services, first, second, actor="system")
    other = merge(services, second, third, actor="system")
    assert one is not None
    assert other is not None
    assert (other.survivor_id, other.absorbed_id) == (first, third)
    with pytest.raises(MergeRefused, match="later"):
        undo(services, one.id, actor="system")
    assert undo(services, other.id, actor="system") is not None
    assert undo(services, one.id, actor="system") is not None
    assert undo(services, one.id, actor="system") is None
    with pytest.raises(KeyError):
        undo(services, "unknown", actor="system")


@ON_SQLITE
def test_an_inquiry_since_the_merge_goes_to_the_other_only_if_its_keys_are(
    services: Services, clock: Clock
) -> None:
    kept, gone = ask_twice(services, email="second@example.com")
    deliver_by_hand(services)
    done = merge(services, kept, gone, actor="system")
    assert done is not None
    clock.forward(days=1)
    who = person(1)
    post(services, asks(replace(who, phone="", email="second@example.com"), loan_amount="$1"))
    post(services, asks(replace(who, phone=""), loan_amount="$2"))
    decide_all(services)
    theirs, own = (one.id for one in rows(services, inquiry)[-2:])
    undone = undo(services, done.id, actor="system")
    assert undone is not None
    assert undone.moved == (theirs,)
    assert row(services, inquiry, theirs).borrower_id == gone
    assert row(services, inquiry, own).borrower_id == kept
    assert [row(services, borrower, id_).inquiries for id_ in (kept, gone)] == [2, 2]
    assert {one.inquiry_id: one.borrower_id for one in rows(services, delivery)}[theirs] == gone
    owners = {one.id: one.borrower_id for one in rows(services, inquiry)}
    carried = [one for one in rows(services, follow_up_plan) if one.carried_by]
    assert [one for one in carried if owners[one.inquiry_id] != owners[one.carried_by]] == []
    with services.ledger.read() as connection:
        profiles = [borrowers.get(connection, services.sealer, id_).profile for id_ in (kept, gone)]
    assert [[one.inquiry_id for one in profile.heard][-1] for profile in profiles] == [own, theirs]
    assert profiles[0].emails == (who.email,)
    post(services, asks(replace(who, phone="", email="second@example.com"), loan_amount="$3"))
    decide_all(services)
    assert rows(services, inquiry)[-1].borrower_id == gone


@ON_SQLITE
def test_news_since_the_merge_goes_to_the_others_contact_after_its_undoing(services: Services) -> None:
    kept, gone = ask_twice(services, email="second@example.com")
    deliver_by_hand(services)
    done = merge(services, kept, gone, actor="system")
    assert done is not None
    with services.ledger.write() as connection:
        (news,) = owe(
            services, connection, load(connection, services, rows(services, inquiry)[1].id), Change()
        )
    assert _bundle(services, row(services, delivery, news)).contacts[0].key == kept
    undo(services, done.id, actor="system")
    after = row(services, delivery, news)
    assert (after.borrower_id, _bundle(services, after).contacts[0].key) == (gone, gone)


@ON_SQLITE
def test_an_opt_out_since_the_merge_outlives_its_undoing(services: Services) -> None:
    kept, gone = ask_twice(services, email="second@example.com")
    withdraw_by_hand(services, person(1).email, ["email"])
    done = merge(services, kept, gone, actor="system")
    assert done is not None
    closed = rows(services, suppression)
    with services.ledger.write() as connection:
        events.add(
            connection,
            services.sealer,
            id=new_ulid(),
            inquiry_id=rows(services, inquiry)[0].id,
            submission_id="",
            at=services.now(),
            kind="withdrawal",
            summary="",
            details={},
        )
    undo(services, done.id, actor="system")
    assert rows(services, suppression) == closed


@ON_SQLITE
def test_an_undone_merge_that_the_crm_heard_of_is_told_to_people(services: Services) -> None:
    kept, gone = ask_twice(services)
    deliver_by_hand(services)
    done = merge(services, kept, gone, actor="system")
    assert done is not None
    deliver_by_hand(services, lambda one: one.id in done.owed)
    undo(services, done.id, actor="system")
    assert [one.kind for one in rows(services, alert)].count("unmerged") == 1


def test_every_table_that_names_a_borrower_is_known_to_merging() -> None:
    """A new table that names borrowers has to be moved by a merge: add it there, then here."""
    naming = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if any(key.column.table is borrower for key in column.foreign_keys)
    }
    assert naming == {
        "borrower_key.borrower_id",
        "inquiry.borrower_id",
        "inquiry.co_borrower_id",
        "delivery.borrower_id",
        # These resolve who somebody is now by the aliases.
        "review.borrower_id",
        "review.candidate_id",
        "verdict.one",
        "verdict.other",
        "borrower_alias.borrower_id",
        "borrower_alias.survivor_id",
        "borrower_merge.survivor_id",
        "borrower_merge.absorbed_id",
    }


SCENES = st.fixed_dictionaries(
    {
        "email": st.sampled_from([person(1).email, "second@example.com"]),
        "co_borrower": st.booleans(),
        "more": st.lists(st.sampled_from(["first", "second", "stranger"]), max_size=3),
        "delivered": st.sets(st.integers(0, 5)),
        "tried": st.sets(st.integers(0, 5)),
        "closed": st.sets(st.sampled_from(["email", "phone", "sms"])),
        "judged": st.sampled_from(["", "different", "household"]),
        "swapped": st.booleans(),
        "long_ago": st.booleans(),
    }
)


@pytest.fixture
def fresh(
    settings: Settings, sqlite_template: Path, crm: HubSpotCrm, tmp_path: Path
) -> Callable[[], Services]:
    """Opens a brokerage of its own each time."""

    def make() -> Services:
        file = shutil.copy(sqlite_template, tmp_path / f"{new_ulid()}.sqlite3")
        return open_brokerage(settings, f"sqlite:///{file}", HeardBell(), crm, Clock())

    return make


@hypothesis_settings(
    max_examples=int(environ.get("FIRSTPATH_SCENES", "8")),
    deadline=None,
    phases=[Phase.generate],  # making a scene smaller costs seconds a try
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(scene=SCENES)
def test_merge_then_undo_is_identity(fresh: Callable[[], Services], scene: dict[str, Any]) -> None:
    services = fresh()
    one, other = _play(services, scene)
    before = dump(services, but=_REMEMBERED)
    done = merge(services, *((other, one) if scene["swapped"] else (one, other)), actor="system")
    assert done is not None
    after = dump(services, but=_REMEMBERED)
    assert after != before
    assert_keys_agree(services)
    assert done.absorbed_id not in json.dumps(
        [after[name] for name in ("inquiry", "borrower_key")], default=str
    )
    if scene["long_ago"]:
        _as_before_0013(services, done.id)
    undo(services, done.id, actor="system")
    assert dump(services, but=_REMEMBERED) == before
    with services.ledger.read() as connection:
        pair = reviews.pair(one, other)
        assert reviews.verdicts(connection, pair) == {pair: "different"}
    services.ledger.close()


def _as_before_0013(services: Services, merge_id: str) -> None:
    """The merge remembers hashes of keys as they were stored once: whole."""
    place = f"borrower_merge.before:{merge_id}"
    told = services.sealer.open_json(row(services, borrower_merge, merge_id).before, place)
    hashes = {hash_ for side in (told["kept"], told["gone"]) for _, hash_ in side["keys"]}
    text = json.dumps(told)
    for hash_ in hashes:
        text = text.replace(hash_, hash_ * 2)
    assert hashes
    with services.ledger.write() as connection:
        sealed = services.sealer.seal_json(json.loads(text), place)
        mine = borrower_merge.c.id == merge_id
        connection.execute(update(borrower_merge).where(mine).values(before=sealed))


def _play(services: Services, scene: dict[str, Any]) -> tuple[str, str]:
    more = {"co_borrower_first_name": "Ada", "co_borrower_email": "ada@example.com"}
    asked = {"email": scene["email"], **(more if scene["co_borrower"] else {})}
    kept, gone = ask_twice(services, 1, **asked)
    born = {"first": "1980-02-03", "second": "1991-02-03"}
    for number, who in enumerate(scene["more"]):
        asking = asks(person(1 if who in born else 7), loan_amount=f"${number + 5}00,000")
        post(services, asking | ({"date_of_birth": born[who]} if who in born else {}))
        decide_all(services)
    withdraw_by_hand(services, scene["email"], sorted(scene["closed"]))
    ids = [one.id for one in rows(services, delivery)]
    deliver_by_hand(services, lambda one: ids.index(one.id) in scene["delivered"])
    with services.ledger.write() as connection:
        for place in scene["tried"] & set(range(len(ids))):
            connection.execute(update(delivery).where(delivery.c.id == ids[place]).values(claims=1))
        others = [one.id for one in connection.execute(select(borrower)) if one.id not in (kept, gone)]
        for third in others if scene["judged"] else ():
            reviews.remember(connection, gone, third, scene["judged"], by="system", at=services.now())
    return kept, gone


def _bundle(services: Services, one: Any) -> Bundle:
    return from_json(services.sealer.open_json(one.bundle, f"delivery.bundle:{one.id}"), Bundle)


def test_an_inquiry_that_arrives_at_the_instant_of_a_merge_is_the_survivors(services: Services) -> None:
    """On either database: the merge and the deciding wait for each other."""
    kept, gone = ask_twice(services, email="second@example.com")
    post(services, asks(replace(person(1), phone="", email="second@example.com"), loan_amount="$9"))
    at_once(lambda: merge(services, kept, gone, actor="system"), lambda: process_due(services))
    assert {one.borrower_id for one in rows(services, inquiry)} == {kept}
    assert row(services, borrower, kept).inquiries == 3
    assert [one.survivor_id for one in rows(services, borrower_alias)] == [kept]


@ON_SQLITE
def test_the_first_answer_stands_and_is_never_asked_again(services: Services) -> None:
    kept, gone = ask_twice(services)
    asked = row(services, review)
    assert answer(services, asked.id, "household", actor="system").changed
    again = answer(services, asked.id, "same", actor="system")
    assert (again.state, again.changed) == ("household", False)
    husband, wife = rows(services, borrower)
    assert husband.household_id == wife.household_id is not None
    assert [one.acknowledged_by for one in rows(services, alert) if one.kind == "review"] == ["system"]
    post(services, asks(person(1), date_of_birth="1991-02-03", loan_amount="$1"))
    decide_all(services)
    assert rows(services, inquiry)[-1].borrower_id == gone
    assert len(rows(services, review)) == 1
    assert kept != gone


def test_an_answer_of_same_merges_and_its_undoing_makes_them_different(services: Services) -> None:
    kept, gone = ask_twice(services)
    asked = row(services, review)
    done = answer(services, asked.id, "same", actor="system")
    assert done.merged is not None
    assert row(services, review).state == "merged"
    undo(services, done.merged.id, actor="system")
    assert row(services, review).state == "different"
    assert [(one.one, one.other, one.says) for one in rows(services, verdict)] == [(kept, gone, "different")]


@ON_SQLITE
def test_a_question_nobody_answers_is_closed_as_such(services: Services, clock: Clock) -> None:
    ask_twice(services)
    clock.forward(days=services.playbook.review_days - 1)
    assert close_unanswered(services) == 0
    clock.forward(days=2)
    assert close_unanswered(services) == 1
    assert row(services, review).state == "unanswered"
    assert [one.acknowledged_by for one in rows(services, alert) if one.kind == "review"] == ["system"]
    assert len({one.borrower_id for one in rows(services, inquiry)}) == 2
    assert answer(services, row(services, review).id, "same", actor="system").changed
