"""DND: settings replaced as a whole, and a person's own STOP that nobody lifts."""

from __future__ import annotations

import pytest

from connectors.sandbox.highlevel import people
from tests.sandbox.highlevel.location import ANA, Location

ACTIVE = {"status": "active", "message": "by phone", "code": "1"}


def stopped(location: Location) -> str:
    """A contact who answered STOP."""
    ana = location.contact(**ANA, dndSettings={"Email": ACTIVE})
    with location.sandbox.state.lock:
        people.answer_stop(location.sandbox.state, ana, "SMS")
    return ana


def test_settings_are_replaced_as_a_whole(location: Location) -> None:
    ana = location.contact(**ANA, dnd=True, dndSettings={"Email": ACTIVE, "Call": ACTIVE})
    changed = location.put(f"/contacts/{ana}", {"dndSettings": {"sms": {"status": "inactive"}}}).json()
    assert changed["contact"]["dndSettings"] == {"SMS": {"status": "inactive"}}
    assert changed["contact"]["dnd"] is True


@pytest.mark.parametrize("wanted", [{}, {"SMS": {"status": "inactive"}}, {"Email": ACTIVE}])
def test_a_permanent_setting_fails_the_whole_update(location: Location, wanted: dict[str, object]) -> None:
    ana = stopped(location)
    answer = location.put(f"/contacts/{ana}", {"city": "Guelph", "dndSettings": wanted})
    assert (answer.status_code, answer.json()["statusCode"]) == (400, 401)
    assert answer.json()["message"] == "Not authorized to update permanent dnd setting for SMS"
    assert "city" not in location.read(ana)


def test_settings_echoed_back_are_accepted(location: Location) -> None:
    ana = stopped(location)
    echo = {**location.read(ana)["dndSettings"], "Call": ACTIVE}
    answer = location.put(f"/contacts/{ana}", {"dndSettings": echo})
    assert (answer.status_code, answer.json()["contact"]["dndSettings"]) == (200, echo)


def test_an_update_without_settings_leaves_them(location: Location) -> None:
    ana = stopped(location)
    assert location.put(f"/contacts/{ana}", {"city": "Guelph"}).status_code == 200
    assert location.upsert(**ANA)["contact"]["dndSettings"]["SMS"]["status"] == "permanent"


def test_an_upsert_may_lift_an_ordinary_opt_out(location: Location) -> None:
    location.contact(**ANA, dndSettings={"Email": ACTIVE})
    lifted = location.upsert(**ANA, dndSettings={"Email": {"status": "inactive"}})["contact"]
    assert lifted["dndSettings"]["Email"]["status"] == "inactive"


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"Fax": ACTIVE}, "dndSettings.property Fax should not exist"),
        ({"SMS": "active"}, "dndSettings.SMS must be an object"),
        ({"SMS": {"status": "off"}}, "dndSettings.SMS.status must be one of the following values"),
        ({"SMS": {}}, "dndSettings.SMS.status should not be empty"),
    ],
)
def test_wrong_settings_are_explained(location: Location, settings: object, problem: str) -> None:
    answer = location.post("/contacts/", {"locationId": location.id, **ANA, "dndSettings": settings})
    assert (answer.status_code, problem in answer.json()["message"][0]) == (422, True)


def test_inbound_settings_are_kept(location: Location) -> None:
    inbound = {"all": {"status": "active", "message": "busy"}}
    ana = location.contact(**ANA, inboundDndSettings=inbound)
    assert location.read(ana)["inboundDndSettings"] == inbound
    wrong_ones: list[object] = [{"SMS": {}}, {"all": {"status": "permanent"}}]
    for wrong in wrong_ones:
        assert location.put(f"/contacts/{ana}", {"inboundDndSettings": wrong}).status_code == 422
