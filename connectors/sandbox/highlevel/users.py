"""The people of the sub-account, to whom records can be assigned."""

from __future__ import annotations

from dataclasses import dataclass

from connectors.sandbox.answers import JsonObject
from connectors.sandbox.highlevel.errors import ApiError, invalid
from connectors.sandbox.highlevel.ids import IdMaker


@dataclass(frozen=True, slots=True)
class UserSeed:
    """Somebody the sub-account should start with; active False is somebody who was deleted."""

    email: str
    first_name: str = ""
    last_name: str = ""
    active: bool = True
    role: str = "user"


@dataclass(frozen=True, slots=True)
class User:
    """One user. Deleted ones go on appearing in lists, marked."""

    id: str
    seed: UserSeed
    location_id: str

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.seed.first_name} {self.seed.last_name}".strip()

    def json(self) -> JsonObject:
        """The user as the users API answers it."""
        roles = {"type": "account", "role": self.seed.role, "locationIds": [self.location_id]}
        return {
            "id": self.id,
            "name": self.name,
            "firstName": self.seed.first_name,
            "lastName": self.seed.last_name,
            "email": self.seed.email,
            "phone": "",
            "extension": "",
            "roles": roles,
            "deleted": not self.seed.active,
        }


class Users:
    """All users, in the order they were added."""

    def __init__(self, ids: IdMaker, location_id: str) -> None:
        self._ids = ids
        self._location_id = location_id
        self._all: dict[str, User] = {}

    def add(self, seed: UserSeed) -> User:
        """Add somebody; an address that is known already is updated in place."""
        known = next((u for u in self._all.values() if u.seed.email.lower() == seed.email.lower()), None)
        user = User(known.id if known else self._ids.record(), seed, self._location_id)
        self._all[user.id] = user
        return user

    def get(self, user_id: str) -> User:
        """Raises: ApiError (400)."""
        if user_id not in self._all:
            raise ApiError(400, "User not found")
        return self._all[user_id]

    def check_assignable(self, user_id: str) -> None:
        """Whether assignedTo may be this ("" takes the owner off). Raises: ApiError (422)."""
        user = self._all.get(user_id)
        if user_id and (user is None or not user.seed.active):
            raise invalid(f"assignedTo: user {user_id} does not belong to this location")

    def list(self, words: str = "") -> list[User]:
        """Everybody whose name or address contains the words."""
        wanted = words.lower()
        return [u for u in self._all.values() if wanted in f"{u.name} {u.seed.email}".lower()]
