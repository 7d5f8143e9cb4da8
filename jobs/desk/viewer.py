"""Who looks, and therefore what may be seen."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select, true

from jobs.ledger.follow_ups import OPEN_STATES
from jobs.ledger.tables import follow_up, inquiry


@dataclass(frozen=True, slots=True)
class Viewer:
    """An account at the desk. owner_email is whose inquiries it may see, "" = everybody's."""

    id: str
    owner_email: str = ""

    def may_see(self) -> ColumnElement[bool]:
        """The condition on inquiry rows; brokers see their own (owner's email = their account's)."""
        return inquiry.c.owner == self.owner_email if self.owner_email else true()

    def may_open(self) -> ColumnElement[bool]:
        """may_see(), and inquiries of which this person has a task to do: whoever stands in for the owner."""
        if not self.owner_email:
            return true()
        task = follow_up.c
        mine = select(task.id).where(
            task.inquiry_id == inquiry.c.id, task.owner == self.owner_email, task.state.in_(OPEN_STATES)
        )
        return or_(self.may_see(), mine.correlate(inquiry).exists())
