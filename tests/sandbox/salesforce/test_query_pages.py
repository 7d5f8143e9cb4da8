"""SOQL over many records: pages, cursors, indexes, and how long a question may be."""

from __future__ import annotations

from tests.sandbox.hub import Clock
from tests.sandbox.salesforce.org import Org, V, error

SINCE = "SELECT Id, IsDeleted FROM Lead WHERE SystemModstamp >= {} ORDER BY SystemModstamp, Id"


def test_long_answers_come_in_pages(org: Org) -> None:
    records = [{"attributes": {"type": "Lead"}, "LastName": f"L{n:03}", "Company": "R"} for n in range(200)]
    for _ in range(3):
        org.post("/composite/sobjects", {"records": records})
    headers = {"Sforce-Query-Options": "batchSize=250"}
    page = org.soql("SELECT LastName FROM Lead ORDER BY Id", headers=headers)
    assert (page["totalSize"], page["done"], len(page["records"])) == (600, False, 250)
    seen = page["records"]
    while not page["done"]:
        page = org.call("GET", page["nextRecordsUrl"], headers=headers).json()
        seen += page["records"]
    assert [one["LastName"] for one in seen] == [one["LastName"] for one in records] * 3
    assert "nextRecordsUrl" not in page
    assert error(org.get("/query/01gnonsense-200")) == (400, "INVALID_QUERY_LOCATOR")
    assert org.soql("SELECT Id FROM Lead")["done"] is True


def test_a_cursor_over_changes_sees_deletions(org: Org, clock: Clock) -> None:
    old = org.lead()
    clock.now += 600
    changed, gone = org.lead(), org.lead()
    org.call("DELETE", f"/sobjects/Lead/{gone}")
    cursor = org.stored(changed)["SystemModstamp"].replace("+0000", "Z")
    statement = SINCE.format(cursor)
    assert org.found(statement) == [changed]
    everything = org.get("/queryAll/", q=statement).json()["records"]
    assert [(one["Id"], one["IsDeleted"]) for one in everything] == [(changed, False), (gone, True)]
    clock.now += 60
    org.patch(f"/sobjects/Lead/{old}", {"City": "Hull"})
    assert org.found(statement) == [changed, old]


def test_pages_by_id_follow_the_order_of_ids(org: Org) -> None:
    records = [{"attributes": {"type": "Lead"}, "LastName": "R", "Company": "R"} for _ in range(80)]
    made = [one["id"] for one in org.post("/composite/sobjects", {"records": records}).json()]
    seen: list[str] = []
    while page := org.found(
        "SELECT Id FROM Lead WHERE Id > ? ORDER BY Id LIMIT 30", seen[-1] if seen else "00Q" + "0" * 12
    ):
        seen += page
    assert seen == made


def test_an_index_follows_every_change(org: Org) -> None:
    lead = org.lead(Email="one@example.com")
    finds = "SELECT Id FROM Lead WHERE Email = ?"
    assert org.found(finds, "one@example.com") == [lead]
    org.patch(f"/sobjects/Lead/{lead}", {"Email": "two@example.com"})
    assert (org.found(finds, "one@example.com"), org.found(finds, "two@example.com")) == ([], [lead])
    org.call("DELETE", f"/sobjects/Lead/{lead}")
    assert org.found(finds, "two@example.com") == []
    org.sandbox.person().undelete(lead)
    assert org.found(finds, "two@example.com") == [lead]


def test_an_address_has_at_most_16384_bytes(org: Org) -> None:
    statement = "SELECT Id FROM Lead WHERE Email IN ("
    fits = statement + ",".join(f"'{n:04}@example.com'" for n in range(500)) + ")"
    too_long = statement + ",".join(f"'{n:04}@example.com'" for n in range(800)) + ")"
    assert org.get("/query/", q=fits).status_code == 200
    answer = org.get("/query/", q=too_long)
    assert (answer.status_code, "<html>" in answer.text) == (414, True)
    headers = {"X-Long": "x" * 6000}
    assert org.call("GET", "/query/", params={"q": fits}, headers=headers).status_code == 431
    wrapped = {"compositeRequest": [{"method": "GET", "url": f"{V}/query/?q={too_long}", "referenceId": "a"}]}
    parts = org.post("/composite", wrapped).json()["compositeResponse"]
    assert parts[0]["httpStatusCode"] == 200
