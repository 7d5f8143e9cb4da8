"""What every table of a playbook is made of: known keys only, and each key tells what it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validates_schema

from mapping.inquiry import InquiryType
from mapping.playbook import values as read
from mapping.playbook.faults import Checked, Fault, likely, nearest


class Table(Schema):
    """A table that takes no other keys than its own."""

    class Meta:
        unknown = EXCLUDE  # refused by only_known, which can name the nearest key

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def only_known(self, _: Mapping[str, Any], original: Any, **__: Any) -> None:
        """Refuse every other key. Raises ValidationError."""
        if not isinstance(original, dict):
            return
        known = keys_of(self)
        unknown = {
            key: [Fault("this key does not exist here", nearest(key, list(known)), likely(key, list(known)))]
            for key in original
            if key not in known
        }
        if unknown:
            raise ValidationError(unknown)


def keys_of(schema: Schema) -> dict[str, fields.Field[Any]]:
    """The fields of a table by the names that the document has for them."""
    return {field.data_key or name: field for name, field in schema.fields.items()}


def told(
    about: str,
    example: object = None,
    *,
    usual: str = "",
    one: str = "",
    key: tuple[str, str] = ("", ""),
    inline: bool = False,
    alone: bool = False,
) -> dict[str, object]:
    """What docs/playbook.md says of a key: pass it as metadata=.

    usual says what holds when the key is left out, where the default itself does not say it. A table of
    keys has no example of its own but those of its keys; one is what a single one of many is called when it
    changes ("owner rule"). A table whose keys the consultant chooses gives as
    key what such a key is and one of them: ("state or province", "CA"); inline is one that is written on one
    line. alone keeps the example out of the one playbook that all examples make together, because it would
    contradict another one.
    """
    return {
        "about": about,
        "example": example,
        "usual": usual,
        "one": one,
        "key": key,
        "inline": inline,
        "alone": alone,
    }


def inquiry_types(about: str, example: list[str], usual: str = "every type") -> fields.List[str]:
    """A list of inquiry types."""
    known = Checked(read.word("inquiry type", list(InquiryType)))
    return fields.List(known, metadata=told(about, example, usual=usual))
