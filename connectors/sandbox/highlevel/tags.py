"""Tags: lower case, a catalogue per sub-account, and a trigger only when one is new on a contact."""

from __future__ import annotations

from collections.abc import Iterable

from connectors.sandbox.answers import JsonObject
from connectors.sandbox.highlevel.errors import not_found
from connectors.sandbox.highlevel.ids import IdMaker


def folded(tags: Iterable[str]) -> list[str]:
    """Tags as they are kept: trimmed, lower case, each once, in the order they came."""
    return list(dict.fromkeys(tag for one in tags if (tag := one.strip().lower())))


class TagCatalogue:
    """The tags that exist in the sub-account, by name. Using a tag makes it."""

    def __init__(self, ids: IdMaker) -> None:
        self._ids = ids
        self._id_of: dict[str, str] = {}

    def use(self, name: str) -> str:
        """The id of a tag, made when it is new."""
        if name not in self._id_of:
            self._id_of[name] = self._ids.record()
        return self._id_of[name]

    def delete(self, tag_id: str) -> str:
        """The name of the tag that is no more. Raises: ApiError (400)."""
        for name, known in self._id_of.items():
            if known == tag_id:
                del self._id_of[name]
                return name
        raise not_found("Tag", tag_id)

    def json(self, location_id: str) -> list[JsonObject]:
        """All of them."""
        return [{"id": one, "name": name, "locationId": location_id} for name, one in self._id_of.items()]
