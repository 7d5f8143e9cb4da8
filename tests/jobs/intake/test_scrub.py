"""What the database files hold: no number that may not be written down, and nobody's name in the clear."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlencode

import pytest
from sqlalchemy import LargeBinary, make_url, text

from jobs.intake.accepting import NotAccepted, accept
from jobs.ledger import submissions
from jobs.ledger.seal import Sealer
from jobs.ledger.tables import SEALED, metadata, submission
from jobs.services import Services
from tests.jobs.brokerage import FORM, JSON, ON_SQLITE
from tests.jobs.daily_work import asks, post, raw, rows, work
from tests.people import person

SSN, SIN, CARD = "536-22-8713", "046 454 286", "4111 1111 1111 1111"
BORN = ("1984-03-17", "03/17/1984")
NEVER = (SSN, "536228713", SIN, "046454286", CARD, "4111111111111111", *BORN)
WHO = person(77)
#: Words that must not be readable without the keys.
SEALED_WORDS = (WHO.email, WHO.last, WHO.phone, WHO.phone[2:], "violet curtains", "198.51.100.77")
_FIELDS = {
    "ssn": SSN,
    "social_insurance_number": SIN,
    "card_number": CARD,
    "date_of_birth": BORN[1],
    "message": f"My social is {SSN} and I was born on {BORN[0]}; card {CARD}. violet curtains",
}


def stored(services: Services, url: str) -> bytes:
    """Every byte the database keeps: SQLite's files as they are, PostgreSQL's columns as they come."""
    if services.ledger.sqlite:
        file = Path(str(make_url(url).database))
        return b"".join(one.read_bytes() for one in sorted(file.parent.glob(f"{file.name}*")))
    with services.ledger.read() as connection:
        tables = [connection.execute(text(f'SELECT * FROM "{name}"')).all() for name in metadata.tables]  # noqa: S608
    return b"\n".join(_plain(value) for table in tables for row in table for value in row)


def _plain(value: object) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


def opened(services: Services) -> bytes:
    """Everything that is sealed, opened with the keys."""
    found: list[bytes] = []
    for table, column, place in SEALED:
        for one in rows(services, table):
            where = f"{table.name}.{column}:{getattr(one, place)}"
            found.append(services.sealer.open(getattr(one, column), where))
    return b"\n".join(found)


def holds(kept: bytes, words: Iterable[str]) -> list[str]:
    """The words that are in it, letter case aside."""
    lowered = kept.lower()
    return [word for word in words if word.lower().encode() in lowered]


def test_no_forbidden_number_is_kept_and_nothing_personal_is_readable(
    services: Services, ledger_url: str
) -> None:
    post(services, {**asks(WHO), **_FIELDS})
    path = services.settings.paths["website"]
    accept(services, path, raw(services, json.dumps({**asks(WHO, "j-1"), **_FIELDS}).encode(), JSON))
    broken = json.dumps({**asks(WHO, "j-2"), **_FIELDS})[:-1].encode()
    with pytest.raises(NotAccepted):
        accept(services, path, raw(services, broken, JSON, referer=f"https://example.com/?ssn={SSN}"))
    work(services)
    kept = opened(services)
    assert b"violet curtains" in kept
    assert holds(kept, NEVER) == []
    everything = stored(services, ledger_url)
    assert len(everything) > 5_000
    assert holds(everything, (*NEVER, *SEALED_WORDS)) == []
    assert all(one.redactions > 0 for one in rows(services, submission))


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (JSON, '{"ssn": "' + SSN + '", "note": '),
        (f"{JSON}; charset=klingon", '{"message": "it is ' + SSN + '"}'),
        (JSON, '{"message": "it is \\u0035\\u0033\\u0036-22-8713", '),
        ("multipart/form-data; boundary=x", "--x\r\nssn\r\n\r\n" + SSN),
        (FORM, urlencode([("ssn", SSN)] + [("f", "1")] * 1_000)),
        (FORM, urlencode([("message", f"it is {SSN}\x00")])),
    ],
)
def test_what_could_not_be_read_is_kept_without_the_numbers(
    services: Services, ledger_url: str, content_type: str, body: str
) -> None:
    with pytest.raises(NotAccepted):
        accept(services, services.settings.paths["website"], raw(services, body.encode(), content_type))
    assert holds(opened(services), NEVER) == []
    assert b"redacted" in opened(services)
    assert holds(stored(services, ledger_url), NEVER) == []


@ON_SQLITE
@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be", "utf-16"])
@pytest.mark.parametrize("end", ["}", ""], ids=["well formed", "cut off"])
def test_a_charset_that_nobody_declared_hides_no_number(services: Services, charset: str, end: str) -> None:
    body = ('{"message": "it is ' + SSN + '"' + end).encode(charset)
    with suppress(NotAccepted):
        accept(services, services.settings.paths["website"], raw(services, body, JSON))
    (only,) = rows(services, submission)
    with services.ledger.read() as connection:
        found = submissions.get(connection, services.sealer, only.id)
    assert found is not None
    assert holds(found.body.replace(b"\x00", b""), NEVER) == []


def test_every_binary_column_is_listed_as_sealed() -> None:
    listed = {(table.name, column) for table, column, _ in SEALED}
    binary = {
        (table.name, column.name)
        for table in metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }
    assert binary == listed


def test_a_birth_date_is_kept_as_a_keyed_hash_of_this_installation(
    services: Services,
) -> None:
    post(services, {**asks(WHO), "date_of_birth": BORN[1]})
    keyed = services.sealer.lookup("birth_date", BORN[0])
    assert keyed.encode() in opened(services)
    assert Sealer([("k1", bytes(32))], bytes(32)).lookup("birth_date", BORN[0]) != keyed
