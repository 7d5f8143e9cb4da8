"""The inquiry's page tells what happened since: events with their facts, and each later delivery."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from jobs.deciding.news import add_news
from jobs.desk.inquiry_page import inquiry_details
from jobs.desk.viewer import Viewer
from jobs.ledger import submission_states, submissions
from jobs.services import Services
from mapping.inquiry import Application, ApplicationStatus, Consent, Inquiry, Meeting, Party
from tests.webapp.installation import Clock, arrives, inquiry_of
from tests.webapp.visitor import Visitor


def hears(services: Services, inquiry_id: str, **said: object) -> None:
    """Something happens to the inquiry; a submission of its own tells of it."""
    id_ = arrives(services, name="Noise", email=f"{services.new_id()}@example.com")
    with services.ledger.write() as connection:
        submission_states.settle(connection, id_, "received", expected="processed")
        found = submissions.get(connection, services.sealer, id_)
    assert found is not None
    heard = Inquiry("finmo", "partner", services.now(), Party(), **said)  # type: ignore[arg-type]
    add_news(services, found, inquiry_id, heard)


def test_applications_meetings_files_and_messages_are_shown(
    services: Services, clock: Clock, someone: Callable[..., Visitor]
) -> None:
    ana = inquiry_of(services, arrives(services, name="Ana Quill", email="ana@example.com", state="TX"))
    clock.pass_(minutes=20)
    status = ApplicationStatus.IN_REVIEW
    hears(services, ana, application=Application("7", "LN-2044", status, "Underwriting <b>now</b>"))
    clock.pass_(minutes=20)
    start = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
    hears(services, ana, meeting=Meeting(start, None, "active", "Rate review"))
    hears(services, ana, attachments=("paystub.pdf",), message="Here it is.")
    page = someone("admin").get(f"/desk/inquiries/{ana}").text
    for words in ("What happened since", "LN-2044", "Underwriting &lt;b&gt;now&lt;/b&gt;", "Rate review"):
        assert words in page
    for words in (
        "paystub.pdf",
        "Here it is.",
        "later news 1",
        "the inquiry",
        "Application, meeting and call",
    ):
        assert words in page
    assert "<b>now</b>" not in page


def test_the_next_follow_up_is_the_next_one(services: Services, clock: Clock) -> None:
    ana = inquiry_of(services, arrives(services, name="Ana Quill", email="ana@example.com", state="TX"))
    clock.pass_(days=1)
    start = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
    hears(services, ana, meeting=Meeting(start, None, "active", "Rate review"))
    found = inquiry_details(services, Viewer("x"), ana)
    assert found is not None
    assert found.next_follow_up is not None
    assert found.next_follow_up.due_at == start
    assert [one.kind for one in found.happened] == ["meeting"]
    assert [one.step for one in found.deliveries] == [0, 1]


def test_what_was_closed_is_named(services: Services, admin: Visitor) -> None:
    ana = inquiry_of(services, arrives(services, name="Ana Quill", email="ana@example.com", state="TX"))
    hears(services, ana, consent=Consent(sms=False), message="Stop texting me.")
    assert "Closed: Texts" in admin.get(f"/desk/inquiries/{ana}").text
