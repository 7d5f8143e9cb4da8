"""The groups that properties of one kind are shown in."""

from __future__ import annotations

from connectors.sandbox.hubspot.body_fields import text, whole
from connectors.sandbox.hubspot.errors import ApiError, JsonObject, invalid, not_found


class PropertyGroups:
    """Groups by name, as the properties API answers them."""

    def __init__(self, name: str, label: str) -> None:
        self._all: dict[str, JsonObject] = {}
        self.create({"name": name, "label": label, "displayOrder": 0})

    def __contains__(self, name: object) -> bool:
        return name in self._all

    def defined(self) -> list[JsonObject]:
        """All groups."""
        return list(self._all.values())

    def get(self, name: str) -> JsonObject:
        """The group. Raises: ApiError (404)."""
        if name not in self._all:
            raise not_found(f"Property group {name} does not exist")
        return self._all[name]

    def create(self, body: JsonObject) -> JsonObject:
        """Define a group. Raises: ApiError: 409 when it exists, 400 without name or label."""
        name, label = text(body, "name"), text(body, "label")
        if not name or not label:
            raise invalid("A property group needs a name and a label.")
        if name in self._all:
            raise ApiError(
                409,
                "OBJECT_ALREADY_EXISTS",
                f"A property group named '{name}' already exists.",
                sub_category="Properties.GROUP_WITH_NAME_EXISTS",
            )
        order = whole(body, "displayOrder", -1)
        self._all[name] = {"name": name, "label": label, "displayOrder": order, "archived": False}
        return self._all[name]

    def update(self, name: str, body: JsonObject) -> JsonObject:
        """Change label or order of a group. Raises: ApiError (404)."""
        group = self.get(name)
        label, order = text(body, "label", group["label"]), whole(body, "displayOrder", group["displayOrder"])
        group.update(label=label, displayOrder=order)
        return group

    def drop(self, name: str) -> None:
        """Remove a group. Raises: ApiError (404)."""
        self.get(name)
        del self._all[name]
