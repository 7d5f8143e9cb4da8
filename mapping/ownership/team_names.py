"""Members of a team by their emails, and by the names that a link may have for them."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence

from mapping.playbook.team import Member


def members_of(team: Sequence[Member], emails: Collection[str]) -> list[Member]:
    """Those with these emails, in the team's order."""
    wanted = {email.casefold() for email in emails}
    return [member for member in team if member.email.casefold() in wanted]


def members_called(team: Sequence[Member], written: str) -> list[Member]:
    """Those whom a link may mean: by the full address, the part before the @, or the name."""
    wanted = _folded(written)
    return [member for member in team if wanted in _callings(member)]


def _callings(member: Member) -> set[str]:
    return {_folded(member.email), _folded(member.email.partition("@")[0]), _folded(member.name)}


def _folded(text: str) -> str:
    """Lower case, without accents, dots, dashes and spaces: "maya-whitfield" is Maya Whitfield."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in plain if letter.isalnum() or letter in "@")
