"""One transaction, to read or to write, and the one kind of error that a database in trouble makes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType

import pysqlite3.dbapi2 as sqlite3
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, OperationalError

from jobs.ledger import quick
from jobs.ledger.kept_connections import KeptConnections
from jobs.ledger.together import Unshared
from jobs.ledger.writers_place import Place


class LedgerUnavailable(Unshared):
    """The database cannot store now: full, locked or out of reach. Nothing was half-stored."""


# No generators, as contextmanager would have them: whoever stores or decides anything waits for these lines.
class Transaction:
    """It begins in these words, "" where the driver begins it. Raises LedgerUnavailable."""

    __slots__ = ("_connection", "_kept", "_words")

    def __init__(self, kept: KeptConnections, words: str) -> None:
        self._kept, self._words = kept, words

    def __enter__(self) -> Connection:
        try:
            self._connection = connection = self._kept.take()
            if self._words:
                self._begin(connection)
        except Exception as error:
            _tell_trouble(error)
            raise
        return connection

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if error is not None:
            self._kept.give_up(self._connection)
            _tell_trouble(error)
            return
        try:
            self._commit(self._connection)
        except Exception as failed:
            _tell_trouble(failed)
            raise

    def _begin(self, connection: Connection) -> None:
        try:
            # Past SQLAlchemy, whose machinery for one statement costs more than many a transaction does.
            # Its own transaction begins with the first statement that goes through it.
            quick.answers(connection, self._words)
        except BaseException:
            self._kept.give_up(connection)
            raise

    def _commit(self, connection: Connection) -> None:
        try:
            if connection.in_transaction():
                connection.commit()
            else:
                quick.commit(connection)
        except BaseException:
            self._kept.give_up(connection)
            raise
        self._kept.give_back(connection)


class Writing(Transaction):
    """The same by one who stands in line for it; then is called once it is durable and the place free."""

    __slots__ = ("_place", "_then", "_urgent")

    def __init__(
        self, kept: KeptConnections, words: str, place: Place, urgent: bool, then: Callable[[], None] | None
    ) -> None:
        super().__init__(kept, words)
        self._place, self._urgent, self._then = place, urgent, then

    def __enter__(self) -> Connection:
        self._place.take(self._urgent)
        try:
            return super().__enter__()
        except BaseException:
            self._place.leave()
            raise

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            super().__exit__(kind, error, trace)
        finally:
            self._place.leave()
        if error is None and self._then is not None:
            self._then()


@contextmanager
def trouble_told() -> Iterator[None]:
    """Raises LedgerUnavailable for what happens in the block when the database is in trouble."""
    try:
        yield
    except Exception as error:
        _tell_trouble(error)
        raise


def _tell_trouble(error: BaseException) -> None:
    """Raise LedgerUnavailable if that is what it means: the driver's words, not the statement's values."""
    lost = isinstance(error, DBAPIError) and error.connection_invalidated
    if isinstance(error, DBAPIError) and (lost or isinstance(error, OperationalError)):
        raise LedgerUnavailable(f"the database answered: {error.orig}".splitlines()[0]) from error
    if isinstance(error, sqlite3.OperationalError):
        raise LedgerUnavailable(f"the database answered: {error}") from error
