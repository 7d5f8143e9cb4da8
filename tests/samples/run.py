"""One case from the door to the CRM: sent, decided, delivered, and everything that it left behind."""

from __future__ import annotations

import http.client
import io
import json
import shutil
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
from sqlalchemy import select

from connectors.intake.base import IntakeError, RawRequest
from jobs.deciding.process import process_due
from jobs.delivering.deliver import deliver_due
from jobs.intake.accepting import accept
from jobs.intake.fetching import fetch_due
from jobs.ledger.codec import from_json
from jobs.ledger.tables import SEALED, inquiry, inquiry_event, metadata, submission
from jobs.services import Services, open_services
from jobs.settings.model import LedgerSettings, PathSettings, PlaybookSettings, Settings
from jobs.settings.new_secrets import path_key_digest
from mapping.inquiry import Inquiry
from tests.jobs.brokerage import HeardBell
from tests.samples import vendors
from tests.samples.cases import Case
from tests.samples.stand import Stand

_ROUNDS = 20


@dataclass
class Left:
    """What a case left behind. inquiries are in the order they were sent, parts in the order within."""

    statuses: list[int] = field(default_factory=list)
    answers: list[bytes] = field(default_factory=list)
    answer_headers: dict[str, str] = field(default_factory=dict)
    slowest_ms: float = 0.0
    memory_mb: float = 0.0
    states: list[tuple[str, str, str]] = field(default_factory=list)  # state, reason code, reason
    inquiries: list[Inquiry] = field(default_factory=list)
    news: list[Inquiry] = field(default_factory=list)
    contacts: int = 0
    unexpected_calls: list[str] = field(default_factory=list)
    written: bytes = b""  # every place that must not hold what may not be kept
    undelivered: list[str] = field(default_factory=list)


def run_case(stand: Stand, case: Case) -> Left:
    """Play the case on an empty store."""
    stand.clean(case)
    ledger = stand.folder / f"{case.name}.sqlite3"
    shutil.copy(stand.template, ledger)
    services = _services(stand, case, ledger)
    left, log = Left(), io.StringIO()
    before = psutil.Process().memory_info().rss
    try:
        with redirect_stdout(log), redirect_stderr(log):
            _send(stand, case, services, left)
            _work(services)
            _look(stand, services, left)
        left.memory_mb = max(0.0, (psutil.Process().memory_info().rss - before) / 1e6)
    finally:
        services.ledger.close()
    files = [file.read_bytes() for file in stand.folder.glob(f"{ledger.name}*")]
    journal = json.dumps(stand.sandbox.journal.since(), ensure_ascii=False).encode()
    left.written += b"\n".join((*files, log.getvalue().encode(), journal, *left.answers))
    left.unexpected_calls = list(stand.vendor.unexpected)
    for file in stand.folder.glob(f"{ledger.name}*"):
        file.unlink()
    return left


def _services(stand: Stand, case: Case, ledger: Path) -> Services:
    settings = _settings(stand, case, ledger)
    opened = open_services(settings, bell=HeardBell())
    return replace(opened, crms={"hubspot": stand.crm}, now=lambda: case.received_at, dice=lambda: 0.0)


def _settings(stand: Stand, case: Case, ledger: Path) -> Settings:
    tenant = case.expected.get("tenant") or {}
    country = tenant.get("country", "US")
    brokerage = replace(
        stand.settings.brokerage,
        country=country,
        timezone=tenant.get("timezone", "America/New_York"),
        date_order=tenant.get("date_order", "MDY"),
    )
    return replace(
        stand.settings,
        brokerage=brokerage,
        ledger=LedgerSettings(f"sqlite:///{ledger}"),
        playbook=PlaybookSettings(None, f"mortgage_{country.lower()}"),
        paths={"case": _path(stand, case)},
    )


def _path(stand: Stand, case: Case) -> PathSettings:
    address = str(case.auth.get("url", ""))
    return PathSettings(
        name="case",
        title=f"Case {case.name}",
        kind=vendors.kind_of(case),
        state="live",
        crm=("hubspot",),
        keys=(path_key_digest(vendors.key_of(case)),),
        fields=vendors.mapping_of(case),
        defaults={},
        form=None,
        secret=vendors.secret_of(case),
        api_token="case-api-token-0123456789",
        api_url=stand.vendor.url,
        account=vendors.account_of(case),
        address=address.partition("?")[0],
        authserv_id=str(case.auth.get("authserv_id", "mx.harborpine.example.com")),
        own_domains=("harborpine.example.com",),
    )


def _send(stand: Stand, case: Case, services: Services, left: Left) -> None:
    times, together = int(case.expected.get("send_times", 1)), int(case.expected.get("parallel") or 1)
    if not case.posted:
        for _ in range(max(times, together)):
            _read_from_inbox(case, services, left)
        return
    from webapp.app import create_app

    stand.web.app = create_app(services).wsgi_app
    lock = threading.Lock()
    with ThreadPoolExecutor(together) as pool:
        list(pool.map(lambda _: _post(stand, case, left, lock), range(max(times, together))))


def _read_from_inbox(case: Case, services: Services, left: Left) -> None:
    mail = RawRequest("message/rfc822", {}, case.body, received_at=case.received_at)
    began = time.perf_counter()
    try:
        accept(services, services.settings.paths["case"], mail)
    except IntakeError as error:
        left.answers.append(str(error).encode())
    left.slowest_ms = max(left.slowest_ms, (time.perf_counter() - began) * 1000)


def _post(stand: Stand, case: Case, left: Left, lock: threading.Lock) -> None:
    address = urlsplit(stand.url)
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=60)
    target = f"/in/{vendors.key_sent(case)}" + (f"?{case.query}" if case.query else "")
    headers = {name: value.encode("utf-8") for name, value in case.headers}
    if case.ending == "json.gz":
        headers.setdefault("Content-Encoding", b"gzip")
    began = time.perf_counter()
    body = case.body if case.method != "GET" else None
    connection.request(case.method, target, body=body, headers=headers)
    answer = connection.getresponse()
    said = answer.read()
    took = (time.perf_counter() - began) * 1000
    with lock:
        left.statuses.append(answer.status)
        left.answers.append(said)
        left.answer_headers = {name.lower(): value for name, value in answer.getheaders()}
        left.slowest_ms = max(left.slowest_ms, took)
    connection.close()


def _work(services: Services) -> None:
    """Everything that workers would do, until nothing is left to do."""
    for _ in range(_ROUNDS):
        done = process_due(services) + fetch_due(services) + deliver_due(services, "hubspot")
        if not done:
            return


def _look(stand: Stand, services: Services, left: Left) -> None:
    sealer = services.sealer
    with services.ledger.read() as connection:
        rows = connection.execute(select(submission).order_by(submission.c.id)).all()
        left.states = [(row.state, row.reason_code, row.reason) for row in rows]
        inquiries = connection.execute(select(inquiry).order_by(inquiry.c.submission_id)).all()
        left.inquiries = [
            from_json(sealer.open_json(row.details, f"inquiry.details:{row.id}"), Inquiry)
            for row in inquiries
        ]
        happened = connection.execute(select(inquiry_event).order_by(inquiry_event.c.id)).all()
        left.news = [
            from_json(sealer.open_json(row.details, f"inquiry_event.details:{row.id}"), Inquiry)
            for row in happened
        ]
        left.written = _everything_stored(connection, services)
        left.undelivered = _undelivered(connection)
    left.contacts = len(stand.sandbox.state.shelves["contacts"].records.live)


def _undelivered(connection: Any) -> list[str]:
    from jobs.ledger.tables import delivery

    query = select(delivery.c.state, delivery.c.error).where(delivery.c.state != "delivered")
    return [f"{row.state}: {row.error}" for row in connection.execute(query)]


def _everything_stored(connection: Any, services: Services) -> bytes:
    # In the database's own words: making a hundred statements for each case took a third of its time.
    found: list[bytes] = []
    for table, column, place in SEALED:
        for key, value in connection.exec_driver_sql(f'SELECT "{place}", "{column}" FROM "{table.name}"'):  # noqa: S608
            if value is not None:
                found.append(services.sealer.open(value, f"{table.name}.{column}:{key}"))
    for name in metadata.tables:
        for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"'):  # noqa: S608
            found.append(" ".join(str(value) for value in row if isinstance(value, str)).encode())
    return b"\n".join(found)
