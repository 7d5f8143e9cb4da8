"""Which owner rule an inquiry meets, and which referral partner sent it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from mapping.inquiry import Amount, Inquiry
from mapping.playbook.model import Playbook
from mapping.playbook.team import ANY_PARTNER, KnownPartner, OwnerRule


def first_rule(inquiry: Inquiry, playbook: Playbook) -> OwnerRule | None:
    """The first rule whose conditions are all met; None when there is none."""
    return next((rule for rule in playbook.owner_rules if matches(rule, inquiry, playbook)), None)


def matches(rule: OwnerRule, inquiry: Inquiry, playbook: Playbook) -> bool:
    """Whether every condition of the rule is met. An unknown answer meets no condition."""
    exact = (
        (rule.types, inquiry.type),
        (rule.states, inquiry.property.state),
        (rule.paths, inquiry.path),
        (rule.languages, main_language(inquiry.language)),
    )
    if any(allowed and value not in allowed for allowed, value in exact):
        return False
    if rule.sources and rule.sources.isdisjoint(_sources(inquiry)):
        return False
    if rule.campaigns and rule.campaigns.isdisjoint(_campaigns(inquiry)):
        return False
    if (rule.partners or rule.partner_kinds) and not _sent_by(rule, inquiry, playbook):
        return False
    return _in_range(inquiry.loan.amount, rule.amount_from, rule.amount_to)


def partner_of(inquiry: Inquiry, playbook: Playbook) -> KnownPartner | None:
    """The partner of the playbook who sent the inquiry: by address, else by the whole domain."""
    address = inquiry.partner.email if inquiry.partner else ""
    if not address:
        return None
    for spelled in _spellings(address):
        for one in playbook.partners:
            if spelled in one.emails:
                return one
    return None


def main_language(tag: str) -> str:
    """The language of a tag without its region: "es" of "es-MX"."""
    return tag.partition("-")[0].casefold()


def _sources(inquiry: Inquiry) -> Iterator[str]:
    """The vendor of the way in, and what the visitor came from."""
    yield inquiry.source.casefold()
    yield inquiry.attribution.utm.get("source", "").casefold()


def _campaigns(inquiry: Inquiry) -> Iterator[str]:
    yield inquiry.attribution.campaign.casefold()
    yield inquiry.attribution.utm.get("campaign", "").casefold()


def _sent_by(rule: OwnerRule, inquiry: Inquiry, playbook: Playbook) -> bool:
    if inquiry.partner is None:
        return False
    known = partner_of(inquiry, playbook)
    if rule.partner_kinds and (known is None or known.kind not in rule.partner_kinds):
        return False
    names = {ANY_PARTNER, *_spellings(inquiry.partner.email)} | ({known.name.casefold()} if known else set())
    return not rule.partners or not rule.partners.isdisjoint(names)


def _spellings(address: str) -> tuple[str, ...]:
    """How a playbook may name an address: itself, and its domain as "@domain"."""
    folded = address.casefold()
    return (folded, f"@{folded.rpartition('@')[2]}") if "@" in folded else ()


def _in_range(amount: Amount, low: Decimal | None, high: Decimal | None) -> bool:
    """A stated range must lie inside as a whole: it never becomes a single value."""
    if low is None and high is None:
        return True
    least = amount.value if amount.value is not None else amount.low
    most = amount.value if amount.value is not None else amount.high
    above = low is None or (least is not None and least >= low)
    below = high is None or (most is not None and most <= high)
    return above and below
