"""How deals and follow-ups of ours stand in HighLevel now, whoever changed them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from connectors.crm.base import Seen, Watched
from connectors.crm.highlevel.errors import NotThere
from connectors.crm.highlevel.names import Names
from connectors.crm.highlevel.opportunity_calls import OpportunityCalls
from connectors.crm.highlevel.records import Opportunity
from connectors.crm.highlevel.tasks import Tasks

_ENDS: Mapping[str, Literal["open", "won"]] = {"": "open", "open": "open", "won": "won"}


def look(tasks: Tasks, opportunities: OpportunityCalls, names: Names, watched: Watched) -> Seen:
    """Two calls: HighLevel reads tasks and opportunities one by one. Raises a CrmError."""
    task = tasks.read(watched.contact, watched.task)
    deal = _opportunity(opportunities, watched.deal)
    return Seen(
        task="gone" if task is None else "done" if task.completed else "open",
        deal="gone" if deal is None else _ENDS.get(deal.status, "lost"),
        task_owner=names.owner_of(task.owner) if task is not None and task.owner else "",
        owner=names.owner_of(deal.owner) if deal is not None and deal.owner else "",
        stage=names.label_of(deal.stage_id) if deal is not None else "",
    )


def _opportunity(calls: OpportunityCalls, opportunity_id: str) -> Opportunity | None:
    try:
        return calls.read(opportunity_id)
    except NotThere:
        return None
