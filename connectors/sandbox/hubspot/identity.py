"""HubSpot's uniqueness rules: one contact per email, one record per unique property value."""

from __future__ import annotations

from collections.abc import Mapping

from connectors.sandbox.hubspot.errors import ApiError, invalid
from connectors.sandbox.hubspot.state import CrmState, Shelf


def check_unique(
    state: CrmState, shelf: Shelf, record_id: str, values: Mapping[str, str], *, creating: bool
) -> None:
    """Refuse values that another live record holds. record_id is the record being written.

    Observed answers: 409 "Contact already exists" when a contact is created with somebody's primary
    email, else 400 "already has that value", which names the id being written first.

    Raises: ApiError
    """
    if creating and shelf.kind.name == "contacts" and (email := values.get("email")):
        holder = shelf.records.holder("email", email)
        if holder is not None and shelf.records.live[holder].properties.get("email") == email:
            raise ApiError(409, "CONFLICT", f"Contact already exists. Existing ID: {holder}")
    for name, key, value in _claims(shelf, values):
        holder = shelf.records.holder(key, value)
        if holder is not None and holder != record_id:
            raise _taken(state, shelf, name, value, record_id, holder)


def _claims(shelf: Shelf, values: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """(property, uniqueness key, value) of everything in a write that must be unique."""
    claims = [
        ("hs_additional_emails", "email", one)
        for one in values.get("hs_additional_emails", "").split(";")
        if one
    ]
    unique = [*shelf.properties.unique_names, "email"]
    claims.extend((name, name, values[name]) for name in unique if values.get(name))
    return claims


def _taken(state: CrmState, shelf: Shelf, name: str, value: str, record_id: str, holder: str) -> ApiError:
    return invalid(
        f"Cannot set PropertyValueCoordinates{{portalId={state.options.portal_id}, "
        f"objectTypeId=ObjectTypeId{{legacyObjectType={shelf.kind.legacy_name}}}, "
        f"propertyName={name}, value={value}}} on {record_id}. {holder} already has that value."
    )


def find_by(shelf: Shelf, id_property: str | None, value: str) -> str | None:
    """The id of the live record that a request addresses, merges followed; None when there is none.

    A secondary email does not address its contact (unverified for HubSpot; the stricter reading).
    Raises: ApiError (400) when id_property is not unique.
    """
    if id_property in (None, "", "hs_object_id"):
        record = shelf.records.find(value)
        return record.id if record is not None else None
    contact_email = id_property == "email" and shelf.kind.name == "contacts"
    if not contact_email and id_property not in shelf.properties.unique_names:
        raise invalid(f"Property {id_property} is not a unique property of {shelf.kind.name}.")
    wanted = value.strip().lower() if contact_email else value
    holder = shelf.records.holder(str(id_property), wanted)
    if holder is None or shelf.records.live[holder].properties.get(str(id_property)) != wanted:
        return None
    return holder
