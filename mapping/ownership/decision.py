"""What a decision on the owner rests on, and what it comes to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from mapping.ownership.capacity import Loads
from mapping.ownership.turns import Turns


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of earlier inquiries; emails are the CRM's logins, "" = none.

    borrower_owner had the borrower's last inquiry, partner_owner the last one of the referral partner,
    co_borrower_owner the last one of whoever is named beside the borrower. loads are what limited members
    have on the table, turns the pointers of the round robin. missed had this very inquiry and did not get in
    touch in time.
    """

    turns: Turns
    borrower_owner: str = ""
    partner_owner: str = ""
    loads: Loads = field(default_factory=dict)
    missed: Collection[str] = ()
    co_borrower_owner: str = ""


@dataclass(frozen=True, slots=True)
class OwnerDecision:
    """Who owns an inquiry and why.

    owner is the email by which the CRM knows the person ("" = nobody). method is one of named, sticky,
    partner, rule, duty, round_robin, fallback, held. considered lists every member who was passed over, with
    the reason. alert is a sentence for the desk, "" when nobody needs to act. licence says under which number
    the owner may act there, "" where that is unknown. group are the emails of those who take turns among
    themselves (a rule's, a shift's), () = the whole team.
    """

    owner: str
    name: str
    method: str
    reasons: tuple[str, ...]
    considered: tuple[tuple[str, str], ...]
    alert: str
    licence: str = ""
    group: tuple[str, ...] = ()

    @property
    def because(self) -> str:
        """The reasons as one text."""
        return " ".join(self.reasons)

    @property
    def may_act(self) -> bool:
        """Whether the owner is a loan officer who passed the gates, not a queue or nobody."""
        return self.method not in ("fallback", "held")
