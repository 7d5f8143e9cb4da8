"""When the database is out of reach: nobody loses what they typed, and monitors learn of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from jobs.ledger.engine import open_ledger
from jobs.services import Services
from tests.webapp.installation import PATH_KEY
from tests.webapp.visitor import Visitor
from webapp.app import create_app


@pytest.fixture
def cut_off(services: Services, tmp_path: Path) -> Iterator[Visitor]:
    """A visitor of an application whose database has no tables."""
    ledger = open_ledger(f"sqlite:///{tmp_path}/empty.sqlite3")
    yield Visitor(create_app(replace(services, ledger=ledger)).test_client())
    ledger.close()


def test_the_form_comes_back_with_what_was_typed(cut_off: Visitor) -> None:
    fields = {"first_name": "Inês", "email": "ines@example.com", "message": "We found a house."}
    answer = cut_off.post("/f/website", fields)
    assert answer.status_code == 503
    for words in ("could not save", "Inês", "ines@example.com", "We found a house."):
        assert words in answer.text


def test_the_door_asks_the_sender_to_come_back(cut_off: Visitor) -> None:
    answer = cut_off.post(f"/in/{PATH_KEY}", {"email": "ines@example.com"})
    assert (answer.status_code, "Retry-After" in answer.headers) == (503, True)


def test_a_monitor_learns_that_nothing_can_be_stored(cut_off: Visitor) -> None:
    assert cut_off.get("/readyz").status_code == 503
    assert cut_off.get("/healthz").status_code == 200


def test_a_page_of_the_desk_says_so_in_plain_words(cut_off: Visitor) -> None:
    cut_off.client.set_cookie("firstpath", "some-session")
    assert cut_off.get("/desk/").status_code == 303
    answer = cut_off.post("/login/some-token")
    assert answer.status_code == 400
