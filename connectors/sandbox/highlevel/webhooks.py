"""Sends events as HighLevel does: signed with Ed25519 over the raw bytes, repeated only after a 429."""

from __future__ import annotations

import base64
import heapq
import json
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count

import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from connectors.sandbox.answers import JsonObject

SIGNATURE = "X-GHL-Signature"
RETRIED_STATUS = 429
PATIENCE = 10.0  # seconds for one answer
KEPT = 5_000


@dataclass(slots=True)
class Delivery:
    """One event on its way. statuses holds what was answered so far, None where there was no answer."""

    event: JsonObject
    body: bytes
    statuses: list[int | None] = field(default_factory=list)

    def json(self) -> JsonObject:
        """Which event, and what was answered."""
        return {
            "webhookId": self.event["webhookId"],
            "type": self.event["type"],
            "statuses": list(self.statuses),
        }


class WebhookSender:
    """Posts events in a thread of its own, begun with the first one. Thread safe.

    target gives the address ("" sends nothing); pauses are the seconds before each repetition, so their
    number is how often one is repeated. Every answer but 429 is final, also none at all: the event is lost.
    """

    def __init__(self, target: Callable[[], str], pauses: Sequence[float]) -> None:
        self._target = target
        self._pauses = tuple(pauses)
        self._key = Ed25519PrivateKey.generate()
        self._changed = threading.Condition()
        self._due: list[tuple[float, int, Delivery]] = []
        self._order = count()
        self._busy = False
        self._closed = False
        self._thread: threading.Thread | None = None
        self.deliveries: deque[Delivery] = deque(maxlen=KEPT)

    @property
    def public_key(self) -> str:
        """The key to check signatures with: SPKI in base64, as HighLevel publishes its own."""
        key = self._key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return base64.b64encode(key).decode()

    def signature(self, body: bytes) -> str:
        """What the signature header says for these bytes."""
        return base64.b64encode(self._key.sign(body)).decode()

    def send(self, event: JsonObject) -> None:
        """Post an event soon."""
        if not self._target():
            return
        delivery = Delivery(event, json.dumps(event, separators=(",", ":")).encode())
        with self._changed:
            if self._closed:
                return
            self.deliveries.append(delivery)
            heapq.heappush(self._due, (time.monotonic(), next(self._order), delivery))
            self._changed.notify_all()
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="sandbox-webhooks", daemon=True)
                self._thread.start()

    def wait_until_idle(self, seconds: float) -> bool:
        """Wait until nothing is on its way or waits to be repeated; whether that came true in time."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._due and not self._busy, seconds)

    def json(self) -> JsonObject:
        """The public key, and what became of the latest events."""
        with self._changed:
            return {"publicKey": self.public_key, "deliveries": [one.json() for one in self.deliveries]}

    def close(self) -> None:
        """Send nothing more. Safe to repeat."""
        with self._changed:
            self._closed = True
            self._due.clear()
            self._changed.notify_all()
            thread = self._thread
        if thread is not None:
            thread.join(timeout=PATIENCE + 1)

    def _run(self) -> None:
        with requests.Session() as session:
            session.trust_env = False
            while (delivery := self._next()) is not None:
                status = self._post(session, delivery)
                self._settle(delivery, status)

    def _next(self) -> Delivery | None:
        """The next event that is due, None when it is time to end."""
        with self._changed:
            while not self._closed:
                wait = self._due[0][0] - time.monotonic() if self._due else None
                if wait is not None and wait <= 0:
                    self._busy = True
                    return heapq.heappop(self._due)[2]
                self._changed.wait(wait)
            return None

    def _post(self, session: requests.Session, delivery: Delivery) -> int | None:
        headers = {"Content-Type": "application/json", SIGNATURE: self.signature(delivery.body)}
        try:
            answer = session.post(
                self._target(), data=delivery.body, headers=headers, timeout=PATIENCE, allow_redirects=False
            )
        except requests.RequestException:
            return None
        return answer.status_code

    def _settle(self, delivery: Delivery, status: int | None) -> None:
        with self._changed:
            delivery.statuses.append(status)
            repeated = len(delivery.statuses) - 1
            if status == RETRIED_STATUS and repeated < len(self._pauses) and not self._closed:
                due = time.monotonic() + self._pauses[repeated]
                heapq.heappush(self._due, (due, next(self._order), delivery))
            self._busy = False
            self._changed.notify_all()
