"""What to do when a transaction was rolled back: adopt, insist, look again, leave something out, or stop."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from connectors.crm.base import Conflict, CrmError, Rejected, Work
from connectors.crm.borrowers import Job
from connectors.crm.progress import Progress
from connectors.crm.salesforce.composing import Composer
from connectors.crm.salesforce.directory import ROLE
from connectors.crm.salesforce.duplicates import Duplicates
from connectors.crm.salesforce.failures import Gone
from connectors.crm.salesforce.finding import Finder
from connectors.crm.salesforce.looking import DEAL_DELETED, Look
from connectors.crm.salesforce.modes import Mode
from connectors.crm.salesforce.parts import Name, Part
from connectors.crm.salesforce.reading import Trouble
from connectors.crm.salesforce.refusals import is_stale, taken
from connectors.crm.salesforce.transport import Transport


class Troubles:
    """The troubles of one delivery run. Everything is tried once, nothing in a loop.

    reviews are the sentences for a person, by borrower; stale says that what was remembered about the org
    no longer holds.
    """

    def __init__(
        self,
        transport: Transport,
        mode: Mode,
        progress: Progress,
        finder: Finder,
        compose: Composer,
        jobs: Mapping[str, Job],
    ) -> None:
        self._transport = transport
        self._mode = mode
        self._progress = progress
        self._finder = finder
        self._compose = compose
        self._jobs = jobs
        self._doubles: dict[str, Duplicates] = {}
        self._looked_again: set[Name] = set()
        self.reviews: dict[str, str] = {}
        self.stale = False

    def try_on(self, work: Work, trouble: Trouble) -> bool:
        """Whether the bundle is worth another turn. Raises a CrmError when looking fails."""
        part, error = trouble.part, trouble.error
        kind, key = part.name
        self.stale |= isinstance(error, Gone) or is_stale(error)
        if isinstance(error, Duplicates) and kind == "contact":
            return self._doubled(key, error)
        if isinstance(error, Conflict):
            return self._conflict(work, part, error)
        if isinstance(error, Gone):
            return self._look_again(work, part, error)
        self._progress.failed(*self._blamed(work, part, error), error)
        # What the CRM will never take is left out; anything else may be gone at the next attempt.
        return isinstance(error, Rejected)

    def settle_doubles(self) -> None:
        """Adopt whom the duplicate rules meant where it is the borrower; save beside them where it is not."""
        doubles, self._doubles = self._doubles, {}
        new = {key: found for key, found in doubles.items() if key not in self._compose.present.persons}
        named = {
            key: [remote_id for kind, remote_id in found.records if kind == self._mode.person]
            for key, found in new.items()
        }
        borrowers = {key: self._jobs[key].borrower for key in new}
        adopted = self._finder.matched(borrowers, {key: ids for key, ids in named.items() if ids})
        self._compose.present.persons.update(adopted)
        for key, found in doubles.items():
            if key in adopted:
                continue
            if not found.may_save:
                self._progress.failed("contact", key, found)
            else:
                self._compose.insisted.add(key)
                self.reviews[key] = _alike(found)

    def _doubled(self, key: str, error: Duplicates) -> bool:
        if key in self._compose.insisted:
            self._progress.failed("contact", key, error)
        else:
            self._doubles[key] = error
        return True

    def _conflict(self, work: Work, part: Part, error: Conflict) -> bool:
        """A unique value is taken: by the borrower's own record, or by somebody else's."""
        kind, key = part.name
        persons = self._compose.present.persons
        if kind == "contact" and key not in persons:
            holder = self._finder.holder(self._jobs[key].borrower, error.existing_id)
            if holder is not None:
                persons[key] = holder
                return True
        elif kind == "deal" and part.name not in self._looked_again:
            self._look(work, part.name)
            if self._progress.settled(*part.name):
                return True
        self._progress.failed(*part.name, taken(error))
        return True

    def _look_again(self, work: Work, part: Part, error: CrmError) -> bool:
        """Something was deleted, merged or converted since we looked."""
        if part.name in self._looked_again:
            on_others = part.object in (ROLE, "Task")
            self._progress.failed(*part.name, DEAL_DELETED if on_others else error)
            return on_others
        self._look(work, part.name)
        return True

    def _look(self, work: Work, name: Name) -> None:
        self._looked_again.add(name)
        persons = self._compose.present.persons
        jobs = {c.key: self._jobs[c.key] for c in work.bundle.contacts if c.key in self._jobs}
        for key in jobs:
            if key in persons:
                self._finder.release(persons.pop(key))
        again = Look(
            self._transport,
            self._mode,
            self._compose.names,
            self._progress,
            [replace(work, look_first=True)],
        )
        present = again.run(self._finder, jobs)
        persons.update(present.persons)
        self._compose.present.deals.update(present.deals)
        self._compose.present.roles.update(present.roles)

    def _blamed(self, work: Work, part: Part, error: CrmError) -> Name:
        """The record of ours that the error is about: a lead's field may be the deal's."""
        deal = work.bundle.deal
        field = error.field_name if isinstance(error, Rejected) else ""
        if part.name[0] != "contact" or not self._mode.one_record or deal is None or not field:
            return part.name
        texts = self._compose.texts
        of_deal = texts["deal", deal.key].new() if ("deal", deal.key) in texts else {}
        return ("deal", deal.key) if field in of_deal and field not in texts[part.name].new() else part.name


def _alike(found: Duplicates) -> str:
    records = ", ".join(remote_id for _, remote_id in found.records)
    rule = f" {found.rule}" if found.rule else ""
    whom = f"({records}) " if records else ""
    return (
        f"Salesforce's duplicate rule{rule} found records like this one {whom}which are not clearly the same "
        "person, so a new one was saved: merge them if they are."
    )
