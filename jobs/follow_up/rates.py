"""Rates fell: everybody on the list that a cadence keeps is told, each once for this time."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_

from jobs.ledger import notices, plans
from jobs.ledger.tables import inquiry
from jobs.services import Services
from mapping.playbook.cadences import Cadence


@dataclass(frozen=True, slots=True)
class RatesFell:
    """How many inquiries are on the list, and whether the playbook has a cadence for it at all."""

    inquiries: int
    has_cadence: bool


def rates_fell(services: Services, actor: str, *, dry_run: bool = False) -> RatesFell:
    """Count the touches of the cadences with the anchor "rates" from now; whoever looks next plans them.

    An inquiry that no longer meets a cadence's other conditions gets nothing. dry_run only counts.
    """
    now = services.now()
    listed = [one for one in services.playbook.cadences if one.anchor == "rates"]
    if not listed:
        return RatesFell(0, has_cadence=False)
    chosen = or_(*map(_roughly, listed))
    with services.ledger.write() as connection:
        if dry_run:
            return RatesFell(plans.count_of(connection, chosen), has_cadence=True)
        count = plans.set_rates(connection, chosen, now)
        notices.record(
            connection,
            id=services.new_id(),
            at=now,
            actor=actor,
            action="follow_up.rates_fell",
            object_kind="playbook",
            object_id=services.playbook.name,
            detail=f"{count} inquiries",
        )
    return RatesFell(count, has_cadence=True)


def _roughly(cadence: Cadence) -> ColumnElement[bool]:
    """Whose inquiries it may be about, as far as a column tells."""
    stages = inquiry.c.stage.in_(sorted(cadence.stages))
    return and_(stages, inquiry.c.type.in_(sorted(cadence.types))) if cadence.types else stages
