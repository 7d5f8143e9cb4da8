"""The playbook's revisions: published everywhere in a second, never over somebody else's, and taken back."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from jobs.ledger.engine import LedgerUnavailable
from jobs.ledger.playbook_tables import playbook_revision
from jobs.ledger.tables import audit_event, inquiry
from jobs.paths.current import paths
from jobs.paths.field_mapping import set_fields
from jobs.playbooks import revisions
from jobs.playbooks.current import PublishedPlaybook, holding
from jobs.playbooks.publishing import publish, push, roll_back
from jobs.playbooks.revisions import PlaybookProblem
from jobs.services import Services
from jobs.settings.model import PlaybookSettings
from jobs.settings.problem import SettingsInvalid
from mapping.playbook import PlaybookInvalid, shipped
from tests.jobs.brokerage import ON_SQLITE, START, Clock
from tests.jobs.daily_work import asks, at_once, decide_all, post, rows, until
from tests.people import person

US = shipped("mortgage_us")
LIGHTER = US.replace("weight = 2 ", "weight = 1 ")
SLOWER = US.replace("\nminutes = 5 ", "\nminutes = 15 ")


def another_process(services: Services) -> Services:
    """A second process over the same ledger, which remembers for itself."""
    return replace(services, playbooks=PublishedPlaybook(services.settings))


def published(services: Services, text: str) -> int:
    push(services, text, "ann")
    return publish(services, "ann", message="because").number


def test_what_is_published_holds_here_at_once_and_in_every_other_process_within_a_second(
    services: Services, clock: Clock
) -> None:
    other = another_process(services)
    before = other.playbook
    assert before.team[0].weight == 2
    new = push(services, LIGHTER, "ann")
    assert (new.number, new.state, new.parent) == (1, "draft", 0)
    assert services.playbook.team[0].weight == 2, "a draft changes nothing"
    publish(services, "bea", message="Maya works half days", number=1)
    assert services.playbook.team[0].weight == 1
    assert other.playbook is before, "another process asks once a second"
    clock.forward(seconds=1)
    until(lambda: other.playbook.team[0].weight == 1)
    assert other.playbook is other.playbook, "and reads the text once"
    assert other.playbook.name == "mortgage_us"
    with services.ledger.read() as connection:
        row = connection.execute(playbook_revision.select()).one()
    assert (row.state, row.saved_by, row.published_by, row.message) == (
        "published", "ann", "bea", "Maya works half days",
    )  # fmt: skip
    assert row.published_at == START


def test_of_two_who_began_from_the_same_revision_the_second_is_told_what_the_first_published(
    services: Services,
) -> None:
    published(services, LIGHTER)
    push(services, SLOWER, "ann", on=1)
    roll_back(services, 0, "bea", message="no")
    with pytest.raises(
        PlaybookProblem, match="begun from revision 1, and revision 3 was published since by bea"
    ):
        publish(services, "ann")
    with pytest.raises(PlaybookProblem, match="firstpath playbook diff 1 3"):
        push(services, SLOWER, "ann", on=1)
    push(services, SLOWER, "ann", on=3)
    assert publish(services, "ann").number == 4


def test_of_several_who_publish_at_the_same_moment_one_does(services: Services) -> None:
    push(services, LIGHTER, "ann")
    refused: list[str] = []

    def try_to(who: str) -> None:
        try:
            publish(services, who, number=1)
        except PlaybookProblem as problem:
            refused.append(str(problem))

    at_once(*(partial(try_to, f"person {number}") for number in range(6)))
    assert refused == ["There is no draft. Store one first: firstpath playbook push FILE."] * 5
    assert [one.state for one in revisions.revisions(services)] == ["published"]
    assert [one.action for one in rows(services, audit_event)].count("playbook.published") == 1


@ON_SQLITE
def test_only_the_draft_that_was_looked_at_is_published(services: Services) -> None:
    push(services, LIGHTER, "ann")
    push(services, SLOWER, "bea")
    with pytest.raises(PlaybookProblem, match="Revision 1 is not the draft: that is revision 2, by bea"):
        publish(services, "ann", number=1)
    assert [one.state for one in revisions.revisions(services)] == ["draft", "replaced"]
    publish(services, "bea", number=2)
    with pytest.raises(PlaybookProblem, match="There is no draft"):
        publish(services, "bea")


@ON_SQLITE
def test_a_rollback_is_a_new_revision_with_the_older_text(services: Services) -> None:
    published(services, LIGHTER)
    published(services, SLOWER)
    back = roll_back(services, 1, "ann")
    assert (back.number, back.state, back.text, back.message) == (
        3,
        "published",
        LIGHTER,
        "back to revision 1",
    )
    assert services.playbook.team[0].weight == 1
    with pytest.raises(PlaybookProblem, match="Revision 3 is active already"):
        roll_back(services, 3, "ann")
    with pytest.raises(PlaybookProblem, match="There is no revision 9"):
        roll_back(services, 9, "ann")
    push(services, US, "ann")
    with pytest.raises(PlaybookProblem, match="Revision 4 was never published"):
        roll_back(services, 4, "ann")
    assert roll_back(services, 0, "ann").text == US
    assert revisions.active_text(services).number == 5


@ON_SQLITE
def test_an_invalid_text_is_refused_whole_with_every_mistake(services: Services) -> None:
    broken = LIGHTER.replace('email = "maya@example.com"', 'email = "maya"').replace(
        "\nminutes = 5 ", "\nminutes = -5 "
    )
    with pytest.raises(PlaybookInvalid) as caught:
        push(services, broken, "ann", source="mine.toml")
    assert {one.key for one in caught.value.problems} >= {"team.0.email", "follow_up.minutes"}
    assert all(line.startswith("mine.toml:") for line in str(caught.value).splitlines())
    assert revisions.revisions(services) == ()


@ON_SQLITE
def test_a_text_that_lacks_a_connected_crm_is_refused(services: Services) -> None:
    alone = US[: US.index("[crm.hubspot]")] + US[US.index("# HighLevel. A pipeline") :]
    with pytest.raises(PlaybookProblem, match=r"no table \[crm\.hubspot\]"):
        push(services, alone, "ann")


@ON_SQLITE
def test_a_text_that_names_a_path_nobody_has_is_refused(services: Services) -> None:
    with pytest.raises(PlaybookProblem, match="a path web-site, which the settings do not have"):
        push(services, US + '\n[paths.web-site.fields]\nGoal = "inquiry_type"\n', "ann")


@ON_SQLITE
def test_what_a_revision_says_of_a_paths_answers_holds_where_the_desk_says_nothing(
    services: Services,
) -> None:
    said = '\n[paths.website.fields]\nGoal = "inquiry_type"\nSum = "loan_amount"\n'
    published(services, US + said)
    assert paths(services)["website"].fields == {"Goal": "inquiry_type", "Sum": "loan_amount"}
    set_fields(services, "website", {"sum": "down_payment"}, "bea")
    assert paths(services)["website"].fields == {"Goal": "inquiry_type", "Sum": "down_payment"}
    published(services, US + said.replace('Goal = "inquiry_type"', 'Goal = "timeframe"'))
    assert paths(services)["website"].fields == {"Goal": "timeframe", "Sum": "down_payment"}
    roll_back(services, 0, "ann")
    assert paths(services)["website"].fields == {"Sum": "down_payment"}


@ON_SQLITE
def test_what_is_published_already_is_no_draft(services: Services) -> None:
    published(services, LIGHTER)
    with pytest.raises(PlaybookProblem, match="published already, as revision 1"):
        push(services, LIGHTER, "ann")


@ON_SQLITE
def test_every_step_is_in_the_audit_trail_with_who_and_why(services: Services) -> None:
    published(services, LIGHTER)
    roll_back(services, 0, "bea", message="too early")
    trail = [(one.actor, one.action, one.object_id) for one in rows(services, audit_event)]
    assert trail == [
        ("ann", "playbook.draft", "1"),
        ("ann", "playbook.published", "1"),
        ("bea", "playbook.rolled_back", "2"),
    ]
    said = [one.detail for one in rows(services, audit_event)]
    assert said[1].endswith(": because")
    assert said[2] == "to the settings' playbook, from revision 1: too early"


@ON_SQLITE
def test_the_settings_file_is_not_looked_at_once_a_revision_holds(services: Services) -> None:
    published(services, LIGHTER)
    gone = replace(services.settings.playbook, shipped="no such playbook")
    moved = replace(services, settings=replace(services.settings, playbook=gone))
    assert another_process(moved).playbook.team[0].weight == 1


@ON_SQLITE
def test_while_the_ledger_is_out_of_reach_the_playbook_stays(
    services: Services, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = services.playbook
    published(another_process(services), LIGHTER)

    def unreachable(*_: object) -> None:
        raise LedgerUnavailable("gone")

    clock.forward(seconds=2)
    with monkeypatch.context() as patched:
        patched.setattr("jobs.ledger.playbooks.published_number", unreachable)
        assert services.playbook is before
    until(lambda: services.playbook.team[0].weight == 1)


@ON_SQLITE
def test_a_revision_that_this_version_does_not_know_changes_nothing_here_and_stops_a_start(
    services: Services,
) -> None:
    """A newer Firstpath on another host may publish keys that are not known here."""
    before = services.playbook
    number = published(services, LIGHTER)
    with services.ledger.write() as connection:
        connection.execute(playbook_revision.update().values(text=LIGHTER + "\n[from_the_future]\nx = 1\n"))
    services.playbooks.forget()
    assert services.playbook == before
    with pytest.raises(PlaybookInvalid, match=f"revision {number}:"):
        _ = another_process(services).playbook


def test_a_decision_names_the_revision_it_was_made_under_and_uses_one_throughout(
    services: Services, clock: Clock
) -> None:
    post(services, asks(person(1)))
    decide_all(services)
    number = published(services, LIGHTER)
    post(services, asks(person(2)))
    decide_all(services)
    first, second = (one.playbook for one in rows(services, inquiry))
    names = {0: first, number: second}
    assert names == {
        0: f"mortgage_us@{revisions.settings_text(services).fingerprint}",
        number: f"mortgage_us@{revisions.revision(services, number).hash[:12]}",
    }
    under_way = holding(services)
    roll_back(services, 0, "ann")
    clock.forward(seconds=5)
    assert under_way.playbook.team[0].weight == 1
    assert services.playbook.team[0].weight == 2


def without_its_file(services: Services, tmp_path: Path) -> Services:
    """The settings name a playbook that somebody has deleted since."""
    named = PlaybookSettings(file=tmp_path / "gone.toml", shipped="")
    settings = replace(services.settings, playbook=named)
    return replace(services, settings=settings, playbooks=PublishedPlaybook(settings))


@ON_SQLITE
def test_a_file_that_is_gone_stops_nothing_once_a_revision_holds(services: Services, tmp_path: Path) -> None:
    gone = without_its_file(services, tmp_path)
    with pytest.raises(SettingsInvalid, match=r"playbook.file: names gone.toml, which is not there"):
        _ = gone.playbook
    published(services, LIGHTER)
    gone = without_its_file(services, tmp_path)
    with capture_logs() as logs:
        assert gone.playbook.team[0].weight == 1
        assert gone.playbook.team[0].weight == 1
    assert [one for one in logs if one["log_level"] == "warning"] == [
        {
            "event": "playbook_file_missing",
            "file": "gone.toml",
            "used": "revision 1",
            "log_level": "warning",
        }
    ]
    assert published(gone, US) == 2, "and another text is published all the same"
    with pytest.raises(SettingsInvalid):
        roll_back(gone, 0, "ann")
