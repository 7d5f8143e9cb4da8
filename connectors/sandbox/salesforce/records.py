"""The records of one object: by id, by the value of any field, and by when they last changed."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Row = Mapping[str, Any]  # field name → value; empty fields are left out
Ids = dict[str, None]  # an ordered set


def index_key(value: Any) -> Any:
    """What equal values share: SOQL minds no case in texts."""
    return value.lower() if isinstance(value, str) else value


class Records:
    """Live records and the recycle bin. A row is never changed in place: put() replaces it.

    An index on a field comes to be when somebody first asks for its holders, and is kept from then on.
    """

    def __init__(self) -> None:
        self.live: dict[str, Row] = {}
        self.bin: dict[str, Row] = {}
        self._indexes: dict[str, dict[Any, Ids]] = {}
        self._changes: list[tuple[str, str]] = []  # (stamp, id) of every change ever made, sorted

    def find(self, record_id: str, *, everything: bool = False) -> Row | None:
        """The live record; with everything also one in the recycle bin."""
        row = self.live.get(record_id)
        return self.bin.get(record_id) if row is None and everything else row

    def rows(self, *, everything: bool = False) -> Iterator[Row]:
        """All records, oldest first; with everything the recycle bin after them."""
        yield from self.live.values()
        if everything:
            yield from self.bin.values()

    def put(self, row: Row) -> None:
        """Store a live record, replacing its earlier state."""
        self._take_out(row["Id"])
        self.bin.pop(row["Id"], None)
        self._insert(row)

    def discard(self, row: Row) -> None:
        """Move a record, as given, to the recycle bin."""
        self._take_out(row["Id"])
        self.live.pop(row["Id"], None)
        self.bin[row["Id"]] = row
        self._note(row)

    def restore(self, record_id: str, live: Row | None, binned: Row | None) -> None:
        """Back to an earlier state of one record (None: not there)."""
        self._take_out(record_id)
        self.live.pop(record_id, None)
        self.bin.pop(record_id, None)
        if binned is not None:
            self.bin[record_id] = binned
        if live is not None:
            self._insert(live)

    def holders(self, name: str, value: Any) -> Iterable[str]:
        """Ids of the live records whose field has this value, in any case of letters."""
        index = self._indexes.get(name)
        if index is None:
            index = self._indexes[name] = {}
            for row in self.live.values():
                if name in row:
                    index.setdefault(index_key(row[name]), {})[row["Id"]] = None
        return index.get(index_key(value), {})

    def changed_since(self, stamp: str) -> Iterator[str]:
        """Ids of the records, deleted ones too, that may have a SystemModstamp of `stamp` or later."""
        start = bisect_left(self._changes, (stamp, ""))
        yield from dict.fromkeys(record_id for _, record_id in self._changes[start:])

    def _insert(self, row: Row) -> None:
        record_id = row["Id"]
        self.live[record_id] = row
        for name, index in self._indexes.items():
            if name in row:
                index.setdefault(index_key(row[name]), {})[record_id] = None
        self._note(row)

    def _note(self, row: Row) -> None:
        change = (row["SystemModstamp"], row["Id"])
        if not self._changes or change > self._changes[-1]:
            self._changes.append(change)
        elif change != self._changes[-1]:
            insort(self._changes, change)

    def _take_out(self, record_id: str) -> None:
        old = self.live.get(record_id)
        if old is None:
            return
        for name, index in self._indexes.items():
            if name in old:
                holders = index.get(index_key(old[name]))
                if holders is not None:
                    holders.pop(record_id, None)
                    if not holders:
                        del index[index_key(old[name])]
