"""/contacts/{id}/...: tags, tasks, notes, followers, workflows."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from connectors.sandbox.highlevel import followers
from connectors.sandbox.highlevel.answers import trace_id
from connectors.sandbox.highlevel.attachment_writes import (
    COMPLETED,
    create_note,
    create_task,
    delete_note,
    delete_task,
    update_note,
    update_task,
)
from connectors.sandbox.highlevel.shapes import Shape, checked
from connectors.sandbox.highlevel.web.request import json_value, state, succeeded

blueprint = Blueprint("contact_parts", __name__, url_prefix="/contacts/<contact_id>")
_START = Shape({"eventStartTime": "text"})


@blueprint.get("/tasks")
def list_tasks(contact_id: str) -> ResponseReturnValue:
    """All tasks of the contact; there is no paging."""
    state().contacts.get(contact_id)
    return {"tasks": [task.json() for task in state().tasks.of(contact_id)], "traceId": trace_id()}


@blueprint.post("/tasks")
def add_task(contact_id: str) -> ResponseReturnValue:
    """201 and the new task."""
    return {"task": create_task(state(), contact_id, json_value()).json(), "traceId": trace_id()}, 201


@blueprint.get("/tasks/<task_id>")
def get_task(contact_id: str, task_id: str) -> ResponseReturnValue:
    """One task."""
    state().contacts.get(contact_id)
    return {"task": state().tasks.get(contact_id, task_id).json(), "traceId": trace_id()}


@blueprint.put("/tasks/<task_id>")
def change_task(contact_id: str, task_id: str) -> ResponseReturnValue:
    """The changed task."""
    return {"task": update_task(state(), contact_id, task_id, json_value()).json(), "traceId": trace_id()}


@blueprint.put("/tasks/<task_id>/completed")
def complete_task(contact_id: str, task_id: str) -> ResponseReturnValue:
    """The task, done or open again."""
    task = update_task(state(), contact_id, task_id, json_value(), COMPLETED)
    return {"task": task.json(), "traceId": trace_id()}


@blueprint.delete("/tasks/<task_id>")
def remove_task(contact_id: str, task_id: str) -> ResponseReturnValue:
    """The task is gone."""
    delete_task(state(), contact_id, task_id)
    return {**succeeded(), "traceId": trace_id()}


@blueprint.get("/notes")
def list_notes(contact_id: str) -> ResponseReturnValue:
    """All notes of the contact."""
    state().contacts.get(contact_id)
    return {"notes": [note.json() for note in state().notes.of(contact_id)], "traceId": trace_id()}


@blueprint.post("/notes")
def add_note(contact_id: str) -> ResponseReturnValue:
    """201 and the new note."""
    return {"note": create_note(state(), contact_id, json_value()).json(), "traceId": trace_id()}, 201


@blueprint.get("/notes/<note_id>")
def get_note(contact_id: str, note_id: str) -> ResponseReturnValue:
    """One note."""
    state().contacts.get(contact_id)
    return {"note": state().notes.get(contact_id, note_id).json(), "traceId": trace_id()}


@blueprint.put("/notes/<note_id>")
def change_note(contact_id: str, note_id: str) -> ResponseReturnValue:
    """The changed note."""
    return {"note": update_note(state(), contact_id, note_id, json_value()).json(), "traceId": trace_id()}


@blueprint.delete("/notes/<note_id>")
def remove_note(contact_id: str, note_id: str) -> ResponseReturnValue:
    """The note is gone."""
    delete_note(state(), contact_id, note_id)
    return {**succeeded(), "traceId": trace_id()}


@blueprint.post("/followers")
def add_followers(contact_id: str) -> ResponseReturnValue:
    """201 and the followers."""
    contact = state().contacts.get(contact_id)
    answer = followers.add(contact.followers, json_value())
    state().saved(contact)
    return {**answer, "traceId": trace_id()}, 201


@blueprint.delete("/followers")
def remove_followers(contact_id: str) -> ResponseReturnValue:
    """The followers who are left."""
    contact = state().contacts.get(contact_id)
    answer = followers.remove(contact.followers, json_value())
    state().saved(contact)
    return {**answer, "traceId": trace_id()}


@blueprint.post("/workflow/<workflow_id>")
def enrol(contact_id: str, workflow_id: str) -> ResponseReturnValue:
    """Taken in: success says nothing about whether the workflow runs."""
    state().contacts.get(contact_id)
    start = checked(json_value(), _START).get("eventStartTime", "")
    state().workflows.enrol(contact_id, workflow_id, state().clock(), start)
    return {**succeeded(), "traceId": trace_id()}


@blueprint.delete("/workflow/<workflow_id>")
def leave(contact_id: str, workflow_id: str) -> ResponseReturnValue:
    """Taken out."""
    state().contacts.get(contact_id)
    checked(json_value(), _START)
    state().workflows.remove(contact_id, workflow_id, state().clock())
    return {**succeeded(), "traceId": trace_id()}
