"""One round of deliveries in a process of its own, to be killed: python -m tests.faults.deliver_once."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from jobs.deliver import deliver_due
from jobs.services import open_services
from jobs.settings.load import load_settings


def main() -> None:
    """Take up what is due for the CRM, once."""
    services = open_services(load_settings(Path(sys.argv[1]), os.environ))
    deliver_due(services, sys.argv[2])
    services.ledger.close()


if __name__ == "__main__":
    main()
