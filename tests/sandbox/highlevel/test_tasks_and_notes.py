"""Tasks, notes, followers and workflow enrolment of a contact."""

from __future__ import annotations

import pytest

from tests.sandbox.highlevel.location import ANA, BEN, DUE, Location


def test_a_task_belongs_to_its_contact(location: Location) -> None:
    ana, ben = location.contact(**ANA), location.contact(**BEN)
    maya = location.sandbox.state.users.list()[0].id
    task = location.task(ana, body="[fp:T1]", assignedTo=maya, dueDate="2026-03-02T10:00:00-05:00")
    assert location.get(f"/contacts/{ana}/tasks").json()["tasks"] == [
        {
            "id": task,
            "title": "Call",
            "body": "[fp:T1]",
            "dueDate": "2026-03-02T15:00:00.000Z",
            "completed": False,
            "contactId": ana,
            "assignedTo": maya,
        }
    ]
    assert location.get(f"/contacts/{ben}/tasks").json()["tasks"] == []
    answer = location.get(f"/contacts/{ben}/tasks/{task}")
    assert (answer.status_code, answer.json()["message"]) == (400, f"Task with id {task} not found")


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ({"title": "Call", "dueDate": DUE}, "completed should not be empty"),
        ({"title": "", "dueDate": DUE, "completed": False}, "title should not be empty"),
        ({"title": "Call", "dueDate": "soon", "completed": False}, "dueDate must be a valid ISO 8601 date"),
        ({"title": "Call", "dueDate": DUE, "completed": 0}, "completed must be a boolean value"),
        ({"title": "Call", "dueDate": DUE, "completed": False, "key": "1"}, "property key should not exist"),
        ({"title": "Call", "dueDate": DUE, "completed": False, "assignedTo": "x"}, "user x does not belong"),
    ],
)
def test_a_wrong_task_is_explained(location: Location, body: object, problem: str) -> None:
    ana = location.contact(**ANA)
    answer = location.post(f"/contacts/{ana}/tasks", body)
    assert (answer.status_code, problem in answer.json()["message"][0]) == (422, True)
    assert location.sandbox.state.counts()["tasks"] == 0


def test_the_same_task_twice_is_two_tasks(location: Location) -> None:
    ana = location.contact(**ANA)
    assert location.task(ana) != location.task(ana)


def test_tasks_are_changed_completed_and_deleted(location: Location) -> None:
    ana = location.contact(**ANA)
    path = f"/contacts/{ana}/tasks/{location.task(ana)}"
    changed = location.put(path, {"title": "Text", "dueDate": "2026-03-03T15:00:00Z"}).json()["task"]
    assert (changed["title"], changed["dueDate"]) == ("Text", "2026-03-03T15:00:00.000Z")
    done = location.put(f"{path}/completed", {"completed": True})
    assert (done.status_code, done.json()["task"]["completed"]) == (200, True)
    assert location.put(f"{path}/completed", {"title": "x"}).status_code == 422
    assert location.delete(path).json()["succeded"] is True
    assert location.get(path).status_code == 400


def test_tasks_of_all_contacts_are_searched(location: Location) -> None:
    ana, ben = location.contact(**ANA), location.contact(**BEN)
    first, second = location.task(ana, body="[fp:T1]"), location.task(ben, body="[fp:T2]", completed=True)

    def found(**body: object) -> list[str]:
        answer = location.post(f"/locations/{location.id}/tasks/search", body)
        assert answer.status_code == 200
        return [one["id"] for one in answer.json()["tasks"]]

    assert found() == [first, second]
    assert found(contactId=[ana]) == [first]
    assert found(completed=True) == [second]
    assert found(query="fp:t2") == [second]
    assert found(limit=1, skip=1) == [second]
    assert found(assignedTo=["nobody"]) == []


def test_notes_are_kept_changed_and_deleted(location: Location) -> None:
    ana = location.contact(**ANA)
    made = location.post(f"/contacts/{ana}/notes", {"body": "Called", "pinned": True})
    note = made.json()["note"]
    assert (made.status_code, note["contactId"], note["pinned"]) == (201, ana, True)
    path = f"/contacts/{ana}/notes/{note['id']}"
    assert location.put(path, {"body": "Called twice"}).json()["note"]["body"] == "Called twice"
    assert location.get(path).json()["note"]["body"] == "Called twice"
    assert [one["id"] for one in location.get(f"/contacts/{ana}/notes").json()["notes"]] == [note["id"]]
    assert location.post(f"/contacts/{ana}/notes", {"title": "x"}).status_code == 422
    assert location.delete(path).status_code == 200
    assert location.get(path).status_code == 400


def test_followers_of_contacts_and_opportunities(location: Location) -> None:
    ana = location.contact(**ANA)
    maya, luis = (user.id for user in location.sandbox.state.users.list()[:2])
    for path in (f"/contacts/{ana}", f"/opportunities/{location.opportunity(ana)}"):
        added = location.post(f"{path}/followers", {"followers": [maya, luis]})
        assert (added.status_code, added.json()["followersAdded"]) == (201, [maya, luis])
        assert location.post(f"{path}/followers", {"followers": [maya]}).json()["followersAdded"] == []
        left = location.delete(f"{path}/followers", {"followers": [maya]})
        assert (left.status_code, left.json()["followers"]) == (200, [luis])


def test_enrolment_is_logged_whether_or_not_the_workflow_runs(location: Location) -> None:
    ana = location.contact(**ANA)
    listed = location.get("/workflows/", locationId=location.id).json()["workflows"]
    assert [(one["name"], one["status"]) for one in listed] == [("New lead", "published"), ("Draft", "draft")]
    lead, draft = (one["id"] for one in listed)
    for workflow in (lead, lead, draft):
        answer = location.post(f"/contacts/{ana}/workflow/{workflow}", {})
        assert (answer.status_code, answer.json()["succeded"]) == (200, True)
    assert location.sandbox.state.workflows.of(ana) == [lead]
    assert location.delete(f"/contacts/{ana}/workflow/{lead}").status_code == 200
    start = {"eventStartTime": "2026-03-01T03:30:00+01:00"}
    assert location.post(f"/contacts/{ana}/workflow/{lead}", start).status_code == 200
    log = location.sandbox.state.snapshot("enrolments")["enrolments"]
    assert [one["result"] for one in log] == ["enrolled", "skipped", "not run", "removed", "enrolled"]
    assert log[-1]["eventStartTime"] == start["eventStartTime"]
    unknown = location.post(f"/contacts/{ana}/workflow/none", {})
    assert (unknown.status_code, unknown.json()["message"]) == (400, "Workflow with id none not found")
