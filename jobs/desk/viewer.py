"""Who looks, and therefore what may be seen."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, true

from jobs.ledger.tables import inquiry


@dataclass(frozen=True, slots=True)
class Viewer:
    """An account at the desk. owner_email is whose inquiries it may see, "" = everybody's."""

    id: str
    owner_email: str = ""

    def may_see(self) -> ColumnElement[bool]:
        """The condition on inquiry rows; brokers see their own (owner's email = their account's)."""
        return inquiry.c.owner == self.owner_email if self.owner_email else true()
