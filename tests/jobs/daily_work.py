"""What happens at the brokerage, and what is found in the ledger and in the CRM afterwards."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from threading import Event, Thread
from time import monotonic
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Row, Table, select

from connectors.intake.base import RawRequest
from connectors.sandbox.hubspot import RunningSandbox
from jobs.deciding.process import process_due
from jobs.delivering.deliver import deliver_due
from jobs.intake.accepting import Accepted, accept
from jobs.ledger.identity_keys import from_text
from jobs.ledger.tables import borrower, borrower_key
from jobs.services import Services
from tests.jobs.brokerage import FORM
from tests.people import Person


def raw(services: Services, body: bytes, content_type: str = FORM, **headers: str) -> RawRequest:
    """A request as the door hands it in."""
    lowered = {name.replace("_", "-"): value for name, value in headers.items()}
    return RawRequest(
        content_type, {"content-type": content_type, **lowered}, body, received_at=services.now()
    )


def post(services: Services, fields: Mapping[str, str], path: str = "website") -> Accepted:
    """A visitor sends the website's form."""
    request = raw(services, urlencode(fields).encode())
    return accept(services, services.settings.paths[path], request)


def send(services: Services, path: str, body: bytes, content_type: str, **headers: str) -> str:
    """A sender posts something on a path; the submission's id."""
    request = raw(services, body, content_type, **headers)
    return accept(services, services.settings.paths[path], request).id


def asks(who: Person, number: str = "", **more: str) -> dict[str, str]:
    """A form as this person fills it in; a number makes it a submission of the sender's own id."""
    fields = {
        "first_name": who.first,
        "last_name": who.last,
        "email": who.email,
        "phone": who.phone,
        "loan_type": "Refinance",
        "property_state": "CA",
        "loan_amount": "$420,000",
        **more,
    }
    return {"submission_id": number, **fields} if number else fields


def decide_all(services: Services) -> None:
    """Process until nothing is left."""
    while process_due(services):
        pass


def deliver_all(services: Services) -> None:
    """Deliver until nothing is due now."""
    while deliver_due(services, "hubspot"):
        pass


def work(services: Services) -> None:
    """Decide and deliver until nothing is due now."""
    decide_all(services)
    deliver_all(services)


def rows(services: Services, table: Table) -> Sequence[Row[Any]]:
    """Every row of a table, in the order of its first key."""
    with services.ledger.read() as connection:
        return connection.execute(select(table).order_by(*table.primary_key.columns)).all()


def row(services: Services, table: Table, id_: str = "") -> Row[Any]:
    """The row with this id, or the only one."""
    (found,) = [one for one in rows(services, table) if not id_ or one.id == id_]
    return found


def assert_keys_agree(services: Services) -> None:
    """What borrowers are known by stands in their rows, and is found the other way round: the same."""
    found = {(one.borrower_id, one.kind, one.hash) for one in rows(services, borrower_key)}
    listed = {(one.id, *key) for one in rows(services, borrower) for key in from_text(one.known_by)}
    assert found == listed


def states(services: Services, table: Table) -> list[str]:
    """The state of every row of a table."""
    return [one.state for one in rows(services, table)]


def records(sandbox: RunningSandbox, kind: str) -> list[dict[str, str]]:
    """The properties of every live record of a kind in the CRM."""
    return list(sandbox.state.records(kind).values())


def counts(sandbox: RunningSandbox) -> tuple[int, int, int]:
    """Live contacts, deals and tasks in the CRM."""
    found = sandbox.state.counts()
    return found["contacts"], found["deals"], found["tasks"]


def as_json(value: object) -> bytes:
    """A JSON body."""
    return json.dumps(value).encode()


def at_once(*calls: Callable[[], object]) -> None:
    """Run these calls in threads that begin together; the first error of any is raised."""
    ready, errors = Event(), list[BaseException]()

    def run(call: Callable[[], object]) -> None:
        ready.wait()
        try:
            call()
        except BaseException as error:
            errors.append(error)

    threads = [Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    ready.set()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


def until(reached: Callable[[], bool], seconds: float = 20.0) -> None:
    """Return when it is so; TimeoutError when it is not within these seconds."""
    deadline, pause = monotonic() + seconds, Event()
    while not reached():
        if monotonic() > deadline:
            raise TimeoutError(f"not reached in {seconds:.0f} s")
        pause.wait(0.02)
