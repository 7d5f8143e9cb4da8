"""Our named text values as HighLevel's bodies, and HighLevel's records as our named text values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from connectors.crm.highlevel.custom_fields import Model, day, fitting, number, read_back, typed
from connectors.crm.highlevel.names import Names
from connectors.crm.highlevel.records import CONTACT_FIELDS, DEAL_FIELDS

_STANDARD: Mapping[Model, Mapping[str, str]] = {"contact": CONTACT_FIELDS, "opportunity": DEAL_FIELDS}


class Values:
    """The fields of contacts or of opportunities: standard ones by name, custom ones by id."""

    def __init__(self, names: Names, model: Model) -> None:
        self._names = names
        self._model = model
        self._standard = _STANDARD[model]

    def field_id(self, name: str) -> str:
        """The id of a custom field. Raises Rejected when the location has none of that name."""
        return self._names.field(self._model, name).id

    def body(self, wanted: Mapping[str, str]) -> dict[str, Any]:
        """The part of a request that writes these values. Raises Rejected naming a field that cannot."""
        body: dict[str, Any] = {}
        custom = []
        for name, value in wanted.items():
            if name in self._standard:
                body[name] = _standard_value(name, self._standard[name], value)
            else:
                field = self._names.field(self._model, name)
                if (held := typed(field, value)) not in ("", []):
                    custom.append({"id": field.id, "field_value": held})
        return body | ({"customFields": custom} if custom else {})

    def present(self, values: Mapping[str, str], names: Iterable[str]) -> dict[str, str]:
        """What stands in these fields, by name; a blank one is left out."""
        found = {}
        for name in names:
            if name in self._standard:
                value = values.get(name, "")
            else:
                field = self._names.field(self._model, name)
                value = read_back(field, values.get(field.id, ""))
            if value:
                found[name] = value
        return found


def _standard_value(name: str, kind: str, value: str) -> Any:
    if kind == "number":
        return number(name, value)
    return day(name, value) if kind == "date" else fitting(value)
