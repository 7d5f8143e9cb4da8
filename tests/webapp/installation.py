"""An invented brokerage with a real ledger, and what can happen in it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import select

from connectors.intake.base import RawRequest
from jobs.deciding.process import process_due
from jobs.intake.accepting import accept
from jobs.ledger import deliveries
from jobs.ledger.deliveries import Settlement
from jobs.ledger.tables import delivery, inquiry
from jobs.processes.bell import Kind
from jobs.services import Services, open_services
from jobs.settings.load import load_settings
from jobs.settings.new_secrets import generate_secrets
from tests.services.migrated import sqlite_bytes

CONFIG = """
[brokerage]
name = "Harbor Lane Mortgage"
country = "US"
timezone = "America/Chicago"

[server]
public_url = "http://localhost"

[ledger]
url = "{ledger_url}"

[playbook]
shipped = "mortgage_us"

[crm.hubspot]
kind = "hubspot"

[paths.website]
title = "Inquiry form on the website"
kind = "hosted_form"
state = "live"
crm = ["hubspot"]

[paths.website.form]
heading = "Let's find your mortgage"
intro = "Tell us what you need. A licensed loan officer answers within one business day."
button = "Send my inquiry"
colour = "#1f5fa8"
brand_name = "Harbor Lane Mortgage"
consent_text = "By ticking I agree that Harbor Lane Mortgage may contact me. It is no condition of a loan."
privacy_url = "https://www.example.com/privacy"
frame_ancestors = ["https://www.example.com"]
nmls = "123456"

[paths.elsewhere]
title = "Form with its own thank-you page"
kind = "hosted_form"
state = "live"
crm = ["hubspot"]

[paths.elsewhere.form]
colour = "#ffd43b"
consent_text = "I agree to be contacted."
logo_url = "https://cdn.example.com/logo.png"
thank_you_url = "https://www.example.com/thank-you"

[paths.trilingual]
title = "Form in three languages"
kind = "hosted_form"
state = "live"
crm = ["hubspot"]

[paths.trilingual.form]
consent_text = "I agree to be contacted."
languages = ["en", "fr", "es"]

[paths.trilingual.form.consent_texts]
fr = "J'accepte que l'on communique avec moi."
es = "Acepto que se comuniquen conmigo."

[paths.closed]
title = "Closed form"
kind = "hosted_form"
state = "paused"
crm = ["hubspot"]
[paths.closed.form]
consent_text = "I agree to be contacted."

[paths.planned]
title = "Planned form"
kind = "hosted_form"
state = "draft"
crm = ["hubspot"]
[paths.planned.form]
consent_text = "I agree to be contacted."

[paths.partner]
title = "Partner's application"
kind = "form"
state = "live"
crm = ["hubspot"]
keys = ["sha256:{key}"]
"""

_OWN_LEDGER = "sqlite:///ledger.sqlite3"
PATH_KEY = "a-path-key-of-the-partner"
START = datetime(2026, 11, 17, 15, 30, tzinfo=UTC)


@dataclass
class Clock:
    """A clock that a test moves."""

    at: datetime = START

    def __call__(self) -> datetime:
        return self.at

    def pass_(self, **span: float) -> None:
        """Let time go by."""
        self.at += timedelta(**span)


@dataclass
class HeardBell:
    """Keeps what was rung for."""

    rings: list[tuple[Kind, str]] = field(default_factory=list)

    def ring(self, kind: Kind, row_id: str) -> None:
        """Remember it."""
        self.rings.append((kind, row_id))


Installation = tuple[Services, Clock, HeardBell]


def open_installation(folder: Path, ledger_url: str = _OWN_LEDGER) -> Installation:
    """Services over a fresh ledger; nothing is ever called outside."""
    return open_with_secrets(folder, ledger_url)[0]


def open_with_secrets(
    folder: Path, ledger_url: str = _OWN_LEDGER, more: str = ""
) -> tuple[Installation, dict[str, str]]:
    """The same with its secrets, for a second process over the same ledger; more goes into config.toml."""
    digest = hashlib.sha256(PATH_KEY.encode()).hexdigest()
    file = folder / "config.toml"
    if ledger_url == _OWN_LEDGER:
        (folder / "ledger.sqlite3").write_bytes(sqlite_bytes())
    text = CONFIG.replace("{key}", digest).replace("{ledger_url}", ledger_url) + more
    file.write_text(text, encoding="utf-8")
    environ = {**generate_secrets(), "FIRSTPATH_CRM_HUBSPOT_TOKEN": "pat-na1-" + "0" * 30}
    clock, bell = Clock(), HeardBell()
    services = replace(open_services(load_settings(file, environ), bell=bell), now=clock)
    return (services, clock, bell), environ


def arrives(services: Services, path: str = "partner", **answers: str) -> str:
    """Something is sent through a path and processed; the submission's id."""
    body = urlencode(answers).encode()
    request = RawRequest(
        content_type="application/x-www-form-urlencoded",
        headers={"user-agent": "Mozilla/5.0"},
        body=body,
        remote_addr="192.0.2.7",
        received_at=services.now(),
    )
    accepted = accept(services, services.settings.paths[path], request)
    process_due(services)
    return accepted.id


def inquiry_of(services: Services, submission_id: str) -> str:
    """What a submission became."""
    with services.ledger.read() as connection:
        return str(
            connection.execute(
                select(inquiry.c.id).where(inquiry.c.submission_id == submission_id)
            ).scalar_one()
        )


def delivery_of(services: Services, inquiry_id: str) -> str:
    """What is owed for an inquiry."""
    with services.ledger.read() as connection:
        query = select(delivery.c.id).where(delivery.c.inquiry_id == inquiry_id)
        return str(connection.execute(query).scalar_one())


def ends(
    services: Services, delivery_id: str, state: str, code: str = "", error: str = "", remedy: str = ""
) -> None:
    """A delivery comes to this after an attempt."""
    with services.ledger.write() as connection:
        result = Settlement(delivery_id, state, 3, services.now() + timedelta(minutes=8), code, error, remedy)
        deliveries.settle(connection, [result], services.now())
