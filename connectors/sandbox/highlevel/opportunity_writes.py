"""Making, changing, upserting and deleting opportunities."""

from __future__ import annotations

from connectors.sandbox.answers import JsonObject
from connectors.sandbox.highlevel.custom_values import merge_values, read_values
from connectors.sandbox.highlevel.errors import ApiError, duplicate_opportunity
from connectors.sandbox.highlevel.opportunity import Opportunity
from connectors.sandbox.highlevel.shapes import Shape, checked
from connectors.sandbox.highlevel.state import LocationState

STATUSES = ("open", "won", "lost", "abandoned")
CREATE = Shape(
    {
        "pipelineId": "text",
        "locationId": "text",
        "name": "text",
        "pipelineStageId": "text",
        "status": "text",
        "contactId": "text",
        "monetaryValue": "number",
        "assignedTo": "text",
        "customFields": "objects",
        "source": "text",
    },
    required=("pipelineId", "locationId", "name", "status", "contactId"),
    choices={"status": STATUSES},
)
_CHANGEABLE = CREATE.without("locationId", "contactId", "source")
UPDATE = Shape(_CHANGEABLE.fields, (), {"status": STATUSES})
STATUS = Shape({"status": "text", "lostReasonId": "text"}, ("status",), {"status": STATUSES})
UPSERT = Shape(
    {
        **CREATE.fields,
        "id": "text",
        "followers": "texts",
        "isRemoveAllFollowers": "truth",
        "followersActionType": "text",
        "lostReasonId": "text",
    },
    ("pipelineId", "locationId"),
    {"status": STATUSES, "followersActionType": ("add", "remove")},
)


def create(state: LocationState, body: object) -> Opportunity:
    """A new opportunity, in the pipeline's first stage when none is named.

    Raises: ApiError (400 duplicate or unknown contact, 422).
    """
    return _create(state, checked(body, CREATE))


def _create(state: LocationState, wanted: JsonObject) -> Opportunity:
    state.users.check_assignable(wanted.get("assignedTo", ""))
    stage_id = state.pipelines.check(wanted["pipelineId"], wanted.get("pipelineStageId"))
    custom = read_values(state.fields, "opportunity", wanted.get("customFields", ()))
    contact = state.contacts.get(wanted["contactId"])
    _refuse_duplicate(state, contact.id, wanted["pipelineId"])
    now = state.clock()
    made = Opportunity(
        id=state.ids.record(),
        contact_id=contact.id,
        pipeline_id=wanted["pipelineId"],
        stage_id=stage_id,
        name=wanted["name"],
        status=wanted["status"],
        added=now,
        updated=now,
        stage_changed=now,
        status_changed=now,
        monetary_value=wanted.get("monetaryValue", 0),
        assigned_to=wanted.get("assignedTo", ""),
        source=wanted.get("source", ""),
    )
    merge_values(made.custom, custom)
    state.opportunities.put(made)
    state.opportunity_saved(made)
    state.events.opportunity("OpportunityCreate", made)
    return made


def _refuse_duplicate(state: LocationState, contact_id: str, pipeline_id: str) -> None:
    if state.options.allow_duplicate_opportunity:
        return
    anywhere = state.options.opportunity_rule == "location"
    for one in state.opportunities.of(contact_id):
        if anywhere or one.pipeline_id == pipeline_id:
            raise duplicate_opportunity(one.id)


def update(state: LocationState, opportunity_id: str, body: object) -> Opportunity:
    """Change what is sent. Raises: ApiError (400, 422)."""
    one = state.opportunities.get(opportunity_id)
    _change(state, one, checked(body, UPDATE))
    return one


def set_status(state: LocationState, opportunity_id: str, body: object) -> None:
    """Change status and lost reason only. Raises: ApiError (400, 422)."""
    one = state.opportunities.get(opportunity_id)
    wanted = checked(body, STATUS)
    one.lost_reason_id = wanted.get("lostReasonId", one.lost_reason_id)
    _change(state, one, {"status": wanted["status"]})


def upsert(state: LocationState, body: object) -> tuple[Opportunity, bool]:
    """The opportunity and whether it is new: found by id, else by contact and pipeline.

    What the live service does here is not known for certain. Raises: ApiError (400, 422).
    """
    wanted = checked(body, UPSERT)
    known = _known(state, wanted)
    if known is None:
        if "contactId" not in wanted:
            raise ApiError(400, "Contact id is required to create an opportunity")
        name = wanted.get("name") or state.contacts.get(wanted["contactId"]).name
        made = _create(state, {"status": "open", **wanted, "name": name})
        _follow(made, wanted)
        return made, True
    _follow(known, wanted)
    known.lost_reason_id = wanted.get("lostReasonId", known.lost_reason_id)
    _change(state, known, {name: value for name, value in wanted.items() if name in UPDATE.fields})
    return known, False


def _known(state: LocationState, wanted: JsonObject) -> Opportunity | None:
    if "id" in wanted:
        return state.opportunities.get(wanted["id"])
    of_contact = state.opportunities.of(wanted.get("contactId", ""))
    return next((one for one in of_contact if one.pipeline_id == wanted["pipelineId"]), None)


def _follow(one: Opportunity, wanted: JsonObject) -> None:
    if wanted.get("isRemoveAllFollowers"):
        one.followers.clear()
    named = wanted.get("followers", [])
    if wanted.get("followersActionType") == "remove":
        one.followers[:] = [user for user in one.followers if user not in named]
    else:
        one.followers[:] = list(dict.fromkeys([*one.followers, *named]))


def _change(state: LocationState, one: Opportunity, wanted: JsonObject) -> None:
    state.users.check_assignable(wanted.get("assignedTo", ""))
    custom = read_values(state.fields, "opportunity", wanted.get("customFields", ()))
    pipeline_id = wanted.get("pipelineId", one.pipeline_id)
    usual_stage = one.stage_id if pipeline_id == one.pipeline_id else None
    stage_id = state.pipelines.check(pipeline_id, wanted.get("pipelineStageId", usual_stage))
    before = (one.stage_id, one.status, one.assigned_to, one.monetary_value)
    one.pipeline_id, one.stage_id = pipeline_id, stage_id
    one.name = wanted.get("name", one.name)
    one.status = wanted.get("status", one.status)
    one.assigned_to = wanted.get("assignedTo", one.assigned_to)
    one.monetary_value = wanted.get("monetaryValue", one.monetary_value)
    merge_values(one.custom, custom)
    now = state.clock()
    if one.stage_id != before[0]:
        one.stage_changed = now
    if one.status != before[1]:
        one.status_changed = now
    state.opportunity_saved(one)
    _tell(state, one, before)


def _tell(state: LocationState, one: Opportunity, before: tuple[str, str, str, float]) -> None:
    state.events.opportunity("OpportunityUpdate", one)
    after = (one.stage_id, one.status, one.assigned_to, one.monetary_value)
    kinds = ("StageUpdate", "StatusUpdate", "AssignedToUpdate", "MonetaryValueUpdate")
    for kind, old, new in zip(kinds, before, after, strict=True):
        if old != new:
            state.events.opportunity(f"Opportunity{kind}", one)


def delete(state: LocationState, opportunity_id: str) -> None:
    """Raises: ApiError (400)."""
    one = state.opportunities.remove(opportunity_id)
    state.opportunity_index.remove(opportunity_id)
    state.events.opportunity("OpportunityDelete", one)
