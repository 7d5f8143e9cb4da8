"""The partners page: who sends borrowers, how many, and whose mails wait for a decision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from jobs.ledger import partners
from jobs.ledger.partners import Partner, PartnerState, Seen
from jobs.services import Services

PAGE = 50
STATES: tuple[str, ...] = get_args(PartnerState)


@dataclass(frozen=True, slots=True)
class PartnerLine:
    """One line of the list."""

    partner: Partner
    seen: Seen


@dataclass(frozen=True, slots=True)
class PartnersPage:
    """One page, newest first; older is the cursor of the next one ("" = this is the last)."""

    lines: tuple[PartnerLine, ...]
    older: str


def list_partners(services: Services, state: str = "", before: str = "") -> PartnersPage:
    """The page of partners of one state ("" = all) that are older than the one with the id before."""
    with services.ledger.read() as connection:
        found = partners.page(connection, services.sealer, state=state, before=before, limit=PAGE + 1)
        shown = found[:PAGE]
        seen = partners.seen(connection, [one.id for one in shown])
    lines = tuple(PartnerLine(one, seen[one.id]) for one in shown)
    return PartnersPage(lines, shown[-1].id if len(found) > PAGE else "")
