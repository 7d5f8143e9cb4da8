"""Records what a transaction did: outcomes for the receipt, and how the persons stand from now on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from connectors.crm.base import Action, CrmError, Work
from connectors.crm.progress import Progress
from connectors.crm.salesforce.composing import Composer, Plan
from connectors.crm.salesforce.directory import ROLE
from connectors.crm.salesforce.finding import Standing
from connectors.crm.salesforce.modes import KEY, OWNER
from connectors.crm.salesforce.parts import Name, Part
from connectors.crm.salesforce.reading import Done
from connectors.crm.salesforce.rows import Row
from mapping.crm.bundle import closing_note


class Recorder:
    """Writes into the run's progress and into what its composer knows. reviews are by borrower."""

    def __init__(self, progress: Progress, compose: Composer, reviews: Mapping[str, str]) -> None:
        self._progress = progress
        self._compose = compose
        self._reviews = reviews

    def done(self, work: Work, plan: Plan, results: Mapping[str, Done]) -> None:
        """The transaction was carried out."""
        for part in plan.parts:
            if part.method == "GET" or part.object == ROLE:
                continue
            done = results[part.reference]
            if part.name[0] == "contact":
                self._person(work, part, plan.texts[part.reference], done)
            else:
                self._deal_or_task(work, part, plan, done)

    def failed(self, work: Work, error: CrmError) -> None:
        """Nothing more is tried for this bundle: whatever of it has no outcome yet gets this error."""
        for name in _names(work):
            if not self._progress.settled(*name):
                self._progress.failed(*name, error)

    def _deal_or_task(self, work: Work, part: Part, plan: Plan, done: Done) -> None:
        if not part.remote_id:
            self._made(part.name, done)
            return
        if part.object == "Task":
            handed_over = part.name[1] in self._compose.present.handing
            note = "handed over" if handed_over else closing_note(work.bundle, part.name[1])
            self._progress.done(*part.name, part.remote_id, "updated", note)
            return
        there = self._compose.present.deals
        row = there[part.name[1]]
        there[part.name[1]] = replace(row, texts={**row.texts, **plan.texts[part.reference]})
        self._progress.done(*part.name, part.remote_id, "updated")

    def _made(self, name: Name, done: Done) -> None:
        action: Action = "created" if done.created else "adopted"
        self._progress.done(*name, done.remote_id, action, "" if done.created else "our key")

    def _person(self, work: Work, part: Part, written: Mapping[str, str], done: Done) -> None:
        key = part.name[1]
        before = self._compose.present.persons.get(key)
        review = self._reviews.get(key, "")
        if before is None or not part.remote_id:
            standing = self._new(key, written, done, review)
        else:
            row = replace(before.row, texts={**before.row.texts, **written})
            standing = replace(before, row=row, review=before.review or review)
            self._compose.person_done(key, standing, "updated")
        self._compose.present.persons[key] = standing
        self._deal_of_lead(work, part, written, standing)

    def _new(self, key: str, written: Mapping[str, str], done: Done, review: str) -> Standing:
        action: Action = "created" if done.created else "updated"
        note = "" if done.created else "our key"
        self._progress.done("contact", key, done.remote_id, action, note, review)
        back = {name: value for name, value in done.read_back.items() if isinstance(value, str)}
        return Standing(Row(done.remote_id, {**back, **written, KEY: key}))

    def _deal_of_lead(self, work: Work, part: Part, written: Mapping[str, str], standing: Standing) -> None:
        """In lead mode the first person's record is the deal as well."""
        deal = work.bundle.deal
        if not self._compose.mode.one_record or deal is None or work.bundle.contacts[0].key != part.name[1]:
            return
        if self._progress.settled("deal", deal.key):
            return
        if part.remote_id:
            texts = self._compose.texts["deal", deal.key].wanted
            about_deal = {*texts, self._compose.mode.stage, OWNER}
            self._compose.deal_on_lead(deal, standing, changed=not written.keys().isdisjoint(about_deal))
        else:
            self._progress.done("deal", deal.key, standing.row.id, "created")


def _names(work: Work) -> Iterator[Name]:
    for contact in work.bundle.contacts:
        yield "contact", contact.key
    if work.bundle.deal is not None:
        yield "deal", work.bundle.deal.key
    for key in (*(task.key for task in work.bundle.tasks), *work.bundle.closed):
        yield "task", key
