"""On whose behalf a write happens, and with which wishes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

LATEST = 62.0
TYPO_BELOW = 55.0  # the key is spelled duplicateResut in captures of v48 to v54


@dataclass(frozen=True, slots=True)
class Caller:
    """The user, the API version, and what the headers of the request ask for.

    assign: whether the lead assignment rule applies. save_duplicates: the caller accepts an alert of a
    duplicate rule that only alerts. by_hand: a person in the browser, for whom neither rule applies.
    """

    user_id: str
    version: float = LATEST
    assign: bool = True
    save_duplicates: bool = False
    by_hand: bool = False

    @property
    def base(self) -> str:
        """ "/services/data/v62.0"."""
        return f"/services/data/v{self.version:.1f}"


def caller_of(user_id: str, version: float, headers: Mapping[str, str]) -> Caller:
    """A caller from request headers, whose names are in small letters."""
    wishes: dict[str, str] = {}
    if not headers:
        return Caller(user_id, version)
    for part in headers.get("sforce-duplicate-rule-header", "").replace(",", ";").split(";"):
        name, _, value = part.partition("=")
        wishes[name.strip().lower()] = value.strip().lower()
    return Caller(
        user_id=user_id,
        version=version,
        assign=headers.get("sforce-auto-assign", "TRUE").strip().upper() != "FALSE",
        save_duplicates=wishes.get("allowsave") == "true",
    )
