"""Brings the deals of a delivery run into HubSpot, each with its contacts, each once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from connectors.crm.base import Conflict, CrmError, Rejected, Work
from connectors.crm.hubspot.directory import Names
from connectors.crm.hubspot.labels import contacts_of
from connectors.crm.hubspot.objects import Objects
from connectors.crm.hubspot.records import KEY, NewRecord, Record
from connectors.crm.hubspot.refusals import taken
from connectors.crm.progress import Progress
from mapping.bundle import DealRecord


class DealStep:
    """The deals of one delivery run. One that stands there is never changed: stage and owner are people's."""

    def __init__(self, objects: Objects, names: Names, progress: Progress, work: Sequence[Work]) -> None:
        self._objects = objects
        self._names = names
        self._progress = progress
        self._work = work

    def run(self) -> None:
        """Deliver every deal whose contacts are there; raises a CrmError when a whole call fails."""
        missing: dict[str, Work] = {}
        for piece in self._work:
            deal, contact_ids = piece.bundle.deal, self._progress.contact_ids(piece)
            if deal is None or not contact_ids or self._progress.settled("deal", deal.key):
                continue
            link = piece.links.get(("deal", deal.key), "")
            if link:
                self._progress.done("deal", deal.key, link, "unchanged")
            else:
                missing.setdefault(deal.key, piece)
        self._look([key for key, piece in missing.items() if piece.look_first])
        wanted = {key: piece for key, piece in missing.items() if not self._progress.settled("deal", key)}
        if wanted:
            self._create(wanted)

    def _look(self, keys: list[str]) -> None:
        if keys:
            for key, record in self._objects.by_key("deals", keys, ()).items():
                self._progress.done("deal", key, record.id, "unchanged", "our key")

    def _create(self, pieces: Mapping[str, Work]) -> None:
        labels = self._names.labels()
        refused = self._created(pieces, labels)
        if refused and labels and (now := self._names.labels_now()) != labels:
            # Somebody removed a label, and HubSpot refuses a deal that names it.
            refused = self._created({key: pieces[key] for key in refused}, now)
        for key, error in refused.items():
            self._progress.failed("deal", key, error)

    def _created(self, pieces: Mapping[str, Work], labels: Mapping[str, int]) -> dict[str, CrmError]:
        """Create deals; those that were refused, by key."""
        new: dict[str, NewRecord] = {}
        refused: dict[str, CrmError] = {}
        for key, piece in pieces.items():
            deal = piece.bundle.deal
            try:
                if deal is not None:
                    contacts = contacts_of(self._progress.contact_ids(piece), labels)
                    new[key] = NewRecord(self._properties(deal), contacts)
            except Rejected as error:
                self._progress.failed("deal", key, error)
        conflicts: dict[str, Conflict] = {}
        for key, result in self._objects.create("deals", new):
            if isinstance(result, Record):
                self._progress.done("deal", key, result.id, "created")
            elif isinstance(result, Conflict):
                conflicts[key] = result
            elif isinstance(result, Rejected):
                refused[key] = result
            else:
                self._progress.failed("deal", key, result)
        if conflicts:
            self._adopt(conflicts)
        return refused

    def _properties(self, deal: DealRecord) -> dict[str, str]:
        pipeline, stage = self._names.stage_ids(deal.pipeline, deal.stage)
        properties = {name: value for name, value in deal.fields.items() if value}
        properties |= {"dealname": deal.name, "pipeline": pipeline, "dealstage": stage, KEY: deal.key}
        if deal.owner_email:
            properties["hubspot_owner_id"] = self._names.owner_id(deal.owner_email)
        return properties

    def _adopt(self, conflicts: dict[str, Conflict]) -> None:
        """An earlier attempt made the deal after all: its key, unique in HubSpot, says so."""
        holders = self._objects.by_id("deals", (c.existing_id for c in conflicts.values()), (KEY,))
        for key, conflict in conflicts.items():
            record = holders.get(conflict.existing_id)
            if record is not None and record.properties.get(KEY) == key:
                self._progress.done("deal", key, record.id, "adopted", "our key")
            else:
                self._progress.failed("deal", key, taken(conflict))
