"""Who sends borrowers: met by their mails, held back until the brokerage trusts them where it wants that."""

from __future__ import annotations

from jobs.ledger import notices, partners, submission_states
from jobs.ledger.partners import Partner, PartnerState, Profile
from jobs.paths.current import paths
from jobs.services import Services
from jobs.settings.model import PathSettings
from mapping.inquiry import Party

_REASONS = {
    "unknown_partner": "The sender is a partner whom nobody has approved yet. It is processed by itself as "
    "soon as the partner is approved.",
    "partner_blocked": "The partner who sent it is blocked.",
}


def meet(services: Services, path: PathSettings, sender: str, named: Party | None) -> Partner | None:
    """The partner who wrote from this proved address, remembered; None when it is one of our own people.

    named is the partner as the mail names one; it counts when it is the sender.
    """
    address = sender.strip().lower()
    if not address or address.rpartition("@")[2] in path.own_domains:
        return None
    profile = _profile(address, named)
    with services.ledger.read() as connection:
        known = partners.find(connection, services.sealer, address)
    if known is not None and known.profile.updated(profile) == known.profile:
        return known
    with services.ledger.write() as connection:
        services.ledger.lock(connection, f"partner:{address}")
        known = partners.find(connection, services.sealer, address)
        if known is None:
            new = Partner(services.new_id(), profile, "new", services.now())
            partners.add(connection, services.sealer, new)
            return new
        partners.save_profile(connection, services.sealer, known.id, known.profile.updated(profile))
    return known


def held_back(partner: Partner, path: PathSettings) -> str:
    """The code of the reason why this partner's mails wait; "" when they do not."""
    if partner.state == "blocked":
        return "partner_blocked"
    return "unknown_partner" if path.partners == "approved_only" and partner.state != "approved" else ""


def hold_back(services: Services, submission_id: str, partner_id: str, code: str) -> None:
    """Let a mail wait in quarantine, unless the partner was approved while we looked."""
    with services.ledger.write() as connection:
        services.ledger.lock(connection, f"partner:{partner_id}")
        partner = partners.get(connection, services.sealer, partner_id)
        approved = partner is not None and partner.state == "approved"
        submission_states.wait_for_partner(
            connection, submission_id, "" if approved else partner_id, code, _REASONS[code]
        )


def decide(services: Services, partner_id: str, state: PartnerState, actor: str) -> int | None:
    """Approve or block a partner; how many waiting mails are processed now, None when nothing changed."""
    released: list[str] = []
    with services.ledger.write() as connection:
        services.ledger.lock(connection, f"partner:{partner_id}")
        if not partners.decide(connection, partner_id, state, actor, services.now()):
            return None
        if state == "approved":
            still = [name for name, path in paths(services).items() if path.state in ("draft", "paused")]
            released = partners.release_waiting(connection, partner_id, still)
        notices.record(
            connection,
            id=services.new_id(),
            at=services.now(),
            actor=actor,
            action=f"partner.{state}",
            object_kind="partner",
            object_id=partner_id,
            detail=f"{len(released)} waiting" if released else "",
        )
    for each in released:
        services.bell.ring("process", each)
    return len(released)


def _profile(address: str, named: Party | None) -> Profile:
    if named is None or named.email not in ("", address):
        return Profile(address)
    return Profile(address, named.full_name, named.company, named.phone)
