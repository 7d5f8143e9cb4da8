"""Brings the contacts of a delivery run into HubSpot: finds, adopts, updates without trampling, creates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from connectors.crm.base import Action, Conflict, CrmError, Rejected, Work
from connectors.crm.borrowers import jobs_of
from connectors.crm.hubspot.directory import Names
from connectors.crm.hubspot.finding import Finder, Match
from connectors.crm.hubspot.matching import IDENTITY, best_match, same_person, several, without_email
from connectors.crm.hubspot.objects import Objects
from connectors.crm.hubspot.optouts import OPT_OUT, has_left, leaves, written
from connectors.crm.hubspot.records import KEY, OWNER, NewRecord, Record, nameable
from connectors.crm.hubspot.refusals import taken
from connectors.crm.hubspot.subscriptions import Subscriptions
from connectors.crm.moving_on import hands_over
from connectors.crm.progress import Progress
from connectors.crm.trampling import changes
from mapping.crm.bundle import ContactRecord


@dataclass(frozen=True, slots=True)
class _Present:
    """The borrower's contact as it stands in HubSpot; adopted when somebody else made it."""

    record: Record
    adopted: bool = False
    note: str = ""
    review: str = ""


class ContactStep:
    """The contacts of one delivery run."""

    def __init__(
        self,
        objects: Objects,
        finder: Finder,
        names: Names,
        subscriptions: Subscriptions,
        progress: Progress,
        work: Sequence[Work],
    ) -> None:
        self._objects = objects
        self._finder = finder
        self._names = names
        self._subscriptions = subscriptions
        self._progress = progress
        self._jobs = jobs_of(work)
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
        wanted = written(borrower) | {KEY: borrower.key}
        if borrower.owner_email:
            wanted[OWNER] = self._names.owner_id(borrower.owner_email)
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
        strangers = [job.borrower for key, job in lost.items() if key not in present]
        return present | self._adoptable(self._finder.find(strangers, self._names_to_read()))

    def _linked(self, links: dict[str, str]) -> dict[str, _Present]:
        if not links:
            return {}
        records = self._objects.by_id("contacts", links.values(), self._names_to_read())
        return {
            key: _Present(records[link], note="" if records[link].id == link else "merged in HubSpot")
            for key, link in links.items()
            if link in records
        }

    def _adoptable(self, matches: dict[str, Match]) -> dict[str, _Present]:
        """Who was found; what only search knows is judged again by the database, because the index lags."""
        asked = [match.found.remote_id for match in matches.values() if match.record is None]
        records = self._objects.by_id("contacts", asked, self._names_to_read()) if asked else {}
        present = {}
        for key, match in matches.items():
            found = match.found
            record = match.record or records.get(found.remote_id)
            if record and best_match(self._jobs[key].borrower, [record]) and self._claim(record.id):
                ours = record.properties.get(KEY) == key
                review = "" if ours else several(record.id, found.others)
                present[key] = _Present(record, adopted=not ours, note=found.matched_by, review=review)
        return present

    def _claim(self, remote_id: str) -> bool:
        free = remote_id not in self._claimed
        self._claimed.add(remote_id)
        return free

    def _names_to_read(self) -> frozenset[str]:
        return IDENTITY.union({OPT_OUT}, *self._wanted.values())

    def _update(self, present: dict[str, _Present], *, last: bool = False) -> None:
        """Write what may be written. Borrowers whom a person merged into one contact share one input."""
        inputs: dict[str, dict[str, str]] = {}
        keys: dict[str, list[str]] = {}
        for key, there in present.items():
            wanted = self._wanted[key]
            overwrite = self._jobs[key].borrower.overwrite | self._handed_over(key, there)
            allowed = changes(wanted, there.record.properties, overwrite, ours=KEY)
            if allowed:
                inputs[there.record.id] = allowed | inputs.get(there.record.id, {})
                keys.setdefault(there.record.id, []).append(key)
            else:
                self._done(key, there, changed=False)
        holders: dict[str, str] = {}
        for remote_id, result in self._objects.update("contacts", inputs):
            for key in keys[remote_id]:
                if isinstance(result, Record):
                    self._done(key, present[key], changed=True)
                elif isinstance(result, Conflict) and "email" in inputs[remote_id] and not last:
                    holders[key] = result.existing_id
                else:
                    self._failed(key, result)
        if holders:
            self._update(self._without_email(holders, present), last=True)

    def _handed_over(self, key: str, there: _Present) -> frozenset[str]:
        """The owner, where the one stands whom we gave the contact before."""
        left = self._jobs[key].borrower.owner_from
        known = self._names.known_owner(left) if left else ""
        stands = there.record.properties.get(OWNER, "")
        return frozenset({OWNER} if hands_over(known, self._wanted[key].get(OWNER, ""), stands) else ())

    def _without_email(
        self, holders: Mapping[str, str], present: Mapping[str, _Present]
    ) -> dict[str, _Present]:
        """A contact of ours cannot have the email that another one holds: who is that other one?"""
        records = self._objects.by_id("contacts", holders.values(), IDENTITY)
        settled = {}
        for key, holder in holders.items():
            self._give_up_email(key, holder)
            record, there = records.get(holder), present[key]
            alike = record is not None and same_person(self._jobs[key].borrower, record)
            settled[key] = replace(there, review=several(there.record.id, (holder,))) if alike else there
        return settled

    def _done(self, key: str, there: _Present, *, changed: bool) -> None:
        action: Action = "adopted" if there.adopted else "updated" if changed else "unchanged"
        note = "; ".join(filter(None, (there.note, self._notes.get(key, ""))))
        left = has_left(there.record.properties)
        review = " ".join(filter(None, (there.review, "" if left else self._leave(key, there.record))))
        seen = ("email",) if left else ()
        self._progress.done("contact", key, there.record.id, action, note, review, seen)

    def _leave(self, key: str, record: Record) -> str:
        """Stop email to a borrower who asked for it; what a person has to do, "" when it is done."""
        email = record.properties.get("email") or self._wanted[key].get("email", "")
        if not email or not leaves(self._jobs[key].borrower):
            return ""
        return self._subscriptions.unsubscribe(email, record.id)

    def _failed(self, key: str, error: CrmError) -> None:
        self._progress.failed("contact", key, taken(error) if isinstance(error, Conflict) else error)

    def _create(self, keys: Iterable[str], *, last: bool = False) -> None:
        new = {key: NewRecord(nameable(self._wanted[key])) for key in keys}
        holders: dict[str, str] = {}
        for key, result in self._objects.create("contacts", new):
            if isinstance(result, Record):
                note, review = self._notes.get(key, ""), self._leave(key, result)
                self._progress.done("contact", key, result.id, "created", note, review)
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
