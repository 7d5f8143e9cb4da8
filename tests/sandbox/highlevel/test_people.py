"""What people do in HighLevel's own pages, through Python and over /_sandbox/."""

from __future__ import annotations

from tests.sandbox.highlevel.location import ANA, BEN, Location


def test_a_merge_keeps_one_contact_with_everything(location: Location) -> None:
    ana = location.contact(**ANA, tags=["a"])
    ben = location.contact(**BEN, tags=["b"], city="Guelph", dndSettings={"Email": {"status": "active"}})
    card, task = location.opportunity(ben), location.task(ben)
    answer = location.post("/_sandbox/merge", {"kept": ana, "lost": ben})
    kept = location.read(ana)
    assert answer.json()["id"] == ana
    assert (kept["firstName"], kept["city"], kept["tags"]) == ("Ana", "Guelph", ["a", "b"])
    assert kept["additionalEmails"][0]["email"] == BEN["email"]
    assert kept["dndSettings"]["Email"]["status"] == "active"
    assert location.get(f"/contacts/{ben}").status_code == 400
    assert location.get(f"/opportunities/{card}").json()["opportunity"]["contactId"] == ana
    assert location.get(f"/contacts/{ana}/tasks/{task}").status_code == 200
    assert location.upsert(email=BEN["email"])["contact"]["id"] == ana
    found = location.get("/opportunities/search", location_id=location.id, contact_id=ana).json()
    assert [one["id"] for one in found["opportunities"]] == [card]
    for wrong in ({"kept": ana, "lost": ana}, {"kept": ana, "lost": ben}, {}):
        assert location.post("/_sandbox/merge", wrong).status_code == 400


def test_a_stop_is_permanent(location: Location) -> None:
    ana = location.contact(**ANA)
    assert location.post("/_sandbox/stop", {"contact": ana}).status_code == 204
    assert location.read(ana)["dndSettings"]["SMS"]["status"] == "permanent"
    answer = location.post("/_sandbox/stop", {"contact": ana, "channel": "fax"})
    assert (answer.status_code, "channel must be one of Call" in answer.json()["message"]) == (400, True)


def test_pipelines_and_workflows_are_made_by_people(location: Location) -> None:
    body = {"name": "Renewals", "stages": ["New", "Signed"]}
    made = location.post("/_sandbox/pipelines", body)
    ids = {stage["name"]: stage["id"] for stage in made.json()["stages"]}
    assert made.status_code == 201
    grown = location.post("/_sandbox/pipelines", {**body, "stages": ["New", "Waiting", "Signed"]}).json()
    assert grown["id"] == made.json()["id"]
    assert [one["id"] for one in grown["stages"] if one["name"] in ids] == [ids["New"], ids["Signed"]]
    workflow = location.post("/_sandbox/workflows", {"name": "Renewal", "published": False})
    assert (workflow.status_code, workflow.json()["status"]) == (201, "draft")
    for path, wrong in (("pipelines", {"name": "X", "stages": []}), ("workflows", {})):
        assert location.post(f"/_sandbox/{path}", wrong).status_code == 400


def test_a_secondary_address_is_added(location: Location) -> None:
    ana = location.contact(**ANA)
    body = {"contact": ana, "email": "work@example.com"}
    assert [location.post("/_sandbox/emails", body).status_code for _ in range(2)] == [204, 204]
    assert len(location.read(ana)["additionalEmails"]) == 1
