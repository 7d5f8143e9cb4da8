"""Maxwell: three events (application created, updated or submitted; file status), each with the borrower."""

from __future__ import annotations

from connectors.intake.application_events import ApplicationEvents
from connectors.intake.application_status import told_status
from connectors.intake.base import Options

_LAST_WORD_OF = {"created": "started", "submitted": "submitted"}


class Maxwell(ApplicationEvents):
    """Every event carries the loan file's id and the borrower's email address."""

    vendor = "maxwell"
    keeps_rest = False

    def ref(self, number: str, options: Options) -> str:
        """One portal, one space of numbers."""
        return f"application:{self.vendor}:{number}"

    def status(self, word: str, event: str) -> str:
        """The file's status, else what the event's name says ("application.submitted")."""
        named = event.lower().replace(".", "_").replace("-", "_").replace(" ", "_").rpartition("_")[2]
        return told_status(word, _LAST_WORD_OF.get(named, ""))
