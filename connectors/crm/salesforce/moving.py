"""Brings deals from a contact that was taken for another borrower's to the contact they belong to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from connectors.crm.base import CrmError, Rejected, Work
from connectors.crm.progress import Progress
from connectors.crm.salesforce import parts
from connectors.crm.salesforce.directory import ROLE, Names
from connectors.crm.salesforce.failures import Gone
from connectors.crm.salesforce.modes import Mode
from connectors.crm.salesforce.parts import Part
from connectors.crm.salesforce.queries import Question, ask
from connectors.crm.salesforce.reading import Trouble, read
from connectors.crm.salesforce.rows import Row, same_id
from connectors.crm.salesforce.soql import any_of
from connectors.crm.salesforce.transactions import send
from connectors.crm.salesforce.transport import Transport
from mapping.crm.bundle import DealRecord, Move

_MOVED = "moved here from the contact it was put on by mistake"


class MoveStep:
    """The moves of one delivery run. Repeatable: what hangs on the other contact no more is left as it is.

    Among leads the borrower's own lead is the deal, so that only tasks move.
    """

    def __init__(
        self, transport: Transport, mode: Mode, names: Names, progress: Progress, work: Sequence[Work]
    ) -> None:
        self._transport = transport
        self._mode = mode
        self._names = names
        self._progress = progress
        self._work = work

    def run(self) -> None:
        """Move every deal that hangs on the wrong contact; raises a CrmError when a whole call fails."""
        for piece in self._work:
            if piece.bundle.move is not None and piece.bundle.deal is not None:
                self._move(piece, piece.bundle.deal, piece.bundle.move)

    def _move(self, piece: Work, deal: DealRecord, move: Move) -> None:
        own = self._progress.remote_id("contact", piece.bundle.contacts[0].key)
        there = piece.links.get(("contact", move.taken_from), "")
        deal_id = self._progress.remote_id("deal", deal.key)
        if not own or not there or not deal_id or same_id(own, there):
            return
        found = list(self._parts(piece, deal, move, own, there))
        if not found:
            return
        error = self._sent(found)
        if isinstance(error, Rejected):
            words = f"Move deal {deal_id} from contact {there} to contact {own} by hand: {error}"
            self._progress.review("deal", deal.key, words)
        elif error is not None and not isinstance(error, Gone):
            self._progress.failed("deal", deal.key, error)
        elif error is None:
            self._progress.done("deal", deal.key, deal_id, "updated", _MOVED)

    def _sent(self, found: Sequence[Part]) -> CrmError | None:
        """Send them as one transaction; why it was rolled back, if it was."""
        ((_, answers),) = send(self._transport, [found])
        if isinstance(answers, Rejected):
            return answers
        result = read(found, answers, self._names.book)
        return result.error if isinstance(result, Trouble) else None

    def _parts(self, piece: Work, deal: DealRecord, move: Move, own: str, there: str) -> Iterator[Part]:
        who, wrong = self._contacts(own, there)
        ids = [id_ for key in move.tasks if (id_ := piece.links.get(("task", key), ""))]
        questions = [Question(s) for s in any_of(("WhoId",), "Task", {"Id": ids} if ids else {})]
        about_tasks = len(questions)
        deal_id = self._progress.remote_id("deal", deal.key)
        if not self._mode.one_record:
            role = [name for name in ("ContactId", "Role") if name in self._names.book.info(ROLE).fields]
            questions += [Question(s) for s in any_of(role, ROLE, {"OpportunityId": [deal_id]})]
        answers = ask(self._transport, questions) if questions else []
        roles = [row for answer in answers[about_tasks:] for row in answer]
        yield from self._roles(deal, deal_id, roles, who, wrong)
        if self._mode.name == "person_account" and any(same_id(r.text("ContactId"), wrong) for r in roles):
            name: parts.Name = ("deal", deal.key)
            yield parts.update("account", self._mode.deal, name, deal_id, {"AccountId": own}, {})
        tasks = [row for answer in answers[:about_tasks] for row in answer]
        for place, row in enumerate(tasks):
            if same_id(row.text("WhoId"), wrong):
                yield parts.update(f"t{place}", "Task", ("deal", deal.key), row.id, {"WhoId": who}, {})

    def _roles(
        self, deal: DealRecord, deal_id: str, roles: Sequence[Row], who: str, wrong: str
    ) -> Iterator[Part]:
        """The borrower's role on the deal instead of the other's, if that one still has it."""
        theirs = [row for row in roles if same_id(row.text("ContactId"), wrong)]
        if theirs and not any(same_id(row.text("ContactId"), who) for row in roles):
            body = {"OpportunityId": deal_id, "ContactId": who, "IsPrimary": True}
            body |= {"Role": theirs[0].text("Role")} if theirs[0].text("Role") else {}
            yield parts.create("own", ROLE, ("deal", deal.key), body)
        for place, row in enumerate(theirs):
            yield parts.remove(f"gone{place}", ROLE, ("deal", deal.key), row.id)

    def _contacts(self, own: str, there: str) -> tuple[str, str]:
        """What tasks and roles refer to; a person account stands behind its contact."""
        if self._mode.name != "person_account":
            return own, there
        (statement,) = any_of(("PersonContactId",), self._mode.person, {"Id": [own, there]})
        (rows,) = ask(self._transport, [Question(statement)])
        behind = {row.id[:15]: row.text("PersonContactId") for row in rows}
        return behind.get(own[:15]) or own, behind.get(there[:15]) or there
