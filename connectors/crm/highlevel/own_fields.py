"""The custom fields that carry our keys in HighLevel."""

from __future__ import annotations

from collections.abc import Mapping

from connectors.crm.base import FieldSpec, RecordKind
from connectors.crm.highlevel.records import KEY, SHARED_EMAIL, SHARED_PHONE

_KEY_LABEL = "Firstpath key"

OWN_FIELDS: Mapping[RecordKind, tuple[FieldSpec, ...]] = {
    "contact": (
        FieldSpec(
            KEY,
            _KEY_LABEL,
            "string",
            description="Written by Firstpath: which borrower this is. Do not edit.",
        ),
        FieldSpec(
            SHARED_EMAIL,
            "Firstpath shared email",
            "string",
            description="Written by Firstpath: an address this person shares with another contact.",
        ),
        FieldSpec(
            SHARED_PHONE,
            "Firstpath shared phone",
            "string",
            description="Written by Firstpath: a number this person shares with another contact.",
        ),
    ),
    "deal": (
        FieldSpec(
            KEY,
            _KEY_LABEL,
            "string",
            description="Written by Firstpath: which inquiry this is. Do not edit.",
        ),
    ),
}
