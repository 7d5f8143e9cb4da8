"""From two contacts in a CRM to one person: against each sandbox, through decisions and deliveries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from jobs.crm.needs import wanted_of
from jobs.delivering.deliver import deliver_due
from jobs.ledger.tables import crm_link, delivery, follow_up, inquiry, review
from jobs.reviews.asking import answer
from jobs.reviews.unmerging import undo
from jobs.services import Services, open_services
from jobs.settings.load import load_settings
from jobs.settings.new_secrets import generate_secrets, new_path_key
from mapping.crm.compile import wanted
from mapping.playbook import load_playbook, shipped
from tests.jobs.brokerage import Clock, HeardBell
from tests.jobs.daily_work import asks, decide_all, post, row, rows
from tests.people import person
from webapp.demo.trial import TrialCrm, serving

_CONFIG = """
[brokerage]
name = "Harbor Pine Mortgage"
country = "US"
timezone = "America/Los_Angeles"

[server]
public_url = "http://localhost"

[ledger]
url = "{ledger}"

[playbook]
shipped = "mortgage_us"

{crm}

[paths.website]
title = "Website form"
kind = "form"
state = "live"
crm = ["{kind}"]
keys = ["{key}"]
"""


@pytest.fixture(scope="module", params=["hubspot", "salesforce", "highlevel"])
def trial(request: pytest.FixtureRequest) -> Iterator[TrialCrm]:
    """A sandbox of each kind, with the playbook's team and pipeline."""
    playbook = load_playbook(shipped("mortgage_us"), name="mortgage_us")
    with serving(request.param) as crm:
        _, pipeline = wanted(playbook, crm.kind)
        people = {member.email: member.name for member in playbook.team}
        crm.set_up({**people, playbook.fallback: "The Desk"}, pipeline.label, pipeline.stages)
        yield crm


@pytest.fixture
def brokerage(trial: TrialCrm, sqlite_url: str, tmp_path: Path) -> Iterator[Services]:
    """A brokerage with this CRM."""
    file = tmp_path / "config.toml"
    filled = {"ledger": sqlite_url, "crm": trial.section(), "kind": trial.kind, "key": new_path_key()[1]}
    file.write_text(_CONFIG.format(**filled), encoding="utf-8")
    settings = load_settings(file, {**generate_secrets(), **trial.secrets})
    services = replace(open_services(settings, bell=HeardBell()), now=Clock())
    crm = services.crms[trial.kind]
    crm.provision(wanted_of(services.playbook, settings.crms[trial.kind].mapping, crm))
    yield services
    crm.close()
    services.ledger.close()


def _work(services: Services, kind: str) -> None:
    decide_all(services)
    while deliver_due(services, kind):
        pass


def _ask_twice(services: Services, kind: str, number: int) -> tuple[str, str]:
    who = person(number)
    post(services, asks(who, date_of_birth="1980-02-03"))
    post(services, asks(replace(who, email="other@example.com"), date_of_birth="1991-02-03"))
    _work(services, kind)
    kept, gone = (one.borrower_id for one in rows(services, inquiry))
    assert kept != gone
    return kept, gone


def test_two_contacts_of_one_person_are_marked_for_somebody_to_merge(
    brokerage: Services, trial: TrialCrm
) -> None:
    kept, gone = _ask_twice(brokerage, trial.kind, 1)
    links = {one.key: one.remote_id for one in rows(brokerage, crm_link)}
    before = trial.standing()
    answer(brokerage, row(brokerage, review).id, "same", actor="system")
    _work(brokerage, trial.kind)
    assert {one.state for one in rows(brokerage, delivery)} == {"delivered"}
    after = trial.standing()
    assert (len(after.contacts), len(after.deals)) == (len(before.contacts), len(before.deals))
    (task,) = [one for one in rows(brokerage, follow_up) if one.purpose == "merge_contacts"]
    (there,) = [one for one in after.tasks if one.key == task.id]
    assert links[kept] in there.belongs_to
    assert task.state == "in_crm"
    body = brokerage.sealer.open_json(task.content, f"follow_up.content:{task.id}")["body"]
    assert links[gone] in body
    # What comes next is the survivor's, and goes to the survivor's contact.
    post(brokerage, asks(replace(person(1), email="other@example.com"), loan_type="Purchase"))
    _work(brokerage, trial.kind)
    last = rows(brokerage, inquiry)[-1]
    (deal,) = [one for one in trial.standing().deals if one.key == last.id]
    assert last.borrower_id == kept
    assert links[kept] in deal.contacts
    assert len(trial.standing().contacts) == len(before.contacts)


@pytest.mark.parametrize("trial", ["hubspot"], indirect=True)  # the others cannot
def test_hubspot_merges_them_itself_where_the_settings_let_it(brokerage: Services, trial: TrialCrm) -> None:
    crms = brokerage.settings.crms
    merging = {"hubspot": replace(crms["hubspot"], merge_contacts=True)}
    services = replace(brokerage, settings=replace(brokerage.settings, crms=merging))
    kept, gone = _ask_twice(services, "hubspot", 2)
    before = trial.standing()
    done = answer(services, row(services, review).id, "same", actor="system")
    _work(services, "hubspot")
    after = trial.standing()
    links = {one.key: one.remote_id for one in rows(services, crm_link)}
    assert len(after.contacts) == len(before.contacts) - 1
    assert links[kept] in {one.id for one in after.contacts}
    assert not [one for one in rows(services, follow_up) if one.purpose == "merge_contacts"]
    # Undoing cannot split what HubSpot merged: the other gets a contact of their own again.
    assert done.merged is not None
    undo(services, done.merged.id, actor="system")
    _work(services, "hubspot")
    assert len(trial.standing().contacts) == len(before.contacts)
    now = {one.key: one.remote_id for one in rows(services, crm_link)}
    assert now[gone] != now[kept] == links[kept]
    assert {one.state for one in rows(services, delivery)} == {"delivered"}


def test_after_undoing_deals_go_back_to_the_contact_of_their_borrower(
    brokerage: Services, trial: TrialCrm
) -> None:
    kept, gone = _ask_twice(brokerage, trial.kind, 3)
    done = answer(brokerage, row(brokerage, review).id, "same", actor="system")
    assert done.merged is not None
    # By these keys it is the other's, although it comes while the two are taken for one.
    post(brokerage, asks(replace(person(3), phone="", email="other@example.com"), loan_type="Refinance"))
    _work(brokerage, trial.kind)
    last = rows(brokerage, inquiry)[-1]
    links = {one.key: one.remote_id for one in rows(brokerage, crm_link)}
    assert last.borrower_id == kept
    undone = undo(brokerage, done.merged.id, actor="system")
    assert undone is not None
    assert undone.moved == (last.id,)
    _work(brokerage, trial.kind)
    assert {one.state for one in rows(brokerage, delivery)} == {"delivered"}
    (deal,) = [one for one in trial.standing().deals if one.key == last.id]
    others = [one for one in trial.standing().deals if one.key != last.id]
    by_hand = [one for one in rows(brokerage, follow_up) if one.purpose == "move_deal"]
    if trial.kind == "highlevel":
        (task,) = by_hand
        (there,) = [one for one in trial.standing().tasks if one.key == task.id]
        assert links[gone] in there.belongs_to
        assert links[kept] in brokerage.sealer.open_json(task.content, f"follow_up.content:{task.id}")["body"]
        return
    assert not by_hand
    assert deal.contacts == {links[gone]}
    firsts = {one.key: one.contacts for one in others}
    mine, theirs = (one.id for one in rows(brokerage, inquiry)[:2])
    assert firsts[mine] == {links[kept]}
    assert firsts[theirs] == {links[gone]}
    tasks = {one.id for one in rows(brokerage, follow_up) if one.inquiry_id == last.id}
    hung = [one.belongs_to for one in trial.standing().tasks if one.key in tasks]
    assert hung
    assert all(links[gone] in where and links[kept] not in where for where in hung)


@pytest.mark.parametrize("trial", ["hubspot"], indirect=True)
def test_a_deal_goes_to_the_new_contact_of_whom_hubspot_merged(brokerage: Services, trial: TrialCrm) -> None:
    crms = brokerage.settings.crms
    merging = {"hubspot": replace(crms["hubspot"], merge_contacts=True)}
    services = replace(brokerage, settings=replace(brokerage.settings, crms=merging))
    _, gone = _ask_twice(services, "hubspot", 4)
    done = answer(services, row(services, review).id, "same", actor="system")
    _work(services, "hubspot")
    assert done.merged is not None
    undo(services, done.merged.id, actor="system")
    _work(services, "hubspot")
    links = {one.key: one.remote_id for one in rows(services, crm_link)}
    contacts = {one.key: one.contacts for one in trial.standing().deals}
    mine, theirs = (one for one in rows(services, inquiry))
    assert contacts[theirs.id] == {links[gone]}
    assert contacts[mine.id] == {links[mine.borrower_id]} != {links[gone]}
