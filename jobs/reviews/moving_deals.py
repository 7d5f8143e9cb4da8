"""After a merge was undone: deals that the CRMs hold on the other's contact go to whom they belong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from jobs.delivering.owing import Change, owe
from jobs.known import KnownInquiry, load
from jobs.ledger import crms, events, inquiries, merge_undoing, merges
from jobs.ledger.merges import Merge
from jobs.services import Services
from mapping.crm.bundle import Move
from mapping.crm.duplicates import plan_deal_move
from mapping.follow_up.first_task import PlannedFollowUp

_BY_HAND = "highlevel"  # an opportunity there keeps the contact it was made for


@dataclass(frozen=True, slots=True)
class _Astray:
    """A deal on a wrong contact; own is its borrower's contact there, "" as long as there is none."""

    crm: str
    deal: str
    there: str
    own: str


def owe_moves(services: Services, connection: Connection, merge: Merge) -> tuple[list[str], list[str]]:
    """Owe the CRMs what brings such deals home; the inquiries, and the deliveries that are due.

    Where a CRM's API cannot move one, a task on the borrower's contact asks a person to.
    """
    moved, owed = [], list[str]()
    sides = ((merge.absorbed_id, merge.survivor_id), (merge.survivor_id, merge.absorbed_id))
    for borrower_id, other in sides:
        for inquiry_id in merges.inquiries_of(connection, borrower_id):
            known = load(connection, services, inquiry_id)
            if known.shadow or known.borrower.id != borrower_id:
                continue
            found = _astray(services, connection, known, other, merge)
            moved += [inquiry_id] if found else []
            for one in found:
                owed += _owe(services, connection, known, other, one)
    return moved, owed


def _astray(
    services: Services, connection: Connection, known: KnownInquiry, other: str, merge: Merge
) -> Sequence[_Astray]:
    """The CRMs in which the deal hangs on the other's contact."""
    path = services.settings.paths.get(known.details.path)
    found = []
    for crm in path.crm if path else ():
        links = crms.links(connection, crm, (known.id, known.borrower.id, other))
        deal, there = links.get(("deal", known.id), ""), links.get(("contact", other), "")
        own = links.get(("contact", known.borrower.id), "")
        # Who has no contact there any more left all deals to the other, whenever they were made.
        put_on = merge_undoing.put_on(connection, known.id, crm, merge.at) if own else there
        if deal and there and put_on == there != own:
            found.append(_Astray(crm, deal, there, own))
    return found


def _owe(
    services: Services, connection: Connection, known: KnownInquiry, other: str, astray: _Astray
) -> list[str]:
    tasks: list[tuple[str, PlannedFollowUp]] = []
    open_ones = tuple(one.id for one in inquiries.open_follow_ups(connection, known.id))
    if services.settings.crms[astray.crm].kind == _BY_HAND:
        tasks = [(services.new_id(), _by_hand(services, known, astray))]
        events.add_follow_up(connection, services.sealer, known.id, known.owner.owner, *tasks[0])
    move = Move(other, open_ones)
    return owe(services, connection, known, Change(tasks, quiet=True, move=move), crms=(astray.crm,))


def _by_hand(services: Services, known: KnownInquiry, astray: _Astray) -> PlannedFollowUp:
    connector = services.crms.get(astray.crm)
    deal = connector.record_url("deal", astray.deal) if connector else ""
    there = connector.record_url("contact", astray.there) if connector else ""
    return plan_deal_move(
        known.details,
        known.owner,
        services.playbook,
        now=services.now(),
        deal=deal or astray.deal,
        contact=there or astray.there,
    )
