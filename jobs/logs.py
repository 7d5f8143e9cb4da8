"""Logging: one JSON line per event, ids only."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def _not_found(package: str) -> Iterator[None]:
    """During the block, importing it fails, unless that was done before."""
    if package in sys.modules:
        yield
        return
    sys.modules[package] = None  # type: ignore[assignment]  # documented: import raises ModuleNotFoundError
    try:
        yield
    finally:
        del sys.modules[package]


# Where it finds rich it takes it along for colours, with all that belongs to it, 3 MB: ours is plain JSON.
# A process that runs for long imports this module before the others that log.
with _not_found("rich"):
    import structlog


def log_to_stderr(level: int = logging.INFO) -> None:
    """Our own events and other libraries' warnings, as JSON lines on standard error."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s")
