"""The people (and queues) that records can be assigned to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from connectors.sandbox.hubspot.errors import JsonObject, not_found
from connectors.sandbox.timestamps import iso

FIRST_OWNER_ID = 70_000_001
FIRST_USER_ID = 9_000_001
TEAM = {"id": "4001", "name": "Mortgage team", "primary": True}


@dataclass(frozen=True, slots=True)
class OwnerSeed:
    """Somebody the account should start with."""

    email: str
    first_name: str = ""
    last_name: str = ""
    active: bool = True
    type: Literal["PERSON", "QUEUE"] = "PERSON"


@dataclass(frozen=True, slots=True)
class Owner:
    """One owner. id is what records carry in hubspot_owner_id; user_id is a different number on purpose."""

    id: str
    user_id: int
    seed: OwnerSeed
    created_at: float

    def json(self) -> JsonObject:
        """The owner as the owners API answers it; a deactivated one has no userId."""
        body: JsonObject = {
            "id": self.id,
            "email": self.seed.email,
            "type": self.seed.type,
            "firstName": self.seed.first_name,
            "lastName": self.seed.last_name,
            "userIdIncludingInactive": self.user_id,
            "createdAt": iso(self.created_at),
            "updatedAt": iso(self.created_at),
            "archived": not self.seed.active,
            "teams": [TEAM],
        }
        if self.seed.active:
            body["userId"] = self.user_id
        return body


class Owners:
    """All owners of the account, in the order they were added."""

    def __init__(self) -> None:
        self._all: dict[str, Owner] = {}

    def add(self, seed: OwnerSeed, now: float) -> Owner:
        """Add somebody; an address that is known already is updated in place."""
        for known in self._all.values():
            if known.seed.email.lower() == seed.email.lower():
                changed = Owner(known.id, known.user_id, seed, known.created_at)
                self._all[known.id] = changed
                return changed
        number = len(self._all)
        owner = Owner(str(FIRST_OWNER_ID + number), FIRST_USER_ID + number, seed, now)
        self._all[owner.id] = owner
        return owner

    def assignable(self, owner_id: str) -> bool:
        """Whether hubspot_owner_id may be this."""
        owner = self._all.get(owner_id)
        return owner is not None and owner.seed.active

    def get(self, value: str, id_property: str, *, archived: bool) -> Owner:
        """The owner with this id or userId. Raises: ApiError (404)."""
        for owner in self._all.values():
            key = str(owner.user_id) if id_property == "userId" else owner.id
            if key == value and owner.seed.active is not archived:
                return owner
        raise not_found(f"Owner {value} does not exist")

    def list(self, email: str, *, archived: bool) -> list[Owner]:
        """Owners by address ("" = all), active or archived."""
        wanted = email.lower()
        return [
            o
            for o in self._all.values()
            if o.seed.active is not archived and (not wanted or o.seed.email.lower() == wanted)
        ]
