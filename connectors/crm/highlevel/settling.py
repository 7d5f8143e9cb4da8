"""Waiting out HighLevel's lagging index before making a contact that only the index could have shown."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

from connectors.crm.base import Uncertain

_SECONDS = 30.0
_MOST_KEPT = 10_000


class Settling:
    """Since when each borrower has been looked for in vain. Shared by all deliveries of one process."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = Lock()
        self._since: dict[str, float] = {}

    def wait_out(self, key: str) -> None:
        """Return once the index has had its time. Raises Uncertain before: look again then."""
        with self._lock:
            now = self._clock()
            if len(self._since) >= _MOST_KEPT:
                self._since = {k: t for k, t in self._since.items() if now - t <= _SECONDS}
            if now - self._since.setdefault(key, now) >= _SECONDS:
                del self._since[key]
                return
        raise Uncertain(
            "Other contacts in HighLevel hold all emails and phones of this borrower, and its search may not "
            "show yet what an earlier attempt did: it is looked up again in half a minute."
        )
