"""What a person at the terminal is told when something goes wrong: a sentence, never a traceback."""

from __future__ import annotations

import os
import traceback


def as_message(error: Exception) -> tuple[str, int]:
    """The message and the exit code for an error that ended a command."""
    # Imported late: most commands end well, and start faster without these.
    from connectors.crm.base import CrmError
    from connectors.intake.base import IntakeError
    from connectors.sandbox.options import OptionsError
    from jobs.ledger.engine import LedgerUnavailable
    from jobs.ledger.migrate import SchemaUnknown
    from jobs.ledger.seal import SealBroken
    from jobs.links import LinkProblem
    from jobs.playbooks.revisions import PlaybookProblem
    from jobs.reviews.merging import MergeRefused
    from jobs.settings.problem import SettingsInvalid
    from mapping.playbook import PlaybookInvalid
    from webapp.accounts.people import AccountProblem

    if isinstance(error, PlaybookInvalid) and error.source.startswith("revision "):
        remedy = "Put another text in its place: firstpath playbook push and publish, or rollback."
        return f"{error}\n{remedy}", 2
    if isinstance(error, SettingsInvalid | PlaybookInvalid | OptionsError):
        return str(error), 2
    if isinstance(error, IntakeError):
        return str(error), 1
    if isinstance(error, LedgerUnavailable | SchemaUnknown):
        return f"The ledger cannot be used: {error}", 1
    if isinstance(error, SealBroken):
        return f"A sealed value cannot be opened: {error}", 1
    if isinstance(error, AccountProblem | LinkProblem | MergeRefused | PlaybookProblem):
        return str(error), 1
    if isinstance(error, CrmError):
        return f"{error} {error.remedy}".rstrip(), 1
    if isinstance(error, OSError):
        return f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}", 1
    return _unexpected(error), 1


def _unexpected(error: Exception) -> str:
    """A bug of ours. The error's own words may quote data, so only its place is shown unless asked for."""
    if os.environ.get("FIRSTPATH_TRACEBACK"):
        return "".join(traceback.format_exception(error)).rstrip()
    last = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{os.path.basename(last.filename)}:{last.lineno}"
    return (
        f"Firstpath made a mistake ({type(error).__name__} at {place}). Nothing stored is lost. "
        "Set FIRSTPATH_TRACEBACK=1 to see where, and report it."
    )
