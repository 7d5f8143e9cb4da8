"""Watching the referral inbox in a process of its own, to be killed: python -m tests.faults.watch_inbox."""

from __future__ import annotations

import os
import sys
import threading
from dataclasses import replace
from pathlib import Path

from jobs.inbox.watching import InboxWatch
from jobs.services import Services, open_services
from jobs.settings.load import load_settings

#: Shorter than the settings allow: the next one need not wait long after a kill.
LEASE_SECONDS = 2


def open_watch(config: Path) -> Services:
    """The services of these settings with the short lease."""
    settings = load_settings(config, os.environ)
    return open_services(replace(settings, work=replace(settings.work, lease_seconds=LEASE_SECONDS)))


def main() -> None:
    """Watch until killed; after trouble the next try comes soon."""
    stop = threading.Event()
    services = open_watch(Path(sys.argv[1]))
    InboxWatch(services, "referrals", stop, pause=lambda seconds: stop.wait(min(seconds, 0.05))).run()


if __name__ == "__main__":
    main()
