"""Invented people and inquiries that the tests of decisions share."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from mapping.inquiry import Inquiry, InquiryType, Party, Property
from mapping.ownership.owner import OwnerDecision
from mapping.playbook import Playbook, load_playbook, shipped


def off_duty(playbook: Playbook) -> Playbook:
    """The playbook without its duty roster: everybody works in their own hours only."""
    return replace(playbook, duty=(), team=tuple(replace(one, duty=()) for one in playbook.team))


US = off_duty(load_playbook(shipped("mortgage_us"), name="mortgage_us"))
CA = off_duty(load_playbook(shipped("mortgage_ca"), name="mortgage_ca"))
NOON = datetime(
    2026, 6, 10, 16, 0, tzinfo=UTC
)  # a Wednesday, noon in New York, office hours everywhere in the team
RENATA = Party(first_name="Renata", last_name="Okafor", email="renata@example.com", phone="+14155550132")
MAYA, DANIEL, PRIYA = US.team


def inquiry(state: str = "CA", *, received_at: datetime = NOON, **changes: Any) -> Inquiry:
    """A purchase by Renata Okafor; any field of Inquiry can be given."""
    plain = Inquiry(
        source="typeform",
        path="Purchase form",
        received_at=received_at,
        borrower=RENATA,
        type=InquiryType.PURCHASE,
        property=Property(state=state),
    )
    return replace(plain, **changes)


def owned_by(email: str, playbook: Playbook = US) -> OwnerDecision:
    """A decision for a member, as round robin makes it."""
    member = playbook.member(email)
    assert member is not None
    return OwnerDecision(member.email, member.name, "round_robin", ("It is their turn.",), (), "")
