"""Mail of any shape: read within its bounds, the same when read again, and never an error."""

from __future__ import annotations

import base64
import json
import resource
from time import process_time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.intake.base import Options
from connectors.intake.document import STORED_MAIL, read_document, write_document
from connectors.intake.html_lines import lines_of
from connectors.intake.mail import Mail, parts_of
from connectors.intake.mail_body import read_mail
from mapping.answers import Answers

HEAD = b"From: Ann Lee <ann@example.com>\r\nTo: in@example.org\r\nMessage-ID: <1@example.com>\r\n"
OPTIONS = Options(authserv_id="mx.example.org", own_domains=("example.org",))
PIECES = st.sampled_from(
    (
        *(b"\r\n", b"\r\n\r\n", b"--b\r\n", b"--b--", b"\x00", b"\xff", b"\xed\xa0\x80", b"<adf>", b"</adf>"),
        *(b"Content-Type: multipart/mixed; boundary=b\r\n", b"Content-Type: message/rfc822\r\n"),
        *(b"Content-Type: text/html; charset=utf-7\r\n", b"Content-Transfer-Encoding: base64\r\n"),
        *(b"From: a@b.com\r\nDate: x\r\nSubject: y\r\n", b"On x, Bo wrote:\n> y\n", b"=?utf-8?b?/w==?="),
        *(b"<table><tr><td>Name</td><td>Bo Ek</td></tr>", b"Name: Bo Ek\r\n", b"$350-400K "),
        *(b"1. Al Bo 415-555-0100\r\n2. Ed Fox 415-555-0101\r\n", b"my client Dan and Priya Novak "),
    )
)


def mail(body: bytes) -> dict[str, Any]:
    read = read_mail(body)
    assert isinstance(read, dict)
    return read


def check(body: bytes) -> None:
    """It reads, it is stored as it is read, and something is in it."""
    document = read_document("message/rfc822", b"X: y\r\n" + body, takes=Mail.takes, max_body=Mail.max_body)
    content_type, stored = write_document(document)
    assert content_type == STORED_MAIL
    assert read_document(content_type, stored, stored=True) == document
    parts = parts_of(document.json, OPTIONS)
    assert parts
    assert all(isinstance(part, Answers) for part in parts)


@given(st.binary(max_size=600))
def test_any_bytes(body: bytes) -> None:
    check(body)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(PIECES, st.binary(max_size=20)), max_size=40))
def test_any_mix_of_what_mails_are_made_of(pieces: list[bytes]) -> None:
    check(HEAD + b"".join(pieces))


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(HEAD + b"\r\n" + b"hello 415-555-0123 and $300k in Austin, TX\r\n" * 650_000, id="text"),
        pytest.param(HEAD + b"Content-Type: text/html\r\n\r\n" + b"<a" * 5_000_000, id="open tags"),
        pytest.param(HEAD + b"Content-Type: text/html\r\n\r\n" + b"<!--" * 5_000_000, id="open comments"),
        pytest.param(HEAD + b"Content-Type: text/html\r\n\r\n" + b"<style>" * 4_000_000, id="open styles"),
        pytest.param(
            HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\n" * 3_000_000,
            id="parts",
        ),
        pytest.param(
            HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--bx\r\n" * 4_000_000,
            id="no parts",
        ),
        pytest.param(b"X: y\r\n" * 4_000_000, id="headers"),
        pytest.param(b"From: " + b"(" * 5_000_000 + b"\r\n\r\nhi", id="comments in a header"),
        pytest.param(HEAD + b"\r\n" + b"415-555-0123 " * 100_000, id="phones"),
        pytest.param(HEAD + b"\r\n" + b"<adf " * 100_000, id="adf"),
        pytest.param(
            HEAD + b"\r\n" + b"From: a@b.com\r\nDate: x\r\nSubject: y\r\n\r\n" * 20_000, id="forwards"
        ),
    ],
)
def test_a_large_mail_takes_little_time_and_memory(body: bytes) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = process_time()
    parts = parts_of(read_mail(body), OPTIONS)
    assert process_time() - started < 2
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150_000
    assert parts


def test_a_mail_nested_deeper_than_any_real_one_waits_for_a_person() -> None:
    deep = b"".join(
        b'--d%d\r\nContent-Type: multipart/mixed; boundary="d%d"\r\n\r\n' % (n, n + 1) for n in range(200)
    )
    read = mail(HEAD + b'Content-Type: multipart/mixed; boundary="d0"\r\n\r\n' + deep)
    assert read["cut"] == ["too_deep"]
    (part,) = parts_of(read, OPTIONS)
    assert isinstance(part, Answers)
    assert part.distrust_code == "too_complex"


def test_a_line_break_in_a_name_breaks_no_line() -> None:
    read = mail(b"From: =?utf-8?q?Ann=0D=0ABcc=3A_x=40example=2Enet?= <ann@example.com>\r\n\r\nhi")
    assert read["from"] == [["Ann Bcc: x@example.net", "ann@example.com"]]


def test_utf_8_is_read_as_such_whatever_was_declared() -> None:
    body = HEAD + b"Content-Type: text/plain; charset=us-ascii\r\n\r\n" + "Zoé".encode()
    assert mail(body)["text"] == "Zoé"
    assert mail(HEAD + b"Content-Type: text/plain; charset=iso-8859-1\r\n\r\nZo\xe9")["text"] == "Zoé"
    assert (
        mail(HEAD + b"Content-Type: text/plain; charset=no-such\r\n\r\nZo\xe9 \x93x\x94")["text"] == "Zoé “x”"
    )


def test_of_an_attachment_only_its_own_name_is_kept() -> None:
    body = (
        HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nhi\r\n--b\r\n"
        b"Content-Type: application/pdf\r\n"
        b'Content-Disposition: attachment; filename="..\\..\\pay\x01stub.pdf"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(b"x" * 100) + b"--b--\r\n"
    )
    (kept,) = mail(body)["attachments"]
    assert kept == {"file": "pay stub.pdf", "media": "application/pdf", "size": 100}
    assert "eHh4" not in json.dumps(mail(body))


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("<p>Hi<br>there</p><p>you</p>", "Hi\nthere\n\nyou"),
        ("<table><tr><td>Name</td><td>Bo</td></tr></table>", "Name: Bo"),
        ("<table><tr><td><table><tr><td>A:</td><td>1</td></tr></table></td></tr></table>", "A: 1"),
        ("<tr><td>A:</td><td>1</td><td>B:</td><td>2</td></tr>", "A: 1\nB: 2"),
        ("<a href='mailto:bo@example.com'>write</a>", "write <bo@example.com>"),
        ("a<div style='display:none'>b<div>c</div></div>d", "ad"),
        ("<blockquote>old<br>text</blockquote>new", "> old\n> text\nnew"),
        ("income &lt; 50k & 3 < 4", "income < 50k & 3 < 4"),
        ("Bo <bo@example.com>", "Bo <bo@example.com>"),
        ("<style>p{}</style><script>x</script>y", "y"),
    ],
)
def test_html_becomes_the_lines_that_are_seen(html: str, lines: str) -> None:
    assert lines_of(html) == lines
