"""Everything one org holds, behind one lock, with all-or-nothing changes that nest."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from connectors.sandbox.answers import JsonObject
from connectors.sandbox.options import OptionsError
from connectors.sandbox.salesforce.ids import IdMint
from connectors.sandbox.salesforce.options import SandboxOptions
from connectors.sandbox.salesforce.population import populate
from connectors.sandbox.salesforce.records import Records, Row
from connectors.sandbox.salesforce.schema import Schema
from connectors.sandbox.salesforce.sessions import Sessions
from connectors.sandbox.salesforce.timestamps import stamp
from connectors.sandbox.salesforce.views import Views

_GRANTING = frozenset({"PermissionSet", "PermissionSetAssignment", "FieldPermissions"})


class OrgState:
    """The org. Hold `lock` while reading or writing from a thread of your own.

    clock gives epoch seconds; options may be replaced at any time (see `configure`). grants counts changes
    of permissions. locked maps record id → how many more writes to it are refused (None: all of them).
    definitions maps the id of a custom field to what the Tooling API knows of it.
    """

    def __init__(self, options: SandboxOptions, clock: Callable[[], float]) -> None:
        self.lock = threading.RLock()
        self.clock = clock
        self.options = options
        self.views = Views(self)
        self.sessions = Sessions(clock, lambda: self.options.session_seconds)
        self._undo: list[Callable[[], None]] = []
        self.reset()

    def reset(self) -> None:
        """Back to an org nobody has used: standard objects, users, queues, stages. Tokens last."""
        with self.lock:
            self.schema = Schema(self.options)
            self.tables = {name: Records() for name in self.schema.objects}
            self.ids = IdMint()
            self.cursors: dict[str, list[JsonObject]] = {}
            self.locked: dict[str, int | None] = {}
            self.definitions: dict[str, JsonObject] = {}
            self.grants = 0
            self._undo.clear()
            populate(self)

    def configure(self, changes: Mapping[str, Any]) -> None:
        """Change options by name. Raises: OptionsError."""
        with self.lock:
            self.options = self.options.changed(changes)
            self.grants += 1

    @property
    def now(self) -> str:
        """The moment, as records are stamped with it."""
        return stamp(self.clock())

    @property
    def organization_id(self) -> str:
        """The org's own id."""
        return next(iter(self.tables["Organization"].live))

    @property
    def integration_user(self) -> str:
        """The id of the user that the product signs in as."""
        return self.user_id(self.options.run_as)

    def user_id(self, username: str) -> str:
        """The id of a user. Raises: OptionsError when there is none."""
        found = next(iter(self.tables["User"].holders("Username", username)), None)
        if found is None:
            raise OptionsError(f"The sandbox has no user {username!r}.")
        return found

    def open_session(self) -> str:
        """A fresh access token of the integration user."""
        with self.lock:
            return self.sessions.open(self.integration_user, self.organization_id)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything written inside is taken back when an exception leaves it. Transactions nest."""
        mark = len(self._undo)
        try:
            yield
        except BaseException:
            while len(self._undo) > mark:
                self._undo.pop()()
            raise
        if mark == 0:
            self._undo.clear()

    def put(self, name: str, row: Row) -> None:
        """Write a live record."""
        self._remember(name, row["Id"])
        self.tables[name].put(row)

    def discard(self, name: str, row: Row) -> None:
        """Move a record, as given, to the recycle bin."""
        self._remember(name, row["Id"])
        self.tables[name].discard(row)

    def add_table(self, name: str) -> None:
        """Room for the records of an object that was just defined."""
        self.tables[name] = Records()

    def _remember(self, name: str, record_id: str) -> None:
        table = self.tables[name]
        live, binned = table.live.get(record_id), table.bin.get(record_id)
        if name in _GRANTING:
            self.grants += 1

        def take_back() -> None:
            table.restore(record_id, live, binned)
            if name in _GRANTING:
                self.grants += 1

        self._undo.append(take_back)

    def record(self, record_id: str) -> dict[str, Any]:
        """One live record as it is stored. Raises: KeyError."""
        with self.lock:
            kind = self.schema.of_id(record_id)
            return dict(self.tables[kind.name].live[record_id]) if kind else {}

    def records(self, name: str, *, everything: bool = False) -> dict[str, dict[str, Any]]:
        """Record id → stored fields of every live record (everything: and deleted one) of an object."""
        with self.lock:
            table = self.tables[self.schema.kind(name).name]
            return {row["Id"]: dict(row) for row in table.rows(everything=everything)}

    def counts(self) -> dict[str, int]:
        """Live records per object."""
        with self.lock:
            return {name: len(table.live) for name, table in self.tables.items()}

    def snapshot(self, kind: str | None = None) -> dict[str, list[JsonObject]]:
        """Every record with its fields, deleted ones too (see IsDeleted)."""
        with self.lock:
            names = [self.schema.kind(kind).name] if kind else list(self.tables)
            return {name: [dict(row) for row in self.tables[name].rows(everything=True)] for name in names}

    def expire_sessions(self) -> None:
        """End every session, as when an admin revokes them."""
        with self.lock:
            self.sessions.expire_all()

    def lock_row(self, record_id: str, times: int | None = None) -> None:
        """Let the next writes (None: all) that touch a record fail with UNABLE_TO_LOCK_ROW."""
        with self.lock:
            self.locked[record_id] = times
