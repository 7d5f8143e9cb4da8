"""One delivery run: looks, composes a transaction per bundle, sends it and reads what became of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from connectors.crm.base import CrmError, Rejected, Uncertain, Work
from connectors.crm.borrowers import jobs_of
from connectors.crm.progress import Progress
from connectors.crm.salesforce.composing import Composer, Plan
from connectors.crm.salesforce.directory import Names
from connectors.crm.salesforce.failures import Halted
from connectors.crm.salesforce.finding import Finder
from connectors.crm.salesforce.looking import Look
from connectors.crm.salesforce.modes import OWNER, Mode
from connectors.crm.salesforce.parts import Name
from connectors.crm.salesforce.reading import Done, Trouble, read
from connectors.crm.salesforce.recording import Recorder
from connectors.crm.salesforce.transactions import Answers, send
from connectors.crm.salesforce.transport import Transport
from connectors.crm.salesforce.troubles import Troubles
from connectors.crm.salesforce.writing import Texts, Writer

_TURNS = 6  # a bundle that is not settled by then never will be by trying on


@dataclass(slots=True)
class _Piece:
    """One bundle on its way; closed when nothing more is to be tried in this run."""

    work: Work
    turns: int = 0
    closed: bool = False
    plan: Plan = field(default_factory=Plan)


class Delivery:
    """The bundles of one delivery run."""

    def __init__(
        self,
        transport: Transport,
        mode: Mode,
        names: Names,
        writer: Writer,
        progress: Progress,
        work: Sequence[Work],
        *,
        auto_assign: bool,
    ) -> None:
        self._transport = transport
        self._mode = mode
        self._names = names
        self._writer = writer
        self._progress = progress
        self._work = work
        self._auto_assign = auto_assign
        self._jobs = jobs_of(work)
        self._troubles: Troubles | None = None

    @property
    def stale(self) -> bool:
        """Whether the org turned out not to be as it was remembered."""
        return self._troubles is not None and self._troubles.stale

    def run(self) -> None:
        """Deliver everything; raises a CrmError when a whole call fails."""
        texts = self._texts()
        jobs = {key: job for key, job in self._jobs.items() if ("contact", key) in texts}
        if not jobs:
            return
        reads = sorted({name for made in texts.values() for name in made.wanted} | self._always_read())
        finder = Finder(self._transport, self._names, self._mode, reads)
        present = Look(self._transport, self._mode, self._names, self._progress, self._work).run(finder, jobs)
        overwrite = {key: job.borrower.overwrite for key, job in jobs.items()}
        compose = Composer(
            self._mode, self._names, self._progress, present, texts, overwrite, self._auto_assign
        )
        self._troubles = Troubles(self._transport, self._mode, self._progress, finder, compose, jobs)
        record = Recorder(self._progress, compose, self._troubles.reviews)
        waiting = [_Piece(piece) for piece in self._work if piece.bundle.contacts]
        while waiting:
            self._turn(compose, record, self._troubles, list(_apart(waiting)))
            waiting = [piece for piece in waiting if not piece.closed]

    def _always_read(self) -> set[str]:
        """Opt-outs that this org shows us, and what news may change: the owner, the stage of a lead."""
        there = self._names.book.info(self._mode.person).fields
        opt_outs = {name for name in self._mode.opt_outs if name in there}
        deals = [piece.bundle.deal for piece in self._work] if self._mode.one_record else []
        stage = {self._mode.stage for deal in deals if deal is not None and deal.moves_from}
        handed_over = any(job.borrower.owner_from for job in self._jobs.values())
        return opt_outs | stage | ({OWNER} if handed_over else set())

    def _texts(self) -> dict[Name, Texts]:
        """What should be said, for everything that the org will take."""
        found: dict[Name, Texts] = {}
        for name, make in self._wishes():
            try:
                found[name] = make()
            except Rejected as error:
                self._progress.failed(*name, error)
        return found

    def _wishes(self) -> Iterator[tuple[Name, Callable[[], Texts]]]:
        for key, job in self._jobs.items():
            yield ("contact", key), partial(self._writer.person, job.borrower)
        for piece in self._work:
            if (deal := piece.bundle.deal) is not None:
                yield ("deal", deal.key), partial(self._writer.deal, deal)
            for task in piece.bundle.tasks:
                yield ("task", task.key), partial(self._writer.task, task)

    def _turn(self, compose: Composer, record: Recorder, troubles: Troubles, ready: Sequence[_Piece]) -> None:
        """One transaction for each of some bundles that have no borrower in common."""
        for piece in ready:
            piece.plan = compose.compose(piece.work)
            if not piece.plan.parts:
                # Everything has its outcome by now, or waits behind one that failed.
                record.failed(piece.work, Uncertain("Not reached: a record before this one failed."))
                piece.closed = True
        sending = [piece for piece in ready if not piece.closed]
        if not sending:
            return
        attempted = False
        transactions = [piece.plan.parts for piece in sending]
        for number, answers in send(self._transport, transactions):
            attempted |= self._settle(record, troubles, sending[number], answers)
        if not attempted:
            raise Uncertain("Salesforce did not carry out what it was sent, and did not say why.")
        troubles.settle_doubles()

    def _settle(
        self, record: Recorder, troubles: Troubles, piece: _Piece, answers: Answers | Rejected
    ) -> bool:
        """Take in what became of a transaction; False when Salesforce did not attempt it."""
        result = self._read(piece, answers)
        if isinstance(result, Trouble) and isinstance(result.error, Halted):
            return False
        piece.turns += 1
        piece.closed = True
        if isinstance(result, CrmError):
            record.failed(piece.work, result)
        elif not isinstance(result, Trouble):
            record.done(piece.work, piece.plan, result)
        elif piece.turns < _TURNS and troubles.try_on(piece.work, result):
            piece.closed = False
        else:
            record.failed(piece.work, result.error)
        return True

    def _read(self, piece: _Piece, answers: Answers | Rejected) -> dict[str, Done] | Trouble | CrmError:
        if isinstance(answers, Rejected):
            return answers
        try:
            return read(piece.plan.parts, answers, self._names.book)
        except Uncertain as error:
            return error


def _apart(waiting: Sequence[_Piece]) -> Iterator[_Piece]:
    """The bundles that may be sent now: of one borrower's, only the first, so that their order is kept."""
    busy: set[str] = set()
    for piece in waiting:
        keys = {contact.key for contact in piece.work.bundle.contacts}
        if busy.isdisjoint(keys):
            yield piece
        busy |= keys
