"""Followers of contacts and opportunities: users who are told of changes."""

from __future__ import annotations

from connectors.sandbox.answers import JsonObject
from connectors.sandbox.highlevel.shapes import Shape, checked

FOLLOWERS = Shape({"followers": "texts"}, ("followers",))


def add(held: list[str], body: object) -> JsonObject:
    """The followers after, and those who are new. Raises: ApiError (422)."""
    new = [one for one in dict.fromkeys(checked(body, FOLLOWERS)["followers"]) if one not in held]
    held.extend(new)
    return {"followers": list(held), "followersAdded": new}


def remove(held: list[str], body: object, *, everybody: bool = False) -> JsonObject:
    """The followers after, and those who went. Raises: ApiError (422)."""
    named = list(held) if everybody else checked(body, FOLLOWERS)["followers"]
    gone = [one for one in held if one in named]
    held[:] = [one for one in held if one not in gone]
    return {"followers": list(held), "followersRemoved": gone}
