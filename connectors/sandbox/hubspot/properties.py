"""The properties of one kind of record, as an account has them."""

from __future__ import annotations

from dataclasses import replace

from connectors.sandbox.hubspot.catalog import built_in_group, built_in_properties
from connectors.sandbox.hubspot.errors import ApiError, JsonObject, invalid, not_found
from connectors.sandbox.hubspot.property_definition import Property, changed_property, parse_property
from connectors.sandbox.hubspot.property_groups import PropertyGroups

MAX_UNIQUE = 10  # unique properties per object type (HubSpot's properties guide)


class Properties:
    """Definitions by name; archived ones stay, and come back when created again."""

    def __init__(self, kind: str) -> None:
        self.groups = PropertyGroups(*built_in_group(kind))
        self._all = {prop.name: prop for prop in built_in_properties(kind)}
        self._unique: tuple[str, ...] = ()

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.live(name) is not None

    @property
    def unique_names(self) -> tuple[str, ...]:
        """Properties whose values may stand on one record only (email apart)."""
        return self._unique

    def live(self, name: str) -> Property | None:
        """The definition, unless unknown or archived."""
        found = self._all.get(name)
        return found if found is not None and found.archived_at is None else None

    def get(self, name: str, *, archived: bool = False) -> Property:
        """The definition. Raises: ApiError (404)."""
        found = self._all.get(name)
        if found is None or (found.archived_at is not None) is not archived:
            raise not_found(f"Property {name} does not exist")
        return found

    def defined(self, *, archived: bool = False) -> list[Property]:
        """All live definitions, or all archived ones."""
        return [p for p in self._all.values() if (p.archived_at is not None) is archived]

    def create(self, body: JsonObject, now: float) -> Property:
        """Define a property. An archived one of this name comes back as it was.

        Raises: ApiError: 409 when it exists, 400 when the definition is wrong.
        """
        wanted = parse_property(body, now)
        self._check_group(wanted.group)
        present = self._all.get(wanted.name)
        if present is not None and present.archived_at is None:
            raise ApiError(
                409,
                "OBJECT_ALREADY_EXISTS",
                f"A property named '{wanted.name}' already exists.",
                sub_category="Properties.PROPERTY_WITH_NAME_EXISTS",
            )
        made = wanted if present is None else replace(present, archived_at=None, updated_at=now)
        if made.unique and len(self._unique) >= MAX_UNIQUE:
            raise invalid(f"At most {MAX_UNIQUE} properties of an object type can have unique values.")
        return self._keep(made)

    def update(self, name: str, body: JsonObject, now: float) -> Property:
        """Change a definition. Raises: ApiError: 404 unknown, 400 when the change is not allowed."""
        changed = changed_property(self.get(name), body, now)
        self._check_group(changed.group)
        return self._keep(changed)

    def archive(self, name: str, now: float) -> None:
        """Archive a property; unknown ones are left alone. Raises: ApiError (400) on HubSpot's own."""
        present = self.live(name)
        if present is None:
            return
        if present.built_in:
            raise invalid(f"Property {name} is defined by HubSpot and cannot be archived.")
        self._keep(replace(present, archived_at=now))

    def drop_group(self, name: str) -> None:
        """Remove a group. Raises: ApiError: 404 unknown, 400 while properties are in it."""
        if any(prop.group == name for prop in self.defined()):
            raise invalid(f"Property group {name} still holds properties.")
        self.groups.drop(name)

    def _check_group(self, name: str) -> None:
        if name not in self.groups:
            raise invalid(f"Property group {name} does not exist")

    def _keep(self, prop: Property) -> Property:
        self._all[prop.name] = prop
        self._unique = tuple(p.name for p in self.defined() if p.unique)
        return prop
