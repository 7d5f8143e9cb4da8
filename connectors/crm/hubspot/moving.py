"""Brings deals from a contact that was taken for another borrower's to the contact they belong to."""

from __future__ import annotations

from collections.abc import Sequence

from connectors.crm.base import Conflict, Rejected, Work
from connectors.crm.hubspot.directory import Names
from connectors.crm.hubspot.errors import MissingScopes, NotThere
from connectors.crm.hubspot.labels import contacts_of
from connectors.crm.hubspot.objects import Objects
from connectors.crm.hubspot.records import Association
from connectors.crm.hubspot.tasks import TASK_TO_CONTACT
from connectors.crm.progress import Progress
from mapping.crm.bundle import Move

_MOVED = "moved here from the contact it was put on by mistake"


class MoveStep:
    """The moves of one delivery run. Repeatable: what hangs on the other contact no more is left as it is."""

    def __init__(self, objects: Objects, names: Names, progress: Progress, work: Sequence[Work]) -> None:
        self._objects = objects
        self._names = names
        self._progress = progress
        self._work = work

    def run(self) -> None:
        """Move every deal that hangs on the wrong contact; raises a CrmError when a whole call fails."""
        for piece in self._work:
            if piece.bundle.move is not None:
                self._move(piece, piece.bundle.move)

    def _move(self, piece: Work, move: Move) -> None:
        deal, own = piece.bundle.deal, self._progress.contact_ids(piece)
        there = piece.links.get(("contact", move.taken_from), "")
        deal_id = self._progress.remote_id("deal", deal.key) if deal is not None else ""
        if deal is None or not deal_id or not own or not there or there in own:
            return
        try:
            moved = self._deal(deal_id, own, there)
            self._tasks(piece, move, own[0], there)
        except (Rejected, Conflict, MissingScopes) as error:
            words = f"Move deal {deal_id} from contact {there} to contact {own[0]} by hand: {error}"
            self._progress.review("deal", deal.key, words)
        except NotThere:
            return  # deleted meanwhile: nothing is left to move
        else:
            if moved:
                self._progress.done("deal", deal.key, deal_id, "updated", _MOVED)

    def _deal(self, deal_id: str, own: tuple[str, ...], there: str) -> bool:
        """Whether it hung there; a person who has taken it away knows where it belongs."""
        if there not in self._objects.associated("deals", "contacts", [deal_id]).get(deal_id, ()):
            return False
        borrower = contacts_of(own, self._names.labels())[0]
        self._objects.associate("deals", "contacts", [(deal_id, borrower)])
        self._objects.part("deals", "contacts", [deal_id], there)
        return True

    def _tasks(self, piece: Work, move: Move, own: str, there: str) -> None:
        ids = [id_ for key in move.tasks if (id_ := piece.links.get(("task", key), ""))]
        linked = self._objects.associated("tasks", "contacts", ids) if ids else {}
        wrong = [id_ for id_ in ids if there in linked.get(id_, ())]
        to = Association(own, TASK_TO_CONTACT)
        self._objects.associate("tasks", "contacts", [(id_, to) for id_ in wrong])
        self._objects.part("tasks", "contacts", wrong, there)
