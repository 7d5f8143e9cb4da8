"""Events: what they hold, how they are signed, when they are repeated."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from connectors.sandbox.highlevel import RunningSandbox, SandboxOptions, start
from tests.sandbox.highlevel.location import ANA, Location

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

AT_ONCE = (0.0, 0.0)


class Listener:
    """Receives events and answers with the statuses it was given, then 200."""

    def __init__(self) -> None:
        self.statuses: list[int] = []
        self.heard: list[tuple[bytes, str]] = []
        self._server = make_server("127.0.0.1", 0, self._answer)
        self.url = f"http://127.0.0.1:{self._server.server_port}/hooks"
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def _answer(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        self.heard.append((request.get_data(), request.headers.get("X-GHL-Signature", "")))
        return Response(status=self.statuses.pop(0) if self.statuses else 200)(environ, start_response)

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def events(self) -> list[dict[str, Any]]:
        """What was heard, read as JSON."""
        return [json.loads(body) for body, _ in self.heard]


@pytest.fixture
def listener() -> Iterator[Listener]:
    """Somebody who listens."""
    hears = Listener()
    yield hears
    hears.close()


@pytest.fixture
def sending(listener: Listener) -> Iterator[RunningSandbox]:
    """A sandbox that sends its events there and repeats at once, twice."""
    options = SandboxOptions.instant(webhook_url=listener.url, webhook_pauses=AT_ONCE)
    with start(options=options) as sandbox:
        yield sandbox


def idle(sandbox: RunningSandbox) -> None:
    """Wait until everything is sent."""
    assert sandbox.state.webhooks.wait_until_idle(10)


def test_an_event_is_signed_over_its_raw_bytes(sending: RunningSandbox, listener: Listener) -> None:
    caller = Location(sending)
    ana = caller.contact(**ANA, tags=["lead"])
    idle(sending)
    ((body, signature),) = listener.heard
    public = caller.get("/_sandbox/webhooks").json()["publicKey"]
    key = load_der_public_key(base64.b64decode(public))
    assert isinstance(key, Ed25519PublicKey)
    key.verify(base64.b64decode(signature), body)
    with pytest.raises(InvalidSignature):
        key.verify(base64.b64decode(signature), body.replace(b"Ana", b"Eva"))
    event = json.loads(body)
    assert (event["type"], event["id"], event["tags"]) == ("ContactCreate", ana, ["lead"])
    assert event["webhookId"]
    assert event["timestamp"].endswith("Z")
    caller.session.close()


@pytest.mark.parametrize(
    ("statuses", "seen"),
    [([429, 200], [429, 200]), ([429] * 9, [429] * 3), ([500], [500]), ([302], [302])],
)
def test_only_a_429_is_answered_with_a_repetition(
    sending: RunningSandbox, listener: Listener, statuses: list[int], seen: list[int]
) -> None:
    listener.statuses = statuses
    caller = Location(sending)
    caller.contact(**ANA)
    idle(sending)
    (delivery,) = caller.get("/_sandbox/webhooks").json()["deliveries"]
    assert (delivery["type"], delivery["statuses"]) == ("ContactCreate", seen)
    assert len({body for body, _ in listener.heard}) == 1
    caller.session.close()


def test_nobody_listening_loses_the_event(sending: RunningSandbox, listener: Listener) -> None:
    sending.configure(webhook_url="http://127.0.0.1:9/")
    caller = Location(sending)
    caller.contact(**ANA)
    idle(sending)
    assert caller.get("/_sandbox/webhooks").json()["deliveries"][0]["statuses"] == [None]
    assert listener.heard == []
    caller.session.close()


def test_stopping_does_not_wait_for_a_repetition(listener: Listener) -> None:
    listener.statuses = [429]
    options = SandboxOptions.instant(webhook_url=listener.url)
    with start(options=options) as sandbox:
        caller = Location(sandbox)
        caller.contact(**ANA)
        while not listener.heard:
            sandbox.state.webhooks.wait_until_idle(0.01)
        caller.session.close()
    assert len(listener.heard) == 1


def everything(caller: Location) -> None:
    """One of everything that tells of itself."""
    maya = caller.sandbox.state.users.list()[0].id
    ana = caller.contact(**ANA)
    caller.put(f"/contacts/{ana}", {"dnd": True, "tags": ["x"]})
    task = caller.task(ana, body="[fp:T1]", assignedTo=maya)
    caller.put(f"/contacts/{ana}/tasks/{task}/completed", {"completed": True})
    caller.delete(f"/contacts/{ana}/tasks/{task}")
    caller.post(f"/contacts/{ana}/notes", {"body": "Called"})
    card = caller.opportunity(ana)
    stage = caller.pipeline.stage_id("Contacted")
    moved = {"pipelineStageId": stage, "status": "won", "assignedTo": maya, "monetaryValue": 5}
    caller.put(f"/opportunities/{card}", moved)
    caller.delete(f"/opportunities/{card}")
    caller.delete(f"/contacts/{ana}")


KINDS = [
    *("ContactCreate", "ContactUpdate", "ContactTagUpdate", "ContactDndUpdate"),
    *("TaskCreate", "TaskComplete", "TaskDelete", "NoteCreate", "OpportunityCreate", "OpportunityUpdate"),
    *("OpportunityStageUpdate", "OpportunityStatusUpdate", "OpportunityAssignedToUpdate"),
    *("OpportunityMonetaryValueUpdate", "OpportunityDelete", "ContactDelete"),
]


def test_every_change_tells_of_itself_in_order(location: Location) -> None:
    everything(location)
    events = list(location.sandbox.state.events.latest)
    assert [event["type"] for event in events] == KINDS
    assert len({event["webhookId"] for event in events}) == len(KINDS)
    created = next(event for event in events if event["type"] == "TaskCreate")
    assert not {"contactId", "body"} & created.keys()
    assert {event["locationId"] for event in events} == {location.id}


def test_events_hold_what_the_vendors_samples_hold(location: Location, shared_folder: Path) -> None:
    samples = json.loads((shared_folder / "specs" / "highlevel" / "webhook-examples.json").read_text("utf-8"))
    everything(location)
    for event in location.sandbox.state.events.latest:
        known = {name for sample in samples[event["type"]] for name in sample}
        told = {name for name in event if name in known}
        assert {"type", "locationId", "id"} <= told
        missing = known - event.keys() - {"address1", "city", "state", "companyName", "country", "source"}
        missing -= {"dateOfBirth", "postalCode", "website", "assignedTo", "dndSettings"}  # not set here
        assert missing <= ({"contactId", "body"} if event["type"] == "TaskCreate" else set()), event["type"]
