"""Brings the deals of a delivery run into HubSpot, each with its contacts, each once; news moves them on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from connectors.crm.base import Action, Conflict, CrmError, Rejected, Work
from connectors.crm.hubspot.directory import Names
from connectors.crm.hubspot.labels import contacts_of
from connectors.crm.hubspot.objects import Objects
from connectors.crm.hubspot.records import KEY, OWNER, NewRecord, Record
from connectors.crm.hubspot.refusals import taken
from connectors.crm.moving_on import brings_news, hands_over, moves, to_write
from connectors.crm.progress import Progress
from mapping.crm.bundle import DealRecord

_DELETED = Rejected(
    "The deal of this inquiry was deleted in HubSpot, so it cannot be told what happened since.",
    remedy="Restore it in HubSpot and press Retry, or close the inquiry here.",
)
_STAGE = "dealstage"


class DealStep:
    """The deals of one delivery run.

    One that stands there is changed by news only, and only where we left it: stage and owner are people's.
    """

    def __init__(self, objects: Objects, names: Names, progress: Progress, work: Sequence[Work]) -> None:
        self._objects = objects
        self._names = names
        self._progress = progress
        self._work = work

    def run(self) -> None:
        """Deliver every deal whose contacts are there; raises a CrmError when a whole call fails."""
        missing: dict[str, Work] = {}
        told: dict[str, DealRecord] = {}
        for piece in self._work:
            deal, contact_ids = piece.bundle.deal, self._progress.contact_ids(piece)
            if deal is None or not contact_ids or self._progress.settled("deal", deal.key):
                continue
            link = piece.links.get(("deal", deal.key), "")
            if link and brings_news(deal):
                told[link] = deal
            elif link:
                self._progress.done("deal", deal.key, link, "unchanged")
            else:
                missing.setdefault(deal.key, piece)
        if told:
            self._tell(told)
        self._look({key: piece for key, piece in missing.items() if piece.look_first})
        wanted = {key: piece for key, piece in missing.items() if not self._progress.settled("deal", key)}
        if wanted:
            self._create(wanted)

    def _tell(self, told: Mapping[str, DealRecord]) -> None:
        """Bring news to deals that we know by their id."""
        records = self._objects.by_id("deals", told, _read_for(told.values()))
        for link in told.keys() - records.keys():
            self._progress.failed("deal", told[link].key, _DELETED)
        self._move_on([(told[link], record) for link, record in records.items()], "")

    def _look(self, pieces: Mapping[str, Work]) -> None:
        deals = {key: deal for key, piece in pieces.items() if (deal := piece.bundle.deal) is not None}
        if deals:
            there = self._objects.by_key("deals", deals, _read_for(deals.values()))
            self._move_on([(deals[key], record) for key, record in there.items()], "our key")

    def _move_on(self, standing: Sequence[tuple[DealRecord, Record]], note: str) -> None:
        """Write what news changes on deals that stand there, all in one call; most need nothing."""
        changed: dict[str, dict[str, str]] = {}
        about: dict[str, list[DealRecord]] = {}  # people merge deals: one may stand for two inquiries
        for deal, record in standing:
            try:
                changed.setdefault(record.id, {}).update(self._news(deal, record))
            except Rejected as error:
                self._progress.failed("deal", deal.key, error)
            else:
                about.setdefault(record.id, []).append(deal)
        for remote_id in (one for one in about if not changed[one]):
            self._done(about[remote_id], remote_id, "unchanged", note)
        for remote_id, result in self._objects.update("deals", {i: c for i, c in changed.items() if c}):
            if isinstance(result, Record):
                self._done(about[remote_id], remote_id, "updated", note)
            else:
                for deal in about[remote_id]:
                    self._progress.failed("deal", deal.key, result)

    def _done(self, deals: Sequence[DealRecord], remote_id: str, action: Action, note: str) -> None:
        for deal in deals:
            self._progress.done("deal", deal.key, remote_id, action, note)

    def _news(self, deal: DealRecord, record: Record) -> dict[str, str]:
        if not brings_news(deal):
            return {}
        written = to_write(deal, record.properties, ours=KEY)
        if deal.moves_from:
            _, reached = self._names.stage_ids(deal.pipeline, deal.stage)
            left = self._names.known_stage(deal.pipeline, deal.moves_from)
            if moves(deal, left, reached, record.properties.get(_STAGE, "")):
                written[_STAGE] = reached
        if deal.owner_from:
            left, to = self._names.known_owner(deal.owner_from), self._names.owner_id(deal.owner_email)
            written |= {OWNER: to} if hands_over(left, to, record.properties.get(OWNER, "")) else {}
        return written

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
            self._adopt(conflicts, pieces)
        return refused

    def _properties(self, deal: DealRecord) -> dict[str, str]:
        pipeline, stage = self._names.stage_ids(deal.pipeline, deal.stage)
        properties = {name: value for name, value in deal.fields.items() if value}
        properties |= {"dealname": deal.name, "pipeline": pipeline, _STAGE: stage, KEY: deal.key}
        if deal.owner_email:
            properties[OWNER] = self._names.owner_id(deal.owner_email)
        return properties

    def _adopt(self, conflicts: dict[str, Conflict], pieces: Mapping[str, Work]) -> None:
        """An earlier attempt made the deal after all: its key, unique in HubSpot, says so."""
        deals = {key: deal for key in conflicts if (deal := pieces[key].bundle.deal) is not None}
        names = {KEY, *_read_for(deals.values())}
        holders = self._objects.by_id("deals", (c.existing_id for c in conflicts.values()), names)
        ours: list[tuple[DealRecord, Record]] = []
        for key, conflict in conflicts.items():
            record = holders.get(conflict.existing_id)
            if record is None or record.properties.get(KEY) != key:
                self._progress.failed("deal", key, taken(conflict))
            elif brings_news(deals[key]):
                ours.append((deals[key], record))
            else:
                self._progress.done("deal", key, record.id, "adopted", "our key")
        self._move_on(ours, "our key")


def _read_for(deals: Iterable[DealRecord]) -> set[str]:
    """The properties that news of these deals is compared with."""
    return {name for deal in deals if brings_news(deal) for name in (_STAGE, OWNER, *deal.fields)}
