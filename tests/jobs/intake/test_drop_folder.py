"""Files laid into a folder: taken when complete, each once, moved with their reason, whatever crashes."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from jobs.deciding.process import process_due
from jobs.intake import drop_folder
from jobs.intake.drop_folder import take_dropped
from jobs.ledger.tables import inquiry, submission
from jobs.services import Services
from jobs.settings.model import PathSettings
from tests.jobs.brokerage import ON_SQLITE, Clock
from tests.jobs.daily_work import rows

pytestmark = ON_SQLITE
LOAN = """<MESSAGE xmlns="http://www.mismo.org/residential/2009/schemas"><DEAL_SETS><DEAL_SET><DEALS><DEAL>
<LOANS><LOAN LoanRoleType="SubjectLoan">{number}<TERMS_OF_LOAN><BaseLoanAmount>300000</BaseLoanAmount>
<LoanPurposeType>Purchase</LoanPurposeType></TERMS_OF_LOAN></LOAN></LOANS>
<PARTIES><PARTY><INDIVIDUAL><CONTACT_POINTS><CONTACT_POINT><CONTACT_POINT_EMAIL><ContactPointEmailValue>{email}
</ContactPointEmailValue></CONTACT_POINT_EMAIL></CONTACT_POINT></CONTACT_POINTS>
<NAME><FirstName>Ana</FirstName><LastName>Ruiz</LastName></NAME></INDIVIDUAL>
<ROLES><ROLE><ROLE_DETAIL><PartyRoleType>Borrower</PartyRoleType></ROLE_DETAIL></ROLE></ROLES></PARTY></PARTIES>
</DEAL></DEALS></DEAL_SET></DEAL_SETS></MESSAGE>"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "drop"
    made.mkdir()
    return made


@pytest.fixture
def services(services: Services, folder: Path) -> Services:
    # The secret is for the door: a file on our own disk shows none.
    path = PathSettings(
        "loans", "Loans", "mismo", "live", ("hubspot",), (), {}, {}, None, "door-secret-0123456789",
        drop_folder=folder,
    )  # fmt: skip
    ways = {**services.settings.paths, "loans": path}
    return replace(services, settings=replace(services.settings, paths=ways))


def lay(services: Services, folder: Path, name: str, text: str, *, age: float = 60) -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    when = services.now().timestamp() - age
    os.utime(file, (when, when))
    return file


def loan(email: str = "ana@example.com") -> str:
    return LOAN.format(number="", email=email)


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir() if file.is_file())


def test_a_complete_file_becomes_an_inquiry_and_moves_to_done(services: Services, folder: Path) -> None:
    lay(services, folder, "loan.xml", loan())
    assert take_dropped(services) == 1
    process_due(services)
    assert (names(folder), names(folder / "done")) == ([], ["loan.xml"])
    assert len(rows(services, inquiry)) == 1
    assert take_dropped(services) == 0


def test_a_file_that_may_still_grow_waits(services: Services, folder: Path, clock: Clock) -> None:
    lay(services, folder, "loan.xml", loan(), age=3)
    lay(services, folder, "loan.xml.part", loan())
    lay(services, folder, ".hidden.xml", loan())
    lay(services, folder, "loan.xml~", loan())
    (folder / "elsewhere.xml").symlink_to("/etc/hostname")
    (folder / "sub").mkdir()
    assert take_dropped(services) == 0
    clock.forward(seconds=30)
    assert take_dropped(services) == 1
    assert names(folder / "done") == ["loan.xml"]


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("loan.xml", "<MESSAGE><unclosed>", "not well-formed"),
        ("bomb.xml", '<!DOCTYPE x [<!ENTITY a "b">]><MESSAGE>&a;</MESSAGE>', "document type"),
        ("other.xml", "<note>hello</note>", "no MISMO deal"),
        ("old.fnm", "EH 1\nTH 2\nTPI1.0\n000DU\n", "MISMO 3.4"),
        ("empty.xml", " ", "empty"),
    ],
)
def test_what_cannot_be_read_moves_to_failed_with_the_reason_beside_it(
    services: Services, folder: Path, name: str, text: str, reason: str
) -> None:
    lay(services, folder, name, text)
    assert take_dropped(services) == 1
    assert names(folder) == []
    assert names(folder / "failed") == [name, f"{name}.txt"]
    assert reason in (folder / "failed" / f"{name}.txt").read_text(encoding="utf-8")


def test_a_crash_between_storing_and_moving_makes_nothing_twice(
    services: Services, folder: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay(services, folder, "loan.xml", loan())
    with monkeypatch.context() as crash:
        crash.setattr(drop_folder, "_move", lambda *_: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            take_dropped(services)
    process_due(services)
    clock.forward(days=2)
    assert take_dropped(services) == 1
    process_due(services)
    assert len(rows(services, inquiry)) == 1
    assert [row.repeats for row in rows(services, submission)] == [1]


def test_two_files_of_one_name_stand_side_by_side_in_done(services: Services, folder: Path) -> None:
    for email in ("ana@example.com", "leo@example.com"):
        lay(services, folder, "loan.xml", loan(email))
        assert take_dropped(services) == 1
    assert names(folder / "done") == ["loan-2.xml", "loan.xml"]
    process_due(services)
    assert len(rows(services, inquiry)) == 2


def test_a_folder_that_is_away_stops_no_other(services: Services, folder: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "a-file"
    blocked.write_text("no folder", encoding="utf-8")
    away = replace(services.settings.paths["loans"], name="away", drop_folder=blocked / "drop")
    ways = {"away": away, **services.settings.paths}
    both = replace(services, settings=replace(services.settings, paths=ways))
    lay(services, folder, "loan.xml", loan())
    assert take_dropped(both) == 1
