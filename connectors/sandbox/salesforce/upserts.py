"""Writing by a key: find the record of an external id, then create or change it."""

from __future__ import annotations

from dataclasses import dataclass

from connectors.sandbox.salesforce.callers import Caller
from connectors.sandbox.salesforce.errors import ApiError, MoreThanOne, no_external_id, not_found
from connectors.sandbox.salesforce.fields import Field
from connectors.sandbox.salesforce.ids import full_id
from connectors.sandbox.salesforce.objects import SObject
from connectors.sandbox.salesforce.state import OrgState
from connectors.sandbox.salesforce.uniqueness import holders
from connectors.sandbox.salesforce.values import stored
from connectors.sandbox.salesforce.writes import create, live_row, update


@dataclass(frozen=True, slots=True)
class Upserted:
    """Which record an upsert ended in, and whether it made it."""

    id: str
    created: bool


def key_field(org: OrgState, caller: Caller, kind: SObject, name: str) -> Field:
    """The field that may be the key of an upsert. Raises: ApiError (404)."""
    field = org.views.of(caller.user_id, kind).find(name)
    if field is None or not (field.external_id or field.id_lookup):
        raise no_external_id(name)
    return field


def find_by_key(org: OrgState, caller: Caller, kind: SObject, field: Field, value: str) -> str | None:
    """The id of the one live record with this key. Raises: MoreThanOne."""
    if field.name == "Id":
        return live_row(org, kind, full_id(value) or value)["Id"]  # type: ignore[no-any-return]
    found = holders(org, kind, field, value)
    if len(found) > 1:
        urls = [f"{caller.base}/sobjects/{kind.name}/{one}" for one in found]
        raise MoreThanOne(urls, field.name, value)
    return found[0] if found else None


def upsert(
    org: OrgState,
    caller: Caller,
    kind: SObject,
    field: Field,
    value: str,
    body: object,
    *,
    update_only: bool = False,
) -> Upserted:
    """Create or change the record whose `field` is `value`. Raises: ApiError, MoreThanOne."""
    key = stored(field, value, listed_only=False)
    if key is None:
        raise ApiError(400, "MISSING_ARGUMENT", f"{field.name} not specified", [])
    existing = find_by_key(org, caller, kind, field, key)
    if existing is not None:
        update(org, caller, kind, existing, body, key=field.name)
        return Upserted(existing, created=False)
    if update_only:
        raise not_found()
    return Upserted(create(org, caller, kind, body, key=(field.name, key)), created=True)
