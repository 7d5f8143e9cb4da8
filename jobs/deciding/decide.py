"""Decisions about a few inquiries, worked out beside the ledger's writers and stored in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from jobs.consent.closing import Closing, close_channels, leave_alone
from jobs.consent.heeding import SaidBefore, said_before
from jobs.deciding.decision import Case, Decision, work_out
from jobs.deciding.recognise import household_links
from jobs.ledger import (
    borrowers,
    consents,
    deliveries,
    events,
    first_touches,
    holders,
    inquiries,
    notices,
    pursuits,
    reviews,
    submission_states,
    workload,
)
from jobs.ledger.holders import Holders
from jobs.ledger.suppressions import reachable
from jobs.playbooks.current import holding
from jobs.services import Services
from mapping.ownership.capacity import Load, day_began, limited
from mapping.ownership.owner import Standing


@dataclass(frozen=True, slots=True)
class _Seen:
    """What decisions rest on; as long as it stays equal, they hold."""

    holders: Holders
    turns: Mapping[str, float]
    before: SaidBefore
    loads: Mapping[str, Load]  # so that no two deciders give a member the last place twice
    partners: Mapping[str, str]  # partner → who had their last borrower


def decide(services: Services, cases: Sequence[Case]) -> list[str]:
    """Store these inquiries with everything decided; the ids of the deliveries that are due.

    No two cases may share a key. A submission that somebody else decided meanwhile is left out. The
    decisions are made on a snapshot, so that nobody waits for them; if anything they rest on has changed by
    the time of storing, they are made again, under the same revision of the playbook. All are stored or
    none; but the first case in which somebody is found who is found in an earlier one, and those behind it,
    follow in a transaction of their own.
    """
    services = holding(services)
    with services.ledger.read() as connection:
        seen = _look(services, connection, cases)
    decisions = _work_out(services, cases, seen)
    names = [f"person:{kind}:{hash_}" for case in cases for kind, hash_ in case.all_keys]
    with services.ledger.write() as connection:
        # All locks in one request: two inquiries of one person, or for one round robin, wait in line.
        services.ledger.lock(connection, *names, "owner_turn")
        now_seen = _look(services, connection, cases)
        first, later = _without_common(cases, now_seen.holders)
        ours = submission_states.settle_processed(connection, [case.submission_id for case in first])
        mine = [case for case in first if case.submission_id in ours]
        if now_seen != seen or len(mine) < len(cases):
            seen, decisions = now_seen, _work_out(services, mine, now_seen)
        owed = _store(services, connection, decisions, seen) if decisions else []
    due = [str(row["id"]) for each in decisions for row in each.deliveries if row["state"] == "due"]
    return due + owed + (decide(services, later) if later else [])


def decide_alone(services: Services, cases: Sequence[Case]) -> list[Decision]:
    """As decide(), in a ledger that nobody else writes to: what was decided, stored without locks."""
    with services.ledger.read() as connection:
        seen = _look(services, connection, cases)
    first, later = _without_common(cases, seen.holders)
    decisions = _work_out(services, first, seen)
    with services.ledger.write() as connection:
        _store(services, connection, decisions, seen)
    return decisions + (decide_alone(services, later) if later else [])


def _without_common(cases: Sequence[Case], known: Holders) -> tuple[Sequence[Case], Sequence[Case]]:
    """The first cases, in which nobody is found twice, and the rest.

    Somebody known may be found by the email in one and by the phone in the next. Decided on one snapshot,
    what the second says would be stored over what the first one said.
    """
    found: set[str] = set()
    for place, case in enumerate(cases):
        people = {id_ for _, hash_ in case.all_keys for id_ in known.ids.get(hash_, ())}
        if not found.isdisjoint(people):
            return cases[:place], cases[place:]
        found |= people
    return cases, ()


def _look(services: Services, connection: Connection, cases: Sequence[Case]) -> _Seen:
    keys = [key for case in cases for key in case.all_keys]
    playbook = services.playbook
    senders = {case.partner_id for case in cases if case.partner_id}
    held = holders.of(connection, [key for case in cases for key in case.telling_keys(playbook.identity)])
    return _Seen(
        held,
        inquiries.turns(connection),
        said_before(connection, [hash_ for _, hash_ in keys], list(held.rows)),
        workload.loads(connection, limited(playbook), day_began(playbook, services.now())),
        workload.partner_owners(connection, senders, [member.email for member in playbook.team]),
    )


def _work_out(services: Services, cases: Sequence[Case], seen: _Seen) -> list[Decision]:
    decisions: list[Decision] = []
    standing, partners = Standing(seen.turns, loads=seen.loads), dict(seen.partners)
    for case in cases:
        here = replace(standing, partner_owner=partners.get(case.partner_id, ""))
        decided = work_out(services, case, seen.holders, here, seen.before)
        decisions.append(decided)
        standing = replace(standing, turns=decided.turns, loads=decided.loads)
        if case.partner_id and decided.owner.may_act:
            partners[case.partner_id] = decided.owner.owner
    return decisions


def _store(
    services: Services, connection: Connection, decisions: Sequence[Decision], seen: _Seen
) -> list[str]:
    """Store them; the ids of deliveries that are due besides their own."""
    inquiries.save_turns(connection, seen.turns, decisions[-1].turns)
    borrowers.save(connection, [one for each in decisions for one in each.borrowers])
    for each in decisions:
        for link in household_links(each.recognised, services.new_id):
            borrowers.join_household(
                connection, link.household_id, link.members, services.now(), new=link.new
            )
    inquiries.add(connection, [each.inquiry for each in decisions])
    for each in decisions:
        if each.pursued_instead_of:
            inquiry_id = str(each.inquiry.inquiry["id"])
            shadow = bool(each.inquiry.inquiry["shadow"])
            pursuits.carry(connection, each.pursued_instead_of, inquiry_id, services.now(), shadow=shadow)
    for each in decisions:
        events.name(connection, str(each.inquiry.inquiry["id"]), each.refs)
    reviews.open_all(connection, [one for each in decisions for one in each.reviews])
    deliveries.add(connection, [row for each in decisions for row in each.deliveries])
    first_touches.start_all(connection, [each.first_touch for each in decisions if each.first_touch])
    for alert in (alert for each in decisions for alert in each.alerts):
        notices.raise_alert(connection, **alert)
    notices.record_all(connection, [each.event for each in decisions])
    consents.add(connection, [line for each in decisions for line in each.said])
    said_no = [(each, closing) for each in decisions for closing in each.closings]
    return [id_ for each, closing in said_no for id_ in _close(services, connection, each, closing)]


def _close(services: Services, connection: Connection, decision: Decision, closing: Closing) -> list[str]:
    """What is said no to in one inquiry is closed in the borrower's others; an opt-out reaches further."""
    main = decision.recognised[0]
    if closing.opted_out:
        return leave_alone(services, connection, main.borrower.id, reachable(main.keys), closing)
    return close_channels(services, connection, main.borrower.id, closing) if main.known_before else []
