"""Who does the work: the threads of one process, woken by the bell and by themselves."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import TypeVar, get_args

import structlog

from connectors.intake.base import Fetching
from connectors.intake.registry import ADAPTERS
from jobs.deciding.process import process_due
from jobs.delivering.deliver import deliver_due, seconds_until_due
from jobs.first_touch.reassign import reassign_due
from jobs.follow_up.cadences import follow_up_due
from jobs.follow_up.looking_again import look_again
from jobs.follow_up.reminders import remind_due
from jobs.inbox.watching import InboxWatch
from jobs.intake.drop_folder import take_dropped
from jobs.intake.fetching import fetch_due, seconds_until_fetch
from jobs.ledger import submission_states
from jobs.ledger.claims import LANES, Lane
from jobs.ledger.engine import LedgerUnavailable
from jobs.paths.current import paths
from jobs.processes.bell import Kind, ThreadBell
from jobs.services import Services
from jobs.upkeep.keying import give_keys_due
from jobs.upkeep.retention import expire_raw

_log = structlog.get_logger()
Number = TypeVar("Number", int, float)
#: What is due but held back by an older one of the same borrower must not keep a thread spinning.
_BREATH_SECONDS = 0.2
#: After a round that took up so many, what arrives meanwhile is gathered for so long: fifty in one batch cost
#: the CRM's quota, the disk and us a fraction of fifty alone. The first after a pause goes at once.
_GATHER: Mapping[Kind, Sequence[tuple[int, float]]] = {
    "process": ((10, 0.1),),
    "fetch": (),
    "deliver": ((10, 0.1), (60, 0.4)),
}
_EXPIRE_EVERY = timedelta(hours=1)
#: After storage trouble or a bug, a pause before the next look, so that a broken disk is not hammered.
_PAUSE_SECONDS = 2.0
_LOOK_INTO_FOLDERS_SECONDS = 5.0
_LOOK_AT_FIRST_TOUCHES_SECONDS = 5.0


class Workers:
    """Threads of one process: one decides, some deliver to each CRM, one keeps leases and sweeps; one more
    watches each inbox, or waits for its turn where another process does.

    Each CRM has its own threads, so that one that is slow or down keeps nobody else waiting; the first of
    several takes live inquiries only, so that they never wait behind a batch of backfill.

    The bell only saves waiting: every thread looks at the ledger again after sweep_seconds by itself, so
    what a crash or a forgetful Redis left behind is taken up here.
    """

    def __init__(self, services: Services, bell: ThreadBell) -> None:
        self._services = services
        self._bell = bell
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._next_expiry = services.now()

    def start(self) -> None:
        """Begin to work."""
        services, work = self._services, self._services.settings.work
        self._spawn("process", partial(self._listen, "process", partial(process_due, services), _for_ever))
        for crm in services.crms:
            for number in range(work.deliver_threads):
                lanes = lanes_of(number, work.deliver_threads)
                deliver = partial(deliver_due, services, crm, lanes)
                due_in = partial(seconds_until_due, services, crm, lanes)
                each = partial(self._listen, "deliver", deliver, due_in)
                self._spawn(f"deliver-{crm}-{number + 1}", each)
        if any(isinstance(ADAPTERS[path.kind], Fetching) for path in services.settings.paths.values()):
            fetching = partial(self._listen, "fetch", partial(fetch_due, services))
            self._spawn("fetch", partial(fetching, partial(seconds_until_fetch, services)))
        for name, path in services.settings.paths.items():
            if path.inbox is not None:
                self._spawn(f"inbox-{name}", InboxWatch(services, name, self._stop).run)
        if any(path.drop_folder for path in services.settings.paths.values()):
            self._spawn("drop-folders", self._take_dropped)
        self._spawn("sweep", self._sweep)
        self._spawn("first-touches", self._look_after_first_touches)

    def stop(self, timeout: float) -> None:
        """Finish what is under way, within timeout seconds for all; then it is left to its lease."""
        self._stop.set()
        for kind in get_args(Kind):
            self._bell.ring(kind, "")
        deadline = time.monotonic() + timeout
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def _spawn(self, name: str, target: Callable[[], None]) -> None:
        thread = threading.Thread(target=target, name=name, daemon=True)
        thread.start()
        self._threads.append(thread)

    def _listen(self, kind: Kind, work: Callable[[], int], due_in: Callable[[], float]) -> None:
        sweep = self._services.settings.work.sweep_seconds
        while not self._stop.is_set():
            heard = self._bell.heard(kind)
            done = self._safely(work)
            if not done:
                self._bell.wait(kind, heard, max(_BREATH_SECONDS, min(sweep, self._safely(due_in))))
            else:
                self._stop.wait(_gathering_seconds(kind, done))

    def _safely(self, work: Callable[[], Number]) -> Number | int:
        """Run one round; a failing round is logged and does not end the thread."""
        try:
            return work()
        except LedgerUnavailable as error:
            _log.error("ledger_unavailable", error=str(error))
        except Exception as error:
            _log.error("work_failed", error=type(error).__name__)
        self._stop.wait(_PAUSE_SECONDS)
        return 0

    def _take_dropped(self) -> None:
        """Look into the folders where files are laid."""
        while not self._stop.wait(_LOOK_INTO_FOLDERS_SECONDS):
            self._safely(partial(take_dropped, self._services))

    def _look_after_first_touches(self) -> None:
        """Give on what nobody did in time, plan what comes next; both ask CRMs, and no lease waits for it."""
        while not self._stop.wait(_LOOK_AT_FIRST_TOUCHES_SECONDS):
            self._safely(partial(reassign_due, self._services))
            self._safely(partial(look_again, self._services))
            self._safely(partial(follow_up_due, self._services))

    def _sweep(self) -> None:
        """Keep our leases alive and let in what paths captured before they went live."""
        every = self._services.settings.work.lease_seconds / 3
        while not self._stop.wait(every):
            self._safely(self._sweep_once)

    def _sweep_once(self) -> int:
        services = self._services
        services.leases.renew(services.ledger, services.now(), services.lease)
        if services.now() >= self._next_expiry:
            self._next_expiry = services.now() + _EXPIRE_EVERY
            expire_raw(services)
        return remind_due(services) + release_captured(services) + give_keys_due(services)


def lanes_of(thread: int, threads: int) -> Sequence[Lane]:
    """What one of a CRM's threads takes up, counted from 0."""
    return ("live",) if thread == 0 and threads > 1 else LANES


def _gathering_seconds(kind: Kind, done: int) -> float:
    return next((seconds for most, seconds in _GATHER[kind] if done < most), 0.0)


def _for_ever() -> float:
    return math.inf


def release_captured(services: Services) -> int:
    """Process what arrived while its path was in draft or paused, now that it is not."""
    going = [name for name, path in paths(services).items() if path.state in ("live", "shadow")]
    with services.ledger.read() as connection:
        if not submission_states.any_captured(connection, going):
            return 0
    with services.ledger.write() as connection:
        ids = submission_states.release_captured(connection, going)
    for each in ids:
        services.bell.ring("process", each)
    return len(ids)
