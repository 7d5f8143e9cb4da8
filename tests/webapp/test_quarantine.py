"""The quarantine: filters, the raw form in its structure and never as HTML, and a person's word on it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from sqlalchemy import select

from connectors.intake.base import RawRequest
from jobs.deciding.process import process_due
from jobs.desk.actions import accept_submission, discard_group
from jobs.desk.quarantine import Wanted, list_quarantined, set_aside
from jobs.desk.raw import raw_of
from jobs.intake.accepting import NotAccepted, accept
from jobs.ledger import submissions
from jobs.ledger.submissions import Submission
from jobs.ledger.tables import inquiry, submission
from jobs.paths.current import change_path
from jobs.services import Services
from tests.webapp.installation import arrives
from tests.webapp.visitor import Visitor, log_in_as
from webapp.app import create_app

SPAM = {"name": "Rank Boost", "email": "boost@example.com", "website": "http://spam.example"}
MAIL = b"""From: Realtor <"><script>alert(1)</script> realtor@example.com>\r
To: leads@example.com\r
Subject: =?utf-8?q?New_client_=3Cb=3EAna=3C/b=3E?=\r
Message-ID: <one@example.com>\r
MIME-Version: 1.0\r
Content-Type: multipart/mixed; boundary=b\r
\r
--b\r
Content-Type: text/html\r
\r
<p>Hello <img src="https://tracker.example.com/x.png" onerror="alert(1)">there</p>\r
--b\r
Content-Type: application/pdf\r
Content-Disposition: attachment; filename="paystub.pdf"\r
\r
%PDF\r
--b--\r
"""
ADF = b"""<adf><prospect><id sequence="1">7</id><customer><contact><name part="full">Ana &lt;b&gt;Quill</name>
</contact></customer></prospect></adf>"""


def of_kind(services: Services, kind: str) -> Services:
    """The partner's path as another way in."""
    there = services.settings.paths
    changed = {**there, "partner": replace(there["partner"], kind=kind, secret="")}
    return replace(services, settings=replace(services.settings, paths=changed))


def stored(services: Services, content_type: str, body: bytes) -> str:
    """Something arrives and is kept, whatever becomes of it."""
    request = RawRequest(content_type, {}, body, received_at=services.now())
    try:
        id_ = accept(services, services.settings.paths["partner"], request).id
    except NotAccepted as error:
        id_ = error.id
    process_due(services)
    return id_


def kept(services: Services, id_: str) -> Submission:
    with services.ledger.read() as connection:
        found = submissions.get(connection, services.sealer, id_)
    assert found is not None
    return found


def test_it_is_filtered_by_path_and_reason(services: Services, admin: Visitor) -> None:
    arrives(services, **SPAM)
    arrives(services, name="No Contact", message="hello")
    assert len(list_quarantined(services).items) == 2
    assert list_quarantined(services).codes == {"spam": 1, "no_contact": 1}
    (one,) = list_quarantined(services, wanted=Wanted("partner", "spam")).items
    assert one.title == "Looks like spam"
    page = admin.get("/desk/quarantine?reason=no_contact").text
    assert "No way to reach the person" in page
    assert "Rank Boost" not in page
    assert "Nothing of this kind waits" in admin.get("/desk/quarantine?path=closed").text


def test_accepting_asks_no_more_about_spam(services: Services, admin: Visitor) -> None:
    one = arrives(services, **SPAM)
    page = f"/desk/quarantine/{one}"
    assert "Accept it if a person wrote it" in admin.get(page).text
    admin.press(f"{page}/accept", on=page)
    process_due(services)
    with services.ledger.read() as connection:
        assert connection.execute(select(inquiry.c.submission_id)).scalars().all() == [one]
    assert "Open the inquiry it became" in admin.get(page).text


def test_what_is_accepted_on_a_paused_path_waits_with_the_others(services: Services) -> None:
    one = arrives(services, **SPAM)
    change_path(services, "partner", "x", state="paused")
    assert accept_submission(services, one, "somebody")
    process_due(services)
    assert kept(services, one).state == "captured"


def test_all_of_one_reason_are_discarded_together(services: Services, admin: Visitor) -> None:
    for number in range(3):
        arrives(services, **{**SPAM, "email": f"boost{number}@example.com"})
    other = arrives(services, name="No Contact", message="hello")
    page = "/desk/quarantine?reason=spam"
    admin.press("/desk/quarantine/discard", on=page, reason="spam", path="partner")
    assert [one.id for one in list_quarantined(services).items] == [other]
    assert discard_group(services, "", "spam", "somebody") == 0
    assert admin.press("/desk/quarantine/discard", on=f"/desk/quarantine/{other}").status_code == 400


def test_a_mail_is_shown_as_text_with_its_headers_and_files(services: Services) -> None:
    mailing = of_kind(services, "email")
    id_ = stored(mailing, "message/rfc822", MAIL)
    raw = raw_of(mailing, kept(mailing, id_))
    assert raw.kind == "mail"
    assert raw.mail is not None
    assert raw.mail.from_html
    assert ("Subject", "New client <b>Ana</b>") in raw.mail.headers
    assert [name for name, _, _ in raw.mail.files] == ["paystub.pdf"]
    assert "Hello" in raw.mail.text
    assert "tracker" not in raw.mail.text


def test_a_mail_is_never_rendered(services: Services) -> None:

    mailing = of_kind(services, "email")
    id_ = stored(mailing, "message/rfc822", MAIL)
    page = (
        log_in_as(create_app(mailing), mailing, "admin", "a@example.com").get(f"/desk/quarantine/{id_}").text
    )
    assert "New client &lt;b&gt;Ana&lt;/b&gt;" in page
    for forbidden in ("<b>Ana", '<img src="https', 'onerror="', "<script>alert"):
        assert forbidden not in page


@pytest.mark.parametrize(
    ("kind", "content_type", "body", "line"),
    [
        ("adf", "application/xml", ADF, (3, "#text", "Ana <b>Quill")),
        ("form", "application/json", json.dumps({"a": {"b": [1, "<i>"]}}).encode(), (1, "b 2", "<i>")),
        ("form", "application/x-www-form-urlencoded", b"name=%3Cb%3E&message=x", (0, "name", "<b>")),
    ],
)
def test_other_bodies_are_shown_as_names_and_values(
    services: Services, kind: str, content_type: str, body: bytes, line: tuple[int, str, str]
) -> None:
    other = of_kind(services, kind)
    lines = raw_of(other, kept(other, stored(other, content_type, body))).lines
    assert line[1:] in [(name, value) for _, name, value in lines]


def test_what_cannot_be_read_is_shown_as_text(services: Services, admin: Visitor) -> None:
    id_ = stored(services, "application/json", b'{"name": "<b>Ana</b>", ')
    found = set_aside(services, id_)
    assert found is not None
    assert (found.reason.title, found.raw.kind) == ("Broken JSON", "text")
    assert "&lt;b&gt;Ana" in admin.get(f"/desk/quarantine/{id_}").text


def test_a_part_is_shown_with_its_whole(services: Services, admin: Visitor) -> None:
    lists = of_kind(services, "csv")
    whole = stored(lists, "text/csv", b"Name,Email\nAna Quill,ana@example.com\nBen Quill,\n")
    process_due(lists)
    found = set_aside(lists, whole)
    assert found is not None
    assert found.raw.columns == ("Name", "Email")
    assert sorted(one.state for one in found.parts) == ["processed", "quarantined"]
    part = next(one for one in found.parts if one.state == "quarantined")
    shown = set_aside(lists, part.id)
    assert shown is not None
    assert shown.parent is not None
    assert (shown.parent.id, shown.raw.kind) == (whole, "part")
    page = admin.get(f"/desk/quarantine/{part.id}").text
    assert f"/desk/quarantine/{whole}" in page
    with lists.ledger.read() as connection:
        assert len(connection.execute(select(submission.c.id)).all()) == 3
