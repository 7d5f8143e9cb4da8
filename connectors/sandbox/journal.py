"""Every request as one JSON line: kept in memory up to a bound, and in a file when asked."""

from __future__ import annotations

import json
import threading
from collections import deque
from itertools import islice
from pathlib import Path

from connectors.sandbox.answers import JsonObject

MAX_ENTRIES = 20_000


class Journal:
    """Thread safe. Entries are numbered from 1 in the order their answers were decided."""

    def __init__(self, path: Path | None = None) -> None:
        self._lock = threading.Lock()
        self._entries: deque[JsonObject] = deque(maxlen=MAX_ENTRIES)
        self._last = 0
        # Held open for the sandbox's life; line buffered, so that a reader sees each line at once.
        self._file = path.open("a", encoding="utf-8", buffering=1) if path else None

    def add(self, entry: JsonObject) -> None:
        """Number an entry and write it down."""
        with self._lock:
            self._last += 1
            numbered = {"n": self._last, **entry}
            self._entries.append(numbered)
            if self._file is not None:
                self._file.write(json.dumps(numbered, separators=(",", ":"), ensure_ascii=False) + "\n")

    def since(self, number: int = 0) -> list[JsonObject]:
        """Entries after this number that are still in memory, oldest first."""
        with self._lock:
            first = self._entries[0]["n"] if self._entries else 0
            return list(islice(self._entries, max(number + 1 - first, 0), None))

    @property
    def last(self) -> int:
        """The number of the newest entry."""
        return self._last

    def clear(self) -> None:
        """Forget what is in memory; numbering goes on, so that a reader's cursor stays good."""
        with self._lock:
            self._entries.clear()

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            if self._file is not None:
                self._file.close()
                self._file = None
