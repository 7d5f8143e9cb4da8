"""An import that is killed in the middle and run again: no row twice, none lost."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from time import monotonic, sleep

import pytest
from sqlalchemy import func, select

from jobs.ledger.tables import submission
from tests.faults.promises import open_beside
from tests.fleet import Fleet
from tests.spreadsheets import write_leads

pytestmark = pytest.mark.faults
_ROWS = 1_500


def test_a_killed_import_goes_on_where_it_was(tmp_path: Path) -> None:
    fleet = Fleet(tmp_path, lease_seconds=10, sweep_seconds=1)
    write_leads(tmp_path / "leads.csv", _ROWS)
    try:
        fleet.start_sandbox()
        services = open_beside(fleet)
        for at_least in (1, _ROWS // 2):
            fleet.start("import", "import", "leads.csv", "--path", "leads", "--yes")
            deadline = monotonic() + 60
            while _stored(services) < at_least and monotonic() < deadline:
                sleep(0.02)
            fleet.kill("import")
            assert _stored(services) >= at_least
        done = fleet.run("import", "leads.csv", "--path", "leads", "--yes")
        assert done.returncode == 0, done.stdout + done.stderr
        assert _stored(services) == _ROWS
        there = fleet.crms["hubspot"].standing()
        services.ledger.close()
    finally:
        fleet.stop()
    assert len(there.contacts) == _ROWS
    assert set(Counter(deal.key for deal in there.deals).values()) == {1}
    assert (len(there.deals), len(there.tasks)) == (_ROWS, _ROWS)


def _stored(services: object) -> int:
    from jobs.services import Services

    assert isinstance(services, Services)
    with services.ledger.read() as connection:
        return int(connection.execute(select(func.count()).select_from(submission)).scalar_one())
