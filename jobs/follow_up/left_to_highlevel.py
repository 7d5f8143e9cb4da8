"""What cadences left to HighLevel, and what of it is to end there because they decide no longer."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from sqlalchemy import Connection

from jobs.follow_up.situations import plan_of, situation_of
from jobs.known import KnownInquiry
from jobs.ledger import follow_ups
from jobs.services import Services
from mapping.crm.bundle import FollowUpStart
from mapping.follow_up.cadence_choice import leader, running
from mapping.playbook.cadences import Cadence


def to_be_stopped(
    services: Services,
    connection: Connection,
    known: KnownInquiry,
    closed: Collection[str],
    start: FollowUpStart | None,
) -> tuple[FollowUpStart, ...]:
    """The workflows and phase tags that HighLevel is to end for an inquiry; () when there are none.

    closed are follow-ups that were called off just now, start is what begins instead. Whatever ends counts as
    never begun, so that it begins anew should its cadence decide again.
    """
    left = [one for one in services.playbook.cadences if one.left_to_highlevel]
    if not left:
        return ()
    begun = {one.touch.split("/")[0] for one in follow_ups.earlier(connection, known.id) if one.touch}
    # Of what was called off before it was due nobody knows any more of which cadence it was: all may be.
    asked = [one for one in left if closed or start or one.name in begun]
    going_on = _going_on(services, connection, known)
    ends = [one for one in asked if one.name not in going_on and _start_of(one) != start]
    for one in ends:
        follow_ups.forget_touches(connection, known.id, one.name)
    stay = [_start_of(one) for one in left if one not in ends] + ([start] if start else [])
    stops = (_without(_start_of(one), stay) for one in ends)
    return tuple(dict.fromkeys(one for one in stops if one.workflow or one.tag))


def _going_on(services: Services, connection: Connection, known: KnownInquiry) -> set[str]:
    """The names of the cadences that decide now, or will: none when a person stopped or paused it."""
    now = services.now()
    plan = plan_of(connection, known, now)
    if plan.paused_until is not None and plan.paused_until > now:
        return set()
    situation = situation_of(services, known, plan, follow_ups.earlier(connection, known.id))
    runs = running(situation, services.playbook)
    return {one.cadence.name for one in runs if leader(runs, max(now, one.start or now)) is one}


def _start_of(cadence: Cadence) -> FollowUpStart:
    return FollowUpStart(cadence.workflow, cadence.tag)


def _without(stop: FollowUpStart, stay: list[FollowUpStart]) -> FollowUpStart:
    """What two cadences share goes on with the other."""
    workflow = "" if any(one.workflow == stop.workflow for one in stay) else stop.workflow
    return replace(stop, workflow=workflow, tag="" if any(one.tag == stop.tag for one in stay) else stop.tag)
