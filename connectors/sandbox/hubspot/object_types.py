"""The four kinds of record the sandbox holds: contacts, deals, tasks and notes."""

from __future__ import annotations

from dataclasses import dataclass

from connectors.sandbox.hubspot.errors import ApiError, invalid


@dataclass(frozen=True, slots=True)
class ObjectType:
    """One kind of record.

    name is the word in paths, type_id HubSpot's objectTypeId, subject the word in scope names. first_id
    differs per kind, so that an id used for the wrong kind is not found instead of hitting another record.
    """

    name: str
    singular: str
    type_id: str
    subject: str
    first_id: int
    created_property: str
    modified_property: str
    defaults: tuple[str, ...]
    required: tuple[str, ...] = ()
    required_one_of: tuple[str, ...] = ()
    searchable: tuple[str, ...] = ()
    mergeable: bool = False

    @property
    def legacy_name(self) -> str:
        """The word HubSpot's messages use: CONTACT, DEAL, ..."""
        return self.singular.upper()


CONTACTS = ObjectType(
    name="contacts",
    singular="contact",
    type_id="0-1",
    subject="contacts",
    first_id=101_000_001,
    created_property="createdate",
    modified_property="lastmodifieddate",
    defaults=("email", "firstname", "lastname", "createdate", "lastmodifieddate", "hs_object_id"),
    required_one_of=("email", "firstname", "lastname"),
    searchable=("firstname", "lastname", "email", "hs_additional_emails", "phone", "mobilephone", "company"),
    mergeable=True,
)
DEALS = ObjectType(
    name="deals",
    singular="deal",
    type_id="0-3",
    subject="deals",
    first_id=202_000_001,
    created_property="createdate",
    modified_property="hs_lastmodifieddate",
    defaults=(
        "dealname",
        "amount",
        "closedate",
        "pipeline",
        "dealstage",
        "createdate",
        "hs_lastmodifieddate",
        "hs_object_id",
    ),
    required=("dealname", "dealstage", "pipeline"),
    searchable=("dealname", "pipeline", "dealstage", "description", "dealtype"),
    mergeable=True,
)
TASKS = ObjectType(
    name="tasks",
    singular="task",
    type_id="0-27",
    subject="contacts",
    first_id=303_000_001,
    created_property="hs_createdate",
    modified_property="hs_lastmodifieddate",
    defaults=("hs_createdate", "hs_lastmodifieddate", "hs_object_id"),
    required=("hs_timestamp",),
    searchable=("hs_task_subject", "hs_task_body"),
)
NOTES = ObjectType(
    name="notes",
    singular="note",
    type_id="0-46",
    subject="contacts",
    first_id=404_000_001,
    created_property="hs_createdate",
    modified_property="hs_lastmodifieddate",
    defaults=("hs_createdate", "hs_lastmodifieddate", "hs_object_id"),
    required=("hs_timestamp",),
    searchable=("hs_note_body",),
)
OBJECT_TYPES = (CONTACTS, DEALS, TASKS, NOTES)

_BY_WORD = {word: t for t in OBJECT_TYPES for word in (t.name, t.singular, t.type_id)}


def object_type(word: str) -> ObjectType:
    """The kind a path names: "contacts", "contact" or "0-1".

    Raises: ApiError (400) when the sandbox has no such kind.
    """
    found = _BY_WORD.get(word.lower())
    if found is None:
        raise invalid(f"Unable to infer object type from: {word}")
    return found


def unmergeable(kind: ObjectType) -> ApiError:
    """400 for a merge of records that HubSpot does not merge."""
    return invalid(f"{kind.legacy_name} objects cannot be merged.")
