"""How deals and follow-ups of ours stand in Salesforce now, whoever changed them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from connectors.crm.base import Seen, Watched
from connectors.crm.salesforce.directory import Names
from connectors.crm.salesforce.modes import OWNER, Mode
from connectors.crm.salesforce.queries import Question, ask
from connectors.crm.salesforce.rows import Row
from connectors.crm.salesforce.soql import any_of
from connectors.crm.salesforce.transport import Transport


def look(transport: Transport, mode: Mode, names: Names, watched: Sequence[Watched]) -> list[Seen]:
    """One call for as many as there are. Raises a CrmError."""
    if not watched:
        return []
    tasks = [Question(s) for s in any_of(("IsClosed", OWNER), "Task", {"Id": [one.task for one in watched]})]
    # A lead that is converted was won; one that was given up has a status that says so.
    ends = ("IsConverted",) if mode.one_record else ("IsClosed", "IsWon")
    fields = (mode.stage, *ends, OWNER)
    deals = [Question(s) for s in any_of(fields, mode.deal, {"Id": [one.deal for one in watched]})]
    answers = ask(transport, [*tasks, *deals])
    rows = {row.id[:15]: row for answer in answers for row in answer}
    return [_seen(names, mode, ends, rows.get(one.task[:15]), rows.get(one.deal[:15])) for one in watched]


def _seen(names: Names, mode: Mode, ends: Sequence[str], task: Row | None, deal: Row | None) -> Seen:
    return Seen(
        task="gone" if task is None else "done" if task.flag("IsClosed") else "open",
        deal=_end(deal, ends),
        task_owner=_owner(names, task),
        owner=_owner(names, deal),
        stage=names.label_of(deal.text(mode.stage)) if deal is not None else "",
    )


def _end(deal: Row | None, ends: Sequence[str]) -> Literal["open", "won", "lost", "gone"]:
    if deal is None:
        return "gone"
    if not deal.flag(ends[0]):
        return "open"
    return "won" if deal.flag(ends[-1]) else "lost"


def _owner(names: Names, row: Row | None) -> str:
    owner_id = row.text(OWNER) if row is not None else ""
    return names.owner_of(owner_id) if owner_id else ""
