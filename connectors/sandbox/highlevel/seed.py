"""Loading people, fields and records into a sub-account from JSON, for demonstrations and tests."""

from __future__ import annotations

from collections.abc import Callable

from connectors.sandbox.answers import JsonObject
from connectors.sandbox.highlevel.attachment_writes import create_task
from connectors.sandbox.highlevel.contact_writes import create
from connectors.sandbox.highlevel.opportunity_writes import create as create_opportunity
from connectors.sandbox.highlevel.pipelines import PipelineSeed
from connectors.sandbox.highlevel.state import LocationState
from connectors.sandbox.highlevel.users import UserSeed
from connectors.sandbox.highlevel.workflows import WorkflowSeed
from connectors.sandbox.options import OptionsError

_USER_KEYS = frozenset({"email", "firstName", "lastName", "active", "role"})


def load_seed(state: LocationState, document: JsonObject) -> dict[str, list[str]]:
    """Load {"users": [...], "pipelines": [...], "workflows": [...], "customFields": [...], "contacts": [...],
    "opportunities": [...], "tasks": [...]}, in this order. Returns the new ids per section.

    Fields and records are as in a create call; a task names its contact under contactId. Searchable at
    once. What was loaded before a wrong entry stays. Raises: OptionsError, or ApiError as the API would.
    """
    loaders = _loaders(state)
    unknown = document.keys() - loaders.keys()
    if unknown:
        raise OptionsError(f"Unknown seed section {min(unknown)!r}; known are {', '.join(loaders)}.")
    with state.lock:
        made = {name: [load(raw) for raw in _objects(document, name)] for name, load in loaders.items()}
        state.contact_index.refresh(everything=True)
        state.opportunity_index.refresh(everything=True)
    return {section: ids for section, ids in made.items() if ids}


def _loaders(state: LocationState) -> dict[str, Callable[[JsonObject], str]]:
    location = {"locationId": state.options.location_id}
    return {
        "users": lambda raw: state.users.add(_user_seed(raw)).id,
        "pipelines": lambda raw: state.pipelines.add(pipeline_seed(raw)).id,
        "workflows": lambda raw: state.workflows.add(workflow_seed(raw), state.clock()).id,
        "customFields": lambda raw: state.fields.create(raw).id,
        "contacts": lambda raw: create(state, {**location, **raw}).id,
        "opportunities": lambda raw: create_opportunity(state, {**location, **raw}).id,
        "tasks": lambda raw: _task(state, raw),
    }


def _objects(document: JsonObject, name: str) -> list[JsonObject]:
    rows = document.get(name, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise OptionsError(f"{name} must be a list of objects.")
    return rows


def _user_seed(raw: JsonObject) -> UserSeed:
    texts = [raw.get(name, "") for name in ("email", "firstName", "lastName", "role")]
    if raw.keys() - _USER_KEYS or not raw.get("email") or not all(isinstance(one, str) for one in texts):
        raise OptionsError(f"A user needs an email and may have {', '.join(sorted(_USER_KEYS))}.")
    email, first, last, role = texts
    return UserSeed(email, first, last, active=raw.get("active", True) is True, role=role or "user")


def pipeline_seed(raw: JsonObject) -> PipelineSeed:
    """A pipeline of JSON. Raises: OptionsError."""
    name, stages = raw.get("name"), raw.get("stages")
    fine = isinstance(stages, list) and stages and all(isinstance(one, str) and one for one in stages)
    if not isinstance(name, str) or not name or not isinstance(stages, list) or not fine:
        raise OptionsError('A pipeline needs a name and stages, such as ["New", "Contacted"].')
    return PipelineSeed(name, tuple(stages))


def workflow_seed(raw: JsonObject) -> WorkflowSeed:
    """A workflow of JSON. Raises: OptionsError."""
    name = raw.get("name")
    if not isinstance(name, str) or not name:
        raise OptionsError("A workflow needs a name; published may be false.")
    return WorkflowSeed(name, published=raw.get("published", True) is True)


def _task(state: LocationState, raw: JsonObject) -> str:
    body = {name: value for name, value in raw.items() if name != "contactId"}
    return create_task(state, str(raw.get("contactId")), {"completed": False, **body}).id
