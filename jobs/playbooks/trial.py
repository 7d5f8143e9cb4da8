"""One playbook tried on cases, over a ledger of its own in memory: what each of them comes to."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import count
from typing import Any

import structlog

from jobs.deciding.decide import decide_alone
from jobs.deciding.decision import Case, Decision
from jobs.deciding.process import apart
from jobs.deciding.recognise import Recognised
from jobs.ledger import plans
from jobs.ledger.scratch import open_scratch
from jobs.playbooks.current import holding
from jobs.services import Services
from mapping.follow_up.cadence import next_touches
from mapping.follow_up.cadence_choice import Situation
from mapping.inquiry import Stage
from mapping.playbook import Playbook
from mapping.playbook.simulation import FollowUp, Outcome

#: So many inquiries are worked out together: a statement costs more than a row.
_TOGETHER = 32
#: So many touches after the first one are compared, where the playbooks differ in what comes next.
_TO_COME = 3
_log = structlog.get_logger()


class Trial:
    """One playbook over a ledger of its own. further: the touches after the first are worked out as well."""

    def __init__(self, services: Services, playbook: Playbook, *, further: bool) -> None:
        self.ledger = open_scratch()
        # Later than every real id: who was known first keeps a shared address.
        ids = map("7{:025d}".format, count())
        self._services = replace(
            holding(services, playbook), ledger=self.ledger, new_id=lambda: next(ids), now=self._now
        )
        self._playbook, self._further = playbook, further
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
        return [
            (one.submission_id, self._outcome(one, case)) for one, case in zip(decisions, group, strict=True)
        ]

    def _outcome(self, one: Decision, case: Case) -> Outcome:
        return Outcome(
            type=str(one.inquiry.inquiry["type"]),
            verdict=", co-borrower ".join(map(_verdict, one.recognised)),
            who=" and ".join(
                self._who(f"{one.submission_id} {role}", each) for role, each in enumerate(one.recognised)
            ),
            owner=one.owner.owner,
            follow_ups=tuple(self._follow_ups(one, case)),
            fields=dict(self._fields(one)),
        )

    def _follow_ups(self, one: Decision, case: Case) -> Iterator[FollowUp]:
        """What is planned at once, and what would come next if nothing else happened."""
        first: list[tuple[datetime, str]] = []
        for row in one.inquiry.follow_ups:
            due, channel = row["due_at"], str(row["channel"])
            assert isinstance(due, datetime)  # noqa: S101 (a column of moments)
            first.append((due, channel))
            yield FollowUp(str(row["purpose"]), channel, due)
        if self._further and first:
            yield from self._to_come(one, case, first)

    def _to_come(
        self, one: Decision, case: Case, first: Sequence[tuple[datetime, str]]
    ) -> Iterator[FollowUp]:
        due = min(due for due, _ in first)
        plan = plans.first_plan("", case.inquiry, due)
        situation = Situation(
            inquiry=case.inquiry,
            stage=Stage.NEW,
            owner=one.owner,
            missing=tuple(json.loads(str(one.inquiry.inquiry["missing"]))),
            anchors={"received": case.inquiry.received_at, **plan.anchors},
            since=plan.since,
            dues=tuple(first),
        )
        for touch in next_touches(situation, self._playbook, now=due, most=_TO_COME):
            yield FollowUp(touch.plan.purpose, touch.plan.channel, touch.plan.due_at)

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


def _verdict(one: Recognised) -> str:
    """Same, new or review; and whether somebody new was put to others we know."""
    return f"{one.identity.verdict}{' in a household we know' if one.identity.household_with else ''}"


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
