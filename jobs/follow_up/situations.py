"""Where an inquiry stands, for planning: from its row, its plan and the touches that were planned before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from jobs.ledger import inquiries, plans
from jobs.ledger.follow_ups import Earlier
from jobs.ledger.plans import Plan
from jobs.services import Services
from mapping.follow_up.cadence_choice import Situation
from mapping.follow_up.checklist import still_missing
from mapping.ownership.turns import Turns

if TYPE_CHECKING:
    from jobs.known import KnownInquiry


def plan_of(connection: Connection, known: KnownInquiry, now: datetime) -> Plan:
    """The stored plan; for an inquiry from before there were plans one that begins now."""
    found = plans.get(connection, known.id)
    return found or replace(plans.first_plan(known.id, known.details, now), since=now, stage_at=now)


def turns_to_stand_in(services: Services, connection: Connection, known: KnownInquiry) -> Turns:
    """The turns of the team, for who stands in; none are read for an owner who is never away."""
    member = services.playbook.member(known.owner.owner)
    return inquiries.turns(connection) if member is not None and member.absences else {}


def situation_of(
    services: Services,
    known: KnownInquiry,
    plan: Plan,
    before: Sequence[Earlier],
    turns: Turns | None = None,
) -> Situation:
    """Where the inquiry stands, for planning; turns are those of the team, as far as touches are planned."""
    asked = known.details
    received = min(filter(None, (asked.submitted_at, asked.received_at)))
    return Situation(
        inquiry=asked,
        stage=known.stage,
        owner=known.owner,
        missing=still_missing(asked, services.playbook, known.stage),
        anchors={"received": received, **plan.anchors},
        since=plan.since,
        planned=frozenset(one.touch for one in before if one.touch),
        dues=tuple((one.due_at, one.channel) for one in before if one.open),
        carried=plan.carried_by is not None,
        stopped=plan.state == "stopped",
        turns=turns or {},
    )
