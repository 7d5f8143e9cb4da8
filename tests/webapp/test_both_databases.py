"""Every page and button on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jobs.desk import actions
from jobs.ledger import notices
from jobs.services import Services
from tests.webapp.installation import arrives, delivery_of, ends, inquiry_of, open_installation
from tests.webapp.visitor import Visitor, log_in_as
from webapp.app import create_app


@pytest.fixture
def on_either(ledger_url: str, tmp_path: Path) -> Iterator[Services]:
    services, _, _ = open_installation(tmp_path, ledger_url)
    yield services
    services.ledger.close()


def test_pages_and_buttons_work_on_either_database(on_either: Services) -> None:
    services = on_either
    one = inquiry_of(services, arrives(services, name="Wei Chen", email="wei@example.com"))
    aside = arrives(services, name="No Contact", message="hello")
    delivery = delivery_of(services, one)
    ends(services, delivery, "dead", "rejected", "No such option.", "Add it.")
    with services.ledger.write() as connection:
        notices.raise_alert(
            connection,
            id=services.new_id(),
            at=services.now(),
            kind="delivery",
            object_id=delivery,
            message="Look.",
        )
    app = create_app(services)
    admin = log_in_as(app, services, "admin", "admin@example.com")
    broker = log_in_as(app, services, "broker", "broker@example.com")
    for address in (
        "/desk/", "/desk/?state=failed", "/desk/?state=in_crm&before=Z", f"/desk/inquiries/{one}",
        "/desk/errors", "/desk/quarantine", f"/desk/quarantine/{aside}", "/desk/connections", "/readyz",
    ):  # fmt: skip
        assert (address, admin.get(address).status_code) == (address, 200)
    assert broker.get("/desk/?state=failed").status_code == 200
    assert f"/desk/inquiries/{one}" in admin.get("/desk/?state=failed").text
    assert "Look." in admin.get("/desk/").text
    assert actions.retry_group(services, "hubspot", "rejected", "No such option.", "admin") == 1
    assert "Look." not in admin.get("/desk/").text
    assert Visitor(app.test_client()).log_in("nobody@example.com", "guess").status_code == 401
    assert admin.press("/account/logout", on="/desk/").status_code == 303
