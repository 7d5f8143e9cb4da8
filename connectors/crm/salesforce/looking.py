"""What stands in Salesforce before anything is written: persons, deals, and tasks of an earlier attempt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from connectors.crm.base import Rejected, Work
from connectors.crm.borrowers import Job
from connectors.crm.moving_on import brings_news
from connectors.crm.progress import Progress
from connectors.crm.salesforce.directory import ROLE, Names
from connectors.crm.salesforce.finding import Finder, Standing
from connectors.crm.salesforce.modes import KEY, OWNER, Mode
from connectors.crm.salesforce.parts import Name
from connectors.crm.salesforce.queries import Question, ask
from connectors.crm.salesforce.rows import Row
from connectors.crm.salesforce.soql import any_of
from connectors.crm.salesforce.transport import Transport
from connectors.crm.salesforce.writing import DESCRIPTION, DUE, marked
from mapping.crm.bundle import DealRecord

NEWS_TO_NOBODY = Rejected(
    "The deal of this inquiry was deleted in Salesforce, so it cannot be told what happened since.",
    remedy="Restore it in Salesforce and press Retry, or close the inquiry here.",
)
DEAL_DELETED = Rejected(
    "The deal or contact that this follow-up belongs to was deleted in Salesforce.",
    remedy="Restore it in Salesforce and press retry, or cancel the follow-up.",
)

_OPEN_OR_NOT = ("Subject", "IsClosed", OWNER)


@dataclass(slots=True)
class Present:
    """What stands there: persons and deals by our key, and who already has a role on which deal.

    deals are only those that news is told to.
    """

    persons: dict[str, Standing] = field(default_factory=dict)
    deals: dict[str, Row] = field(default_factory=dict)
    roles: dict[str, set[str]] = field(default_factory=dict)  # deal id → contact ids, of deals we looked at
    closing: dict[str, Row] = field(default_factory=dict)  # tasks to close, by the follow-up's key
    handing: dict[str, Row] = field(default_factory=dict)  # tasks to hand over, by the follow-up's key


class Look:
    """The reading part of a delivery run: one call, and one more after an unknown outcome."""

    def __init__(
        self, transport: Transport, mode: Mode, names: Names, progress: Progress, work: Sequence[Work]
    ) -> None:
        self._transport = transport
        self._mode = mode
        self._names = names
        self._progress = progress
        self._work = work

    def run(self, finder: Finder, jobs: Mapping[str, Job]) -> Present:
        """Read, and settle the deals and tasks that are there already. Raises a CrmError."""
        self._known_tasks()
        questions = [] if self._mode.one_record else self._about_deals()
        persons, answers = finder.stand(jobs, [*questions, *self._about_tasks()])
        present = Present(persons)
        if not self._mode.one_record:
            rows = (row for answer in answers[: len(questions)] for row in answer)
            present.deals = self._deals({row.id: row for row in rows})
        tasks = {row.id[:15]: row for answer in answers[len(questions) :] for row in answer}
        self._closed(tasks, present)
        self._handed_over(tasks, present)
        tried = [piece for piece in self._work if piece.look_first]
        if tried:
            self._left_behind(tried, present)
        return present

    def _known_tasks(self) -> None:
        for piece in self._work:
            for task in piece.bundle.tasks:
                link = piece.links.get(("task", task.key), "")
                if link and not task.owner_from:
                    self._progress.done("task", task.key, link, "unchanged")

    def _about_tasks(self) -> list[Question]:
        """Those that are to be closed or handed over."""
        asked = [found for piece in self._work for found in (_links_to_close(piece), _links_to_hand(piece))]
        ids = [link for links in asked for link in links.values()]
        fields = self._names.book.info("Task").fields
        moved = [name for name in (*DUE, DESCRIPTION) if name in fields] if ids else []
        return [Question(one) for one in any_of((*_OPEN_OR_NOT, *moved), "Task", {"Id": ids} if ids else {})]

    def _closed(self, rows: Mapping[str, Row], present: Present) -> None:
        """Settle what is closed or gone; the rest is to be closed."""
        for piece in self._work:
            for key, link in _links_to_close(piece).items():
                row = rows.get(link[:15])
                if row is None or row.flag("IsClosed"):
                    self._progress.done("task", key, link, "unchanged", "nothing was left to close")
                else:
                    present.closing[key] = row

    def _handed_over(self, rows: Mapping[str, Row], present: Present) -> None:
        """Settle what is closed or gone; the rest is to be handed over, if we gave it to its owner."""
        for piece in self._work:
            for key, link in _links_to_hand(piece).items():
                row = rows.get(link[:15])
                if row is None or row.flag("IsClosed"):
                    self._progress.done("task", key, link, "unchanged", "nothing was left to hand over")
                else:
                    present.handing[key] = row

    def _about_deals(self) -> list[Question]:
        """Deals of an earlier attempt by our key; linked ones that a task is put on, or news told to."""
        keys, ids = [], []
        fields: dict[str, None] = {KEY: None}
        for piece in self._work:
            deal = piece.bundle.deal
            if deal is None or self._refused(deal):
                continue
            link = piece.links.get(("deal", deal.key), "")
            news = brings_news(deal)
            if link and (news or self._tasks_open(piece)):
                ids.append(link)
            elif not link and piece.look_first:
                keys.append(deal.key)
            else:
                continue
            fields |= dict.fromkeys((self._mode.stage, OWNER, *deal.fields)) if news else {}
        wanted = {name: values for name, values in ((KEY, keys), ("Id", ids)) if values}
        return [Question(statement) for statement in any_of(fields, self._mode.deal, wanted)]

    def _tasks_open(self, piece: Work) -> bool:
        return any(not self._progress.settled("task", task.key) for task in piece.bundle.tasks)

    def _deals(self, rows: Mapping[str, Row]) -> dict[str, Row]:
        """Settle the deals that stand there; those that news is told to, by our key."""
        by_key = {row.text(KEY): row.id for row in rows.values()}
        alive = {remote_id[:15] for remote_id in rows}
        for piece in self._work:
            deal = piece.bundle.deal
            if deal is None or self._refused(deal):
                continue
            if link := piece.links.get(("deal", deal.key), ""):
                self._linked(piece, deal, link, alive=link[:15] in alive)
            elif piece.look_first and deal.key in by_key:
                self._progress.done("deal", deal.key, by_key[deal.key], "unchanged", "our key")
        return self._told(rows)

    def _linked(self, piece: Work, deal: DealRecord, link: str, *, alive: bool) -> None:
        if not alive and brings_news(deal):
            self._progress.failed("deal", deal.key, NEWS_TO_NOBODY)
            return
        self._progress.done("deal", deal.key, link, "unchanged")
        if not alive:
            self._fail_tasks(piece)

    def _refused(self, deal: DealRecord) -> bool:
        """Whether the news cannot be told as it stands: then nothing of it may be asked for either."""
        name: Name = ("deal", deal.key)
        return brings_news(deal) and self._progress.settled(*name) and not self._progress.remote_id(*name)

    def _told(self, rows: Mapping[str, Row]) -> dict[str, Row]:
        by_id = {remote_id[:15]: row for remote_id, row in rows.items()}
        deals = [piece.bundle.deal for piece in self._work if piece.bundle.deal is not None]
        there = {deal.key: by_id.get(self._progress.remote_id("deal", deal.key)[:15]) for deal in deals}
        news = {deal.key for deal in deals if brings_news(deal)}
        return {key: row for key, row in there.items() if row is not None and key in news}

    def _fail_tasks(self, piece: Work) -> None:
        for task in piece.bundle.tasks:
            if not self._progress.settled("task", task.key):
                self._progress.failed("task", task.key, DEAL_DELETED)

    def _left_behind(self, tried: Sequence[Work], present: Present) -> None:
        """Tasks that an earlier attempt left, by their marker, and roles on deals that it left."""
        deals = [deal_id for piece in tried if (deal_id := self._deal_id(piece))]
        persons = [i for piece in tried if not self._deal_id(piece) for i in self._who(piece, present)]
        parents = {name: ids for name, ids in (("WhatId", deals), ("WhoId", persons)) if ids}
        about_tasks = [Question(s) for s in any_of(("Description", *_OPEN_OR_NOT), "Task", parents)]
        on_deals = {"OpportunityId": deals} if deals else {}
        about_roles = [Question(s) for s in any_of(("OpportunityId", "ContactId"), ROLE, on_deals)]
        if not about_tasks and not about_roles:
            return
        answers = ask(self._transport, [*about_tasks, *about_roles])
        there = {marked(row.text("Description")): row for a in answers[: len(about_tasks)] for row in a}
        for piece in tried:
            for task in piece.bundle.tasks:
                known = task.key in present.handing or self._progress.settled("task", task.key)
                if task.key in there and not known:
                    self._progress.done("task", task.key, there[task.key].id, "unchanged", "our reference")
            left = {key: there[key] for key in piece.bundle.closed if key in there}
            present.closing |= {key: row for key, row in left.items() if not row.flag("IsClosed")}
        present.roles |= {deal_id: set() for deal_id in deals}
        for row in (row for answer in answers[len(about_tasks) :] for row in answer):
            present.roles.setdefault(row.text("OpportunityId"), set()).add(row.text("ContactId"))

    def _deal_id(self, piece: Work) -> str:
        deal = piece.bundle.deal
        return self._progress.remote_id("deal", deal.key) if deal is not None else ""

    def _who(self, piece: Work, present: Present) -> list[str]:
        """Whom the piece's tasks would hang on."""
        first = piece.bundle.contacts[0].key if piece.bundle.contacts else ""
        standing = present.persons.get(first)
        return [contact_id(standing.row, self._mode)] if standing is not None else []


def _links_to_close(piece: Work) -> dict[str, str]:
    """The tasks to be closed that we know of; one without a link was never made, or just now."""
    return {key: link for key in piece.bundle.closed if (link := piece.links.get(("task", key), ""))}


def _links_to_hand(piece: Work) -> dict[str, str]:
    """The tasks to be handed over that we know of; one without a link is made for its new owner."""
    tasks = (task for task in piece.bundle.tasks if task.owner_from)
    return {task.key: link for task in tasks if (link := piece.links.get(("task", task.key), ""))}


def contact_id(row: Row, mode: Mode) -> str:
    """Whom a task or role refers to: a converted lead's contact, a person account's contact."""
    if mode.name == "person_account":
        return row.text("PersonContactId") or row.id
    return row.text("ConvertedContactId") or row.id
