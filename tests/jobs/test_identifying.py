"""A file that is tried on an empty store gets the decisions that the ledger's own inquiries get."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from jobs.identifying.lines import FIELDS
from jobs.ledger.tables import inquiry
from jobs.services import Services
from tests.identity_corpus.corpus import generate
from tests.identity_corpus.deciding import decide
from tests.jobs.brokerage import ON_SQLITE, Clock
from tests.jobs.daily_work import decide_all, post, rows

_MANY = 50


@ON_SQLITE
def test_a_file_is_decided_as_the_ledger_decides(services: Services, clock: Clock) -> None:
    # The last of a few households: more of them come back, so that more is decided.
    asked = generate(seed=11, people=45).inquiries[-_MANY:]
    borrowers: dict[str, str] = {}
    for fields in asked:
        clock.at = datetime.fromisoformat(str(fields["received_at"]))
        before = len(borrowers)
        post(services, {field: text for key, field in FIELDS.items() if (text := fields[key])})
        decide_all(services)
        # What looks like nobody's is set aside, and the file is tried without it.
        known = [row.borrower_id for row in rows(services, inquiry)]
        if len(known) > before:
            borrowers[str(fields["inquiry_id"])] = known[-1]
    decided = decide([one for one in asked if one["inquiry_id"] in borrowers])
    assert len(borrowers) > _MANY * 0.9
    assert _groups(decided.clusters) == _groups(borrowers)
    assert len(_groups(borrowers)) < len(borrowers)


def _groups(owner_of: Mapping[str, str]) -> list[list[str]]:
    """The inquiries of each, in order."""
    groups: dict[str, list[str]] = defaultdict(list)
    for one, owner in owner_of.items():
        groups[owner].append(one)
    return sorted(groups.values())
