"""Contacts one at a time: what is kept, what is refused, what goes with them."""

from __future__ import annotations

import pytest

from tests.sandbox.highlevel.location import ANA, BEN, Location
from tests.sandbox.hub import Clock


def test_a_contact_is_kept_and_shown_as_highlevel_shows_it(location: Location) -> None:
    made = location.post(
        "/contacts/",
        {
            "locationId": location.id,
            **ANA,
            "phone": "(416) 555-0123",
            "dateOfBirth": "03/21/1985",
            "city": "",
        },
    )
    contact = made.json()["contact"]
    assert made.status_code == 201
    assert len(contact["id"]) == 20
    assert contact["phone"] == "+14165550123"
    assert contact["dateOfBirth"] == "1985-03-21T00:00:00.000Z"
    assert (contact["tags"], contact["customFields"], contact["dnd"]) == ([], [], False)
    assert (contact["emailLowerCase"], contact["fullNameLowerCase"]) == ("ana@example.com", "ana lopez")
    assert "city" not in contact
    assert "assignedTo" not in contact
    assert made.json()["traceId"]
    assert location.read(contact["id"]) == contact


def test_a_whole_name_is_split_unless_its_parts_are_sent(location: Location) -> None:
    first = location.read(location.contact(name="Ana Maria Lopez"))
    assert (first["firstName"], first["lastName"]) == ("Ana", "Maria Lopez")
    second = location.read(location.contact(name="X Y", firstName="Ben"))
    assert (second["firstName"], "lastName" in second) == ("Ben", False)


def test_an_update_changes_what_is_sent_and_blanks_empty(location: Location, clock: Clock) -> None:
    ana = location.contact(**ANA, city="Toronto", tags=["a"])
    clock.now += 5
    answer = location.put(
        f"/contacts/{ana}", {"city": "", "state": "ON", "website": None, "tags": ["B ", "b"]}
    )
    body = answer.json()
    assert (answer.status_code, body["succeded"]) == (200, True)
    assert "city" not in body["contact"]
    assert (body["contact"]["state"], body["contact"]["firstName"]) == ("ON", "Ana")
    assert body["contact"]["tags"] == ["b"]
    assert body["contact"]["dateUpdated"] > body["contact"]["dateAdded"]


def test_version_v3_adds_the_right_spelling(location: Location) -> None:
    ana = location.contact(**ANA)
    answer = location.call("PUT", f"/contacts/{ana}", {"city": "Guelph"}, headers={"Version": "v3"}).json()
    assert (answer["succeded"], answer["succeeded"]) == (True, True)


@pytest.mark.parametrize(
    ("body", "problems"),
    [
        ({"ssn": "x", "nick": "y"}, ["property ssn should not exist", "property nick should not exist"]),
        ({"email": "ana"}, ["email must be an email"]),
        ({"firstName": 5}, ["firstName must be a string"]),
        ({"tags": "a"}, ["each value in tags must be a string"]),
        ({"dnd": "yes"}, ["dnd must be a boolean value"]),
        ({"dateOfBirth": "soon"}, ["dateOfBirth must be a valid date"]),
        ({"customFields": {}}, ["customFields must be an array"]),
        ({"additionalEmails": []}, ["property additionalEmails should not exist"]),
        ({"assignedTo": "nobody"}, ["assignedTo: user nobody does not belong to this location"]),
    ],
)
def test_wrong_values_are_a_422_with_all_of_them(
    location: Location, body: dict[str, object], problems: list[str]
) -> None:
    answer = location.post("/contacts/", {"locationId": location.id, **body})
    assert (answer.status_code, answer.json()["message"]) == (422, problems)
    assert answer.json()["error"] == "Unprocessable Entity"
    assert location.sandbox.state.counts()["contacts"] == 0


def test_a_location_is_needed_and_an_update_takes_less_than_a_create(location: Location) -> None:
    missing = location.post("/contacts/", ANA).json()["message"]
    assert missing == ["locationId should not be empty", "locationId must be a string"]
    ana = location.contact(**ANA, gender="f", companyName="Lopez Inc")
    answer = location.put(f"/contacts/{ana}", {"locationId": location.id, "gender": "m", "companyName": "X"})
    assert answer.status_code == 422
    assert answer.json()["message"] == [
        f"property {name} should not exist" for name in ("locationId", "gender", "companyName")
    ]


@pytest.mark.parametrize(
    ("order", "field"), [("email,phone", "email"), ("phone,email", "phone"), ("email", "email")]
)
def test_a_duplicate_is_a_400_that_names_the_other(location: Location, order: str, field: str) -> None:
    ana = location.contact(**ANA)
    location.sandbox.configure(dedupe_order=order)
    answer = location.post("/contacts/", {"locationId": location.id, **ANA, "email": "ANA@example.com"})
    assert answer.status_code == 400
    assert answer.json()["message"] == "This location does not allow duplicated contacts."
    assert answer.json()["meta"] == {"contactId": ana, "matchingField": field, "contactName": "Ana Lopez"}


def test_a_field_that_is_not_looked_at_makes_no_duplicate(location: Location) -> None:
    location.contact(**ANA)
    location.sandbox.configure(dedupe_order="email")
    assert location.contact(phone=ANA["phone"], email="other@example.com")


def test_an_update_to_an_address_of_somebody_else_is_a_duplicate(location: Location) -> None:
    ana, ben = location.contact(**ANA), location.contact(**BEN)
    answer = location.put(f"/contacts/{ben}", {"email": ANA["email"]})
    assert (answer.status_code, answer.json()["meta"]["contactId"]) == (400, ana)
    assert location.put(f"/contacts/{ben}", {"email": BEN["email"]}).status_code == 200


def test_where_duplicates_are_allowed_they_are_made(location: Location) -> None:
    location.sandbox.configure(allow_duplicate_contact=True)
    assert location.contact(**ANA) != location.contact(**ANA)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/contacts/{}"),
        ("PUT", "/contacts/{}"),
        ("DELETE", "/contacts/{}"),
        ("GET", "/contacts/{}/tasks"),
        ("POST", "/contacts/{}/tags"),
        ("POST", "/contacts/{}/notes"),
        ("POST", "/contacts/{}/workflow/x"),
    ],
)
def test_an_unknown_contact_is_a_400(location: Location, method: str, path: str) -> None:
    answer = location.call(method, path.format("nobody"), {})
    assert (answer.status_code, answer.json()["message"]) == (400, "Contact with id nobody not found")


def test_a_deleted_contact_takes_everything_with_it(location: Location) -> None:
    ana = location.contact(**ANA)
    location.opportunity(ana)
    location.task(ana)
    location.post(f"/contacts/{ana}/notes", {"body": "Called"})
    assert location.delete(f"/contacts/{ana}").json()["succeded"] is True
    assert location.sandbox.state.counts() == dict.fromkeys(
        ("contacts", "opportunities", "tasks", "notes"), 0
    )
    assert location.found() == []
    assert location.contact(**ANA) != ana


def test_looking_for_a_duplicate_is_immediate(location: Location) -> None:
    location.sandbox.configure(search_delay=60)
    ana, ben = location.contact(**ANA), location.contact(**BEN)

    def holder(**query: str) -> str | None:
        answer = location.get("/contacts/search/duplicate", locationId=location.id, **query)
        assert answer.status_code == 200
        found = answer.json()["contact"]
        return found["id"] if found else None

    assert holder(email="ANA@example.com") == ana
    assert holder(number="+14165550188") == ben
    assert holder(email="ana@example.com", number="+14165550188") == ana
    assert holder(email="nobody@example.com") is None
    location.sandbox.configure(dedupe_order="phone,email")
    assert holder(email="ana@example.com", number="+14165550188") == ben
    location.sandbox.configure(allow_duplicate_contact=True)
    assert holder(email="ana@example.com", number="+14165550188") == ana


def test_looking_for_a_duplicate_needs_a_number_or_an_email(location: Location) -> None:
    answer = location.get("/contacts/search/duplicate", locationId=location.id)
    assert (answer.status_code, "at least one of number, email" in answer.json()["message"]) == (400, True)
    answer = location.get("/contacts/search/duplicate", locationId=location.id, phone="1")
    assert answer.json()["message"] == ["property phone should not exist"]
