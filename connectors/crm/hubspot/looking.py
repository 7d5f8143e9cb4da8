"""How deals and follow-ups of ours stand in HubSpot now, whoever changed them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from connectors.crm.base import Seen, Watched
from connectors.crm.hubspot.directory import Names
from connectors.crm.hubspot.objects import Objects
from connectors.crm.hubspot.records import OWNER, Record
from connectors.crm.hubspot.tasks import DONE, STATUS

_STAGE, _CLOSED, _WON = "dealstage", "hs_is_closed", "hs_is_closed_won"


def look(objects: Objects, names: Names, watched: Sequence[Watched]) -> list[Seen]:
    """One read of tasks and one of deals for a hundred of them; both come from the database, so nothing lags.

    Raises a CrmError when a call fails.
    """
    tasks = {one.id: one for one in objects.fetch("tasks", (one.task for one in watched), (STATUS, OWNER))}
    deals = objects.by_id("deals", (one.deal for one in watched), (_STAGE, _CLOSED, _WON, OWNER))
    return [_seen(names, tasks.get(one.task), deals.get(one.deal)) for one in watched]


def _seen(names: Names, task: Record | None, deal: Record | None) -> Seen:
    done = task is not None and task.properties.get(STATUS) == DONE
    return Seen(
        task="gone" if task is None else "done" if done else "open",
        deal=_end(deal),
        task_owner=_owner(names, task),
        owner=_owner(names, deal),
        stage=names.label_of(deal.properties.get(_STAGE, "")) if deal is not None else "",
    )


def _end(deal: Record | None) -> Literal["open", "won", "lost", "gone"]:
    if deal is None:
        return "gone"
    if deal.properties.get(_CLOSED) != "true":
        return "open"
    return "won" if deal.properties.get(_WON) == "true" else "lost"


def _owner(names: Names, record: Record | None) -> str:
    owner_id = record.properties.get(OWNER, "") if record is not None else ""
    return names.owner_of(owner_id) if owner_id else ""
