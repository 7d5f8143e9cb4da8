"""Merges contacts that a person said are one, before the contact that stays is written to."""

from __future__ import annotations

from collections.abc import Sequence

from connectors.crm.base import Rejected, Work
from connectors.crm.hubspot.objects import Objects
from connectors.crm.progress import Progress


class MergeStep:
    """The merges of one delivery run. Repeatable: contacts that are one already are left as they are."""

    def __init__(self, objects: Objects, progress: Progress, work: Sequence[Work]) -> None:
        self._objects = objects
        self._progress = progress
        self._work = work
        self._refused: dict[str, str] = {}

    def run(self) -> None:
        """Merge every contact that is one too many; raises a CrmError when a whole call fails."""
        for piece in self._work:
            for absorbed in piece.bundle.absorbed:
                self._merge(piece, absorbed)

    def tell_refused(self) -> None:
        """Let a person look at what HubSpot refused to merge: the rest was delivered all the same."""
        for key, sentence in self._refused.items():
            self._progress.review("contact", key, sentence)

    def _merge(self, piece: Work, absorbed: str) -> None:
        stays = piece.bundle.contacts[0].key
        here, there = (piece.links.get(("contact", key), "") for key in (stays, absorbed))
        if not here or not there:
            return
        records = self._objects.by_id("contacts", (here, there), ())
        if here not in records or there not in records:
            return  # deleted there: nothing is left to merge
        kept, other = records[here].id, records[there].id
        if kept == other:
            return  # an earlier attempt, or a person, has merged them
        try:
            self._objects.merge("contacts", kept, other)
        except Rejected as error:
            self._refused[stays] = f"HubSpot did not merge contact {other} into {kept}: {error}"
