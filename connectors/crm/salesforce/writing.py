"""What is written for a borrower, a deal and a follow-up: texts by field, checked against the org."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from connectors.crm.moving_on import due_as_left, words_as_left
from connectors.crm.salesforce.describe import ObjectInfo
from connectors.crm.salesforce.directory import Names, Owner
from connectors.crm.salesforce.modes import KEY, PLACEHOLDER, Mode
from connectors.crm.salesforce.rows import Row
from connectors.crm.salesforce.values import cut, prepared, today
from connectors.crm.trampling import changes, same_value
from mapping.crm.bundle import ContactRecord, DealRecord, TaskRecord

# Tasks cannot carry a unique field of ours, so the description names the follow-up on its last line.
_MARKER = "Firstpath ref: "
_MARKED = re.compile(re.escape(_MARKER) + r"([\w.:-]+)")
_SUBTYPES: Mapping[str, str] = {"call": "Call", "email": "Email"}
_PRIORITIES: Mapping[str, str] = {"LOW": "Low", "MEDIUM": "Normal", "HIGH": "High"}
_DESCRIPTION = 32_000
#: When a task is due, as far as this org shows it.
DUE = ("ActivityDate", "ReminderDateTime", "IsReminderSet")
DESCRIPTION = "Description"


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts by field: what a record should say, and what only a new record gets besides."""

    wanted: Mapping[str, str]
    at_creation: Mapping[str, str]

    def new(self) -> dict[str, str]:
        """Everything a new record gets."""
        return {**self.at_creation, **self.wanted}


class Writer:
    """Makes texts for one delivery run. Raises Rejected, naming the field, for what the org will not take."""

    def __init__(self, names: Names, mode: Mode, now: float, closes_in_days: int) -> None:
        self._names = names
        self._mode = mode
        self._closing = today(now) + timedelta(days=closes_in_days)

    def person(self, borrower: ContactRecord) -> Texts:
        """A borrower. Owner and what every record must have are written at creation only."""
        info = self._names.book.info(self._mode.person)
        wanted = prepared(info, {n: v for n, v in borrower.fields.items() if v and n != "OwnerId"})
        # An opt-out is raised, never lowered.
        wanted = {n: v for n, v in wanted.items() if n not in self._mode.opt_outs or v == "true"}
        wanted |= prepared(info, {KEY: borrower.key})
        made = {name: self._filler(name, borrower) for name in self._mode.required if name not in wanted}
        made |= _owned(self._names.owner(borrower.owner_email)) if borrower.owner_email else {}
        if self._mode.name == "person_account" and self._names.book.person_type:
            made["RecordTypeId"] = self._names.book.person_type
        return Texts(wanted, prepared(info, made))

    def deal(self, deal: DealRecord) -> Texts:
        """A deal. In lead mode its fields go on the lead and may fill what is blank there."""
        info = self._names.book.info(self._mode.deal)
        stage = {self._mode.stage: self._names.stage(deal.stage)}
        owner = _owned(self._names.owner(deal.owner_email)) if deal.owner_email else {}
        fields = prepared(info, {n: v for n, v in deal.fields.items() if v and n not in {*stage, "OwnerId"}})
        if self._mode.one_record:
            return Texts(fields, prepared(info, stage))
        usual = {"Name": deal.name or "Mortgage inquiry", "CloseDate": self._closing.isoformat()}
        own = prepared(info, usual | stage | owner | {KEY: deal.key})
        return Texts({}, {**own, **fields, KEY: own[KEY]})

    def task(self, task: TaskRecord) -> Texts:
        """A follow-up, due on the owner's calendar day; fields that this org hides are left out."""
        info = self._names.book.info("Task")
        owner = self._names.owner(task.owner_email) if task.owner_email else None
        texts = {
            "Subject": task.subject,
            "Description": _description(task, info),
            "ActivityDate": _day(task.due_at, owner.zone if owner else ""),
            "IsReminderSet": "true",
            "ReminderDateTime": task.due_at.astimezone(UTC).isoformat(),
            "Priority": _PRIORITIES.get(task.priority, "Normal"),
            "Status": "Not Started",
            "TaskSubtype": _SUBTYPES.get(task.channel, "Task"),
        }
        offered = {n: v for n, v in texts.items() if n in info.fields and info.fields[n].createable}
        return Texts({}, prepared(info, offered | (_owned(owner) if owner else {})))

    def _filler(self, name: str, borrower: ContactRecord) -> str:
        """A value for a required field that nobody answered."""
        if name == "LastName":
            return borrower.last_name or PLACEHOLDER
        first = borrower.fields.get("FirstName") or next(iter(borrower.names), "")
        last = borrower.fields.get("LastName") or borrower.last_name
        return " ".join(filter(None, (first, last))) or PLACEHOLDER


def allowed(texts: Texts, row: Row, overwrite: frozenset[str]) -> dict[str, str]:
    """The part of the texts that may be written over what stands there."""
    found = changes(texts.wanted, row.standing(), overwrite, ours=KEY)
    return {name: value for name, value in found.items() if not same_value(value, row.text(name))}


def marked(description: str) -> str:
    """The follow-up that a task's description names, "" when it names none."""
    found = _MARKED.findall(description)
    return found[-1] if found else ""


def _description(task: TaskRecord, info: ObjectInfo) -> str:
    """The body with the marker as its last line, which a long text must not push out."""
    mark = f"\n\n{_MARKER}{task.key}"
    field = info.fields.get("Description")
    room = (field.length if field and field.length else _DESCRIPTION) - len(mark)
    return cut(task.body, room) + mark


def due_there_as_left(task: TaskRecord, row: Row, zone: str) -> bool:
    """Whether an open task is due there when we said; zone is that of the owner it was due for.

    A person moves the day, the reminder or both. A reminder that went off and was put away says nothing.
    """
    if task.due_from is None or row.text("ActivityDate") != _day(task.due_from, zone):
        return False
    reminder = row.text("ReminderDateTime") if row.flag("IsReminderSet") else ""
    return not reminder or due_as_left(task.due_from, reminder)


def words_there_as_left(task: TaskRecord, row: Row, info: ObjectInfo) -> bool:
    """Whether an open task that is handed over says there what we wrote."""
    left = _description(replace(task, body=task.body_from), info) if task.body_from else ""
    return words_as_left(left, row.text(DESCRIPTION))


def _day(due_at: datetime, zone: str) -> str:
    return due_at.astimezone(_zone(zone)).date().isoformat()


def _owned(owner: Owner) -> dict[str, str]:
    return {"OwnerId": owner.id}


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
