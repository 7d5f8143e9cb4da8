"""One bundle on its way into HighLevel: contacts, opportunity, start of the follow-up, tasks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from connectors.crm.base import CrmError, Receipt, RecordKind, Rejected, Uncertain, Work
from connectors.crm.highlevel.contact_writing import Job, Standing
from connectors.crm.highlevel.contacts import ContactStep
from connectors.crm.highlevel.deals import DealJob, DealStep
from connectors.crm.highlevel.errors import NotThere
from connectors.crm.highlevel.optouts import left
from connectors.crm.highlevel.starting import CO_BORROWER_TAG, Started, Starter, tag_of
from connectors.crm.highlevel.tasks import Tasks
from connectors.crm.progress import Progress
from mapping.crm.bundle import Bundle, DealRecord, closing_note

#: What a follow-up of the brokerage's own may use.
_ALL_CHANNELS = ("call", "text", "email")


class Delivery:
    """Delivers bundles of one run, one by one. Tasks come last: where they stand, all before them is done."""

    def __init__(self, contacts: ContactStep, deals: DealStep, starter: Starter, tasks: Tasks) -> None:
        self._contacts = contacts
        self._deals = deals
        self._starter = starter
        self._tasks = tasks
        # A borrower may come twice in a run, and is known the second time.
        self._links: dict[str, str] = {}
        self._brought: dict[str, Bundle] = {}

    def deliver(self, work: Work) -> tuple[Receipt, CrmError | None]:
        """The receipt, and the error that stopped this bundle halfway (None: nothing did, or one refusal)."""
        progress = Progress()
        halted: CrmError | None = None
        try:
            self._run(work, progress)
        except CrmError as error:
            halted = error
        receipt = progress.receipt(work, halted)
        if receipt.error is None:
            self._brought |= dict.fromkeys((one.key for one in work.bundle.contacts), work.bundle)
        return receipt, halted

    def untried(self, work: Work, stopped: CrmError) -> tuple[Receipt, CrmError | None]:
        """The receipt of a bundle that is not tried because nothing gets through."""
        return Progress().receipt(work, stopped), stopped

    def _run(self, work: Work, progress: Progress) -> None:
        standings = self._deliver_contacts(work, progress)
        if len(standings) < len(work.bundle.contacts) or not standings:
            return
        try:
            self._deliver_rest(work, progress, standings)
        except NotThere as gone:
            if all(standing.seen for standing in standings):
                raise self._disown(work, standings, 0, progress) from gone
            # A contact that was not read is gone: now it is, and what was done before it is found.
            self._run(replace(work, look_first=True), progress)

    def _disown(self, work: Work, standings: list[Standing], place: int, progress: Progress) -> Uncertain:
        """HighLevel does not know a contact that it named a moment ago: that one is no delivery.

        Nor are those that were made after it, whose ids nothing has proven yet.
        """
        unsure = Uncertain("HighLevel does not know the contact that it named a moment ago.")
        for number, (borrower, standing) in enumerate(zip(work.bundle.contacts, standings, strict=True)):
            if number == place or (number > place and standing.action == "created"):
                self._links.pop(borrower.key, None)
                progress.failed("contact", borrower.key, unsure)
        return unsure

    def _deliver_contacts(self, work: Work, progress: Progress) -> list[Standing]:
        standings = []
        for place, borrower in enumerate(work.bundle.contacts):
            tags = tuple(filter(None, map(tag_of, work.bundle.tags)))
            job = Job(
                borrower,
                self._links.get(borrower.key) or work.links.get(("contact", borrower.key), ""),
                work.look_first,
                tags if place == 0 else (*tags, CO_BORROWER_TAG),
                self._starter.phase_tag if place == 0 else "",
                _channels(work),
                self._brought.get(borrower.key) or work.earlier.get(borrower.key),
                must_see=place == 0 and self._must_see(work.bundle),
            )
            try:
                standing = self._contacts.deliver(job)
            except Rejected as error:
                progress.failed("contact", borrower.key, error)
                continue
            self._links[borrower.key] = standing.contact.id
            _told(progress, borrower.key, standing)
            standings.append(standing)
        return standings

    def _deliver_rest(self, work: Work, progress: Progress, standings: list[Standing]) -> None:
        borrower = standings[0]
        if work.bundle.deal is not None and not self._deliver_deal(
            work.bundle.deal, work, progress, borrower
        ):
            return
        there = self._tasks_there(work, progress, borrower)
        missing = [task for task in work.bundle.tasks if task.key not in there]
        if _unfinished(work) and (missing or not work.bundle.tasks):
            self._start(work, progress, standings)
        if work.bundle.stops:
            self._starter.end(borrower.contact, work.bundle.stops)
        if work.bundle.start is not None:
            channels = _channels(work) or _ALL_CHANNELS
            self._note(
                work, progress, borrower, self._starter.begin(borrower.contact, work.bundle.start, channels)
            )
        for task in missing:
            try:
                remote_id = self._tasks.create(borrower.contact.id, task)
            except Rejected as error:
                progress.failed("task", task.key, error)
            else:
                progress.done("task", task.key, remote_id, "created")
        self._close(work, progress, borrower)

    def _must_see(self, bundle: Bundle) -> bool:
        """Whether the borrower's tags and opt-outs decide what is to be done."""
        return self._starter.follows_up or bundle.start is not None or bool(bundle.stops)

    def _close(self, work: Work, progress: Progress, borrower: Standing) -> None:
        """Close the tasks that are not needed any more; one without a link was never made, or just now."""
        links = {key: _link(work.links, "task", key) for key in work.bundle.closed}
        if work.look_first and not all(links.values()):
            marked = self._tasks.by_reference(borrower.contact.id)
            links = {key: link or marked.get(key, "") for key, link in links.items()}
        for key, link in links.items():
            if link and self._tasks.close(borrower.contact.id, link, work.bundle, key):
                progress.done("task", key, link, "updated", closing_note(work.bundle, key))
            elif link:
                progress.done("task", key, link, "unchanged", "nothing was left to close")

    def _deliver_deal(self, deal: DealRecord, work: Work, progress: Progress, borrower: Standing) -> bool:
        """Deliver the opportunity; False when it was refused."""
        job = DealJob(
            deal,
            borrower.contact.id,
            _link(work.links, "deal", deal.key),
            work.look_first,
            borrower.action == "created",
        )
        try:
            standing = self._deals.deliver(job)
        except Rejected as error:
            progress.failed("deal", deal.key, error)
            return False
        progress.done("deal", deal.key, standing.id, standing.action, standing.note, standing.review)
        return True

    def _tasks_there(self, work: Work, progress: Progress, borrower: Standing) -> set[str]:
        """The tasks that stand there: known ones, and those that an earlier attempt left on the contact."""
        linked = {t.key: link for t in work.bundle.tasks if (link := _link(work.links, "task", t.key))}
        for task in work.bundle.tasks:
            if link := linked.get(task.key, ""):
                given = task.owner_from and self._tasks.hand_over(borrower.contact.id, link, task)
                note = "handed over" if given else ""
                progress.done("task", task.key, link, "updated" if given else "unchanged", note)
        open_ended = [task.key for task in work.bundle.tasks if task.key not in linked]
        if not open_ended or not work.look_first or borrower.action == "created":
            return set(linked)
        marked = self._tasks.by_reference(borrower.contact.id)
        for key in open_ended:
            if key in marked:
                progress.done("task", key, marked[key], "unchanged", "our reference")
        return {*linked, *marked}

    def _start(self, work: Work, progress: Progress, standings: list[Standing]) -> None:
        borrower, deal = standings[0], work.bundle.deal
        tags = [tag for tag in map(tag_of, work.bundle.tags) if tag]
        started = self._starter.start(
            borrower.contact, tags, _channels(work), new=borrower.action == "created"
        )
        if len(standings) > 1 and standings[1].contact.id != borrower.contact.id:
            reference = (deal.key if deal is not None else work.bundle.key) + ".couple"
            try:
                self._starter.link_couple(
                    borrower.contact, standings[1].contact, reference, look_first=work.look_first
                )
            except NotThere as gone:
                if not standings[1].seen:
                    raise
                raise self._disown(work, standings, 1, progress) from gone
        self._note(work, progress, borrower, started)

    def _note(self, work: Work, progress: Progress, borrower: Standing, started: Started) -> None:
        """Say on the borrower's outcome what a person should know about the start."""
        if started.note or started.review:
            note = "; ".join(filter(None, (borrower.note, started.note)))
            review = " ".join(filter(None, (borrower.review, started.review)))
            _told(progress, work.bundle.contacts[0].key, replace(borrower, note=note, review=review))


def _told(progress: Progress, key: str, standing: Standing) -> None:
    """A contact that stands there, with the channels that it has left."""
    gone = left(standing.contact)
    contact, action = standing.contact.id, standing.action
    progress.done("contact", key, contact, action, standing.note, standing.review, gone)


def _unfinished(work: Work) -> bool:
    """Whether the inquiry may not have been brought over to its end yet: news of one starts nothing anew."""
    deal = work.bundle.deal
    return work.look_first or deal is None or not _link(work.links, "deal", deal.key)


def _link(links: Mapping[tuple[RecordKind, str], str], kind: RecordKind, key: str) -> str:
    return links.get((kind, key), "")


def _channels(work: Work) -> tuple[str, ...]:
    return tuple(task.channel for task in work.bundle.tasks)
