"""What search knows: copies of the records, some seconds behind, found by value."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

Document = TypeVar("Document")


class DelayedIndex(Generic[Document]):
    """Searchable copies of one kind's records.

    A write becomes visible `delay()` seconds after it was made. terms(name, document) says under which
    values a document is found by an exact filter on a name; such an index is built when the name is first
    asked for.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        delay: Callable[[], float],
        terms: Callable[[str, Document], Iterable[str]],
    ) -> None:
        self._clock = clock
        self._delay = delay
        self._terms = terms
        self._pending: deque[tuple[float, str, Document]] = deque()
        self._by_value: dict[str, dict[str, set[str]]] = {}
        self.documents: dict[str, Document] = {}

    def schedule(self, record_id: str, document: Document) -> None:
        """A record was written: show it when the delay has passed."""
        self._pending.append((self._clock(), record_id, document))

    def unschedule(self) -> None:
        """The latest scheduled write was rolled back."""
        if self._pending:
            self._pending.pop()

    def remove(self, record_id: str) -> None:
        """A record was archived or merged away: it leaves search at once."""
        self.refresh()
        if any(pending == record_id for _, pending, _ in self._pending):
            self._pending = deque(entry for entry in self._pending if entry[1] != record_id)
        self._forget(record_id)

    def refresh(self, *, everything: bool = False) -> None:
        """Take over every write whose delay has passed (or simply everything)."""
        visible_before = self._clock() - self._delay()
        while self._pending and (everything or self._pending[0][0] <= visible_before):
            _, record_id, document = self._pending.popleft()
            self._forget(record_id)
            self.documents[record_id] = document
            for name, index in self._by_value.items():
                for term in self._terms(name, document):
                    index.setdefault(term, set()).add(record_id)

    def _forget(self, record_id: str) -> None:
        old = self.documents.pop(record_id, None)
        if old is None:
            return
        for name, index in self._by_value.items():
            for term in self._terms(name, old):
                index.get(term, set()).discard(record_id)

    def holders(self, name: str, term: str) -> set[str]:
        """Ids of the visible records that hold this term."""
        index = self._by_value.get(name)
        if index is None:
            index = self._by_value[name] = {}
            for record_id, document in self.documents.items():
                for each in self._terms(name, document):
                    index.setdefault(each, set()).add(record_id)
        return index.get(term, set())
