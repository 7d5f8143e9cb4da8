"""What an event says of an application link: whose it is, and how far that opening has come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from jobs.ledger import events, holders, links
from jobs.ledger.links import STARTED, SUBMITTED, Link, Opening
from jobs.links import find_link
from jobs.services import Services
from mapping.identity import identity_keys
from mapping.inquiry import ApplicationStatus, Attribution, Inquiry, Party

#: An application by the same person so long after the opening may be another matter.
_TOGETHER = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Followed:
    """The inquiry with what its link stands for, and the id of the known inquiry that it is news of."""

    inquiry: Inquiry
    known: str = ""


def follow(services: Services, inquiry: Inquiry, refs: Sequence[str], *, update: bool) -> Followed:
    """Tie what arrived to the opening that led to it: by the id that came back, else by the person.

    The opening moves on to started or submitted; an application that began without a link is remembered
    too, so that somebody is reminded of it. Repeating changes nothing.
    """
    if inquiry.application is None:
        return Followed(inquiry)
    hashes = events.hashed_refs(services.sealer, refs)
    with services.ledger.read() as connection:
        opening = links.opening_with(connection, hashes)
        known = events.inquiry_with(connection, hashes) if update else ""
        if opening is None and known:
            opening = links.opening_behind(connection, known)
        if update and not known and (opening is None or opening.code is None):
            opening = _by_person(connection, services, inquiry) or opening
        if update and not known and opening is not None:
            known = events.inquiry_with(connection, [opening.ref_hash])
    link = _link_of(services, opening.code if opening else "", inquiry.application.link)
    _move_on(services, inquiry, opening, refs)
    return Followed(_with_link(inquiry, link) if link else inquiry, known)


def _by_person(connection: Connection, services: Services, inquiry: Inquiry) -> Any:
    """The opening of whoever has this email address, when the portal gave no id of ours back."""
    reached = Party(email=inquiry.borrower.email)
    keys = holders.hashed(services.sealer, identity_keys(reached)) if reached.email else ()
    return links.opening_of(connection, [hash_ for _, hash_ in keys], services.now() - _TOGETHER)


def _link_of(services: Services, code: str | None, said: str) -> Link | None:
    return find_link(services, code or said) if code or said else None


def _with_link(inquiry: Inquiry, link: Link) -> Inquiry:
    """Owner, partner and campaign of the link, where the event names none itself."""
    assert inquiry.application is not None  # noqa: S101 (asked by the caller)
    partner = Party(first_name="", email=link.partner_email)
    if link.partner_name:
        first, _, last = link.partner_name.rpartition(" ")
        partner = replace(partner, first_name=first, last_name=last)
    return replace(
        inquiry,
        application=replace(inquiry.application, link=link.code),
        assigned_to=inquiry.assigned_to or link.owner,
        partner=inquiry.partner or (partner if partner != Party() else None),
        attribution=_with_campaign(inquiry.attribution, link.campaign),
    )


def _with_campaign(attribution: Attribution, campaign: str) -> Attribution:
    return attribution if attribution.campaign else replace(attribution, campaign=campaign)


def _move_on(services: Services, inquiry: Inquiry, opening: Any, refs: Sequence[str]) -> None:
    status = inquiry.application.status if inquiry.application else None
    if status is None:
        return
    state = STARTED if status is ApplicationStatus.STARTED else SUBMITTED
    if opening is not None:
        if opening.state not in (state, SUBMITTED):
            with services.ledger.write() as connection:
                links.move_on(connection, opening.id, state, services.now())
    elif state == STARTED:
        _remember(services, refs)


def _remember(services: Services, refs: Sequence[str]) -> None:
    """An application that began elsewhere: its state is watched like an opening's."""
    hashes = events.hashed_refs(services.sealer, refs)
    if not hashes:
        return
    with services.ledger.write() as connection:
        services.ledger.lock(connection, f"opening:{hashes[0]}")
        if links.opening_with(connection, hashes) is None:
            new = Opening(services.new_id(), None, services.now(), hashes[0], STARTED)
            links.add_opening(connection, services.sealer, new)
