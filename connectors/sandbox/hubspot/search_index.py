"""What search knows: copies of the records, some seconds behind, found by value."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping

LISTS = frozenset({"hs_additional_emails", "hs_merged_object_ids"})
PHONES = frozenset(
    {
        "phone",
        "mobilephone",
        "hs_searchable_calculated_phone_number",
        "hs_searchable_calculated_mobile_number",
    }
)
Values = Mapping[str, str]


def local_number(text: str) -> str:
    """Area code and local number: HubSpot's search ignores the country code of what is stored."""
    return "".join(filter(str.isdigit, text))[-10:]


def terms(name: str, value: str) -> Iterator[str]:
    """What an exact filter on this property can hit: the folded value, or each entry of a list."""
    if not value:
        return
    if name in PHONES:
        yield local_number(value)
    elif name in LISTS:
        yield from (entry.lower() for entry in value.split(";") if entry)
    else:
        yield value.lower()


class SearchIndex:
    """Searchable copies of one kind's records.

    A write becomes visible `delay()` seconds after it was made. Exact filters on a property are answered
    from a value index that is built when the property is first searched.
    """

    def __init__(self, clock: Callable[[], float], delay: Callable[[], float]) -> None:
        self._clock = clock
        self._delay = delay
        self._pending: deque[tuple[float, str, Values]] = deque()
        self._by_value: dict[str, dict[str, set[str]]] = {}
        self.documents: dict[str, Values] = {}

    def schedule(self, record_id: str, values: Values) -> None:
        """A record was written: show it when the delay has passed."""
        self._pending.append((self._clock(), record_id, values))

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
            _, record_id, values = self._pending.popleft()
            self._forget(record_id)
            self.documents[record_id] = values
            for name, index in self._by_value.items():
                for term in terms(name, values.get(name, "")):
                    index.setdefault(term, set()).add(record_id)

    def _forget(self, record_id: str) -> None:
        old = self.documents.pop(record_id, None)
        if old is None:
            return
        for name, index in self._by_value.items():
            for term in terms(name, old.get(name, "")):
                index.get(term, set()).discard(record_id)

    def holders(self, name: str, term: str) -> set[str]:
        """Ids of the visible records that hold this term."""
        index = self._by_value.get(name)
        if index is None:
            index = self._by_value[name] = {}
            for record_id, values in self.documents.items():
                for each in terms(name, values.get(name, "")):
                    index.setdefault(each, set()).add(record_id)
        return index.get(term, set())
