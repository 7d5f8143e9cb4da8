"""The pages about intake paths: readiness, shadow, the buttons, and the mapping of questions."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from jobs.paths.current import change_path, paths
from jobs.services import Services
from tests.webapp.installation import arrives
from tests.webapp.visitor import Visitor

ACTOR = "01J0000000000000000000ADMN"
WEI = {"name": "Wei Chen", "email": "wei@example.com", "state": "TX", "loan_type": "Purchase"}


@pytest.fixture
def shadowed(services: Services) -> Services:
    """The partner's path in shadow, with one inquiry."""
    change_path(services, "partner", ACTOR, state="shadow")
    arrives(services, **WEI, favourite_colour="<b>green</b>")
    return services


def test_every_path_is_listed_with_its_state(admin: Visitor) -> None:
    page = admin.get("/desk/paths/").text
    for word in ("Partner&#39;s application", "Planned form", "Draft", "Live", "Paused"):
        assert word in page


def test_a_path_in_shadow_shows_what_would_be_written_and_what_blocks(
    shadowed: Services, admin: Visitor
) -> None:
    page = admin.get("/desk/paths/partner").text
    for word in ("How does it arrive?", "Where is follow-up seen?", "Before it can go live"):
        assert word in page
    for word in ("Wei", "firstname", "mortgage_other_answers", "1 question is not mapped"):
        assert word in page
    assert "&lt;b&gt;green&lt;/b&gt;" in page
    assert "<b>green</b>" not in page


def test_going_live_is_refused_with_the_reason(shadowed: Services, admin: Visitor) -> None:
    page = "/desk/paths/partner"
    answer = admin.press(f"{page}/move", on=page, state="live")
    assert answer.status_code == 303
    assert "It cannot go to live yet" in admin.get(page).text
    assert paths(shadowed)["partner"].state == "shadow"


def test_pause_and_back(shadowed: Services, admin: Visitor) -> None:
    page = "/desk/paths/partner"
    for state in ("paused", "draft", "shadow"):
        admin.press(f"{page}/move", on=page, state=state)
        assert paths(shadowed)["partner"].state == state
    assert admin.press(f"{page}/move", on=page, state="nonsense").status_code == 400


def test_questions_are_confirmed_and_tried(shadowed: Services, admin: Visitor) -> None:
    page = "/desk/paths/partner/mapping"
    shown = admin.get(page).text
    assert "not mapped" in shown
    assert "w•••@example.com" in shown
    fields = {"key-1": "favourite_colour", "was-1": "", "field-1": "message"}
    tried = admin.press(page, on=page, **fields, then="try").text
    assert "Saved: 1 question." in tried
    assert "What the last 1 would be now" in tried
    assert dict(paths(shadowed)["partner"].fields) == {"favourite_colour": "message"}
    assert admin.press(page, on=page, **{**fields, "field-1": "nonsense"}).status_code == 400


def test_unknown_paths_are_not_there(admin: Visitor) -> None:
    assert admin.get("/desk/paths/nowhere").status_code == 404
    assert admin.get("/desk/paths/nowhere/mapping").status_code == 404


def test_brokers_have_no_business_here(someone: Callable[..., Visitor]) -> None:
    broker = someone("broker")
    for page in ("/desk/paths/", "/desk/paths/partner", "/desk/paths/partner/mapping"):
        assert broker.get(page).status_code == 403
