"""A migrated ledger, once on each database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from jobs.ledger.engine import Ledger, open_ledger
from jobs.ledger.migrate import migrate
from jobs.ledger.seal import Sealer


@pytest.fixture
def ledger(ledger_url: str) -> Iterator[Ledger]:
    """An empty ledger with every table."""
    opened = open_ledger(ledger_url)
    migrate(opened)
    yield opened
    opened.close()


@pytest.fixture
def sealer() -> Sealer:
    """Keys of this test only."""
    return Sealer([("k1", bytes(range(32)))], bytes(range(32, 64)))
