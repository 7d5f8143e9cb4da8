"""Custom field definitions of contacts and opportunities."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from connectors.sandbox.answers import JsonObject
from connectors.sandbox.highlevel.errors import not_found
from connectors.sandbox.highlevel.ids import IdMaker
from connectors.sandbox.highlevel.shapes import Shape, checked

MODELS = ("contact", "opportunity")
DATA_TYPES = (
    *("TEXT", "LARGE_TEXT", "NUMERICAL", "PHONE", "MONETORY", "CHECKBOX", "SINGLE_OPTIONS"),
    *("MULTIPLE_OPTIONS", "DATE", "TEXTBOX_LIST", "FILE_UPLOAD", "RADIO", "EMAIL"),
)
# `options`, `parentId`, `fieldKey` and `description` are taken although no contract lists them.
_CREATE = Shape(
    {
        "name": "text",
        "dataType": "text",
        "model": "text",
        "placeholder": "text",
        "position": "number",
        "acceptedFormat": "texts",
        "isMultipleFile": "truth",
        "maxNumberOfFiles": "number",
        "textBoxListOptions": "objects",
        "options": "texts",
        "parentId": "text",
        "fieldKey": "text",
        "description": "text",
    },
    required=("name", "dataType"),
    choices={"dataType": DATA_TYPES, "model": MODELS},
)
_UPDATE = Shape({**_CREATE.without("dataType", "fieldKey").fields}, ("name",), {"model": MODELS})


@dataclass(frozen=True, slots=True)
class CustomField:
    """One definition. key is "contact.loan_amount" or "opportunity.loan_amount"."""

    id: str
    name: str
    key: str
    model: str
    data_type: str
    options: tuple[str, ...]
    placeholder: str
    position: int

    def json(self, location_id: str) -> JsonObject:
        """The definition as the API shows it."""
        body: JsonObject = {
            "id": self.id,
            "name": self.name,
            "fieldKey": self.key,
            "placeholder": self.placeholder,
            "dataType": self.data_type,
            "position": self.position,
            "locationId": location_id,
            "model": self.model,
        }
        if self.options:
            body["picklistOptions"] = list(self.options)
            body["isAllowedCustomOption"] = False
        return body


class CustomFields:
    """All definitions, in the order they were made."""

    def __init__(self, ids: IdMaker) -> None:
        self._ids = ids
        self._all: dict[str, CustomField] = {}
        self._by_key: dict[str, str] = {}

    def create(self, body: object) -> CustomField:
        """A new field. A name that is taken gets a key of its own: nothing stops a second field.

        Raises: ApiError (422).
        """
        wanted = checked(body, _CREATE)
        model = wanted.get("model", "contact")
        made = CustomField(
            id=self._ids.record(),
            name=wanted["name"],
            key=self._free_key(model, wanted.get("fieldKey") or wanted["name"]),
            model=model,
            data_type=wanted["dataType"],
            options=tuple(wanted.get("options", ())),
            placeholder=wanted.get("placeholder", ""),
            position=int(wanted.get("position", len(self._all) * 50)),
        )
        self._all[made.id] = made
        self._by_key[made.key] = made.id
        return made

    def update(self, field_id: str, body: object) -> CustomField:
        """Change name, placeholder, position or options; the key stays. Raises: ApiError (400, 422)."""
        known = self.get(field_id)
        wanted = checked(body, _UPDATE)
        changed = replace(
            known,
            name=wanted["name"],
            placeholder=wanted.get("placeholder", known.placeholder),
            position=int(wanted.get("position", known.position)),
            options=tuple(wanted.get("options", known.options)),
        )
        self._all[field_id] = changed
        return changed

    def delete(self, field_id: str) -> None:
        """Raises: ApiError (400)."""
        del self._by_key[self.get(field_id).key]
        del self._all[field_id]

    def get(self, field_id: str) -> CustomField:
        """Raises: ApiError (400)."""
        if field_id not in self._all:
            raise not_found("Custom field", field_id)
        return self._all[field_id]

    def list(self, model: str) -> list[CustomField]:
        """The fields of a model, or of "all"."""
        return [one for one in self._all.values() if model in (one.model, "all")]

    def find(self, model: str, field_id: str, key: str) -> CustomField | None:
        """The field that a write means: by id, or by its key with or without the model before it."""
        found = self._all.get(field_id or self._by_key.get(key) or self._by_key.get(f"{model}.{key}", ""))
        return found if found is not None and found.model == model else None

    def _free_key(self, model: str, text: str) -> str:
        plain = text.strip().removeprefix(f"{model}.").lower()
        stem = f"{model}.{re.sub(r'[^a-z0-9]+', '_', plain).strip('_') or 'field'}"
        key, number = stem, 0
        while key in self._by_key:
            number += 1
            key = f"{stem}_{number}"
        return key
