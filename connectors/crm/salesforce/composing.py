"""Composes one bundle's transaction out of what stands there and what should be said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from connectors.crm.base import Action, RecordKind, Work
from connectors.crm.moving_on import brings_news, hands_over, moves, to_write
from connectors.crm.progress import Progress
from connectors.crm.salesforce import parts
from connectors.crm.salesforce.directory import ROLE, Names
from connectors.crm.salesforce.finding import Standing
from connectors.crm.salesforce.looking import Present, contact_id
from connectors.crm.salesforce.modes import KEY, OWNER, Mode
from connectors.crm.salesforce.parts import Part, Reference
from connectors.crm.salesforce.rows import Row
from connectors.crm.salesforce.values import as_json, prepared
from connectors.crm.salesforce.writing import (
    DESCRIPTION,
    DUE,
    Texts,
    allowed,
    due_there_as_left,
    words_there_as_left,
)
from mapping.crm.bundle import ContactRecord, DealRecord, TaskRecord

_CONVERTED = "the lead was converted, so the follow-up is on its contact"
_ON_THE_LEAD = "added to the lead that stands there: one person, one lead"
_DONE = "Completed"
_ROLES = ("Borrower", "Co-Borrower")
Who = str | Reference


@dataclass(slots=True)
class Plan:
    """A transaction in the making: its parts, and what each changed as texts by reference."""

    parts: list[Part] = field(default_factory=list)
    texts: dict[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(slots=True)
class Composer:
    """Composes the transactions of one delivery run.

    texts are by (kind, key); insisted are the borrowers to be saved although a duplicate rule objected.
    """

    mode: Mode
    names: Names
    progress: Progress
    present: Present
    texts: Mapping[parts.Name, Texts]
    overwrite: Mapping[str, frozenset[str]]
    auto_assign: bool
    insisted: set[str] = field(default_factory=set)

    def compose(self, work: Work) -> Plan:
        """The parts for whatever is not settled yet; settles what needs no part."""
        plan = Plan()
        people = {contact.key: contact for contact in work.bundle.contacts}
        persons = [self._person(plan, contact, work) for contact in people.values()]
        whole = all(not self._failed("contact", key) for key in people)
        if not whole or not persons:
            return plan
        what = self._deal(plan, work, persons)
        if work.bundle.deal is None or not self._failed("deal", work.bundle.deal.key):
            self._tasks(plan, work, persons[0][1], what)
        return plan

    def _failed(self, kind: RecordKind, key: str) -> bool:
        return self.progress.settled(kind, key) and not self.progress.remote_id(kind, key)

    def _person(self, plan: Plan, borrower: ContactRecord, work: Work) -> tuple[Who, Who]:
        """(the person's record, the contact that tasks and roles refer to)."""
        if self._failed("contact", borrower.key):
            return "", ""
        standing = self.present.persons.get(borrower.key)
        deal = self._deal_of_lead(borrower, work)
        if standing is None:
            return self._new_person(plan, borrower, deal)
        self._standing_person(plan, borrower, standing, deal, work)
        return standing.row.id, contact_id(standing.row, self.mode)

    def _deal_of_lead(self, borrower: ContactRecord, work: Work) -> DealRecord | None:
        """The deal that this lead is at the same time, as long as it is to be written."""
        deal = work.bundle.deal if self.mode.one_record else None
        if (
            deal is None
            or borrower.key != work.bundle.contacts[0].key
            or self.progress.settled("deal", deal.key)
        ):
            return None
        return deal

    def _new_person(self, plan: Plan, borrower: ContactRecord, deal: DealRecord | None) -> tuple[Who, Who]:
        wanted = self.texts["contact", borrower.key].new()
        wanted |= self.texts["deal", deal.key].new() if deal is not None else {}
        reference = f"p{len(plan.parts)}"
        name: parts.Name = ("contact", borrower.key)
        made = parts.upsert(
            reference, self.mode.person, name, self._json(wanted), self._headers(borrower.key, new=True)
        )
        back = [KEY, "PersonContactId"] if self.mode.name == "person_account" else [KEY]
        plan.parts += [made, parts.confirm(f"{reference}_back", made, *back)]
        plan.texts[reference] = wanted
        who = Reference(reference)
        if self.mode.name == "person_account":
            return who, Reference(f"{reference}_back", "PersonContactId")
        return who, who

    def _standing_person(
        self, plan: Plan, borrower: ContactRecord, standing: Standing, deal: DealRecord | None, work: Work
    ) -> None:
        row = standing.row
        change: dict[str, str] = {}
        if not row.flag("IsConverted"):
            if not self.progress.settled("contact", borrower.key):
                texts = self.texts["contact", borrower.key]
                change |= allowed(texts, row, self.overwrite.get(borrower.key, frozenset()))
                change |= self._handed_over(borrower, row)
            if deal is not None and work.links.get(("deal", deal.key)) != row.id:
                change |= allowed(self.texts["deal", deal.key], row, frozenset())
            if deal is not None:
                change |= self._news(deal, row)
        if change:
            reference = f"p{len(plan.parts)}"
            body, headers = self._json(change), self._headers(borrower.key, new=False)
            plan.parts.append(
                parts.update(reference, self.mode.person, ("contact", borrower.key), row.id, body, headers)
            )
            plan.texts[reference] = change
            return
        self.person_done(borrower.key, standing, "unchanged")
        if deal is not None:
            self.deal_on_lead(deal, standing, changed=False)

    def _handed_over(self, record: ContactRecord | DealRecord | TaskRecord, row: Row) -> dict[str, str]:
        """The new owner of what stands there, where the one stands whom we gave it before."""
        if not record.owner_from:
            return {}
        left, to = self.names.known_owner(record.owner_from), self.names.owner(record.owner_email).id
        return {OWNER: to} if hands_over(left, to, row.text(OWNER)) else {}

    def person_done(self, key: str, standing: Standing, action: Action) -> None:
        """The person stands there and needs nothing more."""
        if self.progress.settled("contact", key):
            return
        notes = [standing.note, _CONVERTED if standing.row.flag("IsConverted") else ""]
        done: Action = "adopted" if standing.adopted else action
        note = "; ".join(filter(None, notes))
        left = tuple(channel for name, channel in self.mode.opt_outs.items() if standing.row.flag(name))
        self.progress.done("contact", key, standing.row.id, done, note, standing.review, left)

    def deal_on_lead(self, deal: DealRecord, standing: Standing, *, changed: bool) -> None:
        """The inquiry is on a lead that stood there."""
        action: Action = "updated" if changed else "unchanged"
        self.progress.done("deal", deal.key, standing.row.id, action, _ON_THE_LEAD)

    def _deal(self, plan: Plan, work: Work, persons: list[tuple[Who, Who]]) -> Who:
        """What a task hangs on besides its person, "" when there is nothing."""
        deal = work.bundle.deal
        if self.mode.one_record:
            first = self.present.persons.get(work.bundle.contacts[0].key)
            return first.row.text("ConvertedOpportunityId") if first is not None else ""
        if deal is None or self._failed("deal", deal.key):
            return ""
        if known := self.progress.remote_id("deal", deal.key):
            self._tell(plan, deal, known)
            missing = self._roles_missing(known, persons)
            self._roles(plan, deal, known, missing)
            return known
        body = self._json(self.texts["deal", deal.key].new(), self.mode.deal)
        account = self._account(work, persons[0][0])
        if account and "AccountId" in self.names.book.info(self.mode.deal).fields:
            body.setdefault("AccountId", account)
        made = parts.upsert("deal", self.mode.deal, ("deal", deal.key), body)
        plan.parts += [made, parts.confirm("deal_back", made, KEY)]
        self._roles(plan, deal, Reference("deal"), list(enumerate(dict.fromkeys(who for _, who in persons))))
        return Reference("deal")

    def _tell(self, plan: Plan, deal: DealRecord, remote_id: str) -> None:
        """Bring news to a deal that stands there."""
        row = self.present.deals.get(deal.key)
        change = self._news(deal, row) if row is not None else {}
        if change:
            body = self._json(change, self.mode.deal)
            plan.parts.append(parts.update("news", self.mode.deal, ("deal", deal.key), remote_id, body, {}))
            plan.texts["news"] = change

    def _news(self, deal: DealRecord, row: Row) -> dict[str, str]:
        """What news changes on a deal: nothing, for most that stand there."""
        if not brings_news(deal):
            return {}
        said = self.texts["deal", deal.key].new()
        told = replace(deal, fields={name: text for name, text in said.items() if name in deal.fields})
        change = to_write(told, row.standing(), ours=KEY)
        reached, left = said[self.mode.stage], self.names.known_stage(deal.moves_from)
        if moves(deal, left, reached, row.text(self.mode.stage)):
            change[self.mode.stage] = reached
        return change | ({} if self.mode.one_record else self._handed_over(deal, row))

    def _account(self, work: Work, person: Who) -> Who:
        """The account a deal belongs to: the person account, or the account of a contact that has one."""
        if self.mode.name == "person_account":
            return person
        standing = self.present.persons.get(work.bundle.contacts[0].key)
        return standing.row.text("AccountId") if standing is not None else ""

    def _roles_missing(self, deal_id: str, persons: list[tuple[Who, Who]]) -> list[tuple[int, Who]]:
        there = self.present.roles.get(deal_id)
        if there is None:
            return []
        everyone = enumerate(dict.fromkeys(who for _, who in persons))
        return [(place, who) for place, who in everyone if str(who) not in there]

    def _roles(self, plan: Plan, deal: DealRecord, what: Who, persons: list[tuple[int, Who]]) -> None:
        info = self.names.book.info(ROLE)
        role = info.fields.get("Role")
        for place, who in persons:
            body: dict[str, Any] = {"OpportunityId": what, "ContactId": who, "IsPrimary": place == 0}
            named = role.option(_ROLES[min(place, 1)]) if role is not None else None
            body |= {"Role": named} if named else {}
            plan.parts.append(parts.create(f"r{place}", ROLE, ("deal", deal.key), body))

    def _tasks(self, plan: Plan, work: Work, who: Who, what: Who) -> None:
        info = self.names.book.info("Task")
        back = ["Description"] if "Description" in info.fields else []
        for place, task in enumerate(work.bundle.tasks):
            if self.progress.settled("task", task.key):
                continue
            if (row := self.present.handing.get(task.key)) is not None:
                self._hand_over(plan, task, row)
                continue
            body = self._json(self.texts["task", task.key].new(), "Task") | {"WhoId": who}
            body |= {"WhatId": what} if what else {}
            made = parts.create(f"t{place}", "Task", ("task", task.key), body)
            plan.parts += [made, parts.confirm(f"t{place}_back", made, *back)]
        self._close(plan, work)

    def _hand_over(self, plan: Plan, task: TaskRecord, row: Row) -> None:
        """Give an open task that stands there to its next owner, due when that one is to do it."""
        change = self._handed_over(task, row)
        if not change:
            self.progress.done("task", task.key, row.id, "unchanged", "somebody else owns it there")
            return
        said = self.texts["task", task.key].new()
        ours = due_there_as_left(task, row, self.names.zone_of(task.owner_from))
        changed = {name: said[name] for name in DUE if ours and name in said}
        if DESCRIPTION in said and words_there_as_left(task, row, self.names.book.info("Task")):
            changed[DESCRIPTION] = said[DESCRIPTION]
        body = self._json(change | changed, "Task")
        plan.parts.append(parts.update(f"h{len(plan.parts)}", "Task", ("task", task.key), row.id, body, {}))

    def _close(self, plan: Plan, work: Work) -> None:
        """Close the tasks that are not needed any more."""
        status = self.names.book.info("Task").fields.get("Status")
        done = status.option(_DONE) if status is not None else None
        for place, key in enumerate(work.bundle.closed):
            if self.progress.settled("task", key):
                continue
            row = self.present.closing.get(key)
            if row is None:
                self.progress.done("task", key, "", "unchanged", "it was never made there")
                continue
            subject = work.bundle.subject_closed(key, row.text("Subject"))
            texts = {"Subject": subject} | ({"Status": done} if done else {})
            body = self._json(prepared(self.names.book.info("Task"), texts), "Task")
            plan.parts.append(parts.update(f"x{place}", "Task", ("task", key), row.id, body, {}))

    def _headers(self, key: str, *, new: bool) -> dict[str, str]:
        # A rule may choose the first owner; whoever a person chose afterwards stays.
        return parts.person_headers(insist=key in self.insisted, assign=new and self.auto_assign)

    def _json(self, texts: Mapping[str, str], target: str = "") -> dict[str, Any]:
        return dict(as_json(self.names.book.info(target or self.mode.person), texts))
