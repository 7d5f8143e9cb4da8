"""The desk's partners page, the files of mails, and how an inbox is shown."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from connectors.intake.base import RawRequest
from connectors.intake.inbox_errors import LoginRefused
from jobs.deciding.process import process_due
from jobs.inbox.health import note_trouble, note_well
from jobs.intake.accepting import accept
from jobs.ledger import inboxes
from jobs.ledger.tables import submission
from jobs.services import Services
from jobs.status import read_status
from tests.jobs.daily_work import rows
from tests.jobs.intake.test_mail_files import PAPER, with_file
from tests.jobs.mailroom import referral, with_inbox
from tests.webapp.installation import Installation, open_installation
from tests.webapp.visitor import Visitor, log_in_as
from webapp.app import create_app
from webapp.cli.status import lines


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    """The brokerage with a referral inbox that takes approved partners only and keeps files."""
    services, clock, bell = open_installation(tmp_path)
    changed = with_inbox(
        services, 993, "inbox@harborlane.example", partners="approved_only", attachments="keep"
    )
    yield replace(changed, now=clock), clock, bell
    services.ledger.close()
    shutil.rmtree(tmp_path / "var", ignore_errors=True)


def mail(services: Services, body: bytes) -> str:
    path = services.settings.paths["referrals"]
    return accept(services, path, RawRequest("message/rfc822", {}, body)).id


def test_approve_lets_the_waiting_mails_in_and_block_keeps_the_next_out(
    services: Services, admin: Visitor
) -> None:
    mail(services, referral(1))
    process_due(services)
    page = admin.get("/desk/partners").text
    assert "Rita Realtor" in page
    assert "rita@realtor.example" in page
    assert "1 waiting" in page
    partner = page.partition("/desk/partners/")[2].partition("/")[0]
    admin.press(f"/desk/partners/{partner}/approve", on="/desk/partners")
    assert "1 waiting mail(s) are processed now" in admin.get("/desk/partners").text
    process_due(services)
    assert [one.state for one in rows(services, submission)] == ["processed"]
    admin.press(f"/desk/partners/{partner}/block", on="/desk/partners")
    mail(services, referral(2))
    process_due(services)
    assert "Partner blocked" in admin.get("/desk/quarantine").text
    assert "Rita Realtor" in admin.get("/desk/partners?state=blocked").text
    assert "Rita Realtor" not in admin.get("/desk/partners?state=approved").text


def test_a_file_is_only_ever_saved_and_only_by_staff(
    services: Services, someone: Callable[..., Visitor], admin: Visitor
) -> None:
    one = mail(services, with_file('<script>"W2".html', PAPER))
    page = admin.get(f"/desk/quarantine/{one}").text
    assert "<script>&#34;W2" not in page
    address = "/desk/attachments/" + page.partition("/desk/attachments/")[2].partition('"')[0]
    saved = admin.get(address)
    assert saved.data == PAPER
    assert saved.headers["Content-Disposition"].startswith("attachment; filename=")
    assert saved.headers["Content-Type"] == "application/octet-stream"
    assert saved.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in saved.headers["Content-Security-Policy"]
    assert someone("broker").get(address).status_code == 403
    assert admin.get("/desk/attachments/01NOSUCHFILE").status_code == 404


def test_the_connections_page_says_how_the_inbox_is(services: Services, admin: Visitor) -> None:
    now = services.now()
    assert "Not connected yet" in admin.get("/desk/connections").text
    error = LoginRefused("The mail server does not accept it.", remedy="Check both.")
    with services.ledger.write() as connection:
        until = now + services.lease
        inboxes.claim(connection, services.ledger, "referrals", token="us", now=now, until=until)
        note_trouble(services, connection, "referrals", "us", error, tries=1, wait=60)
    page = admin.get("/desk/connections").text
    assert "Not let in" in page
    assert "The mail server does not accept it." in page
    assert "Check both." in page
    told = "\n".join(lines(read_status(services)))
    assert "Inbox of referrals: refused since" in told
    admin.press("/desk/inboxes/referrals/try", on="/desk/connections")
    assert "tried again now" in admin.get("/desk/connections").text
    with services.ledger.write() as connection:
        note_well(services, connection, "referrals", "us")
    assert "Connected" in admin.get("/desk/connections").text
    assert "Inbox of referrals: ok" in "\n".join(lines(read_status(services)))


def test_a_page_of_partners_leads_to_the_older_ones(services: Services) -> None:
    for number in range(55):
        mail(services, referral(number, partner=f"partner{number}@realtor{number}.example"))
    while process_due(services):
        pass
    visitor = log_in_as(create_app(services), services, "consultant", "consultant@example.com")
    page = visitor.get("/desk/partners").text
    assert page.count("Approve</button>") == 50
    older = page.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert visitor.get(older).text.count("Approve</button>") == 5
