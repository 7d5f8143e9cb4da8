"""The files of mails: dropped unless the path keeps them, sealed, and gone with the raw mail."""

from __future__ import annotations

from dataclasses import replace
from email.message import EmailMessage

import pytest

from connectors.intake.base import RawRequest
from connectors.intake.mail_files import clean_name, mail_files
from jobs.desk.files import download, files_of
from jobs.intake.accepting import accept
from jobs.ledger import submissions
from jobs.ledger.submissions import Submission
from jobs.ledger.tables import attachment
from jobs.services import Services
from jobs.upkeep.retention import expire_raw
from tests.jobs.brokerage import ON_SQLITE, Clock
from tests.jobs.daily_work import decide_all, rows
from tests.jobs.mailroom import referral, with_inbox

PAPER = b"%PDF-1.7 a paystub of nobody"


def with_file(name: str = "paystub.pdf", content: bytes = PAPER) -> bytes:
    """A referral with a file."""
    mail = EmailMessage()
    for line in referral(1).decode().partition("\r\n\r\n")[0].split("\r\n"):
        header, _, value = line.partition(": ")
        if not header.startswith("Content"):
            mail[header] = value
    mail.set_content(referral(1).decode().partition("\r\n\r\n")[2].replace("\r\n", "\n"))
    mail.add_attachment(content, maintype="application", subtype="pdf", filename=name)
    return mail.as_bytes()


MAIL = with_file()


def arrives(services: Services, clock: Clock, policy: str) -> tuple[Services, Submission]:
    """The mail with its file, at a path with this policy."""
    services = replace(with_inbox(services, 993, "nobody", attachments=policy), now=clock)
    path = services.settings.paths["referrals"]
    id_ = accept(services, path, RawRequest("message/rfc822", {}, MAIL)).id
    with services.ledger.read() as connection:
        found = submissions.get(connection, services.sealer, id_)
    assert found is not None
    return services, found


@ON_SQLITE
def test_by_default_only_the_name_is_kept(services: Services, clock: Clock) -> None:
    services, found = arrives(services, clock, "drop")
    assert rows(services, attachment) == []
    assert b"paystub.pdf" in found.body
    assert PAPER not in found.body


def test_a_path_that_keeps_them_keeps_them_sealed_until_the_raw_mail_goes(
    services: Services, clock: Clock
) -> None:
    services, found = arrives(services, clock, "keep")
    (kept,) = files_of(services, found)
    assert (kept.name, kept.content_type, kept.size) == ("paystub.pdf", "application/pdf", len(PAPER))
    assert download(services, kept.id, "consultant") == ("paystub.pdf", PAPER)
    (sealed,) = rows(services, attachment)
    assert PAPER not in sealed.content
    assert b"paystub" not in sealed.facts
    decide_all(services)
    clock.forward(days=services.settings.retention.raw_days + 1)
    expire_raw(services)
    assert rows(services, attachment) == []
    assert download(services, kept.id, "consultant") is None


@ON_SQLITE
def test_the_same_mail_again_keeps_no_second_copy(services: Services, clock: Clock) -> None:
    services, _ = arrives(services, clock, "keep")
    accept(services, services.settings.paths["referrals"], RawRequest("message/rfc822", {}, MAIL))
    assert len(rows(services, attachment)) == 1


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\W2.pdf", "W2.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie x.pdf"),
        ("", "attachment"),
        ("...", "attachment"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_names_are_only_names(name: str, shown: str) -> None:
    assert clean_name(name) == shown


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe no mail at all",
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\n" * 200,
        b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 20_000,
    ],
)
def test_what_is_no_mail_has_no_files(body: bytes) -> None:
    assert mail_files(body) == ()
