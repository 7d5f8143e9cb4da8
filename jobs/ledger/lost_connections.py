"""PostgreSQL connections are asked whether they live only when in doubt: each question is a round trip."""

from __future__ import annotations

import select
from typing import Any

from sqlalchemy import Connection

#: So long after its last use a connection may have been cut off without a word, e.g. by a firewall.
_TRUSTED_SECONDS = 5.0


def lives(connection: Connection, idle: float) -> bool:
    """Whether the server still answers on a connection that was not used for so many seconds.

    A server that stops, or ends a connection, says so. A connection that is lost is invalidated.
    """
    driver: Any = connection.connection.driver_connection
    dialect = connection.dialect
    try:
        if idle > _TRUSTED_SECONDS or _has_spoken(driver.fileno()):
            dialect.do_ping(driver)
    except dialect.loaded_dbapi.Error as error:
        connection.invalidate(error)
        return False
    return True


def _has_spoken(descriptor: int) -> bool:
    """Whether something came from the server since its last answer: a farewell, or the end of the line."""
    waiting = select.poll()  # select() knows no descriptors beyond the first 1,024
    waiting.register(descriptor, select.POLLIN)
    return bool(waiting.poll(0))
