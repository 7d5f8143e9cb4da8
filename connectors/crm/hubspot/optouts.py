"""Opting out of email: HubSpot shows it on the contact and lets nobody write it there."""

from __future__ import annotations

from collections.abc import Mapping

from mapping.crm.bundle import ContactRecord

#: Read on every contact. A playbook maps it to have an opt-out brought over.
OPT_OUT = "hs_email_optout"
_ONE_KIND = f"{OPT_OUT}_"  # hs_email_optout_123, for one kind of email: HubSpot's own as well


def written(borrower: ContactRecord) -> dict[str, str]:
    """The properties to write: no blanks, and no opt-out, which has a way of its own."""
    return {name: value for name, value in borrower.fields.items() if value and not _is_opt_out(name)}


def leaves(borrower: ContactRecord) -> bool:
    """Whether the borrower's mapped values say that they want no email; anything else changes nothing."""
    return borrower.fields.get(OPT_OUT, "").strip().lower() == "true"


def has_left(properties: Mapping[str, str]) -> bool:
    """Whether HubSpot knows that the contact wants no email."""
    return properties.get(OPT_OUT, "").lower() == "true"


def _is_opt_out(name: str) -> bool:
    return name == OPT_OUT or name.startswith(_ONE_KIND)
