"""Paths that are changed at the desk while everything runs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jobs.ledger.tables import audit_event, inquiry, submission
from jobs.paths.current import change_path, path_of_key, paths
from jobs.processes.worker import release_captured
from jobs.services import Services
from tests.jobs.brokerage import KEYS, Clock, with_path
from tests.jobs.daily_work import asks, decide_all, post, rows, states
from tests.people import person


def beside(services: Services) -> Services:
    """Another process on the same ledger."""
    from jobs.paths.current import RememberedChanges

    return replace(services, path_changes=RememberedChanges())


def test_the_desks_word_holds_here_at_once_and_elsewhere_within_a_second(
    services: Services, clock: Clock
) -> None:
    other = beside(services)
    assert paths(other)["website"].state == "live"
    change_path(services, "website", "somebody", state="paused")
    assert paths(services)["website"].state == "paused"
    clock.forward(seconds=1)
    assert paths(other)["website"].state == "paused"
    (event,) = [one for one in rows(services, audit_event) if one.action == "path.changed"]
    assert (event.actor, event.detail) == ("somebody", "live to paused")


def test_a_path_key_opens_its_own_path_only(services: Services) -> None:
    for name, key in KEYS.items():
        found = path_of_key(services, key)
        assert found is not None
        assert found.name == name
        assert all(path_of_key(services, other) is None for other in (key[:-1], f"{key}x", *found.keys))
    assert path_of_key(services, "") is None


def test_the_files_word_holds_again_once_it_is_changed(services: Services, clock: Clock) -> None:
    change_path(services, "website", "somebody", state="paused")
    edited = with_path(services, "shadow")
    assert paths(edited)["website"].state == "shadow"


def test_a_mapping_adds_to_the_files(services: Services) -> None:
    change_path(services, "website", "somebody", fields={"Wunschbetrag": "loan_amount"})
    change_path(services, "website", "somebody", state="shadow")
    assert paths(services)["website"].fields["Wunschbetrag"] == "loan_amount"
    post(services, asks(person(1), Wunschbetrag="$123,000", loan_amount=""))
    decide_all(services)
    (found,) = rows(services, inquiry)
    assert found.shadow


def test_what_a_draft_captured_is_processed_when_it_goes_on(services: Services) -> None:
    drafted = with_path(services, "draft")
    post(drafted, asks(person(1)))
    assert states(drafted, submission) == ["captured"]
    assert release_captured(drafted) == 0
    change_path(drafted, "website", "somebody", state="live")
    assert release_captured(drafted) == 1
    decide_all(drafted)
    assert len(rows(drafted, inquiry)) == 1


def test_an_unknown_path_is_an_error(services: Services) -> None:
    with pytest.raises(KeyError):
        change_path(services, "nowhere", "somebody", state="live")
