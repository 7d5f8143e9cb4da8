"""/_sandbox/...: what people do in HighLevel's own pages, for demonstrations and tests in other processes."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from connectors.sandbox.control import control_object
from connectors.sandbox.highlevel import people
from connectors.sandbox.highlevel.contact_writes import contact_json
from connectors.sandbox.highlevel.seed import pipeline_seed, workflow_seed
from connectors.sandbox.highlevel.web.request import state

blueprint = Blueprint("people", __name__, url_prefix="/_sandbox")


@blueprint.post("/pipelines")
def make_pipeline() -> ResponseReturnValue:
    """{"name": "Mortgages", "stages": ["New", "Contacted"]} → 201 and the pipeline."""
    crm = state()
    return crm.pipelines.add(pipeline_seed(control_object())).json(crm.options.location_id), 201


@blueprint.post("/workflows")
def make_workflow() -> ResponseReturnValue:
    """{"name": "New lead", "published": true} → 201 and the workflow."""
    crm = state()
    workflow = crm.workflows.add(workflow_seed(control_object()), crm.clock())
    return workflow.json(crm.options.location_id), 201


@blueprint.post("/merge")
def merge() -> ResponseReturnValue:
    """{"kept": id, "lost": id} → the contact that is left."""
    body = control_object()
    return contact_json(state(), people.merge(state(), str(body.get("kept")), str(body.get("lost"))))


@blueprint.post("/stop")
def answer_stop() -> ResponseReturnValue:
    """{"contact": id, "channel": "SMS"}: the person opts out for good."""
    body = control_object()
    people.answer_stop(state(), str(body.get("contact")), str(body.get("channel", "SMS")))
    return "", 204


@blueprint.post("/emails")
def add_email() -> ResponseReturnValue:
    """{"contact": id, "email": address}: a secondary address."""
    body = control_object()
    people.add_email(state(), str(body.get("contact")), str(body.get("email", "")))
    return "", 204


@blueprint.get("/webhooks")
def webhooks() -> ResponseReturnValue:
    """The public key of the signatures, and what was answered to the events so far."""
    return state().webhooks.json()


@blueprint.post("/oauth/code")
def issue_code() -> ResponseReturnValue:
    """201 and what the consent page would hand to the redirect address."""
    return {"code": state().oauth.issue_code()}, 201
