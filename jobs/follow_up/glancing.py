"""Before more is planned, one look at the CRMs: what people ticked off, moved on, closed or gave away."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import structlog
from sqlalchemy import Connection

from connectors.crm.base import CrmError, Seen, Watched
from jobs.first_touch.peoples_deeds import mirror, what_people_did
from jobs.known import KnownInquiry
from jobs.ledger import crms, deliveries, follow_ups, inquiries, notices, plans
from jobs.services import Services
from mapping.follow_up.news import OUTCOMES, is_further
from mapping.inquiry import Stage


@dataclass(frozen=True, slots=True)
class Glance:
    """How an inquiry stands in one CRM; follow_up is the task that was looked at."""

    follow_up: str
    seen: Seen


_log = structlog.get_logger()

Glances = Mapping[str, Mapping[str, Glance]]  # inquiry's id → CRM → how it stands there


def glance(services: Services, ids: Collection[str]) -> Glances:
    """One look in each CRM for all of these inquiries that have a task there.

    A CRM that cannot be asked tells nothing: then what is known here decides.
    """
    found: dict[str, dict[str, Glance]] = {}
    for name, crm in services.crms.items():
        with services.ledger.read() as connection:
            state = crms.state(connection, name)
            silent = state.silenced(services.now()) or state.probing
            wanted = {} if silent else _watched(connection, name, ids)
        if not wanted:
            continue
        try:
            seen = crm.look([watched for _, watched in wanted.values()])
        except CrmError:
            continue
        except Exception as error:  # a mistake of ours about one CRM must not keep every plan waiting
            _log.error("glance_failed", crm=name, error=type(error).__name__)
            continue
        for (inquiry_id, (task, _)), how in zip(wanted.items(), seen, strict=True):
            found.setdefault(inquiry_id, {})[name] = Glance(task, how)
    return found


def _watched(connection: Connection, crm: str, ids: Collection[str]) -> dict[str, tuple[str, Watched]]:
    """The latest task of each inquiry in this CRM, with its deal and contact, by the inquiry's id.

    Left out are those that the CRM has not been told of yet, which is no deed of people, and those that are
    not pursued any more: nothing is planned for them, whatever stands there.
    """
    told = set(ids) - deliveries.untold(connection, crm, ids) - plans.carried(connection, ids)
    latest = follow_ups.latest_in_crm(connection, crm, told)
    keys = [key for id_, (task, borrower) in latest.items() for key in (id_, task, borrower)]
    links = crms.links(connection, crm, keys)
    found = {}
    for id_, (task, borrower) in latest.items():
        deal, there = links.get(("deal", id_)), links.get(("task", task))
        contact = links.get(("contact", borrower))
        if deal and there and contact:
            found[id_] = task, Watched(deal, there, contact)
    return found


def heed_people(
    services: Services, connection: Connection, known: KnownInquiry, glances: Mapping[str, Glance]
) -> list[str]:
    """Keep what people did there; the deliveries that are due. The caller loads the inquiry anew."""
    for one in glances.values():
        if one.seen.task == "done":
            inquiries.mark_done(connection, one.follow_up)
    # Who has the task and whether it is done is no deed about the deal.
    deals = {
        crm: replace(one.seen, task="open", task_owner=known.owner.owner) for crm, one in glances.items()
    }
    deed = what_people_did(deals, known, services)
    if deed is None:
        return []
    ends = {seen.deal for seen in deals.values()} - {"open"}
    stage = deed.stage if deed.stage and is_further(known.stage, deed.stage) else None
    if deed.stage and stage is None and not ends:
        _tell_of_two_stages(services, connection, known, deed.stage)
    if ends and stage not in OUTCOMES:
        # At its end, in a stage of theirs that the playbook does not have, or in HighLevel in any stage.
        stage = Stage.FUNDED if "won" in ends else Stage.LOST
    # Only whom we could give a task to becomes the owner here.
    owner = deed.owner if deed.owner and services.playbook.member(deed.owner) else None
    return mirror(services, connection, known, replace(deed, stage=stage, owner=owner))


def _tell_of_two_stages(
    services: Services, connection: Connection, known: KnownInquiry, there: Stage
) -> None:
    """Once: a deal that a person moved back, or left behind, is followed up by where it stands here.

    That it was moved back on purpose cannot be told from a stage of a person's that our own news went past.
    """
    here, behind = (one.replace("_", " ") for one in (known.stage, there))
    notices.raise_once(
        connection,
        id=services.new_id(),
        at=services.now(),
        kind="stage",
        object_id=known.id,
        message=f"In the CRM the deal stands at: {behind}. Here it stands further on, at: {here}, and is "
        "followed up as such. If that is wrong, stop or pause the follow-up on this page.",
    )
