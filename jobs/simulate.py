"""What a draft of the playbook would have made of what arrived: nothing is stored, nobody is called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from typing import Any

import structlog

from jobs.decide import decide_alone
from jobs.decision import Case, Decision, open_case
from jobs.ledger.scratch import Prehistory, open_scratch
from jobs.paths import NO_CHANGES, settled_paths
from jobs.playbooks import holding
from jobs.process import apart
from jobs.recognise import Recognised
from jobs.replay import Replayed, again, replay
from jobs.services import Services
from mapping.playbook import Playbook
from mapping.simulation import SET_ASIDE, FollowUp, Outcome, Report

#: So many inquiries are read at once, and so many are worked out together: a statement costs more than a row.
_CHUNK = 500
_TOGETHER = 32
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Simulated:
    """The report, and how many inquiries were understood anew from what arrived."""

    report: Report
    active: Playbook
    draft: Playbook
    understood: int


def simulate(services: Services, draft: Playbook, *, since: datetime, examples: int = 5) -> Simulated:
    """Decide every inquiry since then again, in the order of arrival, under the active playbook and under the
    draft, each in a ledger of its own in memory; what was known before is brought over.

    Each is decided as of its arrival. The round robin and what members have on the table begin at nothing;
    what happened to an inquiry later is not replayed. Raises LedgerUnavailable.
    """
    here = _still(services)
    active, other = _Trial(here, here.playbook), _Trial(here, draft)
    reads_alike = draft.reading == here.playbook.reading
    earlier, report, understood = Prehistory(since), Report(examples), 0
    try:
        for chunk in replay(here, since, _CHUNK):
            cases = {one.id: _case(here, one) for one in chunk}
            others = cases if reads_alike else _cases_under(here, draft, chunk)
            with services.ledger.read() as connection:
                both = [*cases.values(), *others.values()]
                hashes = [hash_ for case in both for _, hash_ in case.all_keys]
                senders = [case.partner_id for case in both if case.partner_id]
                earlier.bring(connection, (active.ledger, other.ledger), hashes, senders)
            before, after = active.decide(cases), other.decide(others)
            for one in chunk:
                report.add(one.id, before[one.id], after.get(one.id, Outcome(failed=SET_ASIDE)))
            understood += sum(one.anew for one in chunk)
    finally:
        active.ledger.close()
        other.ledger.close()
    return Simulated(report, here.playbook, draft, understood)


def _still(services: Services) -> Services:
    """Services that nothing changes while they are used: the paths and the playbook of this moment."""
    settings = replace(services.settings, paths=dict(settled_paths(services)))
    return replace(holding(services), settings=settings, path_changes=NO_CHANGES)


def _cases_under(services: Services, draft: Playbook, chunk: Sequence[Replayed]) -> dict[str, Case]:
    """The inquiries as the draft would read what arrived, without those that it would set aside.

    Where what arrived is no longer kept they are as they were understood.
    """
    reading = holding(services, draft)
    read = {one.id: again(reading, one.submission) if one.anew else one.inquiry for one in chunk}
    found = {one.id: (one, read[one.id]) for one in chunk}
    return {
        id_: _case(services, replace(one, inquiry=inquiry))
        for id_, (one, inquiry) in found.items()
        if inquiry is not None
    }


def _case(services: Services, one: Replayed) -> Case:
    case = open_case(services, one.submission, one.inquiry, one.partner_id)
    return replace(case, as_of=one.inquiry.received_at)


class _Trial:
    """One playbook over a ledger of its own."""

    def __init__(self, services: Services, playbook: Playbook) -> None:
        self.ledger = open_scratch()
        # Later than every real id: who was known first keeps a shared address.
        ids = map("7{:025d}".format, count())
        self._services = replace(
            holding(services, playbook), ledger=self.ledger, new_id=lambda: next(ids), now=self._now
        )
        self._at: datetime | None = None
        self._opened_by: dict[str, str] = {}  # a borrower opened here → the party that did it

    def _now(self) -> datetime:
        assert self._at is not None  # noqa: S101 (set by _together)
        return self._at

    def decide(self, cases: Mapping[str, Case]) -> dict[str, Outcome]:
        """What becomes of these inquiries (id → case), in their order."""
        names = {case.submission_id: id_ for id_, case in cases.items()}
        outcomes: dict[str, Outcome] = {}
        for group in apart(list(cases.values()), _TOGETHER):
            for submission_id, outcome in self._together(group):
                outcomes[names[submission_id]] = outcome
        return outcomes

    def _together(self, group: Sequence[Case]) -> Iterable[tuple[str, Outcome]]:
        """As in earnest: the group at once, one by one if that fails."""
        self._at = group[0].as_of
        try:
            decisions = decide_alone(self._services, group)
        except Exception as error:
            if len(group) == 1:
                _log.warning(
                    "simulation_failed", submission=group[0].submission_id, error=type(error).__name__
                )
                return [(group[0].submission_id, Outcome(failed=type(error).__name__))]
            return [found for case in group for found in self._together([case])]
        return [(one.submission_id, self._outcome(one)) for one in decisions]

    def _outcome(self, one: Decision) -> Outcome:
        return Outcome(
            type=str(one.inquiry.inquiry["type"]),
            verdict=", co-borrower ".join(str(each.identity.verdict) for each in one.recognised),
            who=" and ".join(
                self._who(f"{one.submission_id} {role}", each) for role, each in enumerate(one.recognised)
            ),
            owner=one.owner.owner,
            follow_ups=tuple(
                FollowUp(str(row["purpose"]), str(row["channel"]), row["due_at"])  # type: ignore[arg-type]
                for row in one.inquiry.follow_ups
            ),
            fields=dict(self._fields(one)),
        )

    def _who(self, party: str, one: Recognised) -> str:
        """A borrower by the party that opened it: ids made here differ from one trial to the other."""
        id_ = one.borrower.id
        if not one.known_before:
            self._opened_by[id_] = party
        return self._opened_by.get(id_, id_)

    def _fields(self, one: Decision) -> Iterable[tuple[str, str]]:
        for row in one.deliveries:
            place = f"delivery.bundle:{row['id']}"
            bundle = self._services.sealer.open_json(row["bundle"], place)  # type: ignore[arg-type]
            yield from ((f"{row['crm']} {name}", value) for name, value in _written(bundle))


def _written(bundle: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """What a bundle writes, by "deal amount"; the owner is compared by itself."""
    for role, contact in zip(("contact", "co-borrower"), bundle["contacts"], strict=False):
        yield from ((f"{role} {name}", value) for name, value in contact["fields"].items())
    deal = bundle["deal"]
    yield from ((f"deal {name}", value) for name, value in deal["fields"].items())
    yield from (
        (name, deal[key])
        for name, key in (("deal name", "name"), ("pipeline", "pipeline"), ("stage", "stage"))
    )
    yield "tags", ", ".join(bundle.get("tags", ()))
    for number, task in enumerate(bundle.get("tasks", ()), start=1):
        yield f"task {number} text", f"{task['subject']}\n{task['body']}"
        yield f"task {number} priority", task.get("priority", "")
