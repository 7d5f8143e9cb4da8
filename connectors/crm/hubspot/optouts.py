"""What may be written of a borrower: no blanks, and an opt-out is only ever raised."""

from __future__ import annotations

from collections.abc import Mapping

from mapping.bundle import ContactRecord

_OPT_OUT = "hs_email_optout"  # also hs_email_optout_123, for one kind of email


def written(borrower: ContactRecord) -> dict[str, str]:
    """The properties to write: no blanks, and nothing that would take an opt-out back."""
    return {name: value for name, value in borrower.fields.items() if value and not _lowers(name, value)}


def replaceable(borrower: ContactRecord, wanted: Mapping[str, str]) -> frozenset[str]:
    """The properties that may replace what stands there: the playbook's, and opting out."""
    return borrower.overwrite | {name for name in wanted if name.startswith(_OPT_OUT)}


def _lowers(name: str, value: str) -> bool:
    return name.startswith(_OPT_OUT) and value.strip().lower() != "true"
