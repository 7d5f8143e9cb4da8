"""Senders that never give up, as a webhook's vendor would: they repeat until they are answered 200."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

import requests

from tests.fleet import FORM_KEY
from tests.people import form_fields, person


class Senders:
    """Sends numbered inquiries from some threads at a steady pace; number % people is who asks."""

    def __init__(
        self, url: str, numbers: Sequence[int], people: int, per_second: float, threads: int = 4
    ) -> None:
        self.accepted: dict[int, str] = {}
        self.refused: list[int] = []
        self._url, self._people, self._per_second = url, people, per_second
        shares = [numbers[start::threads] for start in range(threads)]
        self._threads = [threading.Thread(target=self._send, args=(share, threads)) for share in shares]

    def start(self) -> None:
        """Begin to send."""
        for thread in self._threads:
            thread.start()

    def join(self) -> None:
        """Return when everything was answered 200."""
        for thread in self._threads:
            thread.join()

    @property
    def busy(self) -> bool:
        """Whether something is still to be accepted."""
        return any(thread.is_alive() for thread in self._threads)

    def _send(self, numbers: Sequence[int], threads: int) -> None:
        with requests.Session() as session:
            for number in numbers:
                fields = form_fields(person(number % self._people), number)
                self.accepted[number] = self._until_accepted(session, number, fields)
                time.sleep(threads / self._per_second)

    def _until_accepted(self, session: requests.Session, number: int, fields: dict[str, str]) -> str:
        while True:
            try:
                answer = session.post(f"{self._url}/in/{FORM_KEY}", data=fields, timeout=10)
            except requests.RequestException:  # also an answer that breaks off half-way
                time.sleep(0.05)
                continue
            if answer.status_code == 200:
                return str(answer.json()["id"])
            self.refused.append(number)
            time.sleep(0.05)


def while_sending(senders: Senders, disturb: Callable[[], None]) -> None:
    """Send, disturb meanwhile, and wait for the last answer."""
    senders.start()
    disturb()
    senders.join()
