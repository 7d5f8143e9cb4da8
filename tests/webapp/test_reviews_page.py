"""The desk's reviews and the borrower's page, and firstpath review: people say who is who."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from click.testing import CliRunner

from jobs.ledger.tables import borrower, borrower_merge, inquiry, review, verdict
from jobs.services import Services
from tests.jobs.daily_work import row, rows
from tests.webapp.installation import arrives, open_with_secrets
from tests.webapp.visitor import Visitor
from webapp.cli import firstpath

ROBERT = {
    "first_name": "Robert",
    "last_name": "Okafor",
    "email": "robert.okafor@example.com",
    "phone": "+1 415 200 0001",
    "date_of_birth": "1980-02-03",
    "message": "Please call after five.",
}
BOB = {
    **ROBERT,
    "first_name": "Bob",
    "date_of_birth": "1991-02-03",
    "company": "Okafor Ltd",
    "message": "Hi.",
}


def asked(services: Services) -> str:
    """Two inquiries that may be one person's; the review's id."""
    arrives(services, **ROBERT)
    arrives(services, **BOB)
    return str(row(services, review).id)


def test_a_pair_is_shown_side_by_side_and_answered_once(services: Services, admin: Visitor) -> None:
    id_ = asked(services)
    assert 'class="waits">1' in admin.get("/desk/").text
    listed = admin.get("/desk/reviews/").text
    assert "Bob Okafor" in listed
    assert "may be Robert Okafor" in listed
    page = admin.get(f"/desk/reviews/{id_}").text
    assert "birth date differs" in page.lower()
    assert page.count("robert.okafor<wbr>@example.com") == 1  # what both say stands once
    assert "1 inquiry moves" in page
    assert "1991" not in page
    admin.press(f"/desk/reviews/{id_}/answer", on=f"/desk/reviews/{id_}", answer="different")
    again = admin.press(f"/desk/reviews/{id_}/answer", on=f"/desk/reviews/{id_}", answer="same")
    assert again.status_code == 303
    page = admin.get(f"/desk/reviews/{id_}").text
    assert "Somebody has answered this already" in page
    assert "Same person</button>" not in page
    assert row(services, verdict).says == "different"
    assert 'class="waits"' not in admin.get("/desk/").text
    assert "Bob Okafor" in admin.get("/desk/reviews/?state=different").text


def test_a_merge_is_made_shown_and_undone(services: Services, admin: Visitor) -> None:
    id_ = asked(services)
    page = f"/desk/reviews/{id_}"
    admin.press(f"{page}/answer", on=page, answer="same")
    assert "They are one borrower" in admin.get(page).text
    kept, gone = (one.id for one in rows(services, borrower))
    assert admin.get(f"/desk/borrowers/{gone}").location.endswith(f"/desk/borrowers/{kept}")
    shown = admin.get(f"/desk/borrowers/{kept}").text
    assert "Robert" in shown
    assert "1 other value" in shown
    assert "Okafor Ltd" in shown
    assert "Please call after five.\nHi." in shown
    assert "Birth date" not in shown
    merge = row(services, borrower_merge).id
    admin.press(f"/desk/reviews/merges/{merge}/undo", on=f"/desk/borrowers/{kept}", back=page)
    assert "They are two people again" in admin.get(page).text
    assert {one.borrower_id for one in rows(services, inquiry)} == {kept, gone}
    assert admin.get(f"/desk/borrowers/{gone}").status_code == 200


def test_the_inquiry_says_who_it_may_be_and_a_broker_sees_only_own_borrowers(
    services: Services, admin: Visitor, someone: Callable[..., Visitor]
) -> None:
    id_ = asked(services)
    mine = rows(services, inquiry)[1]
    page = admin.get(f"/desk/inquiries/{mine.id}").text
    assert "May be Robert Okafor, whom you know." in page
    assert f"/desk/reviews/{id_}" in page
    assert f"/desk/borrowers/{mine.borrower_id}" in page
    owner, other = someone("broker", mine.owner), someone("broker", "nobody@example.com")
    assert owner.get(f"/desk/borrowers/{mine.borrower_id}").status_code == 200
    assert other.get(f"/desk/borrowers/{mine.borrower_id}").status_code == 404
    assert owner.get(f"/desk/reviews/{id_}").status_code == 403
    assert f"/desk/reviews/{id_}" not in owner.get(f"/desk/inquiries/{mine.id}").text


def test_an_inquiry_that_shows_two_known_borrowers_to_be_one_is_with_one_of_them(
    services: Services, admin: Visitor
) -> None:
    """The email of one and the phone of the other: nobody new is opened, and the two are asked about."""
    name = {"first_name": "Robert", "last_name": "Okafor"}
    town = {"city": "Fresno", "state": "CA"}
    arrives(services, **name, email="robert.okafor@example.com")
    arrives(services, **name, **town, email="golf77@example.org", phone="+1 415 200 0001")
    assert rows(services, review) == []
    arrives(services, **name, **town, email="robert.okafor@example.com", phone="+1 415 200 0001")
    first, second = rows(services, borrower)
    mine, asked = rows(services, inquiry)[2], row(services, review)
    assert (mine.borrower_id, asked.borrower_id, asked.candidate_id) == (first.id, first.id, second.id)
    assert "Robert Okafor may be this borrower too." in admin.get(f"/desk/inquiries/{mine.id}").text
    assert "Two borrowers we know seem to be one" in admin.get("/desk/").text
    admin.press(f"/desk/reviews/{asked.id}/answer", on=f"/desk/reviews/{asked.id}", answer="same")
    assert {one.borrower_id for one in rows(services, inquiry)} == {first.id}
    arrives(services, **name, **town, email="robert.okafor@example.com", phone="+1 415 200 0001")
    assert [one.id for one in rows(services, review)] == [asked.id]


def test_what_is_not_there_and_what_is_no_answer(services: Services, admin: Visitor) -> None:
    id_ = asked(services)
    assert admin.get("/desk/reviews/01UNKNOWN").status_code == 404
    assert admin.get("/desk/borrowers/01UNKNOWN").status_code == 404
    assert admin.press(f"/desk/reviews/{id_}/answer", on="/desk/", answer="perhaps").status_code == 400
    assert admin.press("/desk/reviews/01UNKNOWN/answer", on="/desk/", answer="same").status_code == 404
    assert admin.press("/desk/reviews/merges/01UNKNOWN/undo", on="/desk/").status_code == 404


def test_the_command_line_lists_answers_and_undoes(tmp_path: Path) -> None:
    folder = tmp_path / "terminal"
    folder.mkdir()
    (services, _, _), secrets = open_with_secrets(folder)
    config = ["--config", str(services.settings.file)]

    def run(*arguments: str) -> str:
        return CliRunner().invoke(firstpath, ["review", *arguments, *config], env=secrets).output

    assert "Nothing waits." in run("list")
    id_ = asked(services)
    (listed,) = json.loads(run("list", "--json"))["items"]
    assert (listed["id"], listed["state"]) == (id_, "open")
    assert "Okafor" not in run("list")
    answered = json.loads(run("answer", id_, "same", "--json"))
    assert (answered["state"], answered["changed"]) == ("merged", True)
    assert "It was answered before: merged." in run("answer", id_, "different")
    measured = json.loads(run("stats", "--json"))
    assert (measured["inquiries"], measured["asked"], measured["waiting"]) == (2, 1, 0)
    assert measured["doubts"] == [{"reason": "birth date differs", "answered": 1, "same": 1}]
    assert "1 of 2 inquiries were asked about (50.0%); 0 wait." in run("stats")
    assert "two people again" in run("undo", answered["merge_id"])
    assert "It was undone before." in run("undo", answered["merge_id"])
    assert "There is no review with this id" in run("answer", "01UNKNOWN", "same")
    assert "There is no merge with this id" in run("undo", "01UNKNOWN")
    services.ledger.close()
