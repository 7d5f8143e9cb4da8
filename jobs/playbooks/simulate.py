"""What a draft of the playbook would have made of what arrived: nothing is stored, nobody is called."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from jobs.deciding.decision import Case, open_case
from jobs.ledger.scratch import Prehistory
from jobs.paths.current import NO_CHANGES, settled_paths
from jobs.playbooks.current import holding
from jobs.playbooks.replay import Replayed, again, replay
from jobs.playbooks.trial import Trial
from jobs.services import Services
from mapping.playbook import Playbook
from mapping.playbook.simulation import SET_ASIDE, Outcome, Report

#: So many inquiries are read at once.
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Simulated:
    """The report, and how many inquiries were understood anew from what arrived."""

    report: Report
    active: Playbook
    draft: Playbook
    understood: int


def simulate(
    services: Services,
    draft: Playbook,
    *,
    since: datetime,
    examples: int = 5,
    told: Callable[[int], None] = lambda _: None,
) -> Simulated:
    """Decide every inquiry since then again, in the order of arrival, under the active playbook and under the
    draft, each in a ledger of its own in memory; what was known before is brought over.

    Each is decided as of its arrival. The round robin and what members have on the table begin at nothing;
    what happened to an inquiry later is not replayed. Where the cadences differ, the next touches are
    compared as well. told hears now and then how many are done. Raises LedgerUnavailable.
    """
    here = _still(services)
    further = (draft.cadences, draft.in_crm) != (here.playbook.cadences, here.playbook.in_crm)
    active, other = (Trial(here, playbook, further=further) for playbook in (here.playbook, draft))
    reads_alike = draft.reading == here.playbook.reading
    earlier, report, understood = Prehistory(since), Report(examples), 0
    try:
        for chunk in replay(here, since, _CHUNK):
            cases = {one.id: _case(here, one) for one in chunk}
            others = cases if reads_alike else _cases_under(here, draft, chunk)
            _bring(services, earlier, (active, other), [*cases.values(), *others.values()])
            before, after = active.decide(cases), other.decide(others)
            for one in chunk:
                report.add(one.id, before[one.id], after.get(one.id, Outcome(failed=SET_ASIDE)))
            understood += sum(one.anew for one in chunk)
            told(report.replayed)
    finally:
        active.ledger.close()
        other.ledger.close()
    return Simulated(report, here.playbook, draft, understood)


def _bring(services: Services, earlier: Prehistory, trials: Sequence[Trial], cases: Sequence[Case]) -> None:
    """What was known of these people and partners before."""
    hashes = [hash_ for case in cases for _, hash_ in case.all_keys]
    senders = [case.partner_id for case in cases if case.partner_id]
    with services.ledger.read() as connection:
        earlier.bring(connection, [trial.ledger for trial in trials], hashes, senders)


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
