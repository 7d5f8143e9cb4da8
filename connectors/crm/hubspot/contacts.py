"""Brings the contacts of a delivery run into HubSpot: finds, adopts, updates without trampling, creates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from connectors.crm.base import Action, Conflict, CrmError, Found, Rejected, Work
from connectors.crm.hubspot.directory import Names
from connectors.crm.hubspot.finding import Finder
from connectors.crm.hubspot.matching import IDENTITY, best_match, same_person, without_email
from connectors.crm.hubspot.objects import Objects
from connectors.crm.hubspot.records import KEY, NewRecord, Record
from connectors.crm.hubspot.refusals import taken
from connectors.crm.progress import Progress
from connectors.crm.trampling import changes
from mapping.bundle import ContactRecord


@dataclass(frozen=True, slots=True)
class _Job:
    """One borrower of this run, however many bundles name them."""

    borrower: ContactRecord
    link: str
    look_first: bool


@dataclass(frozen=True, slots=True)
class _Present:
    """The borrower's contact as it stands in HubSpot; adopted when somebody else made it."""

    record: Record
    adopted: bool = False
    note: str = ""


class ContactStep:
    """The contacts of one delivery run."""

    def __init__(
        self, objects: Objects, finder: Finder, names: Names, progress: Progress, work: Sequence[Work]
    ) -> None:
        self._objects = objects
        self._finder = finder
        self._names = names
        self._progress = progress
        self._jobs = _jobs(work)
        self._wanted: dict[str, dict[str, str]] = {}
        self._notes: dict[str, str] = {}
        # Contacts that already stand for a borrower: nobody else may adopt them.
        self._claimed: set[str] = set()

    def run(self) -> None:
        """Deliver every contact; raises a CrmError when a whole call fails."""
        for key, job in self._jobs.items():
            try:
                self._wanted[key] = self._properties(job.borrower)
            except Rejected as error:
                self._progress.failed("contact", key, error)
        present = self._present()
        self._update(present)
        self._create([key for key in self._wanted if key not in present])

    def _properties(self, borrower: ContactRecord) -> dict[str, str]:
        wanted = {name: value for name, value in borrower.fields.items() if value} | {KEY: borrower.key}
        if borrower.owner_email:
            wanted["hubspot_owner_id"] = self._names.owner_id(borrower.owner_email)
        return without_email(wanted, borrower) if borrower.shared_email else wanted

    def _present(self) -> dict[str, _Present]:
        """Who already stands in HubSpot: by link, by our key where an earlier attempt was made, by search."""
        jobs = {key: self._jobs[key] for key in self._wanted}
        present = self._linked({key: job.link for key, job in jobs.items() if job.link})
        lost = {key: job for key, job in jobs.items() if key not in present}
        tried = [key for key, job in lost.items() if job.look_first or job.link]
        if tried:
            by_key = self._objects.by_key("contacts", tried, self._names_to_read())
            present |= {key: _Present(by_key[key], note="our key") for key in tried if key in by_key}
        self._claimed |= {p.record.id for p in present.values()}
        found = self._finder.find([job.borrower for key, job in lost.items() if key not in present])
        return present | self._adoptable(found)

    def _linked(self, links: dict[str, str]) -> dict[str, _Present]:
        if not links:
            return {}
        records = self._objects.by_id("contacts", links.values(), self._names_to_read())
        return {
            key: _Present(records[link], note="" if records[link].id == link else "merged in HubSpot")
            for key, link in links.items()
            if link in records
        }

    def _adoptable(self, found: dict[str, Found]) -> dict[str, _Present]:
        """What search found, judged again by what the database says: the index lags."""
        if not found:
            return {}
        records = self._objects.by_id(
            "contacts", (f.remote_id for f in found.values()), self._names_to_read()
        )
        present = {}
        for key, match in found.items():
            record = records.get(match.remote_id)
            if record and best_match(self._jobs[key].borrower, [record]) and self._claim(record.id):
                ours = record.properties.get(KEY) == key
                present[key] = _Present(record, adopted=not ours, note=match.matched_by)
        return present

    def _claim(self, remote_id: str) -> bool:
        free = remote_id not in self._claimed
        self._claimed.add(remote_id)
        return free

    def _names_to_read(self) -> frozenset[str]:
        return IDENTITY.union(*self._wanted.values())

    def _update(self, present: dict[str, _Present], *, last: bool = False) -> None:
        """Write what may be written. Borrowers whom a person merged into one contact share one input."""
        inputs: dict[str, dict[str, str]] = {}
        keys: dict[str, list[str]] = {}
        for key, there in present.items():
            allowed = changes(
                self._wanted[key], there.record.properties, self._jobs[key].borrower.overwrite, ours=KEY
            )
            if allowed:
                inputs[there.record.id] = allowed | inputs.get(there.record.id, {})
                keys.setdefault(there.record.id, []).append(key)
            else:
                self._done(key, there, changed=False)
        taken: dict[str, _Present] = {}
        for remote_id, result in self._objects.update("contacts", inputs):
            for key in keys[remote_id]:
                if isinstance(result, Record):
                    self._done(key, present[key], changed=True)
                elif isinstance(result, Conflict) and "email" in inputs[remote_id] and not last:
                    self._give_up_email(key, result.existing_id)
                    taken[key] = present[key]
                else:
                    self._failed(key, result)
        if taken:
            self._update(taken, last=True)

    def _done(self, key: str, there: _Present, *, changed: bool) -> None:
        action: Action = "adopted" if there.adopted else "updated" if changed else "unchanged"
        note = "; ".join(filter(None, (there.note, self._notes.get(key, ""))))
        self._progress.done("contact", key, there.record.id, action, note)

    def _failed(self, key: str, error: CrmError) -> None:
        self._progress.failed("contact", key, taken(error) if isinstance(error, Conflict) else error)

    def _create(self, keys: Iterable[str], *, last: bool = False) -> None:
        new = {key: NewRecord(self._wanted[key]) for key in keys}
        holders: dict[str, str] = {}
        for key, result in self._objects.create("contacts", new):
            if isinstance(result, Record):
                self._progress.done("contact", key, result.id, "created", self._notes.get(key, ""))
            elif isinstance(result, Conflict) and not last:
                holders[key] = result.existing_id
            else:
                self._failed(key, result)
        if holders:
            self._settle(holders)

    def _settle(self, holders: dict[str, str]) -> None:
        """A unique value is taken: adopt its holder when that is the borrower, else do without the email."""
        records = self._objects.by_id("contacts", holders.values(), self._names_to_read())
        adopted: dict[str, _Present] = {}
        for key, holder in holders.items():
            record = records.get(holder)
            if record and same_person(self._jobs[key].borrower, record) and self._claim(record.id):
                ours = record.properties.get(KEY) == key
                note = "our key" if ours else "the same email and first name"
                adopted[key] = _Present(record, adopted=not ours, note=note)
            else:
                self._give_up_email(key, holder)
        self._update(adopted)
        self._create([key for key in holders if key not in adopted], last=True)

    def _give_up_email(self, key: str, holder: str) -> None:
        self._wanted[key] = without_email(self._wanted[key], self._jobs[key].borrower)
        self._notes[key] = f"contact {holder} holds the same email, so it was written as a shared email"


def _jobs(work: Sequence[Work]) -> dict[str, _Job]:
    jobs: dict[str, _Job] = {}
    for piece in work:
        for borrower in piece.bundle.contacts:
            link = piece.links.get(("contact", borrower.key), "")
            job = _Job(borrower, link, piece.look_first)
            jobs[borrower.key] = _together(jobs[borrower.key], job) if borrower.key in jobs else job
    return jobs


def _together(first: _Job, then: _Job) -> _Job:
    """One job that leaves the contact as the two would, one after the other."""
    later = {n: v for n, v in then.borrower.fields.items() if v and n in then.borrower.overwrite}
    borrower = replace(
        first.borrower,
        fields=then.borrower.fields | first.borrower.fields | later,
        emails=tuple(dict.fromkeys(first.borrower.emails + then.borrower.emails)),
        phones=tuple(dict.fromkeys(first.borrower.phones + then.borrower.phones)),
        names=tuple(dict.fromkeys(first.borrower.names + then.borrower.names)),
        owner_email=first.borrower.owner_email or then.borrower.owner_email,
        overwrite=first.borrower.overwrite | then.borrower.overwrite,
        shared_email=first.borrower.shared_email or then.borrower.shared_email,
    )
    return _Job(borrower, first.link or then.link, first.look_first or then.look_first)
